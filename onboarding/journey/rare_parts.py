"""An onboarding as its page needs it: read for a person, with what higher rooms say in a column whether it has it.

Questions, offers and absences are rare. Each room would ask for its own on every page of a journey; so the query that
reads the onboarding brings an answer for all of them (signals.case_columns_requested).
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from certs import clock
from certs.prepared_queries import prepare_query
from onboarding.journey.models import Onboarding
from onboarding.journey.signals import case_columns_requested
from onboarding.people.models import User


def find_journey(user: User, code: str) -> Onboarding | None:
    """The onboarding with its company and those columns; None as find_onboarding() says (access.py)."""
    code, now, day = code.upper(), clock.now(), clock.today()
    found = _read_any_journey(code, now, day) if user.is_ops else _read_own_journey(user.pk, code, now, day)
    return next(iter(found), None)


@prepare_query
def _read_any_journey(code: str, now: datetime, day: date) -> QuerySet[Onboarding]:
    return _filter_journeys(User(is_ops=True), code, now, day)


@prepare_query
def _read_own_journey(user: UUID, code: str, now: datetime, day: date) -> QuerySet[Onboarding]:
    return _filter_journeys(User(pk=user), code, now, day)


def _filter_journeys(user: User, code: str, now: datetime, day: date) -> QuerySet[Onboarding]:
    answers: list[tuple[Any, Any]] = case_columns_requested.send(Onboarding, now=now, day=day)
    columns = {name: column for _, found in answers for name, column in found.items()}
    return Onboarding.objects.visible_to(user).select_related("company").filter(code=code).annotate(**columns)


def may_have(onboarding: Onboarding, column: str) -> bool:
    """Whether the onboarding has what this column of a higher room says; True where it was read without."""
    return bool(getattr(onboarding, column, True))
