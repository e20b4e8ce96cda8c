"""A company's certificates, and the end of an onboarding: what is valid until when, what may be started, for whom."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from certs.models import Certificate
from onboarding.journey import company_certificates, progress
from onboarding.journey.models import Onboarding, StepRecord
from tests.handover.factories import make_dana
from tests.journey.form_client import soup
from tests.journey.step_actions import bring_to, perform, step_action
from tests.people_fixtures import People, client_of
from tests.ui.calendar_reader import read_calendar

PAGE, CALENDAR = "/companies/one/certificates/", "/companies/one/certificates.ics"


@pytest.fixture
def complete(people: People, onboarding: Onboarding) -> Onboarding:
    """Company one's onboarding in UIT is at its end; its certificate has 45 days left."""
    bring_to(onboarding, people, step_action("dip-upload"))
    perform(onboarding, people, step_action("dip-upload"))
    _end_in(45)
    onboarding.refresh_from_db()
    return onboarding


def _end_in(days: int) -> None:
    Certificate.objects.update(
        not_before=timezone.now() - timedelta(days=1781),
        not_after=timezone.now() + timedelta(days=days, hours=1),
    )


def _words(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return " ".join(soup(answer).select_one("main").get_text(" ").split())


def _links(browser: Client, path: str) -> dict[str, str]:
    main = soup(browser.get(path)).select_one("main")
    return {" ".join(each.get_text(" ").split()): str(each["href"]) for each in main.select("a[href]")}


def _start(onboarding: Onboarding, environment: str) -> str:
    return f"/companies/one/start/?environment={environment}&after={onboarding.code}"


def test_members_and_ops_see_the_page_and_nobody_else(people: People, onboarding: Onboarding) -> None:
    for who in (people.alice, people.bob, people.tess, people.rhea, people.olga):
        browser = client_of(who)
        assert "No certificate yet" in _words(browser, PAGE)
        answer = browser.get(CALENDAR)
        assert (answer.status_code, answer["Location"]) == (302, PAGE)
        assert _links(browser, "/companies/one/")["Certificates, and when they end"] == PAGE
    for who in (people.charlie, make_dana()):
        assert client_of(who).get(PAGE).status_code == 404
        assert client_of(who).get(CALENDAR).status_code == 404


def test_the_completed_page_says_what_ends_when_and_leads_on(people: People, complete: Onboarding) -> None:
    path = f"/onboardings/{complete.code}/"
    alice, rhea = client_of(people.alice), client_of(people.rhea)
    for browser in (alice, rhea):
        words = _words(browser, path)
        assert "45 days left" in words
        assert "“dip”, on record here since" in words
        assert "What comes next in the DIP" in words
        links = _links(browser, path)
        assert links["All certificates of One Energy Ltd"] == PAGE
        assert links["Add the ends to your calendar (.ics)"] == CALENDAR
    links = _links(alice, path)
    assert links["Start production"] == _start(complete, "production")
    assert links["Renew"] == _start(complete, "uit")
    assert not {"Start production", "Renew"} & set(_links(rhea, path))
    assert not {"Start production", "Renew"} & set(_links(client_of(people.olga), path))
    progress.start(people.one, environment="production", actor=people.alice)
    assert "Start production" not in _links(alice, path)
    _end_in(-3)
    assert "It ended on" in _words(alice, path)
    StepRecord.objects.update(facts={"certificate_id": "damaged", "credential_id": "damaged"})
    assert "No certificate is on record here" in _words(alice, path)
    assert "No API credential is on record here" in _words(alice, path)


def test_the_list_says_how_each_certificate_stands_and_what_can_be_renewed(
    people: People, complete: Onboarding
) -> None:
    alice = client_of(people.alice)
    words = _words(alice, PAGE)
    for each in (
        "In use",
        "45 days left",
        "CN=onboarding_key",
        Certificate.objects.get().serial,
        "1 certificate ends",
    ):
        assert each in words
    main = soup(alice.get(PAGE)).select_one("main")
    button = main.select_one("a.govuk-button")
    assert button["href"] == _start(complete, "uit")
    assert f"Renew the certificate of {complete.code}" not in _links(client_of(people.tess), PAGE)
    _end_in(400)
    assert _links(alice, PAGE)[f"Renew the certificate of {complete.code}"] == _start(complete, "uit")
    renewal = progress.start(people.one, environment="uit", actor=people.alice)
    assert _links(alice, PAGE)[renewal.code] == f"/onboardings/{renewal.code}/"
    assert "In use" in _words(alice, PAGE)  # until the new one is proven
    StepRecord.objects.filter(onboarding=renewal, slug="proof").update(state="done")
    assert f"The certificate of {renewal.code} is used" in _words(alice, PAGE)
    assert client_of(people.alice).get(CALENDAR).status_code == 302
    progress.withdraw(renewal, actor=people.alice, reason="started too early")
    assert "In use" in _words(alice, PAGE)
    StepRecord.objects.filter(onboarding=complete, slug="certificate").update(facts={})
    assert "Another one was made in the same onboarding" in _words(alice, PAGE)
    _end_in(-1)
    assert "It has ended" in _words(alice, PAGE)


def test_before_the_end_the_list_says_what_is_still_to_be_tried(
    people: People, onboarding: Onboarding
) -> None:
    bring_to(onboarding, people, step_action("pfx"))
    browser = client_of(people.rhea)
    assert "It is not tried at Atlas yet" in _words(browser, PAGE)
    StepRecord.objects.filter(onboarding=onboarding, slug="proof").update(state="done")
    assert "It is not in the DIP yet" in _words(browser, PAGE)
    progress.withdraw(onboarding, actor=people.alice, reason="another company")
    assert "The onboarding was withdrawn" in _words(browser, PAGE)


def test_the_calendar_file_has_the_end_and_the_day_to_renew(people: People, complete: Onboarding) -> None:
    _end_in(400)
    people.one.name = "Ünï, Energy; \\ Ltd " * 8
    people.one.save()
    answer = client_of(people.rhea).get(CALENDAR)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert 'filename="one-certificates.ics"' in answer["Content-Disposition"]
    end, renew = read_calendar(answer.content)
    ends = Certificate.objects.get().not_after
    assert end["DTSTART"] == f"{ends:%Y%m%dT%H%M%SZ}"
    assert renew["DTSTART"] == f"{ends - company_certificates.REMINDED:%Y%m%dT%H%M%SZ}"
    assert (end["TRIGGERS"], renew["TRIGGERS"]) == ("-P90D -P30D", "PT0S")
    assert people.one.name.strip() in end["SUMMARY"]
    assert end["URL"].endswith(PAGE)
    again: Any = client_of(people.alice).get(CALENDAR)
    assert again.content == answer.content  # the same entries under the same names, whoever asks
    _end_in(45)
    [only] = read_calendar(client_of(people.rhea).get(CALENDAR).content)
    assert only["UID"] == end["UID"]
