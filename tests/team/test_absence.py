"""Absence and deputies: entering it, chains, circles, who is written to.

What leaving does to a deputy is in tests/team/test_membership_changes.py.
"""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from certs import clock
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.journey import emails
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.notifications.models import OutboxEmail
from onboarding.people.decisions import PermissionRefused, StateConflict
from onboarding.people.models import Membership, Role, User
from onboarding.team import absence, coverage
from onboarding.team.models import Absence
from tests.handover.factories import make_dana, make_grant, open_steps
from tests.journey.form_client import sentences_of, words
from tests.notifications.email_reader import read_email
from tests.people_fixtures import People, client_of, make_user, shows_errors, step

PAGE = "/companies/one/absence/"


def _day(offset: int) -> date:
    return timezone.localdate() + timedelta(days=offset)


def _parts(name: str, day: date) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def _away(people: People, user: User, deputy: User | None, first: int = 0, last: int = 5) -> Absence:
    return absence.enter_absence(people.one, user, _day(first), _day(last), deputy)


@pytest.fixture
def dora(people: People) -> User:
    """A third Certificate Admin."""
    made = make_user("dora@one.example", "Dora Test")
    Membership.objects.create(user=made, company=people.one, role=Role.ADMIN)
    return made


def test_an_absence_is_entered_by_the_page_and_the_deputy_is_told(people: People) -> None:
    browser = client_of(people.bob)
    typed = {**_parts("first_day", _day(0)), **_parts("last_day", _day(3)), "deputy": str(people.alice.pk)}
    assert browser.post(PAGE, typed).url == PAGE
    page = sentences_of(browser.get(PAGE))
    assert "Alice Test stands in." in page
    assert "Bob Test is away until" in sentences_of(client_of(people.rhea).get("/companies/one/team/"))
    letter = OutboxEmail.objects.get(key__startswith="deputy:")
    assert (letter.to, read_email(letter).subject) == (
        people.alice,
        "You are the deputy for somebody at One Energy Ltd",
    )
    assert Event.objects.filter(name=EventName.ABSENCE_SET).get().data["deputy"] == "Alice Test"


def test_chains_are_followed_to_somebody_who_is_there(people: People, dora: User) -> None:
    _away(people, people.alice, people.bob)
    assert absence.find_deputy(people.alice, people.one) == people.bob
    _away(people, people.bob, dora, 2, 3)
    assert absence.find_deputy(people.alice, people.one) == people.bob
    assert absence.find_deputy(people.alice, people.one, _day(2)) == dora
    assert absence.find_deputy(people.alice, people.one, _day(4)) == people.bob
    assert absence.find_deputy(people.alice, people.one, _day(6)) is None


def test_circles_are_refused_however_long(people: People, dora: User) -> None:
    _away(people, people.alice, people.bob)
    _away(people, people.bob, dora)
    for deputy in (people.alice, people.bob):
        with pytest.raises(StateConflict, match="is away in that time, and you stand in"):
            _away(people, dora, deputy, 5, 9)
    _away(people, dora, people.alice, 6, 9)
    assert Absence.objects.count() == 3


def test_chains_that_miss_each_other_in_time_are_no_circle(people: People, dora: User) -> None:
    _away(people, people.alice, people.bob, 0, 2)
    _away(people, people.bob, dora, 4, 6)
    _away(people, dora, people.alice, 0, 6)
    assert [absence.find_deputy(people.bob, people.one, _day(n)) for n in (4, 6)] == [people.alice] * 2


def test_a_chain_that_ends_with_nobody_is_a_warning(people: People, dora: User) -> None:
    _away(people, people.alice, people.bob)
    _away(people, people.bob, None)
    User.objects.filter(memberships__company=people.one).update(last_login=clock.now())
    assert absence.find_deputy(people.alice, people.one) is None
    assert [sentence.split(" until")[0] for sentence in coverage.list_warnings(people.one)] == [
        "Alice Test is away",
        "Bob Test is away",
    ]
    assert "nobody stands in" in absence.describe_absences(people.one)[people.alice.pk]


def test_a_deputy_needs_at_least_the_same_role(people: People) -> None:
    assert absence.list_possible_deputies(people.tess, people.one) == [people.alice, people.bob]
    assert absence.list_possible_deputies(people.alice, people.one) == [people.bob]
    assert absence.list_possible_deputies(people.charlie, people.one) == []
    for deputy in (people.tess, people.charlie, people.bob):
        with pytest.raises(PermissionRefused, match="cannot stand in for you"):
            _away(people, people.bob, deputy)
    with pytest.raises(PermissionRefused, match="You are not a member"):
        _away(people, people.charlie, None)


def test_days_that_cannot_be_are_refused_and_nothing_typed_is_lost(people: People) -> None:
    _away(people, people.bob, None)
    browser = client_of(people.bob)
    for first, last, sentence in (
        (3, 1, "The last day must not be before the first day"),
        (5, 8, "You are away from"),
        (-9, -8, "There is a problem"),
    ):
        answer = browser.post(PAGE, {**_parts("first_day", _day(first)), **_parts("last_day", _day(last))})
        assert shows_errors(answer)
        assert sentence in sentences_of(answer)
    assert Absence.objects.count() == 1
    forged = {**_parts("first_day", _day(8)), **_parts("last_day", _day(9)), "deputy": str(people.charlie.pk)}
    assert shows_errors(browser.post(PAGE, forged))


def test_letters_go_to_the_deputy_as_well(people: People, onboarding: Onboarding) -> None:
    _away(people, people.bob, people.alice)
    StepRecord.objects.filter(onboarding=onboarding, slug="csr").update(
        state="open", assignee=people.bob, assigned_at=timezone.now()
    )
    emails.queue_begun(step(onboarding, "csr"))
    found = OutboxEmail.objects.filter(key__startswith=f"step-open:{step(onboarding, 'csr').pk}:")
    assert {message.to for message in found} == {people.alice, people.bob}


@pytest.mark.parametrize(
    ("name", "status"), [("bob", 302), ("alice", 302), ("tess", 403), ("rhea", 403), ("charlie", 404)]
)
def test_an_absence_is_ended_by_its_person_or_an_admin(people: People, name: str, status: int) -> None:
    row = _away(people, people.bob, None)
    browser = client_of(getattr(people, name))
    assert browser.post(f"{PAGE}{row.pk}/end/").status_code == status
    assert Absence.objects.exists() == (status != 302)
    if status == 302:
        assert browser.post(f"{PAGE}{row.pk}/end/").status_code == 404


def test_strangers_and_ops_have_no_absence_here(people: People) -> None:
    assert client_of(people.charlie).get(PAGE).status_code == 404
    assert client_of(people.olga).get(PAGE).status_code == 403


def test_the_journey_and_its_steps_show_who_is_away_to_the_company_alone(
    people: People, onboarding: Onboarding
) -> None:
    open_steps(onboarding, "csr")
    dana = make_dana()
    make_grant(onboarding, people.alice, dana, "csr")
    _away(people, people.alice, people.bob)
    for page in (f"/onboardings/{onboarding.code}/", f"/onboardings/{onboarding.code}/csr/"):
        for user, shown in ((people.tess, True), (people.olga, True), (dana, False)):
            text = words(client_of(user).get(page))
            assert ("Alice Test is away until" in text) == shown, (page, user)
    assert "Bob Test stands in" in words(client_of(people.tess).get("/companies/one/"))
