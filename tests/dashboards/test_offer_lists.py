"""Your tasks about handing over: what is offered to me, what I handed over, and the sentence in every state.

The other lists are in test_task_lists.py.
"""

from datetime import timedelta

import pytest
from django.db import transaction

from certs import clock
from onboarding.dashboards.task_lists import TaskList, build_task_lists
from onboarding.handover import offers
from onboarding.handover.models import Grant, Offer
from onboarding.journey import progress
from onboarding.journey.models import Onboarding
from onboarding.people.models import User
from tests.handover.factories import make_dana, make_grant, make_offer, make_outside_offer, open_steps
from tests.people_fixtures import People, client_of, step
from tests.time_travel import travel

CSR = "Create the CSR"


@pytest.fixture
def case(onboarding: Onboarding) -> Onboarding:
    open_steps(onboarding, "csr", "api-credentials")
    return onboarding


def _handed(user: User) -> str:
    """The sentence about the one offer that this person made."""
    lists = build_task_lists(user)
    (row,) = [row for row in (*lists.others.rows, *lists.done.rows) if row.url.startswith("/handovers/")]
    return row.sentence


def _sentences(user: User) -> str:
    return " ".join(row.sentence for row in build_task_lists(user).done.rows)


def _titles(found: TaskList) -> list[str]:
    return [row.title for row in found.rows]


def test_an_offer_is_on_both_desks_until_it_is_answered(people: People, case: Onboarding) -> None:
    offer = make_offer(case, people.bob, people.tess)
    (asked,) = build_task_lists(people.tess).offered.rows
    assert (asked.title, asked.url) == (CSR, f"/handovers/{offer.pk}/")
    assert "Bob Test (Certificate Admin) offered it to you on " in asked.sentence
    assert "You can answer until " in asked.sentence
    assert "Tess Test (Technician) has not answered since" in _handed(people.bob)
    mine = [row for row in build_task_lists(people.bob).own.rows if row.title == CSR]
    assert "Yours since" in mine[0].sentence
    assert "Offered to Tess Test, who has not answered yet." in mine[0].sentence
    offers.accept(offer, actor=people.tess)
    assert build_task_lists(people.tess).offered.count == 0
    assert CSR in _titles(build_task_lists(people.tess).own)
    assert "Tess Test (Technician) accepted on " in _handed(people.bob)
    assert "Tess Test has it, not done yet." in _handed(people.bob)
    progress.submit(step(case, "csr"), actor=people.tess, effect=lambda _: progress.Submission())
    assert "Tess Test finished it on " in _handed(people.bob)


def test_what_was_declined_withdrawn_or_returned_says_so(people: People, case: Onboarding) -> None:
    offers.decline(make_offer(case, people.bob, people.tess), actor=people.tess, reason="No OpenSSL")
    assert "Tess Test (Technician) declined on" in _handed(people.bob)
    assert "No OpenSSL" in _handed(people.bob)
    offers.withdraw(make_offer(case, people.bob, people.tess), actor=people.bob)
    assert "was withdrawn on" in _sentences(people.bob)
    offer = offers.accept(make_offer(case, people.bob, people.tess), actor=people.tess)
    offers.return_(offer, actor=people.tess, reason="I am ill")
    assert "Tess Test (Technician) returned it on" in _sentences(people.bob)


def test_what_ended_without_an_answer_says_so_and_waits_for_nobody(people: People, case: Onboarding) -> None:
    make_offer(case, people.bob, people.tess)
    with travel(clock.now() + timedelta(days=8)):
        assert build_task_lists(people.tess).offered.count == 0
        assert "Tess Test (Technician) did not answer by" in _handed(people.bob)
        assert "Offered to" not in build_task_lists(people.bob).own.rows[0].sentence
        offers.expire()
        assert "Tess Test (Technician) did not answer by" in _handed(people.bob)
    with travel(clock.now() + timedelta(days=60)):
        assert build_task_lists(people.bob).done.count == 0


def test_what_is_done_is_not_offered_any_more(people: People, case: Onboarding) -> None:
    make_offer(case, people.bob, people.tess)
    progress.submit(step(case, "csr"), actor=people.bob, effect=lambda _: progress.Submission())
    assert build_task_lists(people.tess).offered.count == 0
    assert "need not answer any more" in _handed(people.bob)


def test_somebody_from_outside_has_a_desk_with_their_steps_only(people: People, case: Onboarding) -> None:
    dana = make_dana()
    make_outside_offer(case, people.bob, dana.email)
    assert "dana@dcp.example has not answered" in _handed(people.bob)
    assert _titles(build_task_lists(dana).offered) == [CSR]
    assert "Bob Test offered it to you" in client_of(dana).get("/").content.decode()
    offers.accept(Offer.objects.get(), actor=dana)
    lists = build_task_lists(dana)
    assert _titles(lists.own) == [CSR]
    assert (lists.team.count, lists.others.count, lists.offered.count) == (0, 0, 0)
    assert "You have access until " in lists.own.rows[0].sentence
    page = client_of(dana).get("/?stay")
    assert page.status_code == 200
    assert "You do not belong to a company" not in page.content.decode()
    with transaction.atomic():
        offers.revoke(Grant.objects.get(), actor=people.alice)
    assert build_task_lists(dana).is_empty


def test_a_granted_step_that_nobody_holds_is_the_teams(people: People, case: Onboarding) -> None:
    dana = make_dana()
    make_grant(case, people.bob, dana)
    type(step(case, "csr")).objects.filter(slug="csr").update(assignee=None, assigned_at=None)
    assert _titles(build_task_lists(dana).team) == [CSR]


def test_what_one_offered_in_a_company_one_has_left_is_not_seen(people: People, case: Onboarding) -> None:
    make_offer(case, people.bob, people.tess)
    people.bob.memberships.all().delete()
    assert build_task_lists(people.bob).is_empty
