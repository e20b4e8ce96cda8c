"""The page of a journey asks other rooms for what most onboardings have not only where one query says there is some."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from certs import clock
from onboarding.handover.models import Offer
from onboarding.journey import progress
from onboarding.journey.models import Onboarding
from onboarding.journey.rare_parts import find_journey, may_have
from onboarding.team.models import Absence
from tests.handover.factories import make_offer, open_steps
from tests.people_fixtures import People, client_of
from tests.questions.factories import ask_about

MOST = 6  # the person and the session, the onboarding, its steps, the companies; one to spare
ROOMS = ("has_offers", "has_questions", "has_absences")
SAID = ("Offered to Bob Test", "Questions to ops", "Bob Test is away until")


@pytest.fixture
def tess(people: People) -> Client:
    return client_of(people.tess)


def _add_all(onboarding: Onboarding, people: People) -> Offer:
    open_steps(onboarding, "csr", "register")
    ask_about(onboarding, people.alice, "register")
    today = clock.today()
    Absence.objects.create(company=people.one, user=people.bob, first_day=today, last_day=today)
    return make_offer(onboarding, people.alice, people.bob)


def _read(tess: Client, onboarding: Onboarding) -> str:
    answer = tess.get(f"/onboardings/{onboarding.code}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_where_there_is_nothing_nothing_is_asked(
    tess: Client, onboarding: Onboarding, django_assert_max_num_queries: Any
) -> None:
    _read(tess, onboarding)
    with django_assert_max_num_queries(MOST):
        page = _read(tess, onboarding)
    assert not [words for words in SAID if words in page]


def test_what_there_is_stands_on_the_page(tess: Client, onboarding: Onboarding, people: People) -> None:
    offer = _add_all(onboarding, people)
    found = find_journey(people.tess, onboarding.code)
    assert found is not None
    assert {name for name in ROOMS if may_have(found, name)} == set(ROOMS)
    page = _read(tess, onboarding)
    assert [words for words in SAID if words not in page] == []
    Offer.objects.filter(pk=offer.pk).update(expires_at=timezone.now() - timedelta(hours=1))
    Absence.objects.update(
        last_day=clock.today() - timedelta(days=1), first_day=clock.today() - timedelta(days=3)
    )
    found = find_journey(people.tess, onboarding.code)
    assert found is not None
    assert {name for name in ROOMS if may_have(found, name)} == {"has_questions"}


def test_of_another_onboarding_nothing_is_said(onboarding: Onboarding, people: People) -> None:
    _add_all(onboarding, people)
    other = progress.start(people.two, environment="uit", actor=people.charlie)
    found = find_journey(people.olga, other.code)
    assert found is not None
    assert not [name for name in ROOMS if may_have(found, name)]


def test_who_may_not_see_it_finds_nothing(onboarding: Onboarding, people: People) -> None:
    assert find_journey(people.charlie, onboarding.code) is None
    assert find_journey(people.alice, "AAAA-AAAA") is None
    found = find_journey(people.alice, onboarding.code.lower())
    assert found == onboarding
    assert may_have(onboarding, "has_offers")  # read without the columns: so that nobody leaves anything out
