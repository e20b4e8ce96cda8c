"""What somebody typed survives: a draft, a stale page, an expired session; and what is secret never does.

What is refused at once is tested in test_bad_input.py.
"""

from typing import Any

import pytest
from django.contrib.sessions.models import Session

from onboarding.journey import progress
from onboarding.journey.models import Onboarding
from onboarding.ui.formatting import when
from tests.certs import x509_factories
from tests.journey.form_client import form_on, press, sentences_of, sign_in, signed_out, values_of
from tests.journey.step_actions import (
    API_KEY,
    API_SECRET,
    STEP_ACTIONS,
    StepAction,
    bring_to,
    certificate,
    csr,
    day,
    organisation,
    perform,
    registration,
    step_action,
    upload,
)
from tests.journey.storage_scan import places_of
from tests.people_fixtures import PASSWORD, People, client_of, step

TEXT = {"register", "identity-profile", "invitation", "payment-method", "quote", "verification"}
TYPED = [each for each in STEP_ACTIONS if each.slug in TEXT]


def _page(onboarding: Onboarding, slug: str) -> str:
    return f"/onboardings/{onboarding.code}/{slug}/"


def _kept(data: dict[str, Any]) -> dict[str, Any]:
    """What of a deed's data is typed text."""
    return {name: value for name, value in data.items() if isinstance(value, str) and value != "on"}


@pytest.mark.parametrize("to", TYPED, ids=lambda each: each.name)
def test_what_an_expired_session_was_about_to_send_is_in_the_form_after_signing_in(
    people: People, onboarding: Onboarding, to: StepAction
) -> None:
    bring_to(onboarding, people, to)
    browser = sign_in(to.doer(people))
    Session.objects.all().delete()  # twelve hours later
    sent = browser.post(to.path(onboarding), to.filled())
    assert sent["Location"] == f"/accounts/login/?next={_page(onboarding, to.slug)}"
    asked = browser.get(sent["Location"])
    assert "What you typed is kept, except secrets and files" in asked.content.decode()
    form = values_of(form_on(asked, "/accounts/login/"))
    assert form["next"] == _page(onboarding, to.slug)
    back = browser.post("/accounts/login/", {**form, "login": to.doer(people).email, "password": PASSWORD})
    assert back["Location"] == _page(onboarding, to.slug)
    page = browser.get(back["Location"], follow=True)
    shown = values_of(form_on(page, to.path(onboarding)))
    assert {name: shown.get(name) for name in _kept(to.filled())} == _kept(to.filled())
    again = values_of(form_on(browser.get(_page(onboarding, to.slug)), to.path(onboarding)))
    assert again != shown  # it was handed out once


@pytest.mark.parametrize(
    ("to", "data"),
    [
        (step_action("api-credentials"), {"name": "dip", "way": "paste", "api_key": API_KEY, "api_secret": API_SECRET}),
        (step_action("api-credentials"), {"name": API_SECRET, "way": "paste"}),
        (step_action("csr"), {"way": "own", "csr_text": x509_factories.key_pem(x509_factories.rsa_key()).decode()}),
        (step_action("proof", waits=True), {"answer": f'{{"access_token": "{API_SECRET}"}}', "note": API_SECRET}),
    ],
    ids=["pasted credentials", "the secret as a name", "a private key", "a token"],
)  # fmt: skip
@pytest.mark.parametrize("way", ["expired", "draft", "stale"])
def test_secrets_are_kept_on_no_way(
    people: People, onboarding: Onboarding, to: StepAction, data: dict[str, Any], way: str
) -> None:
    bring_to(onboarding, people, to)
    secret = API_SECRET if "csr_text" not in data else "".join(data["csr_text"].splitlines()[-8:-4])
    browser = signed_out(to.doer(people)) if way == "expired" else client_of(to.doer(people))
    if way == "stale":
        data = {**data, "version": "99999"}
    answer = browser.post(to.path(onboarding), {**data, "action": "draft"})
    assert answer.status_code == {"expired": 302, "draft": 302, "stale": 409}[way] or to.waits
    assert secret not in answer.content.decode().replace("\n", "").replace("\r", "")
    assert places_of(secret) == []
    if way == "expired":
        page = browser.get(answer["Location"])
        assert secret not in page.content.decode()


@pytest.mark.parametrize("to", [each for each in TYPED if not each.waits], ids=lambda each: each.name)
def test_a_draft_is_there_for_whoever_goes_on(people: People, onboarding: Onboarding, to: StepAction) -> None:
    record = bring_to(onboarding, people, to)
    page = _page(onboarding, to.slug)
    answer = press(client_of(people.alice), page, to.path(onboarding), to.filled(), action="draft")
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert step(onboarding, to.slug).version == record.version  # nobody's open page becomes stale
    shown = values_of(form_on(client_of(people.alice).get(page), page))
    assert {name: shown.get(name) for name in _kept(to.filled())} == _kept(to.filled())
    perform(onboarding, people, to)
    assert step(onboarding, to.slug).draft == {}


def test_a_draft_of_a_pasted_csr_is_whole(people: People, onboarding: Onboarding) -> None:
    to = step_action("csr")
    bring_to(onboarding, people, to)
    page = _page(onboarding, "csr")
    press(client_of(people.tess), page, page, {"way": "own", "csr_text": csr().decode()}, action="draft")
    shown = values_of(form_on(client_of(people.bob).get(page), page))
    assert shown["csr_text"].split() == csr().decode().split()
    assert shown["way"] == ["own"] or shown["way"] == "own"


def test_a_draft_takes_any_character_that_a_browser_sends(people: People, onboarding: Onboarding) -> None:
    answer = client_of(people.alice).post(
        _page(onboarding, "register"),
        {"name": "A\x00B Žluťoučký 🐴", "phone": "x" * 99_999, "action": "draft"},
    )
    assert answer.status_code == 302
    assert step(onboarding, "register").draft["name"] == "AB Žluťoučký 🐴"


@pytest.mark.parametrize("to", TYPED, ids=lambda each: each.name)
def test_a_page_that_is_too_old_moves_nothing_and_shows_what_was_typed(
    people: People, onboarding: Onboarding, to: StepAction
) -> None:
    bring_to(onboarding, people, to)
    browser = client_of(to.doer(people))
    form = values_of(form_on(browser.get(_page(onboarding, to.slug)), to.path(onboarding)))
    perform(onboarding, people, to)
    moved = step(onboarding, to.slug)
    answer = browser.post(to.path(onboarding), {**form, **to.filled(), "action": "send"})
    assert answer.status_code == 409
    said = sentences_of(answer)
    assert f"This is done already, by {to.doer(people)} on {when(moved.moved_at)}." in said
    assert "This was not done" not in said
    assert "What you typed" in said
    dates = {name for name in _kept(to.filled()) if name.rpartition("_")[2] in ("day", "month", "year")}
    for name, value in _kept(to.filled()).items():
        assert name in dates or value in said or value in answer.content.decode()
    for name in {each.rpartition("_")[0] for each in dates}:
        parts = (to.filled()[f"{name}_{part}"] for part in ("day", "month", "year"))
        assert " ".join(parts) in said
    assert step(onboarding, to.slug).version == moved.version


def test_a_page_from_before_a_problem_does_not_undo_it(people: People, onboarding: Onboarding) -> None:
    page, browser = _page(onboarding, "register"), client_of(people.alice)
    form = values_of(form_on(browser.get(page), page))
    progress.report_problem(
        step(onboarding, "register"), actor=people.alice, code="registration-refused", detail="-"
    )
    progress.reopen(step(onboarding, "register"), actor=people.alice)
    typed = {**form, **registration(), **day("submitted_on"), "action": "send"}
    answer = browser.post(page, typed)
    assert answer.status_code == 409
    assert "This was not done" in sentences_of(answer)
    assert "was opened by Alice Test on" in sentences_of(answer)
    shown = values_of(form_on(answer, page))
    assert shown["job_title"] == "Head of Data"
    assert shown["version"] == str(step(onboarding, "register").version)
    assert browser.post(page, {**shown, **typed, "version": shown["version"]}).status_code == 302


def test_a_version_that_is_no_number_is_refused(people: People, onboarding: Onboarding) -> None:
    data = {**registration(), **day("submitted_on"), "action": "send", "version": "x' OR 1=1"}
    assert client_of(people.alice).post(_page(onboarding, "register"), data).status_code == 409


def test_answers_can_be_changed_after_they_were_checked(people: People, onboarding: Onboarding) -> None:
    page, browser = _page(onboarding, "register"), client_of(people.alice)
    typed = {**registration(), **day("submitted_on")}
    checked = browser.post(page, {**typed, "action": "save"})
    assert "Check your answers" in checked.content.decode()
    back = browser.post(page, {**values_of(form_on(checked, page)), "action": "change"})
    assert back.status_code == 200
    shown = values_of(form_on(back, page))
    assert {name: shown.get(name) for name in _kept(typed)} == _kept(typed)
    assert step(onboarding, "register").state == "open"


def test_the_identity_profile_begins_with_what_is_known(people: People, onboarding: Onboarding) -> None:
    bring_to(onboarding, people, step_action("identity-profile"))
    page = _page(onboarding, "identity-profile")
    shown = values_of(form_on(client_of(people.alice).get(page), page))
    known = (
        "organization",
        "company_number",
        "contact_name",
        "contact_job_title",
        "contact_email",
        "country",
    )
    assert {name: shown[name] for name in known} == {name: organisation()[name] for name in known}


def test_a_kept_wait_panel_is_renewed_only_while_it_waits(people: People, onboarding: Onboarding) -> None:
    browser = client_of(people.alice)
    for to in (step_action("register"), step_action("invitation", waits=True), step_action("payment-method")):
        record = bring_to(onboarding, people, to)
        answer = browser.get(f"{_page(onboarding, to.slug)}now/", {"version": record.version})
        assert answer.status_code == (200 if record.state == "waiting" else 204)
        old = browser.get(f"{_page(onboarding, to.slug)}now/", {"version": record.version - 1})
        assert (old.status_code, old.headers.get("HX-Refresh")) == (204, "true")


def test_a_certificate_with_a_long_chain_survives_the_session_whole(
    people: People, onboarding: Onboarding
) -> None:
    to = step_action("certificate", waits=True)
    bring_to(onboarding, people, to)
    long = certificate().decode() * 4
    assert len(long) > 5_000
    browser = signed_out(people.bob)
    answer = browser.post(
        to.path(onboarding), {"certificate_text": long, "evidence_file": upload("a.txt", b"x")}
    )
    sign_in(people.bob, browser, then=answer["Location"].partition("next=")[2])
    shown = values_of(form_on(browser.get(_page(onboarding, "certificate")), to.path(onboarding)))
    assert shown["certificate_text"].split() == long.split()
