"""`manage.py close_account`: somebody who has gone for good, or whose account was stolen, cannot sign in any more.

Roles stay in the records; a Certificate Admin whose account is closed cannot act (team/coverage.py). Telephone numbers
are erased. `--open-again` undoes the rest.
"""

from typing import Any

from allauth.usersessions.models import UserSession
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from certs.notices import forget_notices
from onboarding.audit.chain import record_event
from onboarding.audit.event_names import EventName
from onboarding.people.models import Membership, User


class Command(BaseCommand):
    """Closes one account and ends its sessions, or opens it again."""

    help = "Close an account, of a company's person or of ops. Make sure first that it is the right one."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, and in which direction."""
        parser.add_argument("email")
        parser.add_argument("--open-again", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it. Raises CommandError when there is no such account, or it is so already."""
        wanted = bool(options["open_again"])
        words = "open" if wanted else "closed"
        with transaction.atomic():
            found = User.objects.select_for_update(no_key=True)
            user = found.filter(email=options["email"].strip().lower()).first()
            if user is None:
                raise CommandError(f"There is no account for {options['email']}.")
            if user.is_active == wanted:
                raise CommandError(f"The account of {user.email} is {words} already.")
            user.is_active = wanted
            user.telephone = user.direct_line = ""  # nobody is to ring somebody who has gone
            user.save(update_fields=["is_active", "telephone", "direct_line"])
            if wanted:  # no event of a company, by which it would be seen that somebody is missing an email
                forget_notices(Membership.objects.filter(user=user).values_list("company_id", flat=True))
            for session in UserSession.objects.filter(user=user):
                session.end()
            name = EventName.ACCOUNT_OPENED if wanted else EventName.ACCOUNT_CLOSED
            record_event(name, company=None, data={"person": str(user.pk)})
        self.stdout.write(f"The account of {user.email} is {words} now.")
