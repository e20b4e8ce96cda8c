"""Another Primary Certificate Admin: two agree, exactly one at every moment, what the former one held goes back.

Other changes of roles are in test_membership_changes.py.
"""

from functools import partial

import pytest

from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.handover import claims
from onboarding.journey.models import Onboarding
from onboarding.notifications.models import OutboxEmail
from onboarding.people.access import role_in
from onboarding.people.decisions import PermissionRefused, StateConflict
from onboarding.people.models import Company, Membership, Role
from onboarding.team import membership_changes, primary_change
from onboarding.team.models import PrimaryChange
from tests.concurrency import race, split
from tests.journey.form_client import sentences_of
from tests.people_fixtures import (
    People,
    client_of,
    fresh_client_of,
    make_company,
    make_people,
    shows_errors,
    step,
)

PAGE = "/companies/one/primary/"
YES = {"employee": "on", "mailbox": "on"}


@pytest.fixture
def change(people: People) -> PrimaryChange:
    """Olga has asked Bob."""
    return primary_change.start(people.one, people.bob, reason="Alice leaves in May", actor=people.olga)


def _primaries(company: Company) -> list[str]:
    return list(company.memberships.filter(role=Role.PRIMARY).values_list("user__name", flat=True))


def test_ops_ask_and_the_successor_agrees(people: People, onboarding: Onboarding) -> None:
    claims.claim(step(onboarding, "register"), actor=people.alice)
    browser = fresh_client_of(people.olga)
    answer = browser.post(PAGE, {"successor": str(people.bob.pk), "reason": "Alice leaves in May"})
    assert answer.url == "/companies/one/team/"
    assert _primaries(people.one) == ["Alice Test"]
    page = sentences_of(client_of(people.bob).get("/companies/one/team/"))
    assert "You are asked to become the Primary Certificate Admin of One Energy Ltd." in page
    bob = fresh_client_of(people.bob)
    assert "Alice leaves in May" in sentences_of(bob.get(f"{PAGE}agree/"))
    assert bob.post(f"{PAGE}agree/", YES).url == "/companies/one/team/"
    assert _primaries(people.one) == ["Bob Test"]
    assert role_in(people.alice, people.one) == Role.ADMIN
    assert step(onboarding, "register").assignee is None
    assert Event.objects.filter(name=EventName.PRIMARY_CHANGED).get().actor == people.bob
    told = OutboxEmail.objects.filter(key__startswith="primary-").values_list("to__name", "key")
    assert sorted((name, key.split(":")[0]) for name, key in told) == [
        ("Alice Test", "primary-changed"),
        ("Alice Test", "primary-planned"),
        ("Bob Test", "primary-asked"),
        ("Bob Test", "primary-changed"),
    ]


def test_agreeing_needs_both_facts(people: People, change: PrimaryChange) -> None:
    answer = fresh_client_of(people.bob).post(f"{PAGE}agree/", {"mailbox": "on"})
    assert shows_errors(answer)
    assert "GlobalSign accepts only a current full-time employee" in sentences_of(answer)
    assert _primaries(people.one) == ["Alice Test"]


@pytest.mark.parametrize("name", ["bob", "olga"])
def test_the_successor_says_no_or_ops_take_it_back(people: People, change: PrimaryChange, name: str) -> None:
    assert client_of(getattr(people, name)).post(f"{PAGE}stop/").status_code == 302
    with pytest.raises(StateConflict, match="was ended on"):
        primary_change.agree(change, actor=people.bob)
    assert "This request has been answered" in sentences_of(fresh_client_of(people.bob).get(f"{PAGE}agree/"))
    assert client_of(people.bob).post(f"{PAGE}stop/").status_code == 409
    assert _primaries(people.one) == ["Alice Test"]


@pytest.mark.parametrize(
    ("name", "start", "agree", "stop"),
    [("alice", 403, 404, 302), ("rhea", 403, 404, 403), ("charlie", 404, 404, 404), ("olga", 200, 404, 302)],
)
def test_nobody_else_has_a_part_in_it(
    people: People, change: PrimaryChange, name: str, start: int, agree: int, stop: int
) -> None:
    browser = fresh_client_of(getattr(people, name))
    assert browser.get(PAGE).status_code == start
    assert browser.get(f"{PAGE}agree/").status_code == agree
    assert browser.post(f"{PAGE}agree/", YES).status_code == agree
    assert browser.post(f"{PAGE}stop/").status_code == stop
    assert _primaries(people.one) == ["Alice Test"]


def test_the_verbs_refuse_whom_the_pages_refuse(people: People, change: PrimaryChange) -> None:
    with pytest.raises(PermissionRefused, match="Only ops start"):
        primary_change.start(people.one, people.bob, reason="-", actor=people.alice)
    with pytest.raises(PermissionRefused, match="Only Bob Test can agree"):
        primary_change.agree(change, actor=people.alice)
    with pytest.raises(StateConflict, match="Bob Test is asked already"):
        primary_change.start(people.one, people.bob, reason="-", actor=people.olga)
    primary_change.stop(change, actor=people.olga)
    with pytest.raises(StateConflict, match="Charlie Test is not a member"):
        primary_change.start(people.one, people.charlie, reason="-", actor=people.olga)
    with pytest.raises(StateConflict, match="is the Primary Certificate Admin of One Energy Ltd already"):
        primary_change.start(people.one, people.alice, reason="-", actor=people.olga)


@pytest.mark.parametrize("name", ["tess", "rhea"])
def test_whom_the_company_did_not_make_certificate_admin_ops_do_not_make_primary(
    people: People, name: str
) -> None:
    user = getattr(people, name)
    with pytest.raises(
        StateConflict, match=f"{user} is a .* A Certificate Admin there gives the person that role first"
    ):
        primary_change.start(people.one, user, reason="-", actor=people.olga)
    page = fresh_client_of(people.olga).get(PAGE).content.decode()
    assert "Bob Test" in page
    assert user.name not in page


def test_any_certificate_admin_ends_it_and_all_are_told(people: People, change: PrimaryChange) -> None:
    assert client_of(people.alice).post(f"{PAGE}stop/").status_code == 302
    told = OutboxEmail.objects.filter(key__startswith="primary-stopped").values_list("to__name", flat=True)
    assert sorted(told) == ["Bob Test", "Olga Test"]


def test_a_successor_who_has_left_is_not_asked_any_more(people: People, change: PrimaryChange) -> None:
    membership_changes.remove_member(
        Membership.objects.get(user=people.bob, company=people.one), actor=people.alice
    )
    with pytest.raises(StateConflict, match="was ended on"):
        primary_change.agree(change, actor=people.bob)


def test_after_the_change_the_former_one_can_leave(people: People, change: PrimaryChange) -> None:
    primary_change.agree(change, actor=people.bob)
    with pytest.raises(StateConflict, match="was agreed to on"):
        primary_change.agree(change, actor=people.bob)
    membership_changes.remove_member(
        Membership.objects.get(user=people.alice, company=people.one), actor=people.bob
    )
    assert _primaries(people.one) == ["Bob Test"]


@pytest.mark.parametrize("rounds", [20, pytest.param(200, marks=pytest.mark.nightly)])
@pytest.mark.django_db(transaction=True)
def test_agreeing_and_being_removed_at_once_leaves_exactly_one_primary(
    transactional_db: None, rounds: int
) -> None:
    people = make_people()
    for number in range(rounds):
        company = make_company(f"round-{number}", f"Round {number}", people.alice, admin=[people.bob])
        change = primary_change.start(company, people.bob, reason="-", actor=people.olga)
        member = Membership.objects.get(user=people.bob, company=company)
        answers = race(
            partial(primary_change.agree, change, actor=people.bob),
            partial(membership_changes.remove_member, member, actor=people.alice),
        )
        _, (lost,) = split(answers)
        assert isinstance(lost, StateConflict)
        assert len(_primaries(company)) == 1
