"""Unique strings are planted as secrets in what is sent for many clients at once, and then looked for.

They are nowhere but in the vault: the whole journey of one company is tests/journey/test_canary.py's.
"""

import logging
import tempfile
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from certs.models import Bundle
from onboarding.people.models import User
from tests.certs import x509_factories
from tests.clients.factories import make_clients
from tests.clients.test_bulk_csr import _zip
from tests.clients.test_bulk_pfx import _bring_to_the_pfx, _name, _pfx
from tests.handover.factories import make_dana
from tests.journey.storage_scan import places_of
from tests.people_fixtures import client_of, step
from tests.rules.marker import rule

PASSWORD = "canary-of-a-bulk-pfx-password"
SECRET = "c0ffee9876543210c0ffee9876543210c0ffee98"  # shaped as Atlas's API secrets are
KEYS = 4


def _key(number: int) -> Any:
    return x509_factories.rsa_key(f"client-{number}")


def _pem(number: int) -> bytes:
    return x509_factories.key_pem(_key(number), PrivateFormat.PKCS8)


def _primes(number: int) -> bytes:
    """A part of the key that is in no certificate."""
    der: bytes = _key(number).private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return der[1200:1260]


class _Sender:
    """Sends files as one person and keeps every page that came back."""

    def __init__(self, user: User) -> None:
        self.browser: Browser = client_of(user)
        self.pages: list[tuple[str, str]] = []

    def send(self, path: str, *files: tuple[str, bytes], **other: Any) -> str:
        """The answer to these files."""
        sent = [SimpleUploadedFile(name, content) for name, content in files]
        return self._keep(path, self.browser.post(path, {"chosen": sent, **other}))

    def see(self, path: str) -> str:
        """A page."""
        return self._keep(path, self.browser.get(path))

    def assign(self, **lists: list[str]) -> str:
        """The answer to what was said about files that were asked about."""
        return self._keep("assign", self.browser.post("/clients/csr/assign/", lists))

    def _keep(self, path: str, answer: Any) -> str:
        assert answer.status_code < 500, path
        text: str = answer.content.decode(errors="replace")
        self.pages.append((path, text))
        return text


def _csr_mishaps(sender: _Sender, cases: list[Any]) -> None:
    csr, upload = x509_factories.csr_pem(_key(3)), "/clients/csr/upload/"
    pages = [
        sender.send(upload, (_name(cases[3], "key"), _pem(3)), (_name(cases[3], "csr"), csr + _pem(3))),
        sender.send(upload, ("all.zip", _zip({"keys/a.key": _pem(3), "notes.txt": SECRET.encode()}))),
        sender.send(upload, (f"{SECRET}.csr", csr), (f"{SECRET}.txt", b"x")),
        sender.send(upload, ("names.zip", _zip({f"{SECRET}/{SECRET}.csr": csr, f"{SECRET}.key": b"x"}))),
        sender.send(upload, (f"{SECRET}.zip", b"PK\x03\x04 no zip")),
        sender.assign(name=["a", SECRET], csr=[_pem(3).decode(), csr.decode()], client=[cases[3].code, ""]),
        sender.assign(name=["a"], csr=[SECRET], client=[SECRET]),
    ]
    assert all("Not sent" in page or "Say whose these are" in page for page in pages)
    sender.assign(name=[SECRET], csr=[], client=[])
    for query in (f"?code={SECRET}", f"?q={SECRET}&state={SECRET}&page={SECRET}"):
        for path in ("", "csr/", "pfx/", "csr/script/sh/", "certificates.zip"):
            sender.browser.get(f"/clients/{path}{query}")
    assert step(cases[3], "csr").state == "open"


def _pfx_mishaps(sender: _Sender, cases: list[Any]) -> None:
    locked, upload = _pfx(0, PASSWORD), "/clients/pfx/upload/"
    pages = [
        sender.send(upload, (_name(cases[0]), locked), keep="keep"),
        sender.send(upload, (_name(cases[0]), _pem(0)), (_name(cases[1], "key"), _pem(1)), keep="keep"),
        sender.send(upload, ("all.zip", _zip({_name(cases[1]): _pfx(0), "k.pem": _pem(1)})), keep="keep"),
        sender.send(upload, ("nested.zip", _zip({"again.zip": _zip({"k.pem": _pem(1)})})), keep="keep"),
        sender.send(upload, (f"{SECRET}.pfx", _pfx(1)), keep="keep"),
    ]
    assert all("Not sent" in page for page in pages)
    assert "There is a problem" in sender.send(upload, (_name(cases[1]), _pfx(1)), keep=SECRET)
    assert not Bundle.objects.exists()


@rule("T7", "T8")
def test_no_secret_of_a_bulk_upload_is_anywhere_but_in_the_vault(
    db: None,
    caplog: pytest.LogCaptureFixture,
    mailoutbox: list[Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    caplog.set_level(logging.DEBUG)
    for name in ("django", "celery", "onboarding", "certs"):
        caplog.set_level(logging.DEBUG, logger=name)
    dana = make_dana()
    cases = make_clients(KEYS, dana)
    sender = _Sender(dana)
    _csr_mishaps(sender, cases)
    for number, case in enumerate(cases[:3]):
        _bring_to_the_pfx(case, number, dana)
    assert sender.browser.get("/clients/certificates.zip").content.startswith(b"PK")
    _pfx_mishaps(sender, cases)
    right = [(_name(case), _pfx(number)) for number, case in enumerate(cases[:2])]
    sent = sender.send("/clients/pfx/upload/", *right, keep="keep")
    assert sent.count("Accepted as the PFX of this client.") == 2
    assert Bundle.objects.filter(secret__isnull=False).count() == 2
    for path in ("", "?state=done", "csr/", "pfx/"):
        sender.see(f"/clients/{path}")
    mails = [("an email", f"{mail.subject}\n{mail.body}") for mail in mailoutbox]
    files = [(str(each), each.read_bytes().hex()) for each in tmp_path.rglob("*") if each.is_file()]
    planted = [PASSWORD, SECRET, *(_primes(number) for number in range(KEYS))]
    said = [("the logs", caplog.text), *mails, *files, *sender.pages]
    assert places_of(*planted, more=said) == []
    assert places_of(SECRET, more=[("here", f"see {SECRET}")]) == ["here"]
