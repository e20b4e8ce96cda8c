"""Leaving a company and getting another role: steps return to the team, offers end, the rules that refuse.

Changing the Primary Certificate Admin is in test_primary_change.py.
"""

from typing import Any

import pytest
from django.utils import timezone

from onboarding.audit.chain_check import find_chain_faults
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.handover import claims
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.notifications.models import OutboxEmail
from onboarding.people.access import role_in
from onboarding.people.decisions import PermissionRefused, StateConflict
from onboarding.people.models import Membership, Role, User
from onboarding.team import absence, membership_changes
from tests.journey.form_client import sentences_of
from tests.notifications.email_reader import read_email
from tests.people_fixtures import People, client_of, fresh_client_of, shows_errors, step


def _open(onboarding: Onboarding, slug: str) -> StepRecord:
    StepRecord.objects.filter(onboarding=onboarding, slug=slug).update(state="open", moved_at=timezone.now())
    return step(onboarding, slug)


def _member(user: User, people: People) -> Membership:
    return Membership.objects.get(user=user, company=people.one)


def _post(actor: User, user: User, verb: str, **data: str) -> Any:
    return fresh_client_of(actor).post(f"/companies/one/team/{user.pk}/{verb}/", data)


@pytest.fixture
def held(people: People, onboarding: Onboarding) -> Onboarding:
    """Bob holds the credentials and the CSR; the CSR has a draft."""
    for slug in ("api-credentials", "csr"):
        claims.claim(_open(onboarding, slug), actor=people.bob)
    StepRecord.objects.filter(onboarding=onboarding, slug="csr").update(draft={"way": "own"})
    return onboarding


def test_removing_somebody_shows_what_they_hold_and_returns_it_to_the_team(
    people: People, held: Onboarding
) -> None:
    page = fresh_client_of(people.alice).get(f"/companies/one/team/{people.bob.pk}/remove/")
    assert "Create API credentials (UIT) Create the CSR (UIT)" in sentences_of(page)
    answer = _post(people.alice, people.bob, "remove")
    assert (answer.status_code, answer.url) == (302, "/companies/one/team/")
    assert role_in(people.bob, people.one) is None
    for slug in ("api-credentials", "csr"):
        assert step(held, slug).assignee is None
    assert step(held, "csr").draft == {"way": "own"}
    names = Event.objects.filter(chain=str(people.one.pk)).order_by("number").values_list("name", flat=True)
    assert list(names)[-3:] == [EventName.MEMBER_REMOVED, EventName.STEP_UNCLAIMED, EventName.STEP_UNCLAIMED]
    assert list(find_chain_faults()) == []
    assert client_of(people.bob).get(f"/onboardings/{held.code}/").status_code == 404


def test_the_person_and_the_team_are_told(people: People, held: Onboarding) -> None:
    OutboxEmail.objects.all().delete()
    membership_changes.remove_member(_member(people.bob, people), actor=people.alice)
    emails = OutboxEmail.objects.select_related("to")
    told = {(message.to, read_email(message).subject) for message in emails}
    assert told == {
        (people.bob, "You have left One Energy Ltd"),
        (people.tess, "A change in the team of One Energy Ltd"),
    }
    letter = read_email(OutboxEmail.objects.get(to=people.tess))
    assert "Bob Test has left One Energy Ltd." in letter.text
    assert "- Create the CSR (UIT)" in letter.text
    assert "<li>Create API credentials (UIT)</li>" in letter.html


def test_a_lesser_role_returns_only_what_it_may_not_do(people: People, held: Onboarding) -> None:
    answer = _post(people.alice, people.bob, "role", role="technician")
    assert answer.status_code == 302
    assert role_in(people.bob, people.one) == Role.TECHNICIAN
    assert (step(held, "api-credentials").assignee, step(held, "csr").assignee) == (None, people.bob)
    page = sentences_of(fresh_client_of(people.alice).get("/companies/one/team/"))
    assert "Bob Test is a Technician now" not in page  # the banner is shown in the browser that did it


def test_a_done_step_that_is_sent_back_is_not_held_by_who_has_left(people: People, held: Onboarding) -> None:
    StepRecord.objects.filter(onboarding=held, slug="csr").update(state="done")
    membership_changes.remove_member(_member(people.bob, people), actor=people.alice)
    assert step(held, "csr").assignee is None


@pytest.mark.parametrize("verb", ["role", "remove"])
def test_the_primary_certificate_admin_stays(people: People, verb: str) -> None:
    answer = _post(people.bob, people.alice, verb, role="reader")
    assert answer.status_code == 409
    assert "Alice Test is the Primary Certificate Admin of One Energy Ltd, and there must be one." in (
        sentences_of(answer)
    )
    assert role_in(people.alice, people.one) == Role.PRIMARY


def test_nobody_becomes_primary_by_a_change_of_role(people: People) -> None:
    answer = _post(people.alice, people.bob, "role", role="primary")
    assert shows_errors(answer)
    with pytest.raises(PermissionRefused, match="Ask ops to change who it is"):
        membership_changes.change_role(_member(people.bob, people), Role.PRIMARY, actor=people.alice)
    assert role_in(people.bob, people.one) == Role.ADMIN


def test_the_last_certificate_admin_who_can_sign_in_stays(people: People) -> None:
    User.objects.filter(pk=people.alice.pk).update(is_active=False)
    for verb in (
        lambda: membership_changes.remove_member(_member(people.bob, people), actor=people.bob),
        lambda: membership_changes.change_role(_member(people.bob, people), Role.READER, actor=people.bob),
    ):
        with pytest.raises(StateConflict, match="Bob Test is the last Certificate Admin .* who can sign in"):
            verb()
    assert role_in(people.bob, people.one) == Role.ADMIN


def test_everybody_may_leave_and_sees_nothing_from_then_on(people: People) -> None:
    browser = fresh_client_of(people.rhea)
    page = browser.get(f"/companies/one/team/{people.rhea.pk}/remove/")
    assert "From the next page on you see nothing of the company any more." in sentences_of(page)
    assert browser.post(f"/companies/one/team/{people.rhea.pk}/remove/").url == "/"
    assert browser.get("/companies/one/").status_code == 404


@pytest.mark.parametrize(
    ("name", "status"), [("tess", 403), ("rhea", 403), ("olga", 403), ("charlie", 404), ("alice", 200)]
)
@pytest.mark.parametrize("verb", ["role", "remove"])
def test_only_certificate_admins_change_the_team(people: People, name: str, status: int, verb: str) -> None:
    browser = fresh_client_of(getattr(people, name))
    path = f"/companies/one/team/{people.bob.pk}/{verb}/"
    assert browser.get(path).status_code == status
    if status != 200:
        assert browser.post(path, {"role": "reader"}).status_code == status
    assert role_in(people.bob, people.one) == Role.ADMIN


@pytest.mark.parametrize("verb", ["role", "remove"])
def test_a_fresh_sign_in_is_asked_for_first(people: People, verb: str) -> None:
    answer = client_of(people.alice).get(f"/companies/one/team/{people.bob.pk}/{verb}/")
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/reauthenticate/")


def test_forged_and_repeated_posts_end_in_a_sentence(people: People) -> None:
    assert _post(people.alice, people.charlie, "remove").status_code == 404
    read = _member(people.tess, people)
    membership_changes.remove_member(read, actor=people.alice)
    with pytest.raises(StateConflict, match="This person has left One Energy Ltd already."):
        membership_changes.remove_member(read, actor=people.bob)
    with pytest.raises(StateConflict, match="has left"):
        membership_changes.change_role(read, Role.READER, actor=people.bob)
    with pytest.raises(StateConflict, match="Rhea Test is a Reader already"):
        membership_changes.change_role(_member(people.rhea, people), Role.READER, actor=people.bob)
    assert shows_errors(_post(people.alice, people.rhea, "role", role="owner"))


def test_who_leaves_or_steps_down_stands_in_for_nobody(people: People) -> None:
    today = timezone.localdate()
    absence.enter_absence(people.one, people.alice, today, today, people.bob)
    absence.enter_absence(people.one, people.tess, today, today, people.bob)
    membership_changes.change_role(_member(people.bob, people), Role.TECHNICIAN, actor=people.alice)
    assert absence.find_deputy(people.alice, people.one) is None
    assert absence.find_deputy(people.tess, people.one) == people.bob
    membership_changes.remove_member(_member(people.bob, people), actor=people.alice)
    assert absence.find_deputy(people.tess, people.one) is None
