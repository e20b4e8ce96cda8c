"""Who may do what: every role against every verb, and a sentence for every no.

What the verbs do is tested in test_progress.py and tests/handover.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from onboarding.journey import guards
from onboarding.journey.access import Access, read_access
from onboarding.journey.definitions import PRIMARY_ONLY, State
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.steps import STEPS
from onboarding.people.decisions import Decision, Reason
from onboarding.people.models import TECHNICAL, Role, User
from tests.people_fixtures import People, client_of, step

NAMES = ("alice", "bob", "tess", "rhea", "charlie", "olga")
ROLES = {"alice": Role.PRIMARY, "bob": Role.ADMIN, "tess": Role.TECHNICIAN, "rhea": Role.READER}
Ask = Callable[[Access, StepRecord], Decision]
Rights = Callable[[str], Access]

# verb -> (the state it needs, who may at a step for admins, at a technical one, at one of the primary's own)
ADMINS, TECHS, PRIMARY = {"alice", "bob"}, {"alice", "bob", "tess"}, {"alice"}
VERBS: dict[str, tuple[Ask, str, set[str], set[str], set[str]]] = {
    "submit": (guards.may_submit, "open", ADMINS, TECHS, PRIMARY),
    "confirm": (guards.may_confirm, "waiting", ADMINS, TECHS, PRIMARY),
    "reopen": (guards.may_reopen, "problem", ADMINS, TECHS, PRIMARY),
    "report a problem": (guards.may_report_problem, "open", ADMINS, TECHS, PRIMARY),
    "take": (guards.may_claim, "open", ADMINS, TECHS, PRIMARY),
}


def _put(onboarding: Onboarding, slug: str, state: str, assignee: User | None = None) -> StepRecord:
    """The step in a state, for questions only."""
    held = timezone.now() if assignee else None
    StepRecord.objects.filter(onboarding=onboarding, slug=slug).update(
        state=state,
        assignee=assignee,
        assigned_at=held,
        problem_code="dip-refused" if state == "problem" else "",
    )
    return step(onboarding, slug)


@pytest.fixture
def rights(people: People, onboarding: Onboarding) -> Rights:
    """What the person of this name may do at this moment."""
    return lambda name: read_access(getattr(people, name), onboarding)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    ("slug", "kind"), [("dip-upload", 2), ("pfx", 3), ("quote", 4)], ids=["admins", "technical", "primary"]
)
def test_each_role_may_what_the_table_says_and_nothing_more(
    people: People, onboarding: Onboarding, rights: Rights, verb: str, slug: str, kind: int
) -> None:
    may, state = VERBS[verb][0], VERBS[verb][1]
    record = _put(onboarding, slug, state)
    decisions = {name: may(rights(name), record) for name in NAMES}
    assert {name for name in NAMES if decisions[name]} == VERBS[verb][kind]
    for name in NAMES:
        if not decisions[name]:
            assert decisions[name].reason == Reason.PERMISSION
            assert decisions[name].sentence.startswith(f"Only {record.definition.who_words()} may do this.")


@pytest.mark.parametrize("verb", VERBS)
def test_no_verb_works_in_another_state(
    people: People, onboarding: Onboarding, rights: Rights, verb: str
) -> None:
    may, state = VERBS[verb][0], VERBS[verb][1]
    good = {state} | ({"waiting"} if verb == "report a problem" else set())
    good |= {"waiting", "problem", "open"} if verb == "take" else set()
    for other in State:
        decision = may(rights("alice"), _put(onboarding, "dip-upload", other))
        assert bool(decision) == (other in good)
        if not decision:
            assert decision.reason == Reason.STATE
            assert decision.sentence.startswith("“Upload to the DIP” ")


@pytest.mark.parametrize("row", STEPS, ids=[row.slug for row in STEPS])
def test_each_step_is_for_those_whom_the_table_names(
    people: People, onboarding: Onboarding, rights: Rights, row: Any
) -> None:
    record = step(onboarding, row.slug)
    allowed = {name for name in NAMES if guards.may_act(rights(name), record)}
    assert allowed == {name for name, role in ROLES.items() if role in row.who}
    said = guards.may_act(rights("rhea"), record).sentence
    assert "You are a Reader of One Energy Ltd." in said
    assert ("tied to the person whom GlobalSign vets" in said) == (row.who == PRIMARY_ONLY)
    assert "You look at this as ops." in guards.may_act(rights("olga"), record).sentence
    assert "You are not a member of the company." in guards.may_act(rights("charlie"), record).sentence


def test_only_certificate_admins_send_back_and_only_along_the_table(
    people: People, onboarding: Onboarding, rights: Rights
) -> None:
    record = _put(onboarding, "proof", "waiting")
    assert {n for n in NAMES if guards.may_send_back(rights(n), record, "pfx")} == ADMINS
    assert guards.may_send_back(rights("tess"), record, "pfx").sentence == (
        "Only a Certificate Admin of One Energy Ltd may do this."
    )
    assert guards.may_send_back(rights("alice"), record, "quote").reason == Reason.STATE
    for state in (State.LOCKED, State.DONE):
        assert (
            guards.may_send_back(rights("alice"), _put(onboarding, "proof", state), "pfx").reason
            == Reason.STATE
        )


def test_only_the_primary_certificate_admin_and_ops_withdraw(
    people: People, onboarding: Onboarding, rights: Rights
) -> None:
    may = {name for name in NAMES if guards.may_withdraw(rights(name))}
    assert may == {"alice", "olga"}
    assert guards.may_withdraw(rights("bob")).reason == Reason.PERMISSION


def test_who_does_not_hold_a_held_step_cannot_do_it(
    people: People, onboarding: Onboarding, rights: Rights
) -> None:
    record = _put(onboarding, "pfx", "open", assignee=people.tess)
    assert guards.may_submit(rights("tess"), record)
    said = guards.may_submit(rights("alice"), record)
    assert (said.reason, said.sentence) == (
        Reason.PERMISSION,
        "Tess Test holds this step. Take it back first, or ask Tess Test.",
    )
    assert {n for n in NAMES if guards.may_unclaim(rights(n), record)} == {"tess"}
    assert {n for n in NAMES if guards.may_reassign(rights(n), record)} == ADMINS
    assert "Tess Test holds this step since" in guards.may_claim(rights("bob"), record).sentence


def test_nothing_moves_once_the_onboarding_has_ended(
    people: People, onboarding: Onboarding, rights: Rights
) -> None:
    for status, word in (("withdrawn", "withdrawn"), ("completed", "completed")):
        over = {"ended_at": timezone.now(), "destroy_secrets_at": timezone.now()}
        Onboarding.objects.filter(pk=onboarding.pk).update(status=status, **over)
        for may, state, *_ in VERBS.values():
            decision = may(rights("alice"), _put(onboarding, "dip-upload", state))
            assert decision.sentence == f"This onboarding is {word}; nothing can be changed."
        held = _put(onboarding, "dip-upload", "open", assignee=people.alice)
        assert not guards.may_unclaim(rights("alice"), held)
        assert not guards.may_reassign(rights("bob"), held)
        assert not guards.may_send_back(rights("alice"), _put(onboarding, "dip-upload", "open"), "pfx")


def test_a_role_counts_from_the_moment_it_is_given_and_until_it_is_taken(
    people: People, onboarding: Onboarding, rights: Rights
) -> None:
    record = _put(onboarding, "pfx", "open")
    membership = people.rhea.memberships.get()
    assert not guards.may_submit(rights("rhea"), record)
    membership.role = Role.TECHNICIAN
    membership.save()
    assert guards.may_submit(rights("rhea"), record)
    browser, page = client_of(people.rhea), f"/onboardings/{onboarding.code}/pfx/"
    assert browser.get(page).status_code == 200
    membership.delete()
    assert not guards.may_submit(rights("rhea"), record)
    assert browser.get(page).status_code == 404
    assert {Role.TECHNICIAN} < TECHNICAL
