"""A session must not stay open on a forgotten computer: it ends after a time without use, and after twelve hours.

What a browser remembers of a form is tested in tests/journey/test_form_recovery.py.
"""

from datetime import datetime, timedelta
from typing import Any

from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from onboarding.people.models import User
from tests.journey import step_actions
from tests.people_fixtures import PASSWORD, People
from tests.time_travel import travel

IDLE = "You were signed out because nothing was done here for 60 minutes. Sign in to go on."
OLD = "You were signed out because you signed in 12 hours ago. Sign in to go on."


def signed_in(user: User) -> tuple[Client, datetime]:
    client = Client()
    assert client.post("/accounts/login/", {"login": user.email, "password": PASSWORD}).status_code == 302
    return client, timezone.now()


def _at(began: datetime, **later: float) -> Any:
    return travel(began + timedelta(**later), tick=False, machine=True)


def test_a_session_that_nobody_uses_does_not_stay_open(people: People) -> None:
    client, began = signed_in(people.alice)
    with _at(began, minutes=59):
        assert client.get("/accounts/").status_code == 200
    with _at(began, minutes=59 + 61):
        answer = client.get("/accounts/")
        assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/accounts/")


def test_a_session_in_use_does_not_outlive_twelve_hours(people: People) -> None:
    client, began = signed_in(people.alice)
    for half_hours in range(1, 24):
        with _at(began, minutes=30 * half_hours):
            assert client.get("/accounts/").status_code == 200, half_hours
    with _at(began, hours=12, minutes=1):
        assert OLD in client.get("/accounts/", follow=True).text


def test_a_page_that_asks_by_itself_does_not_keep_the_session_open(people: People) -> None:
    client, began = signed_in(people.alice)
    for minutes in range(10, 60, 10):
        with _at(began, minutes=minutes):
            assert client.get("/accounts/", headers={"HX-Request": "true"}).status_code == 200
    with _at(began, minutes=61):
        fragment = client.get("/accounts/", headers={"HX-Request": "true"})
        assert (fragment.status_code, fragment["HX-Refresh"]) == (204, "true")
        assert IDLE in client.get("/accounts/", follow=True).text, "the reloaded page says why"


def test_the_end_of_a_session_is_not_without_a_sentence_and_leads_back(people: People) -> None:
    client, began = signed_in(people.alice)
    with _at(began, minutes=61):
        page = client.get(f"/companies/{people.one.slug}/team/", follow=True)
        assert page.text.count("You were signed out") == 1
        assert IDLE in page.text
        form = BeautifulSoup(page.text, "html.parser").select_one('form[action="/accounts/login/"]')
        assert form is not None
        data = {str(box["name"]): str(box.get("value", "")) for box in form.select("input[name]")}
        back = client.post("/accounts/login/", {**data, "login": people.alice.email, "password": PASSWORD})
        assert back["Location"] == f"/companies/{people.one.slug}/team/"
        assert client.get(back["Location"]).status_code == 200


def test_what_was_typed_is_not_lost_when_the_session_ends(people: People, onboarding: Any) -> None:
    client, began = signed_in(people.alice)
    step = f"/onboardings/{onboarding.code}/register/"
    client.get(step)
    typed = step_actions.step_action("register").data()
    with _at(began, minutes=61):
        page = client.post(step, typed, follow=True)
        assert IDLE in page.text
        assert "What you typed is kept, except secrets and files." in page.text
        assert page.text.count("You were signed out") == 1
        client.post("/accounts/login/", {"login": people.alice.email, "password": PASSWORD})
        again = client.get(step)
    kept = {box["name"]: box.get("value") for box in BeautifulSoup(again.text, "html.parser").select("input")}
    assert kept["job_title"] == typed["job_title"]


def test_a_session_that_ended_does_not_come_back(people: People) -> None:
    client, began = signed_in(people.alice)
    before = dict(client.cookies)
    with _at(began, minutes=61):
        client.get("/accounts/")
    for name, cookie in before.items():
        client.cookies[name] = cookie.value
    assert client.get("/accounts/").status_code == 302


def test_what_the_operator_sets_does_not_go_unheeded(people: People, settings: Any) -> None:
    settings.PORTAL = settings.PORTAL.model_copy(update={"session_idle_minutes": 15})
    client, began = signed_in(people.alice)
    with _at(began, minutes=16):
        assert "for 15 minutes" in client.get("/accounts/", follow=True).text
