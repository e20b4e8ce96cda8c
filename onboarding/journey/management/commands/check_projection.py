"""`manage.py check_projection`: prove that the board's columns say what the step records say.

Exit status 1 when one does not.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from onboarding.audit.snapshot import read_snapshot
from onboarding.journey.models import Onboarding
from onboarding.journey.projection import list_differences


class Command(BaseCommand):
    """Prints one line per difference, or one line that all is well."""

    help = "Prove that every onboarding's projection equals the facts."

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare; raises CommandError (exit status 1) on a difference."""
        with read_snapshot():
            found, count = list_differences(), Onboarding.objects.count()
        for sentence in found:
            self.stderr.write(sentence)
        if found:
            raise CommandError(f"{len(found)} onboardings differ.")
        self.stdout.write(f"{count} onboardings, every projection equals the facts.")
