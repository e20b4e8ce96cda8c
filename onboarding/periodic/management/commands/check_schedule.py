"""`manage.py check_schedule`: has the schedule (beat) asked in the last minute? Exit status 0 if so, 1 if not.

For the container's health check, and for a monitor. Whether workers answer is told by the ops board.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from certs import clock
from onboarding.periodic import jobs
from onboarding.ui.formatting import when


class Command(BaseCommand):
    """Prints when it last asked."""

    help = "Say whether the schedule has asked in the last minute."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Exits with 1 if it has not."""
        asked, now = jobs.get_schedule_row().asked_at, clock.now()
        if jobs.is_late(asked, now):
            summary = f"last asked on {when(asked)}" if asked else "has never asked"
            raise CommandError(f"The schedule {summary}. Start beat; if it runs, read its log.")
        assert asked is not None
        self.stdout.write(f"The schedule asked {max(0, int((now - asked).total_seconds()))} seconds ago.")
