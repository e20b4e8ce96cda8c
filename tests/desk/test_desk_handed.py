"""My desk about handing over: what is offered to me, what I handed over, and the sentence in every state.

The other lists are in test_desk.py.
"""

from datetime import timedelta

import pytest
from django.db import transaction

from certs import clock
from onboarding.desk.mine import desk_of
from onboarding.handover import grants, offers
from onboarding.handover.models import Grant, Offer
from onboarding.journey import progress
from onboarding.journey.models import Onboarding
from onboarding.people.models import User
from tests.handover.hand import let_in, make_dana, offered, offered_outside, open_steps
from tests.people import People, client_of, step
from tests.travel import travel

CSR = "Create the CSR"


@pytest.fixture
def case(onboarding: Onboarding) -> Onboarding:
    open_steps(onboarding, "csr", "api-credentials")
    return onboarding


def _handed(user: User) -> str:
    (row,) = desk_of(user).handed
    return row.sentence


def test_an_offer_is_on_both_desks_until_it_is_answered(people: People, case: Onboarding) -> None:
    offer = offered(case, people.bob, people.tess)
    (asked,) = desk_of(people.tess).offered
    assert (asked.link, asked.url) == (CSR, f"/handovers/{offer.pk}/")
    assert "Bob Test offered it to you on " in asked.sentence
    assert "You can answer until " in asked.sentence
    assert "Tess Test has not answered since" in _handed(people.bob)
    mine = [row for row in desk_of(people.bob).mine if row.link == CSR]
    assert "Yours since" in mine[0].sentence
    assert "Offered to Tess Test, who has not answered yet." in mine[0].sentence
    offers.accept(offer, actor=people.tess)
    assert desk_of(people.tess).offered == []
    assert CSR in [row.link for row in desk_of(people.tess).mine]
    assert "Tess Test accepted on " in _handed(people.bob)
    assert "Tess Test has it since " in _handed(people.bob)
    progress.submit(step(case, "csr"), actor=people.tess, effect=lambda _: progress.Submission())
    assert "Tess Test finished it on " in _handed(people.bob)


def test_what_was_declined_withdrawn_or_returned_says_so(people: People, case: Onboarding) -> None:
    offers.decline(offered(case, people.bob, people.tess), actor=people.tess, reason="No OpenSSL")
    assert "Tess Test declined on" in _handed(people.bob)
    assert "No OpenSSL" in _handed(people.bob)
    offers.withdraw(offered(case, people.bob, people.tess), actor=people.bob)
    assert "was withdrawn on" in desk_of(people.bob).handed[0].sentence
    offer = offers.accept(offered(case, people.bob, people.tess), actor=people.tess)
    offers.return_(offer, actor=people.tess, reason="I am ill")
    assert "Tess Test returned it on" in desk_of(people.bob).handed[0].sentence


def test_what_ended_without_an_answer_says_so_and_waits_for_nobody(people: People, case: Onboarding) -> None:
    offered(case, people.bob, people.tess)
    with travel(clock.now() + timedelta(days=8)):
        assert desk_of(people.tess).offered == []
        assert "Tess Test did not answer by" in _handed(people.bob)
        assert "Offered to" not in desk_of(people.bob).mine[0].sentence
        offers.expire()
        assert "Tess Test did not answer by" in _handed(people.bob)
    with travel(clock.now() + timedelta(days=60)):
        assert desk_of(people.bob).handed == []


def test_what_is_done_is_not_offered_any_more(people: People, case: Onboarding) -> None:
    offered(case, people.bob, people.tess)
    progress.submit(step(case, "csr"), actor=people.bob, effect=lambda _: progress.Submission())
    assert desk_of(people.tess).offered == []
    assert "need not answer any more" in _handed(people.bob)


def test_somebody_from_outside_has_a_desk_with_their_steps_only(people: People, case: Onboarding) -> None:
    dana = make_dana()
    offered_outside(case, people.bob, dana.email)
    assert "dana@dcp.example has not answered" in _handed(people.bob)
    assert [row.link for row in desk_of(dana).offered] == [CSR]
    assert "Bob Test offered it to you" in client_of(dana).get("/").content.decode()
    offers.accept(Offer.objects.get(), actor=dana)
    desk = desk_of(dana)
    assert [row.link for row in desk.mine] == [CSR]
    assert (desk.team, desk.others, desk.offered) == ([], [], [])
    page = client_of(dana).get("/")
    assert page.status_code == 200
    assert "You do not belong to a company" not in page.content.decode()
    with transaction.atomic():
        grants.revoke(Grant.objects.get(), actor=people.alice)
    assert desk_of(dana).is_empty


def test_a_granted_step_that_nobody_holds_is_the_teams(people: People, case: Onboarding) -> None:
    dana = make_dana()
    let_in(case, people.bob, dana)
    type(step(case, "csr")).objects.filter(slug="csr").update(assignee=None, assigned_at=None)
    assert [row.link for row in desk_of(dana).team] == [CSR]


def test_what_one_offered_in_a_company_one_has_left_is_not_seen(people: People, case: Onboarding) -> None:
    offered(case, people.bob, people.tess)
    people.bob.memberships.all().delete()
    assert desk_of(people.bob).handed == []
