"""The company switcher: it says where one is, offers the other companies, and shows nobody else's.

Who may see a company is tested in test_constraints.py.
"""

from typing import Any

import pytest
from bs4 import Tag

from onboarding.journey.models import Onboarding
from onboarding.people.models import Membership, Role, User
from tests.journey.form_client import soup
from tests.people_fixtures import People, client_of, make_company


def _bar(user: User, path: str) -> Tag | None:
    answer: Any = client_of(user).get(path)
    assert answer.status_code == 200, path
    return soup(answer).select_one("nav[aria-label='Your companies']")


def _words(bar: Tag | None) -> str:
    assert bar is not None
    return " ".join(bar.get_text(" ").split()).replace(" ,", ",")


@pytest.fixture
def bob(people: People) -> User:
    """Bob, who also reads company two."""
    Membership.objects.create(user=people.bob, company=people.two, role=Role.READER)
    make_company("three", "Three Gas Ltd", people.charlie)
    return people.bob


def test_it_says_where_one_is_on_every_page_of_a_company(bob: User, onboarding: Onboarding) -> None:
    code = onboarding.code
    for path in (
        "/companies/one/",
        "/companies/one/team/",
        "/companies/one/absence/",
        f"/onboardings/{code}/",
        f"/onboardings/{code}/register/",
        f"/onboardings/{code}/history/",
    ):
        assert "You are in: One Energy Ltd, Certificate Admin" in _words(_bar(bob, path)), path
    assert "You are in: Two Power Ltd, Reader" in _words(_bar(bob, "/companies/two/"))


def test_it_offers_the_other_companies_and_no_strangers(bob: User) -> None:
    bar = _bar(bob, "/companies/one/")
    assert bar is not None
    assert [link["href"] for link in bar.select("a")] == ["/companies/two/", "/?stay"]
    assert "Three Gas" not in _words(bar)


def test_on_the_desk_it_says_that_all_are_shown(bob: User) -> None:
    words = _words(_bar(bob, "/?stay"))
    assert "You see all your companies" in words
    assert "One Energy Ltd, Certificate Admin Two Power Ltd, Reader" in words


def test_who_is_in_one_company_or_none_has_no_switcher(people: People) -> None:
    assert _bar(people.alice, "/companies/one/") is None
    assert _bar(people.olga, "/companies/one/") is None
