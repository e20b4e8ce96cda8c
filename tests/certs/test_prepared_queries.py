"""Queries that are put together once: they find what the queryset finds, with the values of each call.

Not here: what the queries of the pages are, see tests/budgets.
"""

import importlib
import pkgutil
import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections, transaction
from django.db.models import Count, Prefetch, QuerySet
from django.test.utils import CaptureQueriesContext

import certs
import onboarding
from certs import clock, query_arguments
from certs.models import SigningRequest
from certs.prepared_queries import make_stand_ins, prepare_query
from onboarding.people.models import Company, Membership, Role, User

pytestmark = pytest.mark.django_db


@prepare_query
def read_members(company: UUID, role: str) -> QuerySet[Membership]:
    """With what a page shows of them."""
    found = Membership.objects.filter(company=company, role=role).select_related("user", "company")
    return found.annotate(roles=Count("user__memberships")).order_by("user__name")


@prepare_query
def read_names(people: list[UUID]) -> QuerySet[User, str]:
    """By name."""
    return User.objects.filter(pk__in=people).order_by("name").values_list("name", flat=True)


@prepare_query
def read_joined(since: datetime, day: date, count: int) -> QuerySet[User, tuple[str, int]]:
    """Values of the other kinds."""
    found = User.objects.filter(created_at__gte=since, created_at__date__gte=day)
    return found.annotate(roles=Count("memberships")).filter(roles=count).values_list("name", "roles")


@prepare_query
def read_companies(slug: str) -> QuerySet[Company]:
    """With their people in a second query."""
    rows = Membership.objects.select_related("user").order_by("role")
    return Company.objects.filter(slug=slug).prefetch_related(Prefetch("memberships", rows))


@pytest.fixture
def company() -> Company:
    with transaction.atomic():  # at its end the company must have its Primary Certificate Admin
        made = Company.objects.create(name="Northwind Energy", number="01234567", slug="northwind")
        for name, role in (("Ann", Role.PRIMARY), ("Bob", Role.ADMIN), ("Cara", Role.ADMIN)):
            user = User.objects.create(email=f"{name.lower()}@northwind.example", name=name)
            Membership.objects.create(company=made, user=user, role=role)
    return made


def list_users() -> list[Any]:
    return list(User.objects.order_by("name"))


def test_each_call_finds_what_its_values_say(company: Company) -> None:
    first, second = read_members(company.pk, Role.ADMIN), read_members(company.pk, Role.PRIMARY)
    assert [each.user.name for each in first] == ["Bob", "Cara"]
    assert [each.user.name for each in second] == ["Ann"]
    assert read_members(uuid4(), Role.ADMIN) == []


def test_rows_are_the_objects_of_the_queryset(company: Company) -> None:
    prepared = read_members(company.pk, Role.ADMIN)
    plain = list(read_members.__wrapped__(company.pk, Role.ADMIN))  # type: ignore[attr-defined]  # functools.wraps
    with CaptureQueriesContext(connection) as seen:
        for ours, theirs in zip(prepared, plain, strict=True):
            assert ours == theirs
            assert ours.get_deferred_fields() == theirs.get_deferred_fields()
            assert (ours.roles, ours.user, ours.company, ours.since) == (  # type: ignore[attr-defined]  # annotated
                *(theirs.roles, theirs.user, theirs.company, theirs.since),
            )
    assert not seen.captured_queries


def test_it_is_one_query_and_put_together_once(company: Company) -> None:
    built: list[tuple[object, ...]] = []

    @prepare_query
    def read(company: UUID) -> QuerySet[Membership]:
        built.append((company,))
        return Membership.objects.filter(company=company)

    with CaptureQueriesContext(connection) as seen:
        assert len(read(company.pk)) == 3
        first = len(built)
        assert [len(read(uuid4())), len(read(company.pk))] == [0, 3]
    assert (len(built), len(seen)) == (first, 3)
    assert company.pk not in {value for (value,) in built}


@pytest.mark.parametrize("count", range(4))
def test_a_list_may_have_any_length(company: Company, count: int) -> None:
    users = list_users()[:count]
    assert read_names([each.pk for each in users]) == [each.name for each in users]


def test_few_lengths_are_prepared(company: Company) -> None:
    lengths = {len(query_arguments.pad(list(range(count)))) for count in range(300)}
    assert lengths == {0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512}
    assert query_arguments.pad([3, 1, 2]) == [3, 1, 2, 2]


def test_moments_days_and_numbers_are_values(company: Company) -> None:
    now = clock.now()
    assert len(read_joined(now.replace(year=now.year - 1), now.date().replace(year=now.year - 1), 1)) == 3
    assert read_joined(now.replace(year=now.year - 1), now.date().replace(year=now.year - 1), 2) == []
    assert read_joined(now.replace(year=now.year + 1), now.date().replace(year=now.year - 1), 1) == []


def test_what_is_prefetched_comes_with_each_call(company: Company) -> None:
    for _ in range(2):
        (found,) = read_companies("northwind")
        assert {each.user.name for each in found.memberships.all()} == {"Ann", "Bob", "Cara"}
    Membership.objects.filter(user__name="Cara").delete()
    assert len(read_companies("northwind")[0].memberships.all()) == 2


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_over_its_own_connection(company: Company) -> None:
    found: list[int] = []

    def ask() -> None:
        try:
            found.extend(len(read_members(company.pk, Role.ADMIN)) for _ in range(20))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert found == [2] * 80


def test_what_is_the_same_in_every_call_stands_in_the_text(company: Company) -> None:
    @prepare_query
    def read(slug: str) -> QuerySet[Company]:
        return Company.objects.filter(slug=slug).exclude(name="50% of 'it' \\").exclude(name__contains="%s")

    for _ in range(2):
        assert read("northwind") == [company]
    with CaptureQueriesContext(connection) as seen:
        assert read("northwind' or true") == []
    assert len(seen) == 1


def test_a_value_of_another_kind_is_refused() -> None:
    @prepare_query
    def read(company: Company) -> QuerySet[Membership]:
        return Membership.objects.filter(company=company)

    with pytest.raises(TypeError, match="Company"):
        read(Company())


def test_values_are_given_by_their_places(company: Company) -> None:
    with pytest.raises(TypeError, match="by their places"):
        read_members(company=company.pk, role="admin")


def _list_modules() -> Iterator[str]:
    for package in (certs, onboarding):
        for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" not in each.name:
                yield each.name


def _list_prepared() -> list[Callable[..., Any]]:
    found = {}
    for name in _list_modules():
        for each in vars(importlib.import_module(name)).values():
            if getattr(each, "is_prepared", False):
                found[each.__module__, each.__name__] = each
    return list(found.values())


def test_every_prepared_query_of_the_portal_can_be_asked() -> None:
    """Of each, with values of its kinds that nothing has: whatever it may not do is said at its first call."""
    prepared = _list_prepared()
    assert len(prepared) > 15
    for each in prepared:
        for length in (1, 2):
            assert each(*make_stand_ins(each, length)) == [], f"{each.__module__}.{each.__name__}"


def test_a_request_that_names_nothing_is_of_no_model() -> None:
    """Querysets whose model has no manager of its own are as good."""

    @prepare_query
    def read(case: UUID) -> QuerySet[SigningRequest]:
        return SigningRequest.objects.filter(case_id=case).select_related("key")

    assert read(uuid4()) == []
