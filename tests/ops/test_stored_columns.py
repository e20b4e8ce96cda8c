"""What triggers keep of companies for the list of them is always what the tables say, whoever changes these and how.

Which rows the list shows is in test_company_list.py.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.utils import timezone

from certs.rows import copy_rows
from onboarding.journey.models import Onboarding
from onboarding.ops.company_list import read_page
from onboarding.ops.filters import FilterForm
from onboarding.people.models import Company, Membership, Role, User
from tests.databases import on_postgresql
from tests.ops.factories import make_many

pytestmark = [pytest.mark.django_db, on_postgresql]

STALE = """
    SELECT name FROM people_company company
    WHERE words IS DISTINCT FROM strip(to_tsvector('simple', regexp_replace(lower(concat_ws(' ', name, number,
        (SELECT string_agg(u.name || ' ' || u.email, ' ') FROM people_membership JOIN people_user u ON u.id = user_id
         WHERE company_id = company.id))), '[^[:alnum:]]+', ' ', 'g')))
    OR has_begun IS DISTINCT FROM EXISTS (SELECT 1 FROM journey_onboarding WHERE company_id = company.id)
    OR EXISTS (SELECT 1 FROM journey_onboarding WHERE company_id = company.id
               AND company_added_at IS DISTINCT FROM company.created_at)
"""


def list_stale() -> list[str]:
    """Companies of which something is kept that is not so."""
    with connection.cursor() as cursor:
        cursor.execute(STALE)
        return [name for (name,) in cursor.fetchall()]


def search(words: str) -> set[str]:
    form = FilterForm(QueryDict(f"q={words}"))
    assert form.is_valid()
    return {row.name for row in read_page(form.chosen).rows}


def company(number: int) -> Company:
    return Company.objects.get(slug=f"many-{number}")


def member(number: int) -> Membership:
    return Membership.objects.get(company=company(number))


def rename(number: int) -> None:
    found = company(number)
    found.name = "Zebra Ltd"
    found.save()


def rename_person(number: int) -> None:
    found = member(number).user
    found.name = "Zebra Person"
    found.save()


def rename_all_people(number: int) -> None:
    people = list(User.objects.all())
    for each in people:
        each.name = f"Zebra {each.name}"
    User.objects.bulk_update(people, ["name"])


def add_member(number: int) -> None:
    user = User.objects.create_user("zebra@elsewhere.example", None, name="Late Comer")
    Membership.objects.create(user=user, company=company(number), role=Role.READER)


def copy_members(number: int) -> None:
    users = [User(email=f"zebra{n}@elsewhere.example", name="-", password="!") for n in range(3)]
    copy_rows(users)
    copy_rows([Membership(user=user, company=company(number), role=Role.READER) for user in users])


def move_member(number: int) -> None:
    add_member(number + 1)
    Membership.objects.filter(role=Role.READER).update(company=company(number))


def exchange_member(number: int) -> None:
    user = User.objects.create_user("zebra@elsewhere.example", None, name="Successor")
    Membership.objects.filter(pk=member(number).pk).update(user=user)


CHANGES: list[Callable[[int], object]] = [
    *(rename, rename_person, rename_all_people, add_member, copy_members, move_member, exchange_member),
    lambda number: Company.objects.filter(slug=f"many-{number}").update(number="ZEBRA7"),
    lambda number: User.objects.filter(pk=member(number).user_id).update(email="zebra@many.example"),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_company_is_found_by_what_is_written_of_it_now(change: Callable[[int], object]) -> None:
    make_many(8)
    assert search("zebra") == set()
    change(2)
    assert list_stale() == []
    assert company(2).name in search("zebra")


def test_who_has_left_leads_to_the_company_no_longer() -> None:
    make_many(8)
    add_member(3)
    assert search("zebra") == {company(3).name}
    Membership.objects.filter(role=Role.READER).delete()
    assert list_stale() == []
    assert search("zebra") == set()


def test_a_company_has_begun_with_its_first_onboarding_and_not_without_one() -> None:
    made = make_many(8)  # the first of six kinds has none
    assert list_stale() == []
    copy_rows([Onboarding(company=made[0], current_step="register", code="AAAA-BBBB")])
    assert list_stale() == []
    Onboarding.objects.filter(code="AAAA-BBBB").update(company=made[6])
    assert list_stale() == []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM journey_onboarding WHERE code = 'AAAA-BBBB'")
    assert list_stale() == []


def test_when_a_company_was_added_is_the_same_in_its_onboardings() -> None:
    make_many(8)
    Company.objects.filter(slug="many-4").update(created_at=timezone.now() - timedelta(days=400))
    assert list_stale() == []
