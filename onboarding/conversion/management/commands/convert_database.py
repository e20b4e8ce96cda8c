"""`manage.py convert_database`: bring a database of the earlier layout into today's tables.

Run as the owner of the tables, while nothing else of the portal runs. What it does is in copying.py.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from onboarding.conversion.copying import CannotConvert, convert
from onboarding.conversion.detection import has_earlier_layout


class Command(BaseCommand):
    """Converts or leaves everything as it was; on a database of today's layout it does nothing."""

    help = "Bring a database of an earlier version into today's tables (make a backup first)."
    requires_system_checks = ()  # the one of this room would refuse

    def handle(self, *args: Any, **options: Any) -> None:
        """Convert. Raises CommandError with a sentence, and has changed nothing then."""
        if not has_earlier_layout(connection):
            if options["verbosity"]:
                self.stdout.write("This database needs no conversion.")
            return
        try:
            copied = convert(connection)
        except CannotConvert as error:
            raise CommandError(f"Nothing was changed. {error}") from None
        rows = sum(copied.values())
        self.stdout.write(
            f"Converted: {rows} rows of {len(copied)} tables. Now run grant_runtime_role, if you use it."
        )
