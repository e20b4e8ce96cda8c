"""Where a second factor is demanded, no secret leaves to somebody who has none: the days of grace are not for secrets.

From whom it is demanded, and by when, is tested in tests/people/test_second_factor_policy.py.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from certs.secret_sharing import What
from onboarding.handover import secret_sharing
from onboarding.journey.models import Onboarding
from tests.attacks.attacker import taken_by
from tests.handover.factories import make_dana, make_grant, open_steps
from tests.journey.test_secret_downloads import built
from tests.people.totp_app import code_of, key_on, set_up
from tests.people_fixtures import People, client_of, fresh_client_of

SENTENCE = "Secrets leave the portal only to people who show two proofs"


@pytest.fixture
def case(people: People, onboarding: Onboarding, settings: Any) -> Onboarding:
    """Secrets in the vault; a second factor is demanded, and everybody has fourteen days to set it up."""
    built(onboarding, people)
    settings.PORTAL = settings.PORTAL.model_copy(
        update={"second_factor": True, "second_factor_grace_days": 14}
    )
    return onboarding


@pytest.fixture
def in_app() -> Callable[[Client, str], Any]:
    """Set up a code app in a browser that is signed in: what the portal answers at the end."""

    def done(browser: Client, start: str) -> Any:
        key = key_on(browser.get(start).text)
        return browser.post(start, {"code": code_of(key)}, follow=True)

    return done


@pytest.mark.parametrize("name", ["alice", "bob"])
def test_nothing_is_taken_within_the_days_of_grace(people: People, case: Onboarding, name: str) -> None:
    browser = fresh_client_of(getattr(people, name))
    assert client_of(getattr(people, name)).get("/", follow=True).status_code == 200  # the grace itself holds
    assert taken_by(browser, case) == []


@pytest.mark.parametrize("address", ["show-credentials/", "download/"])
def test_the_refusal_leads_to_the_set_up_and_back(
    people: People, case: Onboarding, address: str, in_app: Callable[[Client, str], Any]
) -> None:
    browser, path = fresh_client_of(people.bob), f"/onboardings/{case.code}/{address}"
    refused = browser.get(path)
    assert refused.status_code == 403
    assert SENTENCE in refused.text
    links = {a["href"] for a in BeautifulSoup(refused.content, "html.parser").select("main a[href]")}
    assert "/accounts/2fa/" in links
    end = in_app(browser, "/accounts/2fa/totp/activate/")
    back = BeautifulSoup(end.content, "html.parser").select_one(f"main a[href='{path}']")
    assert back is not None
    assert browser.get("/accounts/2fa/").text.count(path) == 1
    assert browser.get(path).status_code == 200
    assert path not in browser.get("/accounts/2fa/").text


def test_who_has_one_is_given_what_they_ask_for(people: People, case: Onboarding) -> None:
    browser, _, _ = set_up(people.bob)
    assert "API key and secret" in taken_by(browser, case)


def test_recovery_codes_alone_are_none(people: People, case: Onboarding) -> None:
    browser, _, _ = set_up(people.bob)
    browser.post("/accounts/2fa/totp/deactivate/")
    assert taken_by(browser, case) == []


def test_what_the_portal_keeps_is_not_passed_on_without_one(people: People, case: Onboarding) -> None:
    open_steps(case, "csr")
    dana = make_dana()
    offer = make_grant(case, people.bob, dana, "csr")
    form = {"source": "kept-api-credentials", "until_day": "1", "until_month": "1", "until_year": "2099"}
    bob = fresh_client_of(people.bob)
    for answer in (
        bob.get(f"/handovers/{offer.pk}/secrets/"),
        bob.post(f"/handovers/{offer.pk}/secrets/", form),
    ):
        assert (answer.status_code, SENTENCE in answer.text) == (403, True)


def test_what_was_passed_on_is_not_opened_without_one(people: People, case: Onboarding) -> None:
    open_steps(case, "csr")
    dana = make_dana()
    offer = make_grant(case, people.bob, dana, "csr")
    row = secret_sharing.share(
        offer,
        What.API_CREDENTIALS,
        b"key\nsecret",
        until=timezone.now() + timedelta(days=1),
        actor=people.bob,
    )
    path = f"/handovers/{offer.pk}/secrets/{row.pk}/"
    answer = fresh_client_of(dana).post(path)
    assert (answer.status_code, SENTENCE in answer.text) == (403, True)
    assert set_up(dana)[0].post(path).status_code == 200
