"""Who has to act, by name, on the journey, the page of a step and Your tasks, with the button that reminds them.

What the button does is in test_reminders.py; telephone numbers are in tests/people/test_telephone.py.
"""

import pytest

from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.handover import claims
from onboarding.journey import reminders
from onboarding.journey.models import Onboarding
from onboarding.people.models import Membership, Role, User
from onboarding.ui.formatting import when
from tests.handover.factories import open_steps
from tests.journey.form_client import sentences_of
from tests.journey.held_step import find_button, record_of, reminders_sent
from tests.notifications.email_reader import read_email
from tests.people_fixtures import People, client_of, make_user, step


def test_the_page_says_to_whom_the_email_goes_and_the_history_who_asked(
    people: People, onboarding: Onboarding, held: str
) -> None:
    rhea = client_of(people.rhea)
    rhea.post(f"{held}remind/")
    assert "Bob Test gets an email that reminds of “Create the CSR”." in sentences_of(rhea.get(held))
    history = sentences_of(rhea.get(f"/onboardings/{onboarding.code}/history/"))
    assert "Create the CSR: Rhea Test had a reminder sent to whoever has to act" in history
    assert "Sent to: Bob Test" in history


def test_the_address_leads_to_the_step_where_it_is_only_opened(people: People, held: str) -> None:
    answer = client_of(people.alice).get(f"{held}remind/")
    assert (answer.status_code, answer["Location"]) == (302, held)
    assert reminders_sent() == []


def test_where_nobody_has_the_step_those_of_the_role_are_reminded_and_named(
    people: People, onboarding: Onboarding, held: str
) -> None:
    claims.unclaim(step(onboarding, "csr"), actor=people.bob)
    User.objects.filter(pk=people.alice.pk).update(is_active=False)
    page = sentences_of(client_of(people.rhea).get(held))
    assert "Nobody has taken it yet. Each of these people can do it: Bob Test (Certificate Admin)" in page
    assert "Alice Test (" not in page
    client_of(people.rhea).post(f"{held}remind/")
    assert [email.to for email in reminders_sent()] == [people.bob, people.tess]
    assert all(
        "Nobody has taken it yet; you are one of those who can." in read_email(email).text
        for email in reminders_sent()
    )
    assert Event.objects.get(name=EventName.STEP_REMINDED).data == {"reminded": "Bob Test, Tess Test"}


def test_who_can_take_a_step_that_nobody_has_is_told_that_it_is_theirs_too(
    people: People, onboarding: Onboarding, held: str
) -> None:
    claims.unclaim(step(onboarding, "csr"), actor=people.bob)
    for user in (people.alice, people.bob, people.tess):
        assert client_of(user).post(f"{held}remind/").status_code == 403
        assert find_button(user, held) is None


def test_of_a_step_of_the_primary_the_primary_is_reminded_by_name(
    people: People, onboarding: Onboarding
) -> None:
    page = sentences_of(client_of(people.bob).get(f"/onboardings/{onboarding.code}/"))
    assert "Alice Test (Primary Certificate Admin) Remind" in page
    assert "Nobody has taken it yet" not in page
    assert reminders.remind(step(onboarding, "register"), actor=people.bob) == [people.alice]


def test_of_many_people_the_first_are_named_and_the_rest_are_counted(
    people: People, onboarding: Onboarding, held: str
) -> None:
    claims.unclaim(step(onboarding, "csr"), actor=people.bob)
    for number in range(5):
        user = make_user(f"t{number}@one.example", f"Technician {number}")
        Membership.objects.create(user=user, company=people.one, role=Role.TECHNICIAN)
    page = sentences_of(client_of(people.rhea).get(held))
    assert "Alice Test (Primary Certificate Admin) Bob Test (Certificate Admin)" in page
    assert "and 3 more" in page
    client_of(people.rhea).post(f"{held}remind/")
    said = sentences_of(client_of(people.rhea).get(held))
    assert len(reminders_sent()) == 8
    assert "Reminded on" in said


def test_an_email_that_waits_is_said_to_wait(people: People, onboarding: Onboarding, held: str) -> None:
    open_steps(onboarding, "pfx")
    claims.claim(step(onboarding, "pfx"), actor=people.bob)
    alice = client_of(people.alice)
    alice.post(f"{held}remind/")
    other = held.replace("csr", "pfx")
    alice.post(f"{other}remind/")
    assert "The email waits until" in sentences_of(alice.get(other))


@pytest.mark.parametrize(
    ("pressed_on", "page"),
    [("journey", "/onboardings/{code}/"), ("tasks", "/?stay"), ("waiting", "/tasks/waiting/")],
)
def test_each_page_that_has_the_button_gets_its_reader_back(
    people: People, onboarding: Onboarding, held: str, pressed_on: str, page: str
) -> None:
    form = find_button(people.alice, page.format(code=onboarding.code))
    assert form is not None
    hidden = form.select_one("input[name=from]")
    assert hidden is not None
    assert hidden["value"] == pressed_on
    assert form.get_text(" ", strip=True).startswith("Remind Bob Test")
    answer = client_of(people.alice).post(str(form["action"]), {"from": pressed_on})
    assert answer["Location"].startswith(page.format(code=onboarding.code))
    assert f"Reminded on {when(record_of(held).reminded_at)}" in sentences_of(
        client_of(people.alice).get(page.format(code=onboarding.code))
    )


def test_a_page_that_is_none_of_ours_is_no_way_back(people: People, held: str) -> None:
    answer = client_of(people.alice).post(f"{held}remind/", {"from": "https://evil.example/"})
    assert answer["Location"] == held


def test_your_tasks_have_no_button_where_the_row_is_not_for_somebody_else(people: People, held: str) -> None:
    assert find_button(people.bob, "/?stay") is None
    assert find_button(people.rhea, "/?stay") is not None
