"""`manage.py add_ops`: make the first ops account of an installation.

With `--password-stdin` the password is read from standard input; without, the person sets one by the reset page.
"""

import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from onboarding.audit.chain import OPS, record_event
from onboarding.audit.event_names import EventName
from onboarding.people.models import User


class Command(BaseCommand):
    """Makes one ops account."""

    help = "Make an ops account: it sees every company and never a secret."

    def add_arguments(self, parser: CommandParser) -> None:
        """Email, name, and where the password comes from."""
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        parser.add_argument("--password-stdin", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it. Raises CommandError when the address is taken or wrong, or the password too weak."""
        email = options["email"].strip().lower()
        password = sys.stdin.readline().rstrip("\n") if options["password_stdin"] else None
        try:
            validate_email(email)
            if password is not None:
                validate_password(password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        if User.objects.filter(email=email).exists():
            raise CommandError(f"There is an account for {email} already.")
        with transaction.atomic():
            user = User.objects.create_user(email, password, name=options["name"], is_ops=True)
            record_event(
                EventName.ROLE_ASSIGNED,
                company=None,
                data={"role": "Ops", "to": f"{user.name} <{email}>"},
                replay={"roles": {str(user.pk): OPS}},
            )
        self.stdout.write(
            f"{email} is ops now." + ("" if password else " Set a password at /accounts/password/reset/.")
        )
