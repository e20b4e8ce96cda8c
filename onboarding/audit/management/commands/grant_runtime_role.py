"""`manage.py grant_runtime_role`: make the role of RUNTIME_DATABASE_URL, which can add events and never change them.

Run as the owner of the tables after each `migrate`; docker-compose.yml does.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from onboarding.audit.runtime_role import GrantFailed, grant_runtime_role


class Command(BaseCommand):
    """Makes the role or brings it in line; a second run changes nothing."""

    help = "Let web, worker and beat run as a database role that may add and read events only."

    def handle(self, *args: Any, **options: Any) -> None:
        """Grant. Raises CommandError with what to do."""
        url = settings.PORTAL.runtime_database_url
        if not url or url.get_secret_value() == settings.PORTAL.database_url:
            self.stdout.write(
                "No role of its own for the running portal: it connects as the owner of the tables, "
                "who can switch off what protects the events. docs/operations.md says how to change that."
            )
            return
        if connection.vendor != "postgresql":
            raise CommandError("SQLite knows no roles. Leave RUNTIME_DATABASE_URL empty.")
        try:
            name = grant_runtime_role(url.get_secret_value())
        except GrantFailed as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"The role {name} may add and read events, and change no table's shape.")
