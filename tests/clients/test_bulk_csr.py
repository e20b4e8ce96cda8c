"""CSRs of many clients in one go: each by its own form and move, with its own sentence, none at the cost of others."""

import io
import re
import zipfile
from typing import Any

import pytest
from bs4 import BeautifulSoup
from cryptography.hazmat.primitives.serialization import PrivateFormat
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from certs.models import SigningRequest
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.handover import claims
from onboarding.handover.models import Grant
from onboarding.journey.models import Onboarding
from onboarding.people.models import User
from tests.certs import x509_factories
from tests.clients.factories import make_clients
from tests.handover.factories import make_dana
from tests.people_fixtures import client_of, step

UPLOAD, ASSIGN = "/clients/csr/upload/", "/clients/csr/assign/"


@pytest.fixture
def dana(db: None) -> User:
    return make_dana()


def _csr(number: int) -> bytes:
    return x509_factories.csr_pem(x509_factories.rsa_key(f"client-{number}"))


def _key(number: int) -> bytes:
    return x509_factories.key_pem(x509_factories.rsa_key(f"client-{number}"), PrivateFormat.PKCS8)


def _name(case: Onboarding, ending: str = "csr") -> str:
    return f"apicert-{case.code.lower()}.{ending}"


def _send(browser: Browser, *files: tuple[str, bytes], status: int = 200) -> BeautifulSoup:
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    answer = browser.post(UPLOAD, {"chosen": sent})
    assert answer.status_code == status, answer.content.decode()
    return BeautifulSoup(answer.content, "html.parser")


def _rows(page: BeautifulSoup) -> dict[str, tuple[str, str]]:
    """By file: (outcome, sentence)."""
    found = {}
    for row in page.select("tbody tr"):
        cells = [" ".join(cell.get_text(" ", strip=True).split()) for cell in row.find_all(["th", "td"])]
        found[cells[0]] = (cells[2], cells[3])
    return found


def _states(cases: list[Onboarding]) -> list[str]:
    return [step(case, "csr").state for case in cases]


def _zip(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def test_several_files_are_each_sent_to_the_client_of_their_name(dana: User) -> None:
    cases = make_clients(2, dana)
    page = _send(client_of(dana), *((_name(case), _csr(number)) for number, case in enumerate(cases)))
    assert set(_rows(page).values()) == {("Accepted", "Accepted as the CSR of this client.")}
    assert _states(cases) == ["done", "done"]
    for number, case in enumerate(cases):
        record = step(case, "csr")
        assert record.moved_by == dana
        stored = SigningRequest.objects.get(pk=record.facts["signing_request_id"])
        assert stored.case_id == case.pk
        assert stored.csr_pem.encode() == _csr(number)
        told = Event.objects.filter(onboarding_id=case.pk, step="csr", name=EventName.STEP_SUBMITTED)
        assert [each.actor_id for each in told] == [dana.pk]


def test_one_zip_does_as_well_and_what_fails_in_it_stops_nothing(dana: User) -> None:
    cases = make_clients(3, dana)
    small = x509_factories.csr_pem(x509_factories.rsa_key("small", 2048))
    files = {"keys/" + _name(cases[0]): _csr(0), _name(cases[1]): small, _name(cases[2]): b"nonsense"}
    rows = _rows(_send(client_of(dana), ("all.zip", _zip(files))))
    assert [rows[_name(case)][0] for case in cases] == ["Accepted", "Not sent", "Not sent"]
    assert "2048" in rows[_name(cases[1])][1]
    assert _states(cases) == ["done", "open", "open"]


def test_a_second_time_says_who_did_it_and_when(dana: User) -> None:
    (case,) = make_clients(1, dana)
    browser = client_of(dana)
    _send(browser, (_name(case), _csr(0)))
    rows = _rows(_send(browser, (_name(case), _csr(0)), status=422))
    assert re.match(r"“Create the CSR” was done by Dana Test on ", rows[_name(case)][1])


def test_a_private_key_is_stopped_and_kept_nowhere(dana: User, caplog: pytest.LogCaptureFixture) -> None:
    first, second = make_clients(2, dana)
    page = _send(
        client_of(dana),
        (_name(first, "key"), _key(0)),
        (_name(first), _csr(0) + _key(0)),
        ("notes.txt", b"my key: " + _key(1)),
        (_name(second), _csr(1)),
    )
    rows = _rows(page)
    for name in (_name(first, "key"), _name(first), "notes.txt"):
        assert rows[name][0] == "Not sent"
        assert "There is a private key in what you gave." in rows[name][1]
        assert "counts as known to others" in rows[name][1]
        assert "make a new key and CSR" in rows[name][1]
    assert _states([first, second]) == ["open", "done"]
    secret = _key(0).decode().splitlines()[3]
    assert secret not in str(page)
    assert secret not in caplog.text
    assert not SigningRequest.objects.filter(case_id=first.pk).exists()


def test_a_name_that_tells_nothing_is_asked_about_and_then_sent(dana: User) -> None:
    cases = make_clients(3, dana)
    browser = client_of(dana)
    page = _send(
        browser,
        ("first.csr", _csr(0)),
        (f"apicert-{cases[1].code.lower()} (1).csr", _csr(1)),
        ("none.csr", _csr(2)),
    )
    assert _states(cases) == ["open"] * 3
    form = page.select_one(f"form[action='{ASSIGN}']")
    assert form is not None
    selects = form.find_all("select")
    chosen = [
        each.find("option", selected=True)["value"] if each.find("option", selected=True) else ""
        for each in selects
    ]
    assert chosen == ["", cases[1].code, ""]
    values = {
        name: [each["value"] for each in form.find_all("input", {"name": name})] for name in ("name", "csr")
    }
    answer = browser.post(ASSIGN, {**values, "client": [cases[0].code, cases[1].code, ""]})
    rows = _rows(BeautifulSoup(answer.content, "html.parser"))
    assert [rows[name][0] for name in values["name"]] == ["Accepted", "Accepted", "Not sent"]
    assert rows["none.csr"][1] == "You chose no client for it, so it was not sent."
    assert _states(cases) == ["done", "done", "open"]


def test_doubles_are_told(dana: User) -> None:
    first, second = make_clients(2, dana)
    page = _send(
        client_of(dana),
        (_name(first), _csr(0)),
        ("again.zip", _zip({_name(first): _csr(0)})),
        (_name(second), _csr(1)),
        ("other.zip", _zip({_name(second): _csr(2)})),
        ("copy.csr", _csr(0)),
    )
    told = [" ".join(row.get_text(" ", strip=True).split()) for row in page.select("tbody tr")]
    assert sum("It was given twice, so it was left out." in each for each in told) == 1
    assert (
        sum(
            "2 different files were given for this client, so none of them was sent." in each for each in told
        )
        == 2
    )
    assert any(f"It is the same file as {_name(first)}, so it was left out." in each for each in told)
    assert _states([first, second]) == ["done", "open"]


def test_the_same_key_is_not_taken_for_two_companies(dana: User) -> None:
    cases = make_clients(2, dana)
    rows = _rows(_send(client_of(dana), *((_name(case), _csr(0)) for case in cases)))
    assert sorted(outcome for outcome, _ in rows.values()) == ["Accepted", "Not sent"]
    assert sorted(_states(cases)) == ["done", "open"]


def test_a_strangers_client_and_an_unknown_one_get_the_same_answer(
    dana: User, onboarding: Onboarding
) -> None:
    make_clients(1, dana)
    onboarding.steps.filter(slug="csr").update(state="open")
    browser = client_of(dana)
    pages = []
    for name in (_name(onboarding), "apicert-aaaa-aaaa.csr"):
        page = _send(browser, (name, _csr(0)))
        (form,) = page.select(f"form[action='{ASSIGN}']")
        assert form.find("option", selected=True) is None
        pages.append(re.sub(r'name="csrfmiddlewaretoken"[^>]*', "", str(form)).replace(name, "NAME"))
        assert "One Energy" not in str(page)
    assert pages[0] == pages[1]
    answer = browser.post(ASSIGN, {"name": ["x.csr"], "csr": [_csr(0).decode()], "client": [onboarding.code]})
    assert answer.status_code == 422
    assert "The client that was chosen is none of yours" in answer.content.decode()
    assert step(onboarding, "csr").state == "open"


def test_who_lost_the_right_meanwhile_or_never_had_it_changes_nothing(dana: User) -> None:
    revoked, held, locked = cases = make_clients(3, dana)
    browser = client_of(dana)
    Grant.objects.filter(onboarding=revoked).update(revoked_at="2026-01-01T00:00:00Z")
    claims.claim(step(held, "csr"), actor=held.started_by)
    locked.steps.filter(slug="csr").update(state="locked")
    rows = _rows(_send(browser, *((_name(case), _csr(n)) for n, case in enumerate(cases))))
    assert _name(revoked) not in rows  # asked about, as any unknown name is
    assert "Lena Lead holds this step." in rows[_name(held)][1]
    assert "cannot start yet" in rows[_name(locked)][1]
    assert _states(cases) == ["open", "open", "locked"]


@pytest.mark.parametrize("who", ["rhea", "olga", "charlie"])
def test_readers_ops_and_strangers_can_send_nothing(people: Any, onboarding: Onboarding, who: str) -> None:
    onboarding.steps.filter(slug="csr").update(state="open")
    browser = client_of(getattr(people, who))
    _send(browser, (_name(onboarding), _csr(0)))
    answer = browser.post(ASSIGN, {"name": ["x"], "csr": [_csr(0).decode()], "client": [onboarding.code]})
    assert answer.status_code == 422
    assert step(onboarding, "csr").state == "open"


def test_a_get_on_what_only_takes_posts_leads_to_the_page_and_nothing_is_an_error_on_it(dana: User) -> None:
    browser = client_of(dana)
    for path in (UPLOAD, ASSIGN):
        assert browser.get(path)["Location"] == "/clients/csr/"
    make_clients(1, dana)
    page = browser.post(UPLOAD, {})
    assert page.status_code == 422
    assert "Choose the files." in page.content.decode()
    assert browser.post(ASSIGN, {"name": ["a"], "csr": []}).status_code == 400
    assert browser.post(ASSIGN, {}).status_code == 422


def test_more_files_than_a_request_may_have_are_refused_with_the_number(dana: User) -> None:
    browser = Browser(raise_request_exception=False)
    browser.force_login(dana)
    answer = browser.post(UPLOAD, {"chosen": [SimpleUploadedFile(f"{n}.csr", b"x") for n in range(200)]})
    assert answer.status_code == 400
    assert "Send at most 100 at a time, or put them into one zip." in answer.content.decode()


def test_a_damaged_row_of_one_client_does_not_stop_the_others(dana: User) -> None:
    broken, fine = make_clients(2, dana)
    broken.steps.filter(slug="csr").update(facts=["none"])
    rows = _rows(_send(client_of(dana), (_name(broken), _csr(0)), (_name(fine), _csr(1))))
    assert rows[_name(fine)][0] == "Accepted"
    assert rows[_name(broken)] == (
        "Not sent",
        "The portal could not check it. Nothing was changed for this client; send this file again later.",
    )
