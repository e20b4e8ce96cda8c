"""The moves: what each one writes, in one transaction, and what it leaves alone.

Two at a time are tested in test_races.py, who may make a move in test_guards.py.
"""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from certs.evidence import files
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.journey import progress, projection
from onboarding.journey.definitions import Actor, State
from onboarding.journey.models import Evidence, Onboarding, StepRecord
from onboarding.journey.outcomes import Done, Failed, NotYet
from onboarding.journey.progress import AlreadyMoved, Submission
from onboarding.journey.replay.check import Replay, all_faults
from onboarding.journey.steps import STEPS
from onboarding.notifications.models import OutboxEmail
from onboarding.people.decisions import StateConflict
from tests.journey.step_actions import bring_to, perform, step_action
from tests.people_fixtures import People, record_roles, step


@pytest.fixture(autouse=True)
def _sound(people: People) -> Any:
    """After every test of this file the projection equals the facts, and the chains are whole and say the same."""
    record_roles(people)
    yield
    assert projection.list_differences() == []
    assert list(all_faults(Replay())) == []


def _states(onboarding: Onboarding) -> dict[str, str]:
    return {
        r.slug: r.state for r in StepRecord.objects.filter(onboarding=onboarding) if r.state != State.LOCKED
    }


def _events(onboarding: Onboarding, since: int = 0) -> list[tuple[str, str]]:
    found = Event.objects.filter(onboarding_id=onboarding.pk).order_by("number")[since:]
    return [(event.name, event.step) for event in found]


def _letters(*, since: int = 0) -> list[tuple[str, str]]:
    found = OutboxEmail.objects.order_by("pk").select_related("to")[since:]
    return [(message.key.partition(":")[0], message.to.name.split()[0].lower()) for message in found]


def _plain(**facts: Any) -> progress.Effect:
    return lambda record: Submission(facts=facts)


def _projected(onboarding: Onboarding) -> tuple[str, str, str]:
    onboarding.refresh_from_db()
    return onboarding.current_step, onboarding.current_state, onboarding.next_actor


def test_starting_opens_the_first_step_only(people: People) -> None:
    onboarding = progress.start(people.one, environment="uit", actor=people.bob)
    assert StepRecord.objects.filter(onboarding=onboarding).count() == len(STEPS)
    assert _states(onboarding) == {"register": "open"}
    assert _projected(onboarding) == ("register", "open", Actor.COMPANY)
    assert _events(onboarding) == [
        (EventName.ONBOARDING_STARTED, ""),
        (EventName.STEP_BEGUN, "register"),
    ]
    assert _letters() == [("step-open", "alice")]  # it is hers, and Bob has just started it


def test_a_company_has_one_open_onboarding_per_environment(people: People, onboarding: Onboarding) -> None:
    with pytest.raises(
        StateConflict, match="One Energy Ltd already has an open onboarding in UIT. Go on with that one"
    ):
        progress.start(people.one, environment="uit", actor=people.alice)
    progress.start(people.one, environment="production", actor=people.alice)
    progress.start(people.two, environment="uit", actor=people.charlie)
    progress.withdraw(onboarding, actor=people.alice, reason="a new start")
    progress.start(people.one, environment="uit", actor=people.alice)
    assert Onboarding.objects.count() == 4


def test_submitting_finishes_a_step_and_begins_what_it_held_back(
    people: People, onboarding: Onboarding
) -> None:
    before = step(onboarding, "register")
    moved = progress.submit(before, actor=people.alice, effect=_plain(submitted_on="2026-11-20"))
    record = step(onboarding, "register")
    assert (record.state, record.facts, record.moved_by) == (
        "done",
        {"submitted_on": "2026-11-20"},
        people.alice,
    )
    assert (record.witness, record.version, moved.pk) == ("person", before.version + 1, record.pk)
    assert _states(onboarding) == {"register": "done", "invitation": "waiting"}
    assert _projected(onboarding) == ("invitation", "waiting", Actor.ATLAS)
    assert _events(onboarding, since=2) == [
        (EventName.STEP_SUBMITTED, "register"),
        (EventName.STEP_DONE, "register"),
        (EventName.STEP_BEGUN, "invitation"),
    ]
    waiting = step(onboarding, "invitation")
    assert waiting.definition.before is not None
    assert waiting.due_at == waiting.since + waiting.definition.before.limit


def test_a_submission_that_a_worker_carries_on_waits(people: People, onboarding: Onboarding) -> None:
    progress.submit(
        step(onboarding, "register"),
        actor=people.alice,
        effect=lambda r: Submission(answers={"name": "Alice"}, waits=True),
    )
    record = step(onboarding, "register")
    assert (record.state, record.answers) == ("waiting", {"name": "Alice"})
    assert _projected(onboarding) == ("register", "waiting", Actor.PORTAL)
    assert progress.settle(record, Done({"account_id": "A1"}), witness="portal")
    assert step(onboarding, "register").state == "done"
    assert step(onboarding, "register").facts == {"account_id": "A1"}


def test_an_effect_that_fails_leaves_nothing_behind(people: People, onboarding: Onboarding) -> None:
    def effect(record: StepRecord) -> Submission:
        Evidence.objects.create(record=record, by=people.alice, seen_on=timezone.now())
        raise ValueError("the artefact does not fit")

    events, letters = Event.objects.count(), OutboxEmail.objects.count()
    with pytest.raises(ValueError, match="does not fit"):
        progress.submit(step(onboarding, "register"), actor=people.alice, effect=effect)
    assert step(onboarding, "register").state == "open"
    counts = (Event.objects.count(), OutboxEmail.objects.count(), Evidence.objects.count())
    assert counts == (events, letters, 0)


def test_letters_are_written_in_the_transaction_of_the_move(people: People, onboarding: Onboarding) -> None:
    record = bring_to(onboarding, people, step_action("invitation", waits=True))
    events, letters = Event.objects.count(), OutboxEmail.objects.count()
    with transaction.atomic():
        assert progress.settle(record, Done(), witness="atlas")
        assert OutboxEmail.objects.count() == letters + 1
        transaction.set_rollback(True)
    assert (Event.objects.count(), OutboxEmail.objects.count()) == (events, letters)
    assert step(onboarding, "invitation").state == "waiting"


def test_a_wait_that_is_over_is_the_persons_turn(people: People, onboarding: Onboarding) -> None:
    record = bring_to(onboarding, people, step_action("invitation", waits=True))
    letters = OutboxEmail.objects.count()
    assert progress.settle(record, Done({"invitation_on": "2026-11-20"}), witness="atlas")
    moved = step(onboarding, "invitation")
    assert (moved.state, moved.witness, moved.moved_by) == ("open", "atlas", None)
    assert _projected(onboarding) == ("invitation", "open", Actor.COMPANY)
    assert _letters(since=letters) == [("step-open", "alice")]


def test_a_step_seen_done_in_atlas_is_done(people: People, onboarding: Onboarding) -> None:
    record = bring_to(onboarding, people, step_action("payment-method"))
    assert progress.settle(record, Done({"set_on": "2026-11-20"}), witness="atlas")
    assert step(onboarding, "payment-method").state == "done"
    assert step(onboarding, "quote").state == "waiting"


def test_a_repeated_answer_changes_nothing(people: People, onboarding: Onboarding) -> None:
    record = bring_to(onboarding, people, step_action("invitation", waits=True))
    assert progress.settle(record, Done({"invitation_on": "first"}), witness="atlas")
    before = (_events(onboarding), _letters(), StepRecord.objects.filter(pk=record.pk).values().get())
    assert not progress.settle(record, Done({"invitation_on": "second"}), witness="atlas")
    assert not progress.settle(record, Failed("e-mails-late"), witness="atlas")
    assert before == (_events(onboarding), _letters(), StepRecord.objects.filter(pk=record.pk).values().get())


def test_a_late_answer_about_a_step_that_went_on_changes_nothing(
    people: People, onboarding: Onboarding
) -> None:
    read = bring_to(onboarding, people, step_action("verification", waits=True))
    perform(onboarding, people, step_action("verification", waits=True))
    assert not progress.settle(read, Failed("identity-rejected", "late"), witness="atlas")
    assert step(onboarding, "verification").state == "done"


def test_an_answer_about_a_step_that_is_done_locked_or_in_trouble_changes_nothing(
    people: People, onboarding: Onboarding
) -> None:
    done = bring_to(onboarding, people, step_action("payment-method"))
    progress.report_problem(done, actor=people.alice, code="payment-method-stuck")
    for slug in ("register", "quote", "payment-method", "dip-upload"):
        fresh = step(onboarding, slug)
        assert not progress.settle(fresh, Done({"no": "no"}), witness="atlas")
        assert step(onboarding, slug).version == fresh.version


def test_nothing_new_only_moves_the_next_look(people: People, onboarding: Onboarding) -> None:
    record = bring_to(onboarding, people, step_action("verification", waits=True))
    events = Event.objects.count()
    before = StepRecord.objects.filter(pk=record.pk).values().get()
    assert not progress.settle(record, NotYet(because="Atlas shows “Processed”"), witness="atlas")
    after = StepRecord.objects.filter(pk=record.pk).values().get()
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"next_check_at", "polled_at", "poll_count", "last_poll_result"}
    assert after["next_check_at"] > timezone.now()
    assert (after["last_poll_result"], after["poll_count"]) == ("Atlas shows “Processed”", 1)
    assert Event.objects.count() == events


def test_nothing_new_about_a_step_that_moved_is_forgotten(people: People, onboarding: Onboarding) -> None:
    read = bring_to(onboarding, people, step_action("verification", waits=True))
    perform(onboarding, people, step_action("verification", waits=True))
    before = StepRecord.objects.filter(pk=read.pk).values().get()
    progress.settle(read, NotYet(timedelta(minutes=1)), witness="atlas")
    assert StepRecord.objects.filter(pk=read.pk).values().get() == before


def test_confirming_keeps_what_the_person_saw(people: People, onboarding: Onboarding) -> None:
    record = bring_to(onboarding, people, step_action("verification", waits=True))
    seen = timezone.now() - timedelta(hours=3)
    progress.confirm(
        record,
        actor=people.bob,
        effect=_plain(verified_on="2026-11-20"),
        seen_on=seen,
        note="Case GS-1",
        file=("mail.eml", b"From: GlobalSign"),
    )
    evidence = Evidence.objects.get(record=record)
    assert (evidence.by, evidence.seen_on, evidence.note) == (people.bob, seen, "Case GS-1")
    assert (evidence.file_name, evidence.file_kind, evidence.file_size) == ("mail.eml", "message", 16)
    assert evidence.file_sha256 == hashlib.sha256(b"From: GlobalSign").hexdigest()
    assert evidence.stored_file is not None
    assert files.content_of(evidence.stored_file) == b"From: GlobalSign"
    assert step(onboarding, "verification").witness == "person"
    assert (EventName.EVIDENCE_ADDED, "verification") in _events(onboarding)


def test_what_was_read_too_long_ago_is_refused_with_who_and_when(
    people: People, onboarding: Onboarding
) -> None:
    read = step(onboarding, "register")
    perform(onboarding, people, step_action("register"))
    with pytest.raises(AlreadyMoved, match=r"was done by Alice Test on \w+ \d+ \w+, \d\d:\d\d"):
        progress.submit(read, actor=people.alice, effect=_plain())
    waiting = step(onboarding, "invitation")
    progress.settle(waiting, Done(), witness="atlas")
    with pytest.raises(AlreadyMoved, match="was opened by the portal on"):
        progress.confirm(waiting, actor=people.alice, effect=_plain(), seen_on=timezone.now())
