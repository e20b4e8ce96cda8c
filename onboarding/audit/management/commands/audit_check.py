"""`manage.py audit_check`: prove the event chains.

Exit status 1 when a link is broken.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from onboarding.audit.check import faults
from onboarding.audit.models import Event


class Command(BaseCommand):
    """Prints one line per broken link, or one line that all is well."""

    help = "Prove that no recorded event was changed, removed or slipped in."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the check; raises CommandError (exit status 1) on a broken chain."""
        found = list(faults())
        for sentence in found:
            self.stderr.write(sentence)
        if found:
            raise CommandError(f"{len(found)} faults found.")
        self.stdout.write(f"{Event.objects.count()} events, every chain is whole.")
