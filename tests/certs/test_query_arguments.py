"""What a prepared query may decide by: choices, and whether there is a value at all; each has a text of its own."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

import pytest
from django.db.models import Count, QuerySet

from certs import clock
from certs.prepared_queries import prepare_query
from onboarding.people.models import Company, Role, User
from tests.certs.test_prepared_queries import company

__all__ = ["company"]
pytestmark = pytest.mark.django_db


class Sorting(Enum):
    """What a query is ordered by."""

    NAME = "name"
    EMAIL = "email"


@dataclass(frozen=True)
class PeopleQuery:
    """Choices, values, and values that may be left out."""

    sort: Sorting
    is_primary: bool = False
    names: list[str] = field(default_factory=list)
    since: datetime | None = None
    email: str | None = None


@prepare_query
def find_people(query: PeopleQuery, count: int) -> QuerySet[User, str]:
    """By name or address."""
    found = User.objects.annotate(roles=Count("memberships")).filter(roles=count)
    if query.is_primary:
        found = found.filter(memberships__role=Role.PRIMARY)
    if query.names:
        found = found.filter(name__in=query.names)
    if query.since:
        found = found.filter(created_at__gte=query.since)
    if query.email:
        found = found.filter(email=query.email)
    return found.order_by("-email" if query.sort == Sorting.EMAIL else "name").values_list("name", flat=True)


def test_a_query_goes_by_choices_and_by_which_values_there_are(company: Company) -> None:
    later = clock.now() + timedelta(days=1)
    expected = [
        (PeopleQuery(Sorting.NAME), ["Ann", "Bob", "Cara"]),
        (PeopleQuery(Sorting.EMAIL), ["Cara", "Bob", "Ann"]),
        (PeopleQuery(Sorting.NAME, is_primary=True), ["Ann"]),
        (PeopleQuery(Sorting.NAME, since=later), []),
        (PeopleQuery(Sorting.NAME, since=later - timedelta(days=3)), ["Ann", "Bob", "Cara"]),
        (PeopleQuery(Sorting.NAME, email="bob@northwind.example"), ["Bob"]),
        (PeopleQuery(Sorting.NAME, email="ann@northwind.example"), ["Ann"]),
    ]
    for query, names in expected:
        assert find_people(query, 1) == names, query
        assert find_people(query, 2) == []
    assert find_people(PeopleQuery(Sorting.EMAIL, names=["Ann", "Bob"]), 1) == ["Bob", "Ann"]
    assert find_people(PeopleQuery(Sorting.EMAIL, names=["Ann", "Bob", "Cara"]), 1) == ["Cara", "Bob", "Ann"]


def test_each_choice_is_put_together_once(company: Company) -> None:
    built: list[PeopleQuery] = []

    @prepare_query
    def read(query: PeopleQuery) -> QuerySet[User]:
        built.append(query)
        found = User.objects.filter(email=query.email) if query.email else User.objects.all()
        return found.order_by(query.sort.value)

    for sort in (Sorting.NAME, Sorting.EMAIL, Sorting.NAME):
        for email in (None, "ann@northwind.example", "bob@northwind.example"):
            read(PeopleQuery(sort, email=email))
    assert len(built) == 4 * 3  # each is compared with two others before it is kept (query_checks.py)


def test_a_value_that_is_given_and_not_asked_for_is_refused(company: Company) -> None:
    @prepare_query
    def read(query: PeopleQuery) -> QuerySet[User]:
        return User.objects.all()

    assert len(read(PeopleQuery(Sorting.NAME))) == 3
    with pytest.raises(TypeError, match="read: the SQL does not hold value 0"):
        read(PeopleQuery(Sorting.NAME, email="ann@northwind.example"))
