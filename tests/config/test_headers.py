"""What every answer carries: a strict content security policy, nothing kept by browsers, no framing.

The production settings are tested in test_production.py.
"""

import re

import pytest
from django.test import Client

from onboarding.journey.models import Onboarding
from tests.people_fixtures import People, client_of

PAGES = ("/?stay", "/companies/one/", "/companies/one/team/", "/help/", "/accounts/password/change/")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_a_person_has_strict_headers(people: People, onboarding: Onboarding, page: str) -> None:
    answer = client_of(people.alice).get(page)
    assert answer.status_code == 200
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    for loose in ("unsafe-inline", "unsafe-eval", "*", "http:", "https:"):
        assert loose not in policy
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]


@pytest.mark.parametrize(("page", "status"), [("/nowhere/", 404), ("/ops/", 404), ("/accounts/login/", 302)])
def test_refusals_have_them_too(people: People, page: str, status: int) -> None:
    answer = client_of(people.alice).get(page)
    assert answer.status_code == status
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]


def test_no_page_of_the_journey_needs_inline_script_or_style(people: People, onboarding: Onboarding) -> None:
    browser = client_of(people.alice)
    for path in ("", "history/", "register/", "csr/", "quote/", "withdraw/"):
        text = browser.get(f"/onboardings/{onboarding.code}/{path}").content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", text)


def test_the_sign_in_page_is_not_kept_and_not_framed(db: None) -> None:
    answer = Client().get("/accounts/login/")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Frame-Options"] == "DENY"


def test_a_file_to_be_saved_is_never_shown_inside_the_portal(people: People, onboarding: Onboarding) -> None:
    from onboarding.journey.views.files import attachment

    answer = attachment(b"<script>", "a.html")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Content-Disposition"] == 'attachment; filename="a.html"'
    assert answer["Content-Type"] == "application/octet-stream"


def test_a_form_without_its_token_is_refused_with_a_page(people: People, onboarding: Onboarding) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(people.alice)
    answer = browser.post(f"/onboardings/{onboarding.code}/register/", {})
    assert answer.status_code == 403
    assert "<h1" in answer.content.decode()
