"""`manage.py audit_check`: prove the event chains, and that the tables say what the events say.

Exit status 1 when a link is broken, a chain is missing, or a table says something else.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from onboarding.audit.snapshot import read_snapshot
from onboarding.journey.replay.check import Replay, all_faults


class Command(BaseCommand):
    """Prints one line per fault, or one line that all is well; then what could not be compared."""

    help = "Prove that no recorded event was changed, removed or slipped in, and that the tables agree with them."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the check on one snapshot; raises CommandError (exit status 1) on a fault."""
        replay, found = Replay(), 0
        with read_snapshot():
            for sentence in all_faults(replay):
                found += 1
                self.stderr.write(sentence)
        for sentence in replay.not_covered():
            self.stdout.write(sentence)
        if found:
            raise CommandError(f"{found} faults found.")
        self.stdout.write(f"{replay.events} events, every chain is whole, and the tables say the same.")
