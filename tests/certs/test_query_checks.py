"""What a prepared query may not hold is refused at its first call, and not answered wrongly later.

What prepared queries find is in test_prepared_queries.py.
"""

from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Prefetch, Q, QuerySet, Value

from certs import clock
from certs.prepared_queries import prepare_query
from onboarding.people.models import Company, Membership, Role, User
from tests.certs.test_prepared_queries import company
from tests.time_travel import travel

__all__ = ["company"]

pytestmark = pytest.mark.django_db


def test_a_value_that_the_sql_holds_otherwise_is_refused(company: Company) -> None:
    @prepare_query
    def search(name: str) -> QuerySet[Company]:
        return Company.objects.filter(name__contains=name)

    with pytest.raises(TypeError, match="search: the SQL does not hold value 0"):
        search("wind")


def test_a_value_that_the_sql_holds_also_otherwise_is_refused(company: Company) -> None:
    @prepare_query
    def search(name: str) -> QuerySet[User]:
        return User.objects.filter(Q(name=name) | Q(email__startswith=name))

    with pytest.raises(TypeError, match="search: the SQL"):
        search("Ann")


def test_a_value_by_which_the_sql_goes_is_refused(company: Company) -> None:
    @prepare_query
    def read(company: UUID, count: int) -> QuerySet[Membership]:
        return Membership.objects.filter(company=company).annotate(most=Value(count))[:count]

    with pytest.raises(TypeError, match="read: the SQL"):
        read(company.pk, 2)


@pytest.mark.parametrize("name", ["%", "_nn", "ann", "a\\nn"])
def test_letters_that_mean_something_to_like_mean_nothing_else(company: Company, name: str) -> None:
    @prepare_query
    def read(name: str) -> QuerySet[User]:
        return User.objects.filter(name__iexact=name)

    if connection.vendor == "postgresql":
        assert [each.name for each in read(name)] == (["Ann"] if name == "ann" else [])
    else:  # SQLite compares by LIKE
        with pytest.raises(TypeError, match="read: the SQL does not hold value 0|read: the SQL goes by"):
            read(name)


@pytest.mark.parametrize("tick", [True, False])
def test_a_moment_that_would_stay_is_refused(company: Company, tick: bool) -> None:
    @prepare_query
    def read_new(slug: str) -> QuerySet[Company]:
        return Company.objects.filter(slug=slug, created_at__lt=clock.now())

    @prepare_query
    def read_of_days(slug: str) -> QuerySet[Company]:
        return Company.objects.filter(slug=slug, created_at__date__lt=clock.today())

    with travel(clock.now(), tick=tick):
        for each in (read_new, read_of_days):
            with pytest.raises(TypeError, match=r"read_(new: a moment|of_days: a moment|new: the SQL)"):
                each("northwind")


def test_a_value_or_a_moment_in_what_is_prefetched_is_refused(company: Company) -> None:
    def prefetch(found: QuerySet[Membership]) -> QuerySet[Company]:
        return Company.objects.prefetch_related(Prefetch("memberships", found))

    @prepare_query
    def read_own(user: UUID) -> QuerySet[Company]:
        return prefetch(Membership.objects.filter(user=user)).filter(memberships__user=user)

    @prepare_query
    def read_deeper(user: UUID) -> QuerySet[Company]:
        deeper = Prefetch("user__memberships", Membership.objects.filter(user=user))
        return prefetch(Membership.objects.prefetch_related(deeper)).filter(memberships__user=user)

    @prepare_query
    def read_changed(slug: str) -> QuerySet[Company]:
        return prefetch(Membership.objects.filter(user__name__contains=slug)).filter(slug=slug)

    @prepare_query
    def read_new(slug: str) -> QuerySet[Company]:
        return prefetch(Membership.objects.filter(since__lt=clock.now())).filter(slug=slug)

    person = User.objects.get(name="Ann")
    for read in (read_own, read_deeper):
        with pytest.raises(TypeError, match=f"{read.__name__}: a value in what is prefetched"):
            read(person.pk)
    with pytest.raises(TypeError, match="read_changed: a value in what is prefetched"):
        read_changed("northwind")
    for tick in (True, False):
        with (
            travel(clock.now(), tick=tick),
            pytest.raises(TypeError, match="read_new: a (value|moment) in"),
        ):
            read_new("northwind")


def test_what_is_prefetched_may_hold_what_is_the_same_in_every_call(company: Company) -> None:
    @prepare_query
    def read(slug: str) -> QuerySet[Company]:
        admins = Membership.objects.filter(role=Role.ADMIN).order_by("user__name")
        return Company.objects.filter(slug=slug).prefetch_related(Prefetch("memberships", admins))

    for _ in range(2):
        (found,) = read("northwind")
        assert [each.user.name for each in found.memberships.all()] == ["Bob", "Cara"]
