"""Correcting the email address of a Primary Certificate Admin who was named and never came.

It is as adding the company was: ops name an address. Whoever has signed in keeps their address, and so does everybody
in a company in which anything has begun: there the primary is changed by two people (team/primary_change.py).
"""

from typing import Any

from django.db import IntegrityError, transaction

from onboarding.audit.chain import record_event
from onboarding.audit.event_names import EventName
from onboarding.people import emails, one_time_links
from onboarding.people.access import find_primaries
from onboarding.people.decisions import StateConflict
from onboarding.people.models import Company, User
from onboarding.people.welcome_links import is_newcomer


def get_primary(company: Company) -> User:
    """The Primary Certificate Admin of a company that was fetched already."""
    return find_primaries([company.pk])[company.pk]


def find_obstacle(company: Company, primary: User) -> str:
    """Why the address stays as it is, and what to do instead, in a sentence or two; empty if it can be corrected."""
    if not is_newcomer(primary):
        return (
            f"{primary} has an account with a way to sign in, so the address cannot be corrected here. If somebody "
            "else is to take over, change the Primary Certificate Admin."
        )
    for each in _companies_of(primary):
        if each.memberships.exclude(user=primary).exists() or _has_begun(each):
            return (
                f"Other people work for {each.name} here, or an onboarding was started. One person of ops cannot name "
                "another address there any more. Change the Primary Certificate Admin, or ask for an emergency "
                "invitation."
            )
    return ""


def correct_address(company: Company, email: str, *, actor: User) -> User:
    """The new address, on record in each of the person's companies, and a new welcome email to it.

    No older link works any more, and no browser that holds one goes on. Raises StateConflict with a sentence.
    """
    address = email.strip().lower()
    with transaction.atomic():
        primary: User = User.objects.select_for_update(no_key=True).get(pk=get_primary(company).pk)
        if obstacle := find_obstacle(company, primary):
            raise StateConflict(obstacle)
        _refuse_known(primary, address)
        before, primary.email = primary.email, address
        _save(primary)
        one_time_links.close_links(user=primary)
        companies = _companies_of(primary)
        for each in companies:
            data = {"to": f"{primary.name} <{address}>", "former": before}
            record_event(EventName.ADDRESS_CORRECTED, company=each, actor=actor, data=data)
        for each in companies:
            emails.queue_welcome(each, primary)
    return primary


def _refuse_known(primary: User, address: str) -> None:
    if address == primary.email:
        raise StateConflict(
            f"The welcome email went to {address} already. If it is lost, {primary} gets another link with “I have "
            "forgotten my password” on the sign-in page."
        )
    if User.objects.filter(email=address).exists():
        raise _taken(address)


def _save(primary: User) -> None:
    try:
        with transaction.atomic():
            primary.save(update_fields=["email"])
    except IntegrityError:  # somebody got the address at this moment
        raise _taken(primary.email) from None


def _taken(address: str) -> StateConflict:
    return StateConflict(
        f"{address} has an account here already, of another person. Enter an address that nobody here has."
    )


def _companies_of(user: User) -> list[Company]:
    return list(Company.objects.filter(memberships__user=user).order_by("pk"))


def _has_begun(company: Company) -> bool:
    begun: Any = company
    return bool(begun.onboardings.exists() or begun.invitations.exists() or begun.emergencies.exists())
