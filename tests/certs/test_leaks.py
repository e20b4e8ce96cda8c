"""Canaries: after a whole case every log line, row, repr and error is searched for its secrets."""

from __future__ import annotations

import base64
import logging
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.apps import apps
from django.db import connection

from atlas.sandbox.server import Sandbox
from certs import certificate, credentials, csr, pfx, proof, signing
from certs.credentials import read_csv, read_pasted
from certs.findings import InvalidArtifact
from certs.models import SigningRequest
from certs.pfx_encryption import PfxEncryption
from certs.secret_destruction import destroy_case
from certs.vault import VaultError, open_secret
from tests.certs.atlas_customer import Customer, until
from tests.certs.x509_factories import csr_pem, key_pem, leaf, rsa_key


def pieces(value: bytes) -> set[bytes]:
    """How a secret would show: as it is, in hex, in base64 (also within a longer text)."""
    shifted = {base64.b64encode(value[start : start + 48])[:48] for start in range(3)}
    return {value[:40], value[:40].hex().encode(), *shifted}


def key_pieces() -> set[bytes]:
    numbers = rsa_key().private_numbers()
    found: set[bytes] = set()
    for number in (numbers.d, numbers.p, numbers.q):
        found |= pieces(number.to_bytes((number.bit_length() + 7) // 8, "big"))
        found |= {str(number)[:40].encode(), b"%x" % number}
    return found | {line for line in key_pem(rsa_key()).splitlines()[8:40] if len(line) == 64}


def everything_in_the_database() -> bytes:
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_app_config("certs").get_models():
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            for row in cursor.fetchall():
                found += [bytes(v) if isinstance(v, memoryview | bytes) else str(v).encode() for v in row]
    return b"\n".join(found)


@pytest.mark.django_db
def test_no_secret_of_a_whole_case_shows_anywhere(
    request_with_key: SigningRequest,
    at_atlas: Customer,
    atlas: Sandbox,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "django.db.backends")
    connection.force_debug_cursor = True
    company, case = request_with_key.company_id, request_with_key.case_id
    made = at_atlas.credential
    pair = read_csv(f"API Key,API Secret\n{made.api_key},{made.api_secret}\n".encode())
    stored = credentials.store(company, case, pair, "dip")
    intent = signing.plan(request_with_key, at_atlas.account_id, [made.api_credential_id])
    until(lambda: signing.advance(at_atlas.api, intent.pk) is not None)
    issued = request_with_key.certificates.get()
    bundle = pfx.make(company, case, issued)
    locked = pfx.make(company, case, issued, PfxEncryption.AES256_PASSWORD)
    downloads = [pfx.download_once(pfx.grant_download(one, 7).pk, 7) for one in (bundle, locked)]
    shown = credentials.reveal_once(credentials.grant_reveal(stored, 7).pk, 7)
    proven = proof.prove(bundle, stored, atlas.url, atlas.root_path)
    rows = [
        stored,
        stored.key,
        stored.secret,
        bundle,
        locked,
        request_with_key,
        request_with_key.key,
        issued,
        intent,
    ]
    texts = repr([pair, shown, proven, *downloads, *rows, pfx.identity(bundle), pfx.read(downloads[0].data)])
    database = everything_in_the_database()
    log = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records).encode()
    printed = capfd.readouterr()
    connection.force_debug_cursor = False
    assert b"INSERT INTO" in log
    wanted = key_pieces() | pieces(downloads[0].data) | pieces(downloads[1].data)
    wanted |= {text.encode() for text in (made.api_secret, made.api_key, downloads[1].password)}
    for place in (database, log, texts.encode(), (printed.out + printed.err).encode()):
        assert [piece for piece in wanted if piece in place] == []
    assert destroy_case(case).total == 6


def test_the_search_would_find_what_it_looks_for() -> None:
    der = rsa_key().private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    wanted = key_pieces()
    for place in (der, key_pem(rsa_key()), der.hex().encode(), str(rsa_key().private_numbers().d).encode()):
        assert any(piece in place for piece in wanted)


SECRET = "00112233445566778899aabbccddeeff0011223X"


def _chain(error: BaseException) -> str:
    """Everything that a log of this error would show: its text, its causes, and its arguments."""
    shown, at = [], error
    while True:
        shown.append(f"{at!r} {at.args!r}")
        below = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
        if below is None:
            return " ".join(shown)
        at = below


@pytest.mark.parametrize(
    "given",
    [
        lambda: read_pasted("0a1b2c3d4e5f6071", SECRET),
        lambda: read_csv(f"API Key,API Secret\n0a1b,{SECRET}\n".encode()),
        lambda: read_csv(f"{SECRET};{SECRET[::-1]}".encode()),
        lambda: csr.read(f"API secret: {SECRET}".encode()),
        lambda: certificate.read(f"API secret {SECRET}".encode()),
        lambda: proof.read_answer(f"{SECRET[:-1]}3 {{}}"),
        lambda: pfx.read(
            pfx.build(rsa_key(), leaf(), [], PfxEncryption.AES256_PASSWORD, SECRET), SECRET[::-1]
        ),
    ],
)
def test_no_error_repeats_what_was_given(given: object) -> None:
    with pytest.raises(InvalidArtifact) as caught:
        given()  # type: ignore[operator]
    for piece in (SECRET, SECRET[:-1], SECRET[::-1]):
        assert piece not in _chain(caught.value)


@pytest.mark.django_db
def test_an_error_of_the_vault_shows_nothing(request_with_key: SigningRequest, company: UUID) -> None:
    key = request_with_key.key
    assert key is not None
    key.record_id = company
    with pytest.raises(VaultError) as caught:
        open_secret(key)
    text = _chain(caught.value).encode()
    assert not any(piece in text for piece in key_pieces() | pieces(bytes(key.ciphertext or b"")))


def test_a_csr_is_public_and_may_be_shown() -> None:
    assert "BEGIN CERTIFICATE REQUEST" in repr(csr.read(csr_pem()))
