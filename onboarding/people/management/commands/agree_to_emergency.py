"""`manage.py agree_to_emergency`: the second person where ops is one person and nobody of the company can act.

The waiting time runs as always, everybody in the company is told and can stop it; who runs this is on record as the
operator.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from onboarding.people import emergency
from onboarding.people.decisions import RequestRefused
from onboarding.people.models import EmergencyInvitation
from onboarding.ui.formatting import when


class Command(BaseCommand):
    """Agrees to one emergency invitation that the one ops person asked for."""

    help = "Agree, as the operator, to an emergency invitation. Only where ops is one person."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which one, and how it was made sure that it is right."""
        parser.add_argument("company", help="as in the company's address: /companies/THIS/")
        parser.add_argument("email", help="whom ops ask to invite")
        parser.add_argument("--reason", required=True, help="how you made sure that the company wants this")

    def handle(self, *args: Any, **options: Any) -> None:
        """Agree. Raises CommandError with the way forward when there is no such request, or others must agree."""
        email = options["email"].strip().lower()
        found = EmergencyInvitation.objects.select_related("company").filter(
            company__slug=options["company"], email=email, status=EmergencyInvitation.Status.ASKED
        )
        request = found.first()
        if request is None:
            raise CommandError(
                f"Nobody of ops asks to invite {email} to {options['company']}. They ask on the company's team page."
            )
        try:
            agreed = emergency.agree_as_operator(request, note=options["reason"])
        except RequestRefused as refusal:
            raise CommandError(refusal.sentence) from None
        assert agreed.goes_out_at is not None
        self.stdout.write(
            f"Agreed. The invitation to {email} goes out on {when(agreed.goes_out_at)}, unless somebody stops it."
        )
