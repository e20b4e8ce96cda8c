"""Two people at the same moment, on two connections of a real PostgreSQL: one wins, the other reads who and when.

The harness is tests/concurrency.py; the journey's own races are in tests/journey/test_races.py.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from onboarding.audit.chain_check import find_chain_faults
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.handover import claims, offers
from onboarding.handover.models import Offer, OfferedStep
from onboarding.journey import progress
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.progress import Submission
from onboarding.people.decisions import RequestRefused
from tests.concurrency import race, split
from tests.handover.factories import make_offer, plan
from tests.people_fixtures import People, make_company, make_people, step

ROUNDS = [20, pytest.param(200, marks=pytest.mark.nightly)]
pytestmark = pytest.mark.django_db(transaction=True)
WHO_AND_WHEN = re.compile(
    r"(Alice|Bob|Tess) Test (holds this step since|holds “Create the CSR” since|offered “Create the CSR” to .* on|"
    r"(accepted|declined|withdrew) this offer on) \w+ \d+ \w+, \d\d:\d\d"
    r"|by (Alice|Bob|Tess) Test on \w+ \d+ \w+, \d\d:\d\d"
)


@pytest.fixture
def people(transactional_db: None) -> People:
    return make_people()


@pytest.fixture(params=ROUNDS)
def rounds(people: People, request: pytest.FixtureRequest) -> Iterator[Onboarding]:
    """A company for every round, led by Alice, with Bob and Tess; the CSR is to do."""

    def made() -> Iterator[Onboarding]:
        for number in range(request.param):
            others = {"admin": [people.bob], "technician": [people.tess]}
            company = make_company(f"round-{number}", f"Round {number}", people.alice, **others)
            onboarding = progress.start(company, environment="uit", actor=people.alice)
            StepRecord.objects.filter(onboarding=onboarding, slug="csr").update(
                state="open", moved_at=timezone.now()
            )
            yield onboarding

    return made()


def _one_wins(*calls: Callable[[], Any]) -> Any:
    """The winner's answer; the loser got a sentence with who and when."""
    (won,), (lost,) = split(race(*calls))
    assert isinstance(lost, RequestRefused), lost
    assert WHO_AND_WHEN.search(lost.sentence), lost.sentence
    return won


def _count(onboarding: Onboarding, *names: EventName) -> int:
    return Event.objects.filter(onboarding_id=onboarding.pk, name__in=names).count()


def test_of_two_who_take_one_holds(people: People, rounds: Iterator[Onboarding]) -> None:
    for onboarding in rounds:
        read = step(onboarding, "csr")
        won = _one_wins(*(partial(claims.claim, read, actor=each) for each in (people.bob, people.tess)))
        assert step(onboarding, "csr").assignee == won.assignee
        assert _count(onboarding, EventName.STEP_CLAIMED) == 1
    assert list(find_chain_faults()) == []


def test_of_two_who_accept_one_does(people: People, rounds: Iterator[Onboarding]) -> None:
    """The same receiver in two windows; and nothing is written twice."""
    for onboarding in rounds:
        offer = make_offer(onboarding, people.bob, people.tess)
        _one_wins(*[partial(offers.accept, offer, actor=people.tess)] * 2)
        assert step(onboarding, "csr").assignee == people.tess
        assert _count(onboarding, EventName.OFFER_ACCEPTED) == 1
    assert list(find_chain_faults()) == []


def test_of_accepting_and_withdrawing_one_happens(people: People, rounds: Iterator[Onboarding]) -> None:
    for onboarding in rounds:
        offer = make_offer(onboarding, people.bob, people.tess)
        won = _one_wins(
            partial(offers.accept, offer, actor=people.tess),
            partial(offers.withdraw, offer, actor=people.alice),
        )
        accepted = won.status == Offer.Status.ACCEPTED
        assert step(onboarding, "csr").assignee == (people.tess if accepted else people.bob)
        assert _count(onboarding, EventName.OFFER_ACCEPTED, EventName.OFFER_WITHDRAWN) == 1
        assert not OfferedStep.objects.filter(is_open=True, offer=offer).exists()
    assert list(find_chain_faults()) == []


def test_of_two_who_withdraw_one_does(people: People, rounds: Iterator[Onboarding]) -> None:
    for onboarding in rounds:
        offer = make_offer(onboarding, people.bob, people.tess)
        _one_wins(*(partial(offers.withdraw, offer, actor=each) for each in (people.alice, people.bob)))
        assert _count(onboarding, EventName.OFFER_WITHDRAWN) == 1
    assert list(find_chain_faults()) == []


def test_of_two_who_submit_one_does(people: People, rounds: Iterator[Onboarding]) -> None:
    for onboarding in rounds:
        read = step(onboarding, "csr")
        _one_wins(
            *(
                partial(progress.submit, read, actor=each, effect=lambda _: Submission())
                for each in (people.bob, people.tess)
            )
        )
        assert _count(onboarding, EventName.STEP_DONE) == 1
    assert list(find_chain_faults()) == []


def test_of_two_who_offer_the_same_step_one_does(people: People, rounds: Iterator[Onboarding]) -> None:
    for onboarding in rounds:
        _one_wins(
            partial(offers.offer, plan(onboarding, to=people.tess), actor=people.bob),
            partial(offers.offer, plan(onboarding, to=people.tess), actor=people.alice),
        )
        assert OfferedStep.objects.filter(is_open=True, record__onboarding=onboarding).count() == 1
    assert list(find_chain_faults()) == []


def test_accepting_and_taking_back_leave_one_holder(people: People, rounds: Iterator[Onboarding]) -> None:
    """Taking back is right before and after the acceptance, so it always wins in the end."""
    for onboarding in rounds:
        offer = make_offer(onboarding, people.bob, people.tess)
        read = step(onboarding, "csr")
        accepted, _ = race(
            partial(offers.accept, offer, actor=people.tess),
            partial(claims.reassign, read, actor=people.alice, reason="It is urgent"),
        )
        assert isinstance(accepted, Offer | RequestRefused)
        assert step(onboarding, "csr").assignee == people.alice
        assert not OfferedStep.objects.filter(is_open=True, offer=offer).exists()
    assert list(find_chain_faults()) == []
