"""A file of evidence is what its content says, hides nothing, lies nowhere in the clear, and ends with the secrets.

Through pages only, as somebody with an account would try it; tests/browser has the same page in Chromium.
"""

import base64
import io
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.utils import timezone

from certs.models import Secret
from onboarding.audit.models import Event
from onboarding.journey import progress
from onboarding.journey.models import Evidence, Onboarding
from onboarding.journey.polling import expired_secrets
from tests.certs import x509_factories
from tests.journey.form_client import sentences_of
from tests.journey.step_actions import bring_to, pfx, step_action, upload
from tests.journey.storage_scan import places_of
from tests.people_fixtures import People, client_of, shows_errors, step

WAIT = step_action("verification", waits=True)
MARK = "a sentence of an email that nobody else may read"
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////"
    "////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxD/2Q=="
)


def _key() -> bytes:
    return x509_factories.key_pem(x509_factories.ec_key())


def _zip(content: bytes = b"", name: str = "apicert.key") -> bytes:
    with zipfile.ZipFile(made := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content or _key())
    return made.getvalue()


def _tar(mode: str) -> bytes:
    with tarfile.open(fileobj=(made := io.BytesIO()), mode=mode) as archive:
        about = tarfile.TarInfo("words.txt")
        about.size = len(MARK)
        archive.addfile(about, io.BytesIO(MARK.encode()))
    return made.getvalue()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def _png(*more: bytes) -> bytes:
    header = _chunk(b"IHDR", bytes([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]))
    return (
        b"\x89PNG\r\n\x1a\n"
        + header
        + b"".join(more)
        + _chunk(b"IDAT", zlib.compress(b"\0\0"))
        + _chunk(b"IEND", b"")
    )


def _jpeg(comment: bytes) -> bytes:
    return JPEG[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + JPEG[2:]


def _pdf(stream: bytes = b"BT (Hello) Tj ET", about: bytes = b"", more: bytes = b"") -> bytes:
    packed = zlib.compress(stream)
    return (
        b"%%PDF-1.4\n1 0 obj << /Type /Catalog %b >> endobj\n2 0 obj << /Length %d /Filter /FlateDecode >>\n"
        b"stream\n%b\nendstream endobj\n%btrailer << /Root 1 0 R >>\nstartxref\n9\n%%%%EOF\n"
        % (about, len(packed), packed, more)
    )


def _mail(content: bytes = b"", name: str = "a.bin", *, around: int = 0) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "vetting@globalsign.example", "Verified"
    mail.set_content("Your identity is verified.\n")
    mail.add_alternative("<html><body><p>Your identity is verified.</p></body></html>", subtype="html")
    if content:
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return _forwarded(mail.as_bytes(), around)


def _forwarded(mail: bytes, times: int) -> bytes:
    for _ in range(times):
        head = b'From: bob@one.example\r\nContent-Type: multipart/mixed; boundary="=="\r\n\r\n--==\r\n'
        mail = head + b"Content-Type: message/rfc822\r\n\r\n" + mail + b"\r\n--==--\r\n"
        mail = mail.replace(b'"=="', b'"=%d"' % len(mail)).replace(b"--==", b"--=%d" % len(mail))
    return mail


def _quoted(text: bytes) -> bytes:
    """Quoted-printable with every character written out, as RFC 2045 section 6.7 allows."""
    head = b"From: a@one.example\nContent-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n"
    return head + b"=\n".join(
        b"".join(b"=%02X" % each for each in text[at : at + 24]) for at in range(0, len(text), 24)
    )


def _as_base64_message() -> bytes:
    head = b"From: a@one.example\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
    return head + base64.encodebytes(b"x" + _mail(_zip()))


PDF_END = b"\n%%EOF\n"
HIDING: dict[str, Callable[[], bytes]] = {
    "a zip with a private key": _zip,
    "a zip of a text": lambda: _zip(b"hello", "word/document.xml"),
    "a gzip": lambda: _tar("w:gz"),
    "a tar": lambda: _tar("w"),
    "an xz": lambda: _tar("w:xz"),
    "a bzip2": lambda: _tar("w:bz2"),
    "a 7z": lambda: b"7z\xbc\xaf\x27\x1c\0\4" + bytes(60),
    "an Outlook message": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "a program": lambda: b"\x7fELF\2\1\1" + bytes(60),
    "a program of Windows": lambda: b"MZ\x90\0" + bytes(60),
    "a certificate": lambda: base64.b64decode(
        b"".join(x509_factories.pem_of(x509_factories.leaf()).splitlines()[1:-1])
    ),
    "a PFX": pfx,
    "a web page": lambda: b"<!DOCTYPE html><script>fetch('/')</script>",
    "a picture with a script": lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
    "nothing known": lambda: b"\1\2\3\4" * 20,
    "a zip behind a PDF": lambda: _pdf() + _zip(),
    "a zip behind a PDF that ends again": lambda: _pdf() + _zip() + PDF_END,
    "a zip behind a PNG": lambda: _png() + _zip(),
    "a zip within a PNG": lambda: _png(_chunk(b"prVt", _zip())),
    "a zip behind a JPEG": lambda: JPEG + _zip(),
    "a zip within a JPEG": lambda: _jpeg(_zip()),
    "a key in a compressed text of a PNG": lambda: _png(_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(_key()))),
    "a key in a compressed international text": lambda: _png(
        _chunk(b"iTXt", b"Comment\0\1\0en\0Comment\0" + zlib.compress(_key()))
    ),
    "a key in a comment of a JPEG": lambda: _jpeg(_key()),
    "a key in a compressed stream of a PDF": lambda: _pdf(_key()),
    "a file in a PDF": lambda: _pdf(about=b"/Names << /EmbeddedFiles 3 0 R >>"),
    "a file in a PDF, spelt oddly": lambda: _pdf(about=b"/Names << /Embedded#46iles 3 0 R >>"),
    "a program in a PDF": lambda: _pdf(about=b"/OpenAction << /S /JavaScript /JS (app.alert) >>"),
    "a locked PDF": lambda: _pdf(more=b"5 0 obj << /Encrypt 6 0 R >> endobj\n"),
    "a PDF without an end": lambda: _pdf()[:-7],
    "half a PNG": lambda: _png()[:-20],
    "half a JPEG": lambda: JPEG[:-20],
    "a zip attached to an email": lambda: _mail(_zip(), "scan.pdf"),
    "an Office document attached to an email": lambda: _mail(_zip(b"x", "word/document.xml"), "scan.docx"),
    "a program attached to an email": lambda: _mail(b"MZ\x90\0" + bytes(99), "quote.pdf"),
    "a zip in a forwarded email": lambda: _mail(_zip(), around=3),
    "a zip in an email that is encoded once more": _as_base64_message,
    "a PNG with a zip attached to an email": lambda: _mail(_png() + _zip(), "logo.png"),
    "a key attached to an email": lambda: _mail(_key(), "words.txt"),
    "a key in quoted-printable": lambda: _quoted(_key()),
    "a key in quoted-printable below a line": lambda: b"see below\n" + _quoted(_key()),
    "an email within an email a hundred times": lambda: _mail(around=100),
}  # fmt: skip
HONEST: dict[str, Callable[[], bytes]] = {
    "mail.eml": _mail,
    "thread.eml": lambda: _mail(_pdf(), "quotation.pdf", around=8),
    "logo.eml": lambda: _mail(_png(), "logo.png"),
    "mail.pdf": _pdf,
    "seen.png": lambda: _png(_chunk(b"tEXt", b"Software\0gnome-screenshot")),
    "seen.jpg": lambda: JPEG,
    "seen.jpeg": lambda: _jpeg(b"made with a scanner"),
    "words.txt": lambda: b"Dear Alice,\r\n<alice@one.example> is verified: na\xefve caf\xe9.",
    "windows.txt": lambda: MARK.encode("utf-16"),
}


def _bring(onboarding: Onboarding, people: People, name: str, content: bytes, **more: Any) -> Any:
    bring_to(onboarding, people, WAIT)
    filled = {**WAIT.filled(), "evidence_file": upload(name, content), **more}
    return client_of(people.bob).post(WAIT.path(onboarding), filled)


def _address(onboarding: Onboarding) -> str:
    return f"/onboardings/{onboarding.code}/evidence/{Evidence.objects.latest('pk').pk}/"


@pytest.mark.parametrize("what", HIDING)
@pytest.mark.parametrize("name", ["mail.pdf", "mail.eml"])
def test_nothing_is_taken_for_what_its_name_says(
    people: People, onboarding: Onboarding, what: str, name: str
) -> None:
    bring_to(onboarding, people, WAIT)
    kept = (Evidence.objects.count(), Secret.objects.count())
    answer = _bring(onboarding, people, name, HIDING[what](), note="GS-104233")
    assert shows_errors(answer), what
    assert any(
        way in sentences_of(answer)
        for way in ("hoose that file", "new key", "hoose the email", "take a screenshot")
    )
    assert "GS-104233" in answer.content.decode()
    assert step(onboarding, "verification").state == "waiting"
    assert (Evidence.objects.count(), Secret.objects.count()) == kept


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_file_is_not_refused_and_comes_back_as_it_was(
    people: People, onboarding: Onboarding, name: str
) -> None:
    content = HONEST[name]()
    assert _bring(onboarding, people, name, content).status_code == 302
    answer = client_of(people.rhea).get(_address(onboarding))
    assert answer.content == content
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert (answer["X-Content-Type-Options"], answer["Content-Type"]) == (
        "nosniff",
        "application/octet-stream",
    )


def test_a_file_does_not_come_back_under_a_name_that_runs(people: People, onboarding: Onboarding) -> None:
    assert _bring(onboarding, people, "invoice.bat", MARK.encode()).status_code == 302
    answer = client_of(people.rhea).get(_address(onboarding))
    assert answer["Content-Disposition"] == 'attachment; filename="invoice.bat.txt"'


def test_the_page_offers_no_file_that_the_portal_refuses(people: People, onboarding: Onboarding) -> None:
    bring_to(onboarding, people, WAIT)
    page = client_of(people.bob).get(f"/onboardings/{onboarding.code}/verification/").content
    box: Any = BeautifulSoup(page, "html.parser").select_one("input[name=evidence_file]")
    assert set(box["accept"].split(",")) == {f".{name.split('.')[1]}" for name in HONEST}


def test_evidence_lies_nowhere_in_the_clear(people: People, onboarding: Onboarding) -> None:
    assert _bring(onboarding, people, "mail.txt", MARK.encode()).status_code == 302
    assert places_of(MARK) == []
    call_command("vault", "verify")
    assert client_of(people.rhea).get(_address(onboarding)).content == MARK.encode()


def test_nobody_but_members_opens_evidence_and_nobody_unseen(people: People, onboarding: Onboarding) -> None:
    assert _bring(onboarding, people, "mail.txt", MARK.encode()).status_code == 302
    opened = Event.objects.filter(name="step:evidence:read")
    for name, status in (("charlie", 404), ("olga", 403)):
        answer = client_of(getattr(people, name)).get(_address(onboarding))
        assert (answer.status_code, MARK in answer.content.decode()) == (status, False), name
    assert opened.count() == 0
    for name in ("alice", "tess", "rhea", "rhea"):
        assert client_of(getattr(people, name)).get(_address(onboarding)).status_code == 200, name
    assert opened.count() == 4


def test_evidence_does_not_outlive_the_secrets_of_its_case(people: People, onboarding: Onboarding) -> None:
    assert _bring(onboarding, people, "mail.txt", MARK.encode()).status_code == 302
    onboarding.refresh_from_db()
    progress.withdraw(onboarding, actor=people.alice, reason="left the market")
    assert expired_secrets.destroy_expired_secrets() == 1
    assert places_of(MARK) == []
    answer = client_of(people.rhea).get(_address(onboarding))
    assert answer.status_code == 409
    assert "This file was destroyed on" in sentences_of(answer)
    page = sentences_of(client_of(people.rhea).get(f"/onboardings/{onboarding.code}/verification/"))
    assert f"The file mail.txt (plain text, {len(MARK)}" in page
    assert "was destroyed on" in page
    assert not Secret.objects.exclude(ciphertext=None).exists()


@pytest.mark.parametrize("name", ["mail.txt", "mail.pdf"])
def test_what_an_older_version_kept_in_the_clear_does_not_stay_so(
    people: People, onboarding: Onboarding, name: str
) -> None:
    content = MARK.encode() if name == "mail.txt" else _zip(MARK.encode())
    record = bring_to(onboarding, people, WAIT)
    old = Evidence.objects.create(
        record=record, by=people.bob, seen_on=timezone.now(), file_name=name, file=content
    )
    Evidence.objects.create(record=record, by=people.bob, seen_on=timezone.now())
    call_command("migrate", verbosity=0)
    assert places_of(content[:40]) == []
    answer = client_of(people.rhea).get(f"/onboardings/{onboarding.code}/evidence/{old.pk}/")
    assert answer.content == content
    progress.withdraw(onboarding, actor=people.alice, reason="left the market")
    expired_secrets.destroy_expired_secrets()
    assert not Secret.objects.exclude(ciphertext=None).exists()
