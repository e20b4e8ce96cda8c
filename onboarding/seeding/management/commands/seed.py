"""`manage.py seed N`: add N made-up companies with their histories, to see the portal at its size.

What it makes is in docs/operations.md; how, in onboarding/seeding.
"""

import secrets
import time
from collections import Counter
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError, CommandParser

from onboarding.seeding.refusal import find_refusal
from onboarding.seeding.seeding import seed

MOST = 1_000_000


class Command(BaseCommand):
    """Seeds, or says why not."""

    help = "Add made-up companies with realistic histories. They cannot be taken out again."

    def add_arguments(self, parser: CommandParser) -> None:
        """How many, and what is meant all the same."""
        parser.add_argument("count", type=int, metavar="N")
        parser.add_argument(
            "--in-production", action="store_true", help="also where PORTAL_MODE is production"
        )
        parser.add_argument(
            "--beside-real-data", action="store_true", help="also where there are real people or companies"
        )
        parser.add_argument(
            "--sign-in",
            action="store_true",
            help="one new password for everybody, printed once; not in production",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make them. Raises CommandError with a sentence when it may not be done."""
        count = options["count"]
        if not 1 <= count <= MOST:
            raise CommandError(f"N is a number from 1 to {MOST:,}.")
        refused = find_refusal(
            in_production=options["in_production"], beside_real_data=options["beside_real_data"]
        )
        if refused:
            raise CommandError(refused)
        if options["sign_in"] and settings.PORTAL.mode == "production":
            raise CommandError("Nobody signs in to a portal in production with a password that many know.")
        password = secrets.token_urlsafe(12) if options["sign_in"] else ""
        begun, rows = time.monotonic(), Counter[str]()
        for done in seed(count, make_password(password) if password else "!"):
            rows.update(done.rows)
            if options["verbosity"]:
                self.stderr.write(f"{done.companies} of {count} companies, {time.monotonic() - begun:.0f} s")
        for name, number in rows.items():
            self.stdout.write(f"{number:>9} {name}")
        if password:
            self.stdout.write(f"Everybody who was made signs in with: {password}")
