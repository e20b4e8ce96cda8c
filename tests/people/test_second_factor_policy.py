"""From whom a second factor is demanded, since when, and what they can still do without one.

Setting one up is tested in test_second_factor.py.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from config.env import Portal
from onboarding.people import signals
from onboarding.people.models import Membership, Role, User
from tests.journey import step_actions
from tests.people.totp_app import set_up
from tests.people_fixtures import client_of

BANNER = "Set up two-step verification for your sign-in"
HELD = "Anybody who may change something here must use two-step verification"
WRITERS = ("alice", "bob", "tess", "charlie", "olga")


@pytest.fixture
def demanded(people, operator):
    """Demanded after fourteen days, and everybody has been here for thirteen."""
    operator(second_factor=True, second_factor_grace_days=14)
    been_here(13)
    return people


def been_here(days: int) -> None:
    at = timezone.now() - timedelta(days=days)
    Membership.objects.update(since=at)
    User.objects.update(created_at=at)


def test_production_always_demands_it_the_demonstration_does_not(settings) -> None:
    def demands(**values) -> bool:
        return bool(settings.PORTAL.model_copy(update=values).demands_second_factor)

    assert demands(mode="production")
    assert demands(mode="production", second_factor=False)
    assert not demands(mode="demo")
    assert demands(mode="demo", second_factor=True)
    assert Portal.model_fields["second_factor_grace_days"].default == 14


@pytest.mark.parametrize("name", WRITERS)
def test_within_the_time_a_banner_says_by_when(demanded, name: str) -> None:
    page = client_of(getattr(demanded, name)).get("/", follow=True)
    assert page.status_code == 200
    assert BANNER in page.text


@pytest.mark.parametrize("name", WRITERS)
def test_after_the_time_only_the_page_to_set_it_up_is_shown(demanded, name: str) -> None:
    been_here(15)
    client = client_of(getattr(demanded, name))
    for address in ("/", f"/companies/{demanded.one.slug}/", "/ops/", "/no-such-page/"):
        answer = client.get(address)
        assert (answer.status_code, answer.get("Location")) in {(302, "/accounts/2fa/"), (404, None)}, address
    page = client.get("/", follow=True)
    assert HELD in page.text
    assert BANNER not in page.text


def test_a_reader_is_asked_for_nothing(demanded) -> None:
    been_here(400)
    page = client_of(demanded.rhea).get("/", follow=True)
    assert (page.status_code, BANNER in page.text, HELD in page.text) == (200, False, False)


def test_a_reader_who_becomes_a_technician_gets_the_whole_time(demanded) -> None:
    been_here(400)
    Membership.objects.filter(user=demanded.rhea).update(role=Role.TECHNICIAN, since=timezone.now())
    assert BANNER in client_of(demanded.rhea).get("/", follow=True).text


def test_a_reader_here_and_an_admin_there_is_asked_for_it(demanded) -> None:
    Membership.objects.create(user=demanded.rhea, company=demanded.two, role=Role.ADMIN)
    assert BANNER in client_of(demanded.rhea).get("/", follow=True).text


def test_rooms_above_name_others_who_may_change_something(demanded) -> None:
    ago = timezone.now() - timedelta(days=20)

    def answer(user: User, **_: Any) -> datetime | None:
        return ago if user == demanded.rhea else None

    signals.access_start_requested.connect(answer)
    try:
        assert client_of(demanded.rhea).get("/")["Location"] == "/accounts/2fa/"
    finally:
        signals.access_start_requested.disconnect(answer)


def test_whoever_has_one_is_left_in_peace(demanded) -> None:
    client, _, _ = set_up(demanded.alice)
    been_here(400)
    page = client.get("/", follow=True)
    assert (page.status_code, BANNER in page.text, HELD in page.text) == (200, False, False)


def test_recovery_codes_alone_are_no_second_factor(demanded) -> None:
    client, _, _ = set_up(demanded.alice)
    been_here(15)
    client.post("/accounts/2fa/totp/deactivate/")
    assert client.get("/")["Location"] == "/accounts/2fa/"


def test_ones_own_account_help_and_the_way_out_stay_open(demanded) -> None:
    been_here(15)
    client = client_of(demanded.alice)
    for address in ("/accounts/", "/accounts/password/change/", "/accounts/sessions/", "/help/", "/healthz"):
        assert client.get(address).status_code == 200, address
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert client.get("/")["Location"].startswith("/accounts/login/")


def test_what_was_typed_when_the_time_ended_is_kept(demanded, onboarding) -> None:
    client = client_of(demanded.alice)
    step = f"/onboardings/{onboarding.code}/register/"
    client.get(step)
    been_here(15)
    assert client.post(step, step_actions.step_action("register").data())["Location"] == "/accounts/2fa/"
    assert "What you typed is kept" in client.get("/accounts/2fa/").text


def test_a_part_that_refreshes_itself_reloads_the_page(demanded) -> None:
    been_here(15)
    answer = client_of(demanded.alice).get("/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")


def test_where_it_is_not_demanded_nobody_hears_of_it(people) -> None:
    been_here(400)
    assert BANNER not in client_of(people.alice).get("/", follow=True).text


def test_a_stranger_is_asked_to_sign_in_and_for_nothing_else(demanded) -> None:
    assert Client().get("/")["Location"] == "/accounts/login/?next=/"
