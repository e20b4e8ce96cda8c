"""Every form of the portal: what comes back after an error comes back after a sign-in, too, and to nobody else.

The forms are found by asking: whatever leads to its page with what is wrong with it.
"""

import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from django import forms
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client
from django.urls import ResolverMatch, resolve

from onboarding.journey.steps import get_definition
from onboarding.people.models import User
from onboarding.ui.post_only import SENT
from tests.journey.form_client import sign_in
from tests.leaks.expected_access import rows
from tests.leaks.scenario import Scenario
from tests.outside_calls import begin_test_transaction
from tests.people_fixtures import PASSWORD, Browser, client_of

pytestmark = pytest.mark.long
WHO = ("alice", "bob", "olga", "tess", "granted")
TYPED = "Typed before the session ended"


@pytest.fixture
def scene(db: None, settings: Any, caplog: pytest.LogCaptureFixture) -> Scenario:
    caplog.set_level(logging.CRITICAL, "django.request")
    return Scenario(settings)


def _user(scene: Scenario, who: str) -> User:
    return scene.dana if who == "granted" else getattr(scene.people, who)


def _forms(scene: Scenario) -> Iterator[tuple[str, str, ResolverMatch]]:
    """(name, somebody who may send it, the view) of each form that leads to its page when it is not taken."""
    for name, words in rows("POST").items():
        for who in WHO if "go" in words else ():
            address, client = scene.address(name, who), scene.clients[who]
            cookies = client.cookies.copy()
            with begin_test_transaction():
                answer = client.post(address, {"nothing": "of what is asked"})
                transaction.set_rollback(True)
            client.cookies = cookies
            if answer.status_code == 302 and f"{SENT}=" in urlsplit(answer["Location"]).query:
                yield name, who, resolve(urlsplit(address).path)
                break


def _text_fields(match: ResolverMatch) -> list[str]:
    found = list(match.func.list_typed_forms(**match.kwargs))
    texts = (forms.TextInput, forms.Textarea)
    return [
        name
        for form in found
        for name, field in form.base_fields.items()
        if isinstance(field.widget, texts) and name not in getattr(form, "undraftable", ())
    ]


def _way(match: ResolverMatch) -> dict[str, str]:
    """The way that a page of a step with several ways sends along: the first with a box for text."""
    ways = get_definition(match.kwargs["slug"]).ways if match.view_name == "journey:step" else ()
    return next(({"way": way.sends, "tool": way.name} for way in ways if "csr_text" in way.fields), {})


def _send_without_session(user: User, address: str, data: dict[str, str]) -> tuple[Client, str]:
    """(the browser, where it is asked to sign in) after a post whose session has ended."""
    browser = client_of(user)
    browser.get("/help/about/")
    Session.objects.all().delete()
    answer = browser.post(address, data)
    assert urlsplit(answer["Location"]).path == "/accounts/login/"
    return browser, answer["Location"].partition("next=")[2]


def _open(browser: Client, page: str) -> Any:
    """The page, after showing once more who it is where it asks."""
    again = f"/accounts/reauthenticate/?next={quote(page, safe='')}"
    shown = browser.get(page)
    if shown.headers.get("Location") == again:
        shown = browser.post(again, {"password": PASSWORD}, follow=True)
    return shown


def test_what_was_typed_into_any_form_survives_the_session_for_its_person_only(scene: Scenario) -> None:
    found = list(_forms(scene))
    assert len(found) > 12
    for name, who, match in found:
        fields, address = _text_fields(match), scene.address(name, who)
        if not fields:  # choices and dates
            continue
        for reader in (who, "alice" if who != "alice" else "bob"):
            with begin_test_transaction():
                browser, page = _send_without_session(
                    _user(scene, who), address, dict.fromkeys(fields, TYPED) | _way(match)
                )
                sign_in(_user(scene, reader), browser, then=page)
                shown = _open(browser, page)
                transaction.set_rollback(True)
            assert (TYPED in shown.content.decode()) == (reader == who), f"{name} for {reader}"
            assert shown.status_code == 200 or reader != who, f"{name}: {page}"


def test_a_browser_in_which_nobody_signed_in_keeps_nothing(scene: Scenario) -> None:
    for name, who, match in _forms(scene):
        if fields := _text_fields(match):
            Session.objects.all().delete()
            forged = Browser()
            forged.cookies["sessionid"] = "made up"
            forged.cookies["last_person"] = f"{scene.people.alice.pk}:made-up"
            forged.post(scene.address(name, who), dict.fromkeys(fields, TYPED))
            assert not Session.objects.exists(), name
            return
    raise AssertionError("no form was tried")
