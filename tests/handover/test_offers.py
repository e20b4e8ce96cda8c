"""Handing over by the moves: offer, accept, decline, withdraw, return, expire, and what each leaves behind.

The pages are in test_offer_pages.py, grants in test_grants.py, racers in test_handover_races.py.
"""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from certs import clock
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.handover import claims, offers
from onboarding.handover.models import Offer, OfferedStep
from onboarding.journey import progress
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.notifications.models import OutboxEmail
from onboarding.people.decisions import PermissionRefused, StateConflict
from onboarding.people.models import Membership, Role
from tests.handover.factories import make_offer, open_steps
from tests.notifications.email_reader import read_email
from tests.people_fixtures import People, step
from tests.time_travel import travel


@pytest.fixture
def case(onboarding: Onboarding) -> Onboarding:
    """The technical steps are to do."""
    open_steps(onboarding, "csr", "api-credentials")
    return onboarding


def _letters(kind: str) -> list[str]:
    found = OutboxEmail.objects.filter(key__startswith=f"{kind}:").order_by("pk")
    return [str(message.to) for message in found]


def _events(onboarding: Onboarding) -> list[str]:
    found = Event.objects.filter(onboarding_id=onboarding.pk, name__startswith="handover:")
    return [event.name for event in found.order_by("number")]


def test_until_it_is_accepted_a_step_stays_with_who_offers_it(people: People, case: Onboarding) -> None:
    offer = make_offer(case, people.bob, people.tess)
    assert step(case, "csr").assignee == people.bob
    assert _letters("offer") == ["Tess Test"]
    offers.accept(offer, actor=people.tess)
    record = step(case, "csr")
    assert (record.assignee, record.state) == (people.tess, "open")
    assert _letters("offer-accepted") == ["Bob Test"]
    assert _events(case) == [EventName.OFFER_CREATED, EventName.OFFER_ACCEPTED]


def test_the_draft_travels_with_the_step(people: People, case: Onboarding) -> None:
    StepRecord.objects.filter(onboarding=case, slug="csr").update(draft={"way": "own"})
    offers.accept(make_offer(case, people.bob, people.tess), actor=people.tess)
    assert step(case, "csr").draft == {"way": "own"}


def test_everything_technical_goes_in_one_offer(people: People, case: Onboarding) -> None:
    offers.accept(make_offer(case, people.bob, people.tess, "csr", "pfx", "proof"), actor=people.tess)
    assert {step(case, slug).assignee for slug in ("csr", "pfx", "proof")} == {people.tess}


@pytest.mark.parametrize("slug", ["register", "invitation", "payment-method", "quote", "identity-profile"])
def test_what_is_tied_to_the_primary_is_offered_to_nobody(
    people: People, onboarding: Onboarding, slug: str
) -> None:
    open_steps(onboarding, slug)
    with pytest.raises(PermissionRefused, match="tied to the person whom GlobalSign vets"):
        make_offer(onboarding, people.alice, people.bob, slug)


def test_a_step_is_offered_only_to_somebody_who_may_do_it(people: People, case: Onboarding) -> None:
    with pytest.raises(PermissionRefused, match="Tess Test is not one at the moment"):
        make_offer(case, people.bob, people.tess, "api-credentials")
    with pytest.raises(PermissionRefused, match="Rhea Test is not one"):
        make_offer(case, people.bob, people.rhea)
    with pytest.raises(PermissionRefused, match="Charlie Test is not one"):
        make_offer(case, people.bob, people.charlie)
    assert step(case, "csr").assignee is None


@pytest.mark.parametrize("name", ["rhea", "olga", "charlie"])
def test_who_may_not_do_a_step_does_not_offer_it(people: People, case: Onboarding, name: str) -> None:
    with pytest.raises(PermissionRefused):
        make_offer(case, getattr(people, name), people.tess)


def test_a_held_step_is_offered_by_its_holder_only(people: People, case: Onboarding) -> None:
    claims.claim(step(case, "csr"), actor=people.tess)
    with pytest.raises(PermissionRefused, match="Tess Test holds this step"):
        make_offer(case, people.bob, people.alice)
    make_offer(case, people.tess, people.bob)


def test_nobody_hands_a_step_to_themselves(people: People, case: Onboarding) -> None:
    with pytest.raises(StateConflict, match="to yourself"):
        make_offer(case, people.bob, people.bob)


def test_a_step_is_offered_once_at_a_time_and_the_sentence_says_to_whom(
    people: People, case: Onboarding
) -> None:
    offer = make_offer(case, people.bob, people.tess)
    with pytest.raises(StateConflict, match="Bob Test offered “Create the CSR” to Tess Test on"):
        make_offer(case, people.bob, people.alice)
    with pytest.raises(IntegrityError), transaction.atomic():
        OfferedStep.objects.create(
            offer=Offer.objects.create(
                company=case.company, onboarding=case, from_user=people.bob, to_user=people.alice,
                reason="-", expires_at=clock.now(),
            ),
            record=step(case, "csr"),
        )  # fmt: skip
    offers.withdraw(offer, actor=people.bob)
    make_offer(case, people.bob, people.alice)


def test_declining_leaves_the_step_where_it_was_and_says_why(people: People, case: Onboarding) -> None:
    offer = offers.decline(
        make_offer(case, people.bob, people.tess), actor=people.tess, reason="No OpenSSL here"
    )
    assert (offer.status, step(case, "csr").assignee) == ("declined", people.bob)
    letter = OutboxEmail.objects.get(key__startswith="offer-declined:")
    assert letter.to == people.bob
    assert "No OpenSSL here" in read_email(letter).text
    assert "No OpenSSL here" in read_email(letter).html


def test_an_answer_is_given_once(people: People, case: Onboarding) -> None:
    offer = make_offer(case, people.bob, people.tess)
    offers.accept(offer, actor=people.tess)
    for late in (
        lambda: offers.accept(offer, actor=people.tess),
        lambda: offers.decline(offer, actor=people.tess, reason="-"),
        lambda: offers.withdraw(offer, actor=people.bob),
    ):
        with pytest.raises(StateConflict, match=r"Tess Test accepted this offer on \w+ \d+ \w+, \d\d:\d\d"):
            late()


def test_what_was_withdrawn_cannot_be_accepted(people: People, case: Onboarding) -> None:
    offer = make_offer(case, people.bob, people.tess)
    offers.withdraw(offer, actor=people.alice, reason="I do it myself")
    assert set(_letters("offer-withdrawn")) == {"Bob Test", "Tess Test"}
    with pytest.raises(StateConflict, match="Alice Test withdrew this offer on"):
        offers.accept(offer, actor=people.tess)


def test_only_the_receiver_answers_and_only_the_other_side_withdraws(
    people: People, case: Onboarding
) -> None:
    offer = make_offer(case, people.bob, people.tess)
    for actor in (people.alice, people.bob, people.rhea):
        with pytest.raises(PermissionRefused, match="Only Tess Test can answer"):
            offers.accept(offer, actor=actor)
    with pytest.raises(PermissionRefused, match="can withdraw it"):
        offers.withdraw(offer, actor=people.tess)


def test_a_receiver_who_lost_the_role_cannot_accept(people: People, case: Onboarding) -> None:
    offer = make_offer(case, people.bob, people.tess)
    Membership.objects.filter(user=people.tess).update(role=Role.READER)
    with pytest.raises(PermissionRefused, match="Tess Test is not one at the moment"):
        offers.accept(offer, actor=people.tess)
    Membership.objects.filter(user=people.tess).delete()
    with pytest.raises(PermissionRefused, match="Tess Test is not one at the moment"):
        offers.accept(offer, actor=people.tess)
    assert step(case, "csr").assignee == people.bob


def test_returning_gives_the_step_back_to_who_handed_it_over(people: People, case: Onboarding) -> None:
    offer = offers.accept(make_offer(case, people.bob, people.tess, "csr", "pfx"), actor=people.tess)
    offers.return_(offer, actor=people.tess, reason="I am ill")
    assert {step(case, slug).assignee for slug in ("csr", "pfx")} == {people.bob}
    assert _letters("offer-returned") == ["Bob Test"]
    with pytest.raises(StateConflict, match="Tess Test returned this offer on"):
        offers.return_(offer, actor=people.tess, reason="-")


def test_what_returns_to_somebody_who_has_left_goes_to_the_team(people: People, case: Onboarding) -> None:
    offer = offers.accept(make_offer(case, people.bob, people.tess), actor=people.tess)
    Membership.objects.filter(user=people.bob).delete()
    offers.return_(offer, actor=people.tess, reason="I am ill")
    assert step(case, "csr").assignee is None


def test_only_what_is_not_done_is_returned(people: People, case: Onboarding) -> None:
    offer = offers.accept(make_offer(case, people.bob, people.tess), actor=people.tess)
    progress.submit(step(case, "csr"), actor=people.tess, effect=lambda _: progress.Submission())
    with pytest.raises(StateConflict, match="You hold none of these steps any more"):
        offers.return_(offer, actor=people.tess, reason="-")


def test_a_step_done_meanwhile_cannot_be_accepted(people: People, case: Onboarding) -> None:
    offer = make_offer(case, people.bob, people.tess)
    progress.submit(step(case, "csr"), actor=people.bob, effect=lambda _: progress.Submission())
    with pytest.raises(StateConflict, match="was done by Bob Test on"):
        offers.accept(offer, actor=people.tess)
    assert offers.expire() == 1
    offer.refresh_from_db()
    assert offer.status == "expired"


def test_taking_a_step_back_ends_its_offer(people: People, case: Onboarding) -> None:
    offer = make_offer(case, people.bob, people.tess)
    claims.reassign(step(case, "csr"), actor=people.alice, reason="It is urgent")
    offer.refresh_from_db()
    assert (offer.status, offer.answered_by) == ("withdrawn", people.alice)
    with pytest.raises(StateConflict):
        offers.accept(offer, actor=people.tess)
    assert step(case, "csr").assignee == people.alice


def test_giving_a_step_to_the_team_ends_its_offer(people: People, case: Onboarding) -> None:
    offer = make_offer(case, people.bob, people.tess)
    claims.unclaim(step(case, "csr"), actor=people.bob)
    offer.refresh_from_db()
    assert offer.status == "withdrawn"


def test_an_offer_ends_in_time_and_both_are_told(people: People, case: Onboarding) -> None:
    offer = make_offer(case, people.bob, people.tess)
    with travel(clock.now() + timedelta(days=8)):
        with pytest.raises(StateConflict, match="ended without an answer"):
            offers.accept(offer, actor=people.tess)
        assert (offers.expire(), offers.expire()) == (1, 0)
    assert set(_letters("offer-expired")) == {"Bob Test", "Tess Test"}
    assert step(case, "csr").assignee == people.bob
    assert _events(case)[-1] == EventName.OFFER_EXPIRED


def test_an_offer_past_its_time_stands_in_nobodys_way(people: People, case: Onboarding) -> None:
    make_offer(case, people.bob, people.tess)
    with travel(clock.now() + timedelta(days=8)):
        soon = clock.now() + timedelta(days=1)
        make_offer(case, people.bob, people.alice, expires_at=soon)
    assert sorted(Offer.objects.values_list("status", flat=True)) == ["expired", "offered"]


def test_a_leavers_offers_end_on_both_sides(people: People, case: Onboarding) -> None:
    make_offer(case, people.bob, people.tess)
    make_offer(case, people.alice, people.bob, "api-credentials")
    with transaction.atomic():
        assert offers.withdraw_all(people.bob, people.one, actor=people.alice, reason="Bob leaves") == 2
    assert not OfferedStep.objects.filter(is_open=True).exists()


def test_nothing_is_offered_in_an_onboarding_that_has_ended(people: People, case: Onboarding) -> None:
    offer = make_offer(case, people.bob, people.tess)
    progress.withdraw(case, actor=people.alice, reason="-")
    with pytest.raises(StateConflict, match="The onboarding is withdrawn"):
        offers.accept(offer, actor=people.tess)
    with pytest.raises(StateConflict, match="This onboarding is withdrawn"):
        make_offer(case, people.alice, people.bob, "api-credentials")
