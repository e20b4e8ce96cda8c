"""What ops read of every chain: each function asks who it is for, and raises Http404 for anybody else."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from onboarding.audit.models import Event
from onboarding.journey.models import Onboarding
from onboarding.people.access import require_ops
from onboarding.people.models import Company, User

MOST_FOUND = 20  # companies or people that one filter may mean


def list_events(user: User) -> QuerySet[Event]:
    """Every event of every chain, that of the installation too."""
    require_ops(user)
    return Event.objects.all()


def find_companies(user: User, words: str) -> list[Company]:
    """Those that a filter can mean: by short name or number, else by part of the name; one more than MOST_FOUND."""
    require_ops(user)
    companies = Company.objects.visible_to(user).order_by("name")
    exact = list(companies.filter(Q(slug=words.lower()) | Q(number__iexact=words))[: MOST_FOUND + 1])
    return exact or list(companies.filter(name__icontains=words)[: MOST_FOUND + 1])


def find_onboarding(user: User, code: str) -> Onboarding | None:
    """The onboarding of this code."""
    require_ops(user)
    return Onboarding.objects.visible_to(user).filter(code=code.upper()).first()


def find_people(user: User, words: str) -> list[User]:
    """Those that a filter can mean: by email address, else by part of the name; one more than MOST_FOUND."""
    require_ops(user)
    people = User.objects.order_by("name")
    exact = list(people.filter(email=words.lower())[:1])
    return exact or list(people.filter(name__icontains=words)[: MOST_FOUND + 1])


def read_companies(user: User, chains: Iterable[str]) -> dict[str, Company]:
    """The companies of these chains, by chain."""
    require_ops(user)
    ids = {UUID(chain) for chain in chains if _is_company(chain)}
    found: dict[Any, Company] = Company.objects.visible_to(user).in_bulk(ids) if ids else {}
    return {str(pk): company for pk, company in found.items()}


def _is_company(chain: str) -> bool:
    try:
        return bool(UUID(chain))
    except ValueError:
        return False


def read_codes(user: User, events: Iterable[Event]) -> dict[UUID, str]:
    """The codes of the onboardings of these events."""
    require_ops(user)
    ids = {each.onboarding_id for each in events if each.onboarding_id}
    found = Onboarding.objects.visible_to(user).filter(pk__in=ids) if ids else ()
    return {each.pk: each.code for each in found}
