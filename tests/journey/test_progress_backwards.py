"""The moves that go back or end early: a problem, trying again, sending back, withdrawing; and the end itself.

The moves that go on are tested in test_progress.py.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.journey import progress, projection
from onboarding.journey.definitions import Actor, State
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.outcomes import Done, Failed
from onboarding.journey.progress import Submission
from onboarding.journey.replay.check import Replay, all_faults
from onboarding.journey.steps import STEPS, list_dependants
from onboarding.notifications.models import OutboxEmail
from onboarding.people.decisions import StateConflict
from tests.journey.step_actions import STEP_ACTIONS, bring_to, perform, step_action
from tests.notifications.email_reader import read_email
from tests.people_fixtures import People, record_roles, step


@pytest.fixture(autouse=True)
def _sound(people: People) -> Any:
    """After every test of this file the projection equals the facts, and the chains are whole and say the same."""
    record_roles(people)
    yield
    assert projection.list_differences() == []
    assert list(all_faults(Replay())) == []


def _states(onboarding: Onboarding) -> dict[str, str]:
    return dict(StepRecord.objects.filter(onboarding=onboarding).values_list("slug", "state"))


def _last_events(onboarding: Onboarding, count: int) -> list[tuple[str, str]]:
    found = Event.objects.filter(onboarding_id=onboarding.pk).order_by("-number")[:count]
    return [(event.name, event.step) for event in reversed(found)]


def _told(kind: str) -> set[str]:
    found = OutboxEmail.objects.filter(key__startswith=f"{kind}:").select_related("to")
    return {message.to.name.split()[0].lower() for message in found}


def test_a_problem_stops_the_step_and_says_whose_move_it_is(people: People, onboarding: Onboarding) -> None:
    record = bring_to(onboarding, people, step_action("verification", waits=True))
    assert progress.settle(record, Failed("identity-rejected", "Case GS-9."), witness="atlas")
    moved = step(onboarding, "verification")
    assert (moved.state, moved.problem_code, moved.problem_detail) == (
        "problem",
        "identity-rejected",
        "Case GS-9.",
    )
    assert moved.next_check_at is None
    onboarding.refresh_from_db()
    assert (onboarding.current_state, onboarding.next_actor) == ("problem", Actor.COMPANY)
    assert _last_events(onboarding, 1) == [(EventName.STEP_PROBLEM, "verification")]
    assert _told("problem") == {"alice", "bob"}


def test_an_unknown_problem_is_an_error_and_changes_nothing(people: People, onboarding: Onboarding) -> None:
    with pytest.raises(ValueError, match="no-such-problem"):
        progress.settle(step(onboarding, "register"), Failed("no-such-problem"), witness="atlas")
    assert step(onboarding, "register").state == "open"


def test_after_a_problem_the_step_can_be_done_again(people: People, onboarding: Onboarding) -> None:
    record = step(onboarding, "register")
    waits: progress.Effect = lambda r: Submission(answers={"name": "Alice"}, waits=True)  # noqa: E731
    progress.submit(record, actor=people.alice, effect=waits)
    progress.settle(
        step(onboarding, "register"), Failed("registration-refused", "no such phone"), witness="portal"
    )
    progress.reopen(step(onboarding, "register"), actor=people.alice)
    again = step(onboarding, "register")
    assert (again.state, again.submitted_at, again.problem_code, again.facts) == ("open", None, "", {})
    assert again.answers == {"name": "Alice"}  # what was typed is there to be fixed
    assert _last_events(onboarding, 1) == [(EventName.STEP_REOPENED, "register")]
    perform(onboarding, people, step_action("register"))


def test_a_step_without_a_form_waits_again_after_a_problem(people: People, onboarding: Onboarding) -> None:
    record = bring_to(onboarding, people, step_action("verification", waits=True))
    progress.report_problem(record, actor=people.alice, code="vetting-late", detail="three days")
    progress.reopen(step(onboarding, "verification"), actor=people.bob)
    again = step(onboarding, "verification")
    assert again.state == "waiting"
    assert again.due_at is not None
    assert again.due_at > timezone.now()


def test_a_problem_of_another_step_is_refused(people: People, onboarding: Onboarding) -> None:
    with pytest.raises(StateConflict, match="“Accept the £0 quote” cannot start yet"):
        progress.report_problem(step(onboarding, "quote"), actor=people.alice, code="quote-late")
    with pytest.raises(StateConflict, match="“Register with GlobalSign Atlas” was opened"):
        progress.reopen(step(onboarding, "register"), actor=people.alice)


@pytest.mark.parametrize(
    ("slug", "to"), [(row.slug, back) for row in STEPS for back in row.back_to], ids=lambda slug: str(slug)
)
def test_sending_back_locks_all_that_rests_on_the_step(
    people: People, onboarding: Onboarding, slug: str, to: str
) -> None:
    bring_to(onboarding, people, next(each for each in STEP_ACTIONS if each.slug == slug))
    before = _states(onboarding)
    progress.send_back(step(onboarding, slug), actor=people.bob, to=to, reason="the key was lost")
    after, resting = _states(onboarding), {row.slug for row in list_dependants(to)}
    assert {after[each] for each in resting} == {"locked"}
    assert after[to] in ("open", "waiting")
    assert {s for s in after if after[s] != before[s]} <= resting | {to}
    for record in StepRecord.objects.filter(onboarding=onboarding, slug__in=resting | {to}):
        cleared = (record.facts, record.submitted_at, record.witness, record.problem_code)
        assert cleared == ({}, None, "", "")
    sent = Event.objects.get(onboarding_id=onboarding.pk, name=EventName.STEP_SENT_BACK)
    stands = {"state": after[to], "version": step(onboarding, to).version}
    assert (sent.step, sent.data) == (to, {"reason": "the key was lost", "by_step": slug, "replay": stands})
    letters = OutboxEmail.objects.filter(key__startswith="sent-back:")
    assert all("the key was lost" in read_email(letter).text for letter in letters)
    assert "bob" not in _told("sent-back")
    assert _told("sent-back")


def test_what_was_sent_back_can_be_walked_again_to_the_end(people: People, onboarding: Onboarding) -> None:
    bring_to(onboarding, people, step_action("dip-upload"))
    progress.send_back(step(onboarding, "dip-upload"), actor=people.bob, to="api-credentials", reason="lost")
    assert step(onboarding, "csr").state == "done"
    bring_to(onboarding, people, step_action("dip-upload"))
    perform(onboarding, people, step_action("dip-upload"))
    onboarding.refresh_from_db()
    assert onboarding.status == "completed"


def test_the_whole_vetting_can_be_done_again_while_the_csr_was_done_already(
    people: People, onboarding: Onboarding
) -> None:
    bring_to(onboarding, people, step_action("verification", waits=True))
    perform(onboarding, people, step_action("csr"))
    record = step(onboarding, "verification")
    progress.settle(record, Failed("identity-rejected", "Case GS-9."), witness="atlas")
    progress.send_back(
        step(onboarding, "verification"), actor=people.alice, to="identity-profile", reason="typing"
    )
    assert _states(onboarding)["csr"] == "locked"
    perform(onboarding, people, step_action("identity-profile"))
    assert (step(onboarding, "verification").state, step(onboarding, "csr").state) == ("waiting", "open")
    perform(onboarding, people, step_action("csr"))  # the same CSR is as good as before
    assert step(onboarding, "csr").state == "done"


def test_the_holder_of_a_step_that_is_locked_again_is_free(people: People, onboarding: Onboarding) -> None:
    record = bring_to(onboarding, people, step_action("certificate", waits=True))
    StepRecord.objects.filter(pk=record.pk).update(assignee=people.bob, assigned_at=timezone.now())
    progress.send_back(step(onboarding, "certificate"), actor=people.alice, to="csr", reason="lost")
    locked = step(onboarding, "certificate")
    assert (locked.state, locked.assignee, locked.assigned_at) == ("locked", None, None)


def test_a_step_is_not_sent_back_where_the_table_has_no_way(people: People, onboarding: Onboarding) -> None:
    record = bring_to(onboarding, people, step_action("payment-method"))
    with pytest.raises(StateConflict, match="cannot be sent back to that one"):
        progress.send_back(record, actor=people.alice, to="register", reason="-")


def test_withdrawing_ends_the_onboarding(people: People, onboarding: Onboarding) -> None:
    record = bring_to(onboarding, people, step_action("verification", waits=True))
    progress.withdraw(onboarding, actor=people.alice, reason="we left the market")
    onboarding.refresh_from_db()
    assert (onboarding.status, onboarding.ended_at is not None) == ("withdrawn", True)
    assert onboarding.destroy_secrets_at is not None
    assert onboarding.destroy_secrets_at <= timezone.now()
    assert _last_events(onboarding, 1) == [(EventName.ONBOARDING_WITHDRAWN, "")]
    assert _told("withdrawn") == {"alice", "bob"}
    assert not progress.settle(record, Done(), witness="atlas")
    for move in (
        lambda: perform(onboarding, people, step_action("verification", waits=True)),
        lambda: progress.withdraw(onboarding, actor=people.olga, reason="again"),
        lambda: progress.report_problem(
            step(onboarding, "verification"), actor=people.alice, code="vetting-late"
        ),
        lambda: progress.send_back(
            step(onboarding, "verification"), actor=people.alice, to="identity-profile", reason="-"
        ),
    ):
        with pytest.raises(StateConflict, match="This onboarding is withdrawn; nothing can be changed"):
            move()


def test_the_last_step_completes_the_onboarding(people: People, onboarding: Onboarding) -> None:
    people.one.retention_days = 3
    people.one.save()
    bring_to(onboarding, people, step_action("dip-upload"))
    perform(onboarding, people, step_action("dip-upload"))
    onboarding.refresh_from_db()
    assert set(_states(onboarding).values()) == {State.DONE}
    assert (onboarding.status, onboarding.current_step, onboarding.current_state) == ("completed", "", "done")
    assert (onboarding.next_actor, onboarding.since, onboarding.due_at) == (Actor.NOBODY, None, None)
    assert onboarding.ended_at is not None
    assert onboarding.destroy_secrets_at == onboarding.ended_at + timedelta(days=3)
    assert _last_events(onboarding, 1) == [(EventName.ONBOARDING_COMPLETED, "")]
    end = Event.objects.get(onboarding_id=onboarding.pk, name=EventName.ONBOARDING_COMPLETED)
    assert end.data["destroy_secrets_at"] == onboarding.destroy_secrets_at.isoformat()
    assert _told("completed") == {"alice", "bob"}
    with pytest.raises(StateConflict, match="This onboarding is completed; nothing can be changed"):
        progress.withdraw(onboarding, actor=people.alice, reason="too late")


def test_the_csr_starts_during_the_vetting_and_the_certificate_waits_for_both(
    people: People, onboarding: Onboarding
) -> None:
    bring_to(onboarding, people, step_action("verification", waits=True))
    assert (step(onboarding, "verification").state, step(onboarding, "csr").state) == ("waiting", "open")
    perform(onboarding, people, step_action("csr"))
    assert step(onboarding, "certificate").state == "locked"
    onboarding.refresh_from_db()
    assert onboarding.current_step == "verification"
    perform(onboarding, people, step_action("verification", waits=True))
    perform(onboarding, people, step_action("api-credentials"))
    assert step(onboarding, "certificate").state == "waiting"


def test_the_projection_check_finds_a_row_that_says_something_else(
    people: People, onboarding: Onboarding
) -> None:
    Onboarding.objects.filter(pk=onboarding.pk).update(next_actor=Actor.OPS)
    (found,) = projection.list_differences()
    assert onboarding.code in found
    Onboarding.objects.filter(pk=onboarding.pk).update(next_actor=Actor.COMPANY)
