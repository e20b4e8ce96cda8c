"""`manage.py remove_second_factor`: for somebody who lost the device and the recovery codes.

Whoever runs it has made sure that it is that person; at the next sign-in the password alone opens, as before.
"""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from onboarding.audit.chain import record_event
from onboarding.audit.event_names import EventName
from onboarding.people.models import User


class Command(BaseCommand):
    """Removes code app, passkeys and recovery codes of one person, and ends their sessions."""

    help = "Remove the second factor of somebody who lost it. Make sure first that it is them."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, and how it was made sure that it is them."""
        parser.add_argument("email")
        parser.add_argument("--reason", required=True, help="how you made sure that it is this person")

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove it. Raises CommandError when there is no such account, or nothing to remove."""
        user = User.objects.filter(email=options["email"].strip().lower()).first()
        if user is None:
            raise CommandError(f"There is no account for {options['email']}.")
        with transaction.atomic():
            removed = self._remove(user)
            data = {"whose": f"{user.name} <{user.email}>", "reason": options["reason"]}
            record_event(EventName.SECOND_FACTOR_LOST, company=None, data=data)
        self.stdout.write(
            f"{removed} removed from {user.email}, who must set up a new one after the next sign-in."
        )

    def _remove(self, user: User) -> str:
        found = list(Authenticator.objects.filter(user=user))
        if not found:
            raise CommandError(f"{user.email} has no second factor.")
        for each in found:
            each.delete()  # one by one, so that the vault's secrets go too
        for session in UserSession.objects.filter(user=user):
            session.end()
        return ", ".join(sorted({each.get_type_display() for each in found}))
