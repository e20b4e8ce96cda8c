"""What a guard answers beside the table of roles: the words of each no and of which kind it is, and doubt about Atlas.

Every role against every verb is in test_guards.py.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone

from onboarding.journey import guards
from onboarding.journey.access import Access, read_access
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.problems import ProblemCode
from onboarding.journey.steps import State
from onboarding.people.decisions import Decision, Reason
from tests.handover.factories import make_dana, make_grant, open_steps
from tests.people_fixtures import People, step
from tests.time_travel import travel

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
Put = Callable[..., StepRecord]
Rights = Callable[[str], Access]


@pytest.fixture
def put(onboarding: Onboarding) -> Put:
    """A step with these columns, for questions only."""

    def write(slug: str, **columns: Any) -> StepRecord:
        if "assignee" in columns:
            columns["assigned_at"] = timezone.now() if columns["assignee"] else None
        StepRecord.objects.filter(onboarding=onboarding, slug=slug).update(**columns)
        return step(onboarding, slug)

    return write


@pytest.fixture
def rights(people: People, onboarding: Onboarding) -> Rights:
    return lambda name: read_access(getattr(people, name), onboarding)


def is_refused(decision: Decision, reason: Reason, words: str) -> None:
    assert (bool(decision), decision.reason) == (False, reason)
    assert words in decision.sentence


def test_who_may_do_a_step_may_hand_it_over_and_nobody_else(put: Put, rights: Rights) -> None:
    record = put("pfx", state="open")
    for name in ("alice", "bob", "tess"):
        assert guards.may_hand_over(rights(name), record)
    is_refused(guards.may_hand_over(rights("rhea"), record), Reason.PERMISSION, "Only")
    put("pfx", assignee=rights("tess").user)
    is_refused(
        guards.may_hand_over(rights("bob"), put("pfx")), Reason.PERMISSION, "Tess Test holds this step."
    )


def test_what_is_tied_to_the_primary_is_not_handed_over(put: Put, rights: Rights) -> None:
    answer = guards.may_hand_over(rights("alice"), put("quote", state="open"))
    is_refused(
        answer, Reason.PERMISSION, "so it cannot be handed to anybody else. If that person leaves, ops start"
    )


def test_a_step_that_is_done_is_not_handed_over(put: Put, rights: Rights) -> None:
    answer = guards.may_hand_over(rights("alice"), put("pfx", state="done"))
    is_refused(answer, Reason.STATE, "“Build the PFX” was done")


def test_who_was_let_in_gives_back_and_does_not_hand_on(
    people: People, onboarding: Onboarding, put: Put
) -> None:
    open_steps(onboarding, "csr", "dip-upload")
    dana = make_dana()
    make_grant(onboarding, people.bob, dana, "csr")
    granted = read_access(dana, onboarding)
    assert guards.may_submit(granted, put("csr", assignee=None))
    is_refused(
        guards.may_hand_over(granted, step(onboarding, "csr")),
        Reason.PERMISSION,
        "Only people of the company hand its steps over. Return the step instead.",
    )
    for slug in ("dip-upload", "pfx"):  # one that nobody is let in to, and one to which she was not
        assert not guards.has_grant(granted, step(onboarding, slug))


def test_nothing_is_handed_over_once_the_onboarding_has_ended(
    onboarding: Onboarding, put: Put, rights: Rights
) -> None:
    over = {"ended_at": timezone.now(), "destroy_secrets_at": timezone.now()}
    Onboarding.objects.filter(pk=onboarding.pk).update(status="withdrawn", **over)
    for ask in (guards.may_hand_over, guards.may_send_anew):
        for name in ("alice", "tess"):
            answer = ask(rights(name), put("register", state="problem", problem_code="dip-refused"))
            assert not answer
    answer = guards.may_hand_over(rights("alice"), put("pfx", state="open"))
    is_refused(answer, Reason.STATE, "This onboarding is withdrawn; nothing can be changed.")


@pytest.mark.parametrize(
    ("state", "code", "confirm", "again"),
    [
        ("problem", ProblemCode.REGISTRATION_UNCLEAR, True, True),
        ("problem", ProblemCode.IDENTITY_REJECTED, False, False),
        ("waiting", "", True, False),
        ("open", "", False, False),
    ],
)
def test_what_atlas_has_already_is_confirmed_or_sent_anew_while_it_is_in_doubt(
    put: Put, rights: Rights, state: str, code: str, confirm: bool, again: bool
) -> None:
    record = put("register", state=state, problem_code=code)
    answers = guards.may_confirm(rights("alice"), record), guards.may_send_anew(rights("alice"), record)
    assert tuple(map(bool, answers)) == (confirm, again)
    assert all(answer or answer.reason == Reason.STATE for answer in answers)
    for ask in (guards.may_confirm, guards.may_send_anew):
        is_refused(ask(rights("rhea"), record), Reason.PERMISSION, "You are a Reader of One Energy Ltd.")


def test_a_key_that_others_may_have_seen_is_made_anew_and_not_tried_again(put: Put, rights: Rights) -> None:
    exposed = {"state": "problem", "problem_code": ProblemCode.KEY_EXPOSED}
    answer = guards.may_reopen(rights("alice"), put("certificate", **exposed))
    is_refused(answer, Reason.STATE, "sends this step back to “Create the CSR”, and a new key is made there.")
    assert guards.may_reopen(rights("alice"), put("csr", **exposed))
    assert guards.may_reopen(rights("alice"), put("certificate", problem_code=ProblemCode.DIP_REFUSED))


def test_each_no_about_who_holds_a_step_is_about_how_it_stands(put: Put, rights: Rights) -> None:
    alice, bob = rights("alice"), rights("bob")
    free = put("pfx", state="open", assignee=None)
    is_refused(guards.may_reassign(bob, free), Reason.STATE, "Nobody else holds this step.")
    is_refused(guards.may_unclaim(bob, free), Reason.STATE, "This step is not assigned to you.")
    held = put("pfx", assignee=alice.user)
    is_refused(guards.may_reassign(alice, held), Reason.STATE, "Nobody else holds this step.")
    is_refused(guards.may_claim(bob, held), Reason.STATE, "Alice Test holds this step since")
    over = put("pfx", state="done")
    is_refused(guards.may_reassign(bob, over), Reason.STATE, "“Build the PFX” was done")
    is_refused(guards.may_unclaim(alice, over), Reason.STATE, "“Build the PFX” was done")


def test_the_words_of_the_other_refusals(put: Put, rights: Rights) -> None:
    record = put("proof", state="waiting")
    back = guards.may_send_back(rights("alice"), record, "quote")
    is_refused(back, Reason.STATE, "This step cannot be sent back to that one.")
    only = "Only the Primary Certificate Admin or ops may withdraw an onboarding."
    is_refused(guards.may_withdraw(rights("bob")), Reason.PERMISSION, only)


@pytest.mark.parametrize(
    ("state", "columns", "words"),
    [
        (State.DONE, {}, "was done"),
        (State.DONE, {"moved_at": NOON}, "was done by the portal on Monday 2 March, 12:00"),
        (State.OPEN, {}, "was opened and is to do"),
        (State.OPEN, {"moved_at": NOON}, "was opened by the portal on Monday 2 March, 12:00 and is to do"),
        (State.WAITING, {"moved_at": NOON}, "is waiting now"),
        (
            State.WAITING,
            {"moved_at": NOON, "submitted_at": NOON},
            "was sent by the portal on Monday 2 March, 12:00 and is waiting now",
        ),
        (State.PROBLEM, {"moved_at": NOON}, "has a problem since Monday 2 March, 12:00"),
        (State.PROBLEM, {}, "has a problem since just now"),
        (
            State.LOCKED,
            {},
            "cannot start yet: first “Create API credentials” and “Create the CSR” must be done",
        ),
    ],
)
def test_how_a_step_stands_is_told_in_the_words_of_its_state(
    put: Put, state: State, columns: dict[str, Any], words: str
) -> None:
    with travel(NOON, tick=False):
        code = ProblemCode.CERTIFICATE_REFUSED if state == State.PROBLEM else ""
        record = put("certificate", state=state, problem_code=code, **columns)
        assert guards.describe_state(record) == words


def test_who_moved_a_step_is_named(put: Put, people: People) -> None:
    record = put("pfx", state="done", moved_by=people.bob, moved_at=NOON)
    assert guards.describe_state(record).startswith("was done by Bob Test on Monday 2 March")
