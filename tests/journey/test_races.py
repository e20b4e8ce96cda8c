"""Two at the same moment, on two connections of a real PostgreSQL: exactly one wins, the other is told who and when.

Each race is run thirty times; the harness is tests/concurrency.py.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from onboarding.audit.chain_check import find_chain_faults
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.handover import claims
from onboarding.journey import carry_over, progress, projection, reminders
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.outcomes import Done
from onboarding.journey.progress import Submission
from onboarding.journey.steps import STEPS
from onboarding.notifications.models import OutboxEmail
from onboarding.people.decisions import RequestRefused, StateConflict
from tests.concurrency import race, split
from tests.people_fixtures import People, client_of, make_company, make_people, step
from tests.workers import claim_rows

ROUNDS = 30
pytestmark = pytest.mark.django_db(transaction=True)
WHO_AND_WHEN = re.compile(r"by (Alice Test|Bob Test|the portal) on \w+ \d+ \w+, \d\d:\d\d")


@pytest.fixture
def people(transactional_db: None) -> People:
    return make_people()


def _onboardings(people: People) -> Iterator[Onboarding]:
    """A company for every round, led by Alice and helped by Bob."""
    for number in range(ROUNDS):
        company = make_company(f"round-{number}", f"Round {number}", people.alice, admin=[people.bob])
        yield progress.start(company, environment="uit", actor=people.alice)


def _open(onboarding: Onboarding, slug: str) -> StepRecord:
    """A step that both may do."""
    StepRecord.objects.filter(onboarding=onboarding, slug=slug).update(state="open", moved_at=timezone.now())
    return step(onboarding, slug)


def _sent(record: StepRecord) -> Submission:
    return Submission(facts={"uploaded_on": "2026-11-20"})


def _count(onboarding: Onboarding, name: EventName) -> int:
    return Event.objects.filter(onboarding_id=onboarding.pk, name=name).count()


def test_of_two_who_submit_one_wins(people: People) -> None:
    for onboarding in _onboardings(people):
        read = _open(onboarding, "api-credentials")
        answers = race(
            partial(progress.submit, read, actor=people.alice, effect=_sent),
            partial(progress.submit, read, actor=people.bob, effect=_sent),
        )
        won, (lost,) = split(answers)
        assert isinstance(lost, progress.AlreadyMoved)
        winner = step(onboarding, "api-credentials").moved_by
        assert f"by {winner} on " in lost.sentence
        assert WHO_AND_WHEN.search(lost.sentence)
        assert [record.moved_by for record in won] == [winner]
        assert _count(onboarding, EventName.STEP_DONE) == 1
    assert list(find_chain_faults()) == []


def test_of_two_who_take_a_step_one_holds_it(people: People) -> None:
    for onboarding in _onboardings(people):
        read = _open(onboarding, "csr")
        answers = race(
            partial(claims.claim, read, actor=people.alice),
            partial(claims.claim, read, actor=people.bob),
        )
        _, (lost,) = split(answers)
        assert isinstance(lost, RequestRefused)
        assignee = step(onboarding, "csr").assignee
        assert lost.sentence.startswith(f"{assignee} holds this step since ")
        assert _count(onboarding, EventName.STEP_CLAIMED) == 1
    assert list(find_chain_faults()) == []


def test_a_person_and_a_worker_do_not_both_end_a_step(people: People) -> None:
    for onboarding in _onboardings(people):
        read = _open(onboarding, "payment-method")
        submitted, settled = race(
            partial(progress.submit, read, actor=people.alice, effect=_sent),
            partial(progress.settle, read, Done({"set_on": "2026-11-20"}), witness="atlas"),
        )
        record = step(onboarding, "payment-method")
        assert (record.state, _count(onboarding, EventName.STEP_DONE)) == ("done", 1)
        if settled is True:
            assert isinstance(submitted, progress.AlreadyMoved)
            assert "was done by the portal on" in submitted.sentence
        else:
            assert settled is False
            assert record.moved_by == people.alice
        begun = Event.objects.filter(onboarding_id=onboarding.pk, name=EventName.STEP_BEGUN, step="quote")
        assert begun.count() == 1
    assert list(find_chain_faults()) == []


def test_a_person_and_a_worker_do_not_both_end_a_wait(people: People) -> None:
    for onboarding in _onboardings(people):
        StepRecord.objects.filter(onboarding=onboarding, slug="verification").update(state="waiting")
        read = step(onboarding, "verification")
        confirmed, settled = race(
            partial(
                progress.confirm,
                read,
                actor=people.bob,
                effect=_sent,
                seen_on=timezone.now(),
                note="the email",
            ),
            partial(progress.settle, read, Done(), witness="atlas"),
        )
        record = step(onboarding, "verification")
        assert (settled is True) == isinstance(confirmed, progress.AlreadyMoved)
        assert record.witness == ("atlas" if settled else "person")
        assert record.evidence.count() == (0 if settled else 1)
        assert _count(onboarding, EventName.STEP_DONE) == 1


def test_of_two_workers_one_claims_a_row(people: People) -> None:
    onboardings = list(_onboardings(people))
    for round_number in range(ROUNDS):
        due = StepRecord.objects.filter(onboarding__in=onboardings, slug="verification")
        due.update(state="waiting", next_check_at=timezone.now())
        one, two = race(claim_rows, claim_rows)
        assert set(one) & set(two) == set(), f"round {round_number}"
        assert set(one) | set(two) <= set(due.values_list("pk", flat=True))
        left = claim_rows()  # what both passed over because the other was about to claim it
        assert sorted([*one, *two, *left]) == sorted(due.values_list("pk", flat=True))
        assert claim_rows() == []


def test_of_two_who_start_an_onboarding_one_does(people: People) -> None:
    for number in range(ROUNDS):
        company = make_company(f"new-{number}", f"New {number}", people.alice)
        starts = [partial(progress.start, company, environment="uit", actor=people.alice)] * 2
        (won,), (lost,) = split(race(*starts))
        assert isinstance(lost, RequestRefused)
        assert "already has an open onboarding in UIT" in lost.sentence
        assert Onboarding.objects.get(company=company) == won
        assert won.steps.count() == len(STEPS)
    assert projection.list_differences() == []
    assert list(find_chain_faults()) == []


def test_of_two_who_start_in_two_environments_only_one_registers_the_company(people: People) -> None:
    for number in range(5):
        company = make_company(f"both-{number}", f"Both {number}", people.alice)
        about: dict[str, Any] = {"actor": people.alice, "after": None, "keep": False, "anew": False}
        starts = [
            partial(carry_over.start, company, environment=each, **about)
            for each in Onboarding.Environment.values
        ]
        (won,), (lost,) = split(race(*starts))
        assert isinstance(lost, StateConflict)
        assert f"{won.code} ({won.get_environment_display()}) is not past the quote yet." in lost.sentence
        assert Onboarding.objects.get(company=company) == won


def test_of_two_who_press_the_buttons_of_two_environments_only_one_registers_the_company(
    people: People,
) -> None:
    pressing = client_of(people.alice), client_of(people.alice)
    for number in range(5):
        company = make_company(f"pressed-{number}", f"Pressed {number}", people.alice)
        answers = race(
            *(
                partial(
                    browser.post,
                    f"/companies/{company.slug}/start/",
                    {"environment": each, "confirmed": "yes"},
                )
                for browser, each in zip(pressing, Onboarding.Environment.values, strict=True)
            )
        )
        assert Onboarding.objects.filter(company=company).count() == 1
        led = [answer for answer in answers if answer.get("Location", "").startswith("/onboardings/")]
        (other,) = (
            answer for answer in answers if answer not in led
        )  # who came later is asked what to carry over
        assert other.status_code == 409 or other["Location"].startswith(f"/companies/{company.slug}/start/")


def test_of_two_looks_at_the_same_step_one_moves_it_and_one_letter_is_written(people: People) -> None:
    for onboarding in _onboardings(people):
        StepRecord.objects.filter(onboarding=onboarding, slug="quote").update(state="waiting")
        read = step(onboarding, "quote")
        looks = [partial(progress.settle, read, Done({"amount": "0.00"}), witness="atlas")] * 2
        assert sorted(race(*looks)) == [False, True]
        assert OutboxEmail.objects.filter(key__startswith=f"step-open:{read.pk}:").count() == 1


def test_of_two_who_withdraw_one_does(people: People) -> None:
    for onboarding in _onboardings(people):
        withdraws = [partial(progress.withdraw, onboarding, actor=people.alice, reason="-")] * 2
        _, (lost,) = split(race(*withdraws))
        assert isinstance(lost, RequestRefused)
        assert _count(onboarding, EventName.ONBOARDING_WITHDRAWN) == 1


def test_of_two_who_remind_one_sends_the_email(people: People) -> None:
    for onboarding in _onboardings(people):
        read = _open(onboarding, "csr")
        StepRecord.objects.filter(pk=read.pk).update(assignee=people.tess, assigned_at=timezone.now())
        OutboxEmail.objects.all().delete()
        answers = race(
            partial(reminders.remind, read, actor=people.alice),
            partial(reminders.remind, read, actor=people.bob),
        )
        won, (lost,) = split(answers)
        assert won == [[people.tess]]
        assert isinstance(lost, StateConflict)
        assert "The next one can be sent from" in lost.sentence
        assert OutboxEmail.objects.filter(key__startswith="reminder:").count() == 1
        assert _count(onboarding, EventName.STEP_REMINDED) == 1
    assert list(find_chain_faults()) == []
