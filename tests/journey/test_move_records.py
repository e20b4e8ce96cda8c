"""What a move writes beside the state: who, when, why, and the event's data; and that nobody moves who may not.

The states that moves lead to are in test_progress.py and test_progress_backwards.py, all that guards say in
test_guards.py.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from certs import clock, csr, signing
from certs.models import SigningIntent
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.journey import progress
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.outcomes import Done, Failed
from onboarding.journey.problems import ProblemCode
from onboarding.journey.progress import Submission
from onboarding.journey.steps import Witness
from onboarding.notifications.models import OutboxEmail
from onboarding.people.decisions import PermissionRefused
from tests.certs.x509_factories import csr_pem
from tests.databases import on_postgresql
from tests.notifications.email_reader import read_email
from tests.people_fixtures import People, step
from tests.time_travel import travel

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def _nothing(record: StepRecord) -> Submission:
    return Submission()


def _last(onboarding: Onboarding, name: EventName) -> dict[str, Any]:
    """The data of the last event of this name, without what the check of the trail replays."""
    event = Event.objects.filter(onboarding_id=onboarding.pk, name=name).order_by("number").last()
    assert event is not None
    return {key: value for key, value in event.data.items() if key != "replay"}


def _put(onboarding: Onboarding, slug: str, **columns: Any) -> StepRecord:
    """The step as it has to be for the move."""
    StepRecord.objects.filter(onboarding=onboarding, slug=slug).update(**columns)
    return step(onboarding, slug)


def test_a_start_says_who_started_what(people: People) -> None:
    onboarding = progress.start(people.one, environment="uit", actor=people.bob)
    assert (onboarding.started_by, onboarding.environment) == (people.bob, "uit")
    assert onboarding.current_step == "register"
    assert _last(onboarding, EventName.ONBOARDING_STARTED) == {"environment": "uit"}
    assert set(Event.objects.filter(onboarding_id=onboarding.pk).values_list("actor_id", flat=True)) == {
        people.bob.pk
    }


def test_a_start_that_another_rule_of_the_database_forbids_is_not_called_a_second_one(
    people: People, onboarding: Onboarding
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        progress.start(people.one, environment="nowhere", actor=people.alice)


@pytest.mark.parametrize("actor", ["alice", None])
def test_a_move_says_who_made_it_and_when_and_forgets_the_looks_before(
    people: People, onboarding: Onboarding, actor: str | None
) -> None:
    record = _put(
        onboarding,
        "register",
        state="open",
        poll_count=3,
        unfinished_polls=2,
        poll_queued=True,
        problem_detail="x",
    )
    with travel(NOON), progress.open_move(onboarding.pk, actor and getattr(people, actor)) as move:
        now = clock.now()
        move.set_state(move.records["register"], "waiting", problem_detail="y")
    after = step(onboarding, "register")
    assert (after.state, after.version, after.problem_detail) == ("waiting", record.version + 1, "y")
    assert after.moved_by == (people.alice if actor else None)
    assert abs(after.since - now) < timedelta(seconds=5)
    assert after.moved_at == after.since == move.now
    assert (after.poll_count, after.unfinished_polls, after.poll_queued) == (0, 0, False)


@on_postgresql
def test_a_move_locks_the_onboarding_alone(people: People, onboarding: Onboarding) -> None:
    with CaptureQueriesContext(connection) as asked, progress.open_move(onboarding.pk, people.alice) as move:
        assert move.onboarding.company == people.one
        assert all(record.onboarding is move.onboarding for record in move.records.values())
    (lock,) = [each["sql"] for each in asked.captured_queries if "FOR UPDATE" in each["sql"]]
    assert lock.endswith('FOR UPDATE OF "journey_onboarding"')
    assert not [each for each in asked.captured_queries if each["sql"].startswith('SELECT "people_company"')]


def test_a_step_that_was_added_later_is_done_with_the_reason(onboarding: Onboarding) -> None:
    with progress.open_move(onboarding.pk, None) as move:
        facts = {"not_needed": "it came later"}
        progress.skip(move, move.records["proof"], EventName.STEP_DONE, Witness.PORTAL, facts=facts)
    after = step(onboarding, "proof")
    assert (after.state, after.witness, after.facts) == ("done", "portal", {"not_needed": "it came later"})
    event = Event.objects.get(onboarding_id=onboarding.pk, name=EventName.STEP_DONE)
    assert event.step == "proof"
    assert _last(onboarding, EventName.STEP_DONE) == {"witness": "portal", "not_needed": "it came later"}


def _in_doubt(onboarding: Onboarding) -> StepRecord:
    return _put(
        onboarding,
        "register",
        state="problem",
        problem_code=ProblemCode.REGISTRATION_UNCLEAR,
        problem_detail="A1",
        submitted_at=NOON - timedelta(days=9),
    )


def test_what_is_sent_anew_waits_as_if_submitted_now_and_the_trail_names_what_is_set_aside(
    people: People, onboarding: Onboarding
) -> None:
    record = _in_doubt(onboarding)
    record.sendings.create(submission=record.submission, sha256="0" * 64, candidates=["A1", "A2"])
    progress.send_anew(record, actor=people.alice, reason="a former colleague's")
    after = step(onboarding, "register")
    assert (after.state, after.problem_code, after.problem_detail) == ("waiting", "", "")
    assert (after.submitted_at, after.moved_by) == (after.since, people.alice)
    sending = record.sendings.get()
    assert (sending.again, sending.reason) == (True, "a former colleague's")
    told = _last(onboarding, EventName.STEP_RESENT)
    assert told == {"sending": sending.pk, "set_aside": ["A1", "A2"]}
    event = Event.objects.get(onboarding_id=onboarding.pk, name=EventName.STEP_RESENT)
    assert (event.step, event.actor_id) == ("register", people.alice.pk)


def test_a_submission_and_its_end_say_the_facts(people: People, onboarding: Onboarding) -> None:
    record = _put(onboarding, "register", draft={"name": "half"}, facts={"older": "1"})
    with travel(NOON):
        progress.submit(
            record, actor=people.alice, effect=lambda _: Submission(facts={"submitted_on": "today"})
        )
    after = step(onboarding, "register")
    assert (after.draft, after.facts) == ({}, {"older": "1", "submitted_on": "today"})
    assert after.submitted_at == after.since
    assert _last(onboarding, EventName.STEP_SUBMITTED) == {"submitted_on": "today"}
    done = {"witness": "person", "older": "1", "submitted_on": "today"}
    assert _last(onboarding, EventName.STEP_DONE) == done


def test_a_wait_that_is_over_says_what_was_seen_and_by_whom(onboarding: Onboarding) -> None:
    record = _put(onboarding, "invitation", state="waiting", facts={"older": "1"})
    assert progress.settle(record, Done({"invitation_on": "today"}), witness=Witness.ATLAS)
    assert step(onboarding, "invitation").facts == {"older": "1", "invitation_on": "today"}
    assert _last(onboarding, EventName.STEP_SETTLED) == {"witness": "atlas", "invitation_on": "today"}


@pytest.mark.parametrize("by", ["alice", None])
def test_a_problem_says_its_code_and_detail(people: People, onboarding: Onboarding, by: str | None) -> None:
    record, code = _put(onboarding, "invitation", state="waiting"), ProblemCode.E_MAILS_LATE
    if by:
        progress.report_problem(record, actor=people.alice, code=code, detail="three days")
    else:
        progress.settle(record, Failed(code, "three days"), witness=Witness.ATLAS)
    assert _last(onboarding, EventName.STEP_PROBLEM) == {"code": "e-mails-late", "detail": "three days"}
    assert step(onboarding, "invitation").moved_by == (people.alice if by else None)


def test_evidence_says_when_it_was_seen_and_the_end_who_confirmed(
    people: People, onboarding: Onboarding
) -> None:
    record = _put(onboarding, "invitation", state="waiting")
    facts = {"invitation_on": "today"}
    progress.confirm(record, actor=people.alice, effect=lambda _: Submission(facts=facts), seen_on=NOON)
    evidence = record.evidence.get()
    assert (evidence.by, evidence.seen_on, evidence.note, evidence.file_name) == (people.alice, NOON, "", "")
    assert _last(onboarding, EventName.EVIDENCE_ADDED) == {"seen_on": NOON.isoformat(), "file": ""}
    assert _last(onboarding, EventName.STEP_SETTLED) == {"witness": "person", **facts}
    assert step(onboarding, "invitation").moved_by == people.alice


def test_a_doubt_that_evidence_ends_leaves_no_problem_behind(people: People, onboarding: Onboarding) -> None:
    progress.confirm(_in_doubt(onboarding), actor=people.alice, effect=_nothing, seen_on=NOON)
    after = step(onboarding, "register")
    assert (after.state, after.problem_code, after.problem_detail) == ("done", "", "")


def test_a_withdrawal_says_why_and_closes_the_orders_of_this_case_only(
    people: People, onboarding: Onboarding
) -> None:
    other = progress.start(people.two, environment="uit", actor=people.charlie)
    request = csr.accept(people.one.pk, onboarding.pk, csr_pem())
    intent = signing.plan(request, "an account", ["a credential"])
    progress.withdraw(other, actor=people.charlie, reason="not this one")
    assert signing.status_of(intent.pk) is SigningIntent.Status.PLANNED
    progress.withdraw(onboarding, actor=people.alice, reason="we left the market")
    intent.refresh_from_db()
    assert (intent.status, intent.detail) == (SigningIntent.Status.REFUSED, "the onboarding was withdrawn")
    assert _last(onboarding, EventName.ONBOARDING_WITHDRAWN) == {"reason": "we left the market"}
    letters = OutboxEmail.objects.filter(key__startswith=f"withdrawn:{onboarding.pk}")
    assert letters
    assert all("we left the market" in read_email(letter).text for letter in letters)


MOVES: dict[str, Callable[[Onboarding, Any], object]] = {
    "submit": lambda o, who: progress.submit(_put(o, "register", state="open"), actor=who, effect=_nothing),
    "send again": lambda o, who: progress.send_anew(_in_doubt(o), actor=who, reason="-"),
    "confirm": lambda o, who: progress.confirm(
        _put(o, "register", state="waiting"), actor=who, effect=_nothing, seen_on=NOON
    ),
    "report a problem": lambda o, who: progress.report_problem(
        _put(o, "register", state="open"), actor=who, code=ProblemCode.REGISTRATION_REFUSED
    ),
    "reopen": lambda o, who: progress.reopen(
        _put(o, "register", state="problem", problem_code=ProblemCode.REGISTRATION_REFUSED), actor=who
    ),
    "send back": lambda o, who: progress.send_back(
        _put(o, "certificate", state="open"), actor=who, to="csr", reason="-"
    ),
    "withdraw": lambda o, who: progress.withdraw(o, actor=who, reason="-"),
}


@pytest.mark.parametrize("move", MOVES)
def test_nobody_moves_who_may_only_read(people: People, onboarding: Onboarding, move: str) -> None:
    with pytest.raises(PermissionRefused):
        MOVES[move](onboarding, people.rhea)
    assert not Event.objects.filter(onboarding_id=onboarding.pk, actor_id=people.rhea.pk).exists()
    onboarding.refresh_from_db()
    assert onboarding.status == Onboarding.Status.ACTIVE


@pytest.mark.parametrize("move", MOVES)
def test_the_same_is_done_by_who_may(people: People, onboarding: Onboarding, move: str) -> None:
    before = Event.objects.filter(onboarding_id=onboarding.pk).count()
    MOVES[move](onboarding, people.alice)
    made = Event.objects.filter(onboarding_id=onboarding.pk).order_by("number")[before:]
    assert {event.actor_id for event in made} == {people.alice.pk}
