"""Two who change different things of one company at the same moment both get through: nobody waits in a circle.

The order is: company, invitation, onboarding, offer, and the history last.
"""

from collections.abc import Iterator
from functools import partial

import pytest

from onboarding.handover import claims, offers
from onboarding.handover.models import Offer
from onboarding.journey import progress
from onboarding.journey.models import Onboarding
from onboarding.people import invitations
from onboarding.people.decisions import RequestRefused
from tests.concurrency import race, split
from tests.handover.factories import make_outside_offer, open_steps
from tests.people_fixtures import People, make_company, make_people, make_user, step

ROUNDS = 30
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(transactional_db: None) -> People:
    return make_people()


@pytest.fixture
def rounds(people: People) -> Iterator[tuple[str, Onboarding]]:
    """An address and a company with an onboarding for every round."""

    def made() -> Iterator[tuple[str, Onboarding]]:
        for number in range(ROUNDS):
            company = make_company(f"round-{number}", f"Round {number}", people.alice, admin=[people.bob])
            onboarding = progress.start(company, environment="uit", actor=people.alice)
            open_steps(onboarding, "csr", "pfx")
            yield f"n{number}@x.example", onboarding

    return made()


def _only_sentences(lost: list[Exception]) -> None:
    assert [each for each in lost if not isinstance(each, RequestRefused)] == []


def test_offering_to_somebody_outside_and_taking_another_step(people: People, rounds) -> None:
    for email, onboarding in rounds:
        offer = partial(make_outside_offer, onboarding, people.alice, email, "csr")
        _, lost = split(race(offer, partial(claims.claim, step(onboarding, "pfx"), actor=people.bob)))
        assert lost == []


def test_withdrawing_an_invitation_and_taking_another_step(people: People, rounds) -> None:
    for email, onboarding in rounds:
        made = make_outside_offer(onboarding, people.alice, email, "csr")
        withdraw = partial(invitations.withdraw, made.invitation, actor=people.alice)
        _, lost = split(race(withdraw, partial(claims.claim, step(onboarding, "pfx"), actor=people.bob)))
        assert lost == []


def test_accepting_an_invitation_and_withdrawing_its_offer(people: People, rounds) -> None:
    for email, onboarding in rounds:
        made = make_outside_offer(onboarding, people.alice, email, "csr")
        accept = partial(invitations.accept, made.invitation.token_hash, user=make_user(email, "N"))
        answers = race(accept, partial(offers.withdraw, made, actor=people.alice))
        won, lost = split(answers)
        _only_sentences(lost)
        made.refresh_from_db()
        assert won
        assert (made.status == Offer.Status.WITHDRAWN) == (answers[1] in won)
