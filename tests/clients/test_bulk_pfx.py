"""Certificates and PFX files of many clients: fetched in one zip, sent in one go, each opened by the reader process."""

import io
import zipfile
from typing import Any

import pytest
from bs4 import BeautifulSoup
from cryptography.hazmat.primitives.serialization import PrivateFormat
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from certs.models import Bundle
from certs.pfx_encryption import PfxEncryption, build
from onboarding.journey import progress
from onboarding.journey.forms import confirm_form, step_form
from onboarding.journey.models import Onboarding
from onboarding.people.models import User
from tests.certs import x509_factories
from tests.clients.factories import make_clients
from tests.handover.factories import make_dana
from tests.people_fixtures import client_of, step

UPLOAD = "/clients/pfx/upload/"


@pytest.fixture
def dana(db: None) -> User:
    return make_dana()


def _certificate(number: int) -> bytes:
    chain = x509_factories.intermediate().certificate
    return x509_factories.pem_of(x509_factories.leaf(f"client-{number}")) + x509_factories.pem_of(chain)


def _pfx(number: int, password: str | None = None) -> bytes:
    kind = PfxEncryption.AES256_PASSWORD if password else PfxEncryption.PASSWORDLESS
    key, leaf = x509_factories.rsa_key(f"client-{number}"), x509_factories.leaf(f"client-{number}")
    return build(key, leaf, [x509_factories.intermediate().certificate], kind, password)


def _bring_to_the_pfx(case: Onboarding, number: int, dana: User) -> None:
    """The CSR is Dana's, the certificate comes from the lead."""
    csr = x509_factories.csr_pem(x509_factories.rsa_key(f"client-{number}")).decode()
    record = step(case, "csr")
    form: Any = step_form(record.definition)
    act = form({"way": "own", "csr_text": csr}, {}, record=record, user=dana)
    assert act.is_valid(), act.errors
    progress.submit(record, actor=dana, effect=act.effect)
    case.steps.filter(slug="certificate").update(state="waiting")
    record = step(case, "certificate")
    wait: Any = confirm_form(record.wait)
    end = wait({"certificate_text": _certificate(number).decode()}, {}, record=record, user=case.started_by)
    assert end.is_valid(), end.errors
    assert case.started_by is not None
    progress.confirm(record, actor=case.started_by, effect=end.effect, seen_on=end.seen_on())


@pytest.fixture
def cases(dana: User) -> list[Onboarding]:
    made = make_clients(3, dana)
    for number, case in enumerate(made[:2]):
        _bring_to_the_pfx(case, number, dana)
    return made


def _name(case: Onboarding, ending: str = "pfx") -> str:
    return f"apicert-{case.code.lower()}.{ending}"


def _send(browser: Browser, *files: tuple[str, bytes], keep: str = "forget") -> dict[str, tuple[str, str]]:
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    page = BeautifulSoup(browser.post(UPLOAD, {"chosen": sent, "keep": keep}).content, "html.parser")
    rows = [
        [" ".join(cell.get_text(" ", strip=True).split()) for cell in row.find_all(["th", "td"])]
        for row in page.select("tbody tr")
    ]
    return {cells[0]: (cells[2], cells[3]) for cells in rows}


def test_the_certificates_of_ones_clients_come_in_one_zip_under_the_names_of_the_commands(
    dana: User, cases: list[Onboarding]
) -> None:
    browser = client_of(dana)
    answer = browser.get("/clients/certificates.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert set(archive.namelist()) == {_name(case, "cer") for case in cases[:2]}
        for case in cases[:2]:
            single = browser.get(f"/onboardings/{case.code}/certificate.pem")
            assert archive.read(_name(case, "cer")) == single.content
            assert _name(case, "cer") in single["Content-Disposition"]
    chosen = browser.get(f"/clients/certificates.zip?code={cases[1].code}").content
    assert zipfile.ZipFile(io.BytesIO(chosen)).namelist() == [_name(cases[1], "cer")]


def test_nobody_gets_a_certificate_of_somebody_elses_client(
    dana: User, cases: list[Onboarding], people: Any
) -> None:
    for user in (people.bob, people.charlie, people.olga):
        answer = client_of(user).get(f"/clients/certificates.zip?code={cases[0].code}")
        assert answer["Location"] == "/clients/pfx/", user


@pytest.mark.parametrize("keep", ["keep", "forget"])
def test_each_pfx_is_opened_checked_and_sent_by_itself(
    dana: User, cases: list[Onboarding], keep: str
) -> None:
    first, second, third = cases
    rows = _send(
        client_of(dana),
        (_name(first), _pfx(0)),
        (_name(second), _pfx(0)),
        (_name(third), _pfx(1)),
        ("bundle.pfx", _pfx(1)),
        (f"copy of {_name(second)}", _pfx(1)),
        keep=keep,
    )
    assert rows[_name(first)] == ("Accepted", "Accepted as the PFX of this client.")
    assert rows[_name(second)][0] == "Not sent"
    assert "key" in rows[_name(second)][1]
    assert "cannot start yet" in rows[_name(third)][1]
    assert "Its name tells no client of yours." in rows["bundle.pfx"][1]
    assert f"has now, {_name(second)}." in rows[f"copy of {_name(second)}"][1]
    assert [step(case, "pfx").state for case in cases] == ["done", "open", "locked"]
    bundle = Bundle.objects.get(case_id=first.pk)
    assert (bundle.secret is not None) == (keep == "keep")


def test_a_password_a_bare_key_and_no_pfx_at_all_are_each_told(dana: User, cases: list[Onboarding]) -> None:
    first, second, _ = cases
    key = x509_factories.key_pem(x509_factories.rsa_key("client-1"), PrivateFormat.PKCS8)
    rows = _send(
        client_of(dana),
        (_name(first), _pfx(0, "secret")),
        (_name(second), key),
        (_name(second, "key"), key),
        ("readme.txt", b"hello"),
    )
    assert "password" in rows[_name(first)][1]
    assert "There is a private key in what you gave." in rows[_name(second)][1]
    assert "There is a private key in what you gave." in rows[_name(second, "key")][1]
    assert "Its name tells no client of yours." in rows["readme.txt"][1]
    assert {step(case, "pfx").state for case in cases[:2]} == {"open"}
    assert not Bundle.objects.exists()


def test_more_pfx_files_than_are_taken_at_a_time_are_named(dana: User, cases: list[Onboarding]) -> None:
    files = [(f"{number}.pfx", b"x") for number in range(30)]
    rows = _send(client_of(dana), *files, (_name(cases[0]), _pfx(0)))
    assert rows[_name(cases[0])] == (
        "Not sent",
        "At most 30 files are taken at a time. Send the others in a second part.",
    )


def test_where_no_keys_may_stay_nobody_is_asked_to_leave_one(
    dana: User, cases: list[Onboarding], settings: Any
) -> None:
    settings.PORTAL = settings.PORTAL.model_copy(update={"portal_keys": False})
    browser = client_of(dana)
    assert "May the portal keep them" not in browser.get("/clients/pfx/").content.decode()
    assert _send(browser, (_name(cases[0]), _pfx(0)), keep="keep")[_name(cases[0])][0] == "Accepted"
    assert Bundle.objects.get().secret is None
