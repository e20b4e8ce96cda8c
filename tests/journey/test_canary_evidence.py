"""Secrets in files that people bring as evidence, in the guises in which they come: none is in any table afterwards.

How a file that was taken is kept is the business of the room; here only that nothing planted lies anywhere in plain.
"""

import base64
import io
import zipfile

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from onboarding.journey.models import Evidence, Onboarding
from tests.certs import x509_factories
from tests.journey.step_actions import bring_to, step_action, upload
from tests.journey.storage_scan import places_of
from tests.people_fixtures import People, client_of, shows_errors

SECRET = "c0ffee0123456789c0ffee0123456789c0ffee02"
PEM = x509_factories.key_pem(x509_factories.rsa_key())
DER = x509_factories.rsa_key().private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
MIDDLE = DER[1200:1260]  # prime numbers that are in no certificate
LINES = b"".join(PEM.splitlines()[-8:-4])


def _archive(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("mail.txt", content)
    return file.getvalue()


def _letter(content: bytes) -> bytes:
    head = b"From: a@b.example\r\nTo: c@d.example\r\nSubject: Verified\r\n"
    return head + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(content)


GUISES = {
    "a picture with a key behind it": ("screen.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 64 + PEM),
    "a document with a key in it": ("mail.pdf", b"%PDF-1.7\n1 0 obj\n" + PEM + b"\nendobj\n"),
    "a document with the key's bytes in it": ("mail.pdf", b"%PDF-1.7\nstream\n" + DER + b"\nendstream\n"),
    "a message with the key as its attachment": ("mail.eml", _letter(DER)),
    "a text as Windows writes it": ("mail.txt", b"\xff\xfe" + PEM.decode().encode("utf-16-le")),
    "an archive that is called a document": ("mail.pdf", _archive(PEM)),
    "a message with an API secret": (
        "mail.eml",
        b"Subject: x\r\n\r\nThe secret: " + SECRET.encode() + b"\r\n",
    ),
    "a text with an API secret, as Windows writes it": ("mail.txt", b"\xff\xfe" + SECRET.encode("utf-16-le")),
}


@pytest.mark.parametrize("guise", GUISES)
def test_a_secret_in_evidence_is_in_no_table_and_on_no_page(
    people: People, onboarding: Onboarding, guise: str
) -> None:
    wait = step_action("verification", waits=True)
    bring_to(onboarding, people, wait)
    before = Evidence.objects.count()
    name, content = GUISES[guise]
    data = {**wait.filled(), "evidence_file": upload(name, content)}
    answer = client_of(wait.doer(people)).post(wait.path(onboarding), data)
    assert shows_errors(answer)
    assert Evidence.objects.count() == before
    pages = [("the page", answer.text)]
    assert places_of(MIDDLE, LINES.decode(), SECRET, more=pages) == []
