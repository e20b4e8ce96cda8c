"""Certificates: what Atlas gives is read in any shape, matched to its CSR, and kept; what it is not is said."""

from __future__ import annotations

import base64
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from certs import certificate, csr
from certs.findings import InvalidArtifact
from certs.models import Certificate
from tests.certs.x509_factories import (
    codes,
    common,
    csr_pem,
    ec_key,
    intermediate,
    issue,
    key_pem,
    leaf,
    pem_of,
    root,
    rsa_key,
)
from tests.rules.marker import rule

CHAIN = (intermediate().pem, root().pem)
NOW = datetime.now(UTC)


def refused(data: bytes) -> tuple[str, ...]:
    with pytest.raises(InvalidArtifact) as caught:
        certificate.read(data)
    return caught.value.codes


def found(one: x509.Certificate) -> list[str]:
    """Codes other than those of the chain."""
    return codes(certificate.read(pem_of(one), chain=CHAIN).findings)


def test_a_good_one_has_no_findings() -> None:
    one = leaf()
    reading = certificate.read(pem_of(one), chain=CHAIN)
    assert reading.findings == ()
    assert reading.ok
    assert reading.sha256 == one.fingerprint(hashes.SHA256()).hex()
    assert reading.public_key_sha256 == csr.read(csr_pem()).public_key_sha256
    assert int(reading.serial, 16) == one.serial_number
    assert len(reading.serial) % 2 == 0
    assert (reading.not_before, reading.not_after) == (one.not_valid_before_utc, one.not_valid_after_utc)
    assert reading.subject == "CN=onboarding_key"


def test_the_chain_is_kept_in_order_without_the_root() -> None:
    assert certificate.read(pem_of(leaf()), chain=reversed(CHAIN)).chain_pem == intermediate().pem


@pytest.mark.parametrize("turned", [False, True])
def test_pasted_with_its_issuers_in_any_order_it_is_found_among_them(turned: bool) -> None:
    parts = [pem_of(leaf()), *(text.encode() for text in CHAIN)]
    reading = certificate.read(b"".join(reversed(parts) if turned else parts))
    assert reading.pem.encode() == pem_of(leaf())
    assert reading.chain_pem == intermediate().pem
    assert codes(reading.findings) == ["chain-kept"]


@pytest.mark.parametrize("turned", [False, True])
def test_brought_with_a_stranger_of_the_issuers_name_and_the_issuer_the_issuer_is_kept(turned: bool) -> None:
    name = intermediate().certificate.subject
    stranger = issue(ec_key("stranger").public_key(), root("Elsewhere"), name=name, is_authority=True)
    parts = [pem_of(stranger), *(text.encode() for text in CHAIN)]
    reading = certificate.read(pem_of(leaf()) + b"".join(reversed(parts) if turned else parts))
    assert reading.chain_pem == intermediate().pem
    assert codes(reading.findings) == ["chain-kept"]


def test_alone_it_is_accepted_with_a_warning() -> None:
    reading = certificate.read(pem_of(leaf()))
    assert codes(reading.findings) == ["chain-incomplete"]
    assert reading.ok


def test_two_certificates_of_owners_are_too_many() -> None:
    assert refused(pem_of(leaf()) + pem_of(leaf("one", 2048))) == ("certificate-several",)


def test_two_certificates_of_authorities_are_too_many() -> None:
    assert refused(pem_of(intermediate().certificate) + pem_of(root().certificate)) == (
        "certificate-several",
    )


@rule("R50")
@pytest.mark.parametrize(
    ("given", "code"),
    [
        (csr_pem(ec_key()), "wrong-kind-csr"),
        (pkcs7.serialize_certificates([intermediate().certificate], Encoding.DER), "wrong-kind-pkcs7"),
        (b"", "nothing-given"),
        (b"the certificate", "not-recognised"),
        (pem_of(intermediate().certificate)[:-150], "pem-cut"),
    ],
)
def test_each_wrong_thing_is_named(given: bytes, code: str) -> None:
    assert refused(given) == (code,)


def test_a_p7b_comes_with_the_command_that_opens_it() -> None:
    with pytest.raises(InvalidArtifact) as caught:
        certificate.read(pkcs7.serialize_certificates([intermediate().certificate], Encoding.PEM))
    assert "openssl pkcs7" in caught.value.findings[0].commands[0].text


def test_utf_16_is_read_and_said() -> None:
    reading = certificate.read(pem_of(leaf()).decode().encode("utf-16"), chain=CHAIN)
    assert codes(reading.findings) == ["pem-utf16"]


def test_damage_inside_is_a_fault_of_its_own() -> None:
    der = leaf(bits=2048).public_bytes(Encoding.DER)
    year = der.index(b"Z\x17\x0d") + 3
    broken = der[:year] + b"xxxxxxxxxxxx" + der[year + 12 :]
    assert refused(
        b"-----BEGIN CERTIFICATE-----\n" + base64.b64encode(broken) + b"\n-----END CERTIFICATE-----"
    ) == ("certificate-unreadable",)


def test_a_small_key_is_said_though_atlas_takes_it() -> None:
    assert found(leaf(bits=2048)) == ["certificate-key-size"]


def test_another_kind_of_key_is_said() -> None:
    assert found(issue(ec_key().public_key(), intermediate())) == ["certificate-key-type"]


def test_without_client_authentication_it_does_not_open_atlas() -> None:
    assert found(issue(rsa_key().public_key(), intermediate(), client_auth=False)) == [
        "certificate-no-client-auth"
    ]


def test_another_subject_is_a_warning() -> None:
    one = issue(rsa_key().public_key(), intermediate(), name=common("dip.northwind.example"))
    assert found(one) == ["certificate-subject"]
    assert certificate.read(pem_of(one), chain=CHAIN).ok


def test_the_issuers_own_certificate_is_not_yours() -> None:
    assert "certificate-is-ca" in codes(certificate.read(intermediate().pem.encode()).findings)


def test_one_signed_by_itself_is_not_from_globalsign() -> None:
    own = issue(rsa_key().public_key(), None, signed_with=rsa_key())
    assert codes(certificate.read(pem_of(own)).findings) == ["certificate-self-signed"]


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (timedelta(hours=-2), "certificate-not-yet"),
        (timedelta(days=5 * 365 + 1), "certificate-expired"),
        (timedelta(days=5 * 365 - 20), "certificate-soon"),
    ],
)
def test_its_dates_are_judged_by_the_time_given(at: timedelta, code: str) -> None:
    one = leaf()
    reading = certificate.read(pem_of(one), chain=CHAIN, now=NOW + at)
    assert codes(reading.findings) == [code]
    assert reading.ok is (code == "certificate-soon")


def test_one_signed_with_sha_1_is_refused(openssl: str, tmp_path: Path) -> None:
    (tmp_path / "ca.cer").write_text(intermediate().pem)
    (tmp_path / "ca.key").write_bytes(key_pem(intermediate().key))
    (tmp_path / "a.csr").write_bytes(csr_pem())
    (tmp_path / "a.ext").write_text("extendedKeyUsage=clientAuth\n")
    call = "x509 -req -in a.csr -CA ca.cer -CAkey ca.key -CAcreateserial -sha1 -extfile a.ext -days 900 -out a.cer"
    subprocess.run([openssl, *call.split()], cwd=tmp_path, check=True, capture_output=True)
    reading = certificate.read((tmp_path / "a.cer").read_bytes())
    assert codes(reading.findings) == ["certificate-signature-weak", "chain-incomplete"]
    assert not reading.ok
    assert "SHA-1" in reading.findings[0].seen


def test_a_broken_chain_stops_it() -> None:
    impostor = issue(
        ec_key("impostor").public_key(), root(), name=common("Test Issuing CA"), is_authority=True
    )
    reading = certificate.read(pem_of(leaf()), chain=[pem_of(impostor).decode()])
    assert codes(reading.findings) == ["chain-broken"]
    assert not reading.ok


@rule("T3")
def test_a_certificate_for_another_key_is_told_by_both_fingerprints() -> None:
    one, other = certificate.read(pem_of(leaf())), csr.read(csr_pem(ec_key()))
    (finding,) = certificate.match(one.public_key_sha256, other.public_key_sha256)
    assert one.public_key_sha256[:12] in finding.seen
    assert other.public_key_sha256[:12] in finding.seen
    assert "dgst -sha256" in finding.commands[0].text
    assert list(certificate.match(one.public_key_sha256, one.public_key_sha256)) == []


@pytest.mark.django_db
def test_a_good_one_is_kept_once(company: UUID, case: UUID) -> None:
    request = csr.accept(company, case, csr_pem())
    first = certificate.accept(company, case, pem_of(leaf()), request, CHAIN)
    again = certificate.accept(company, case, b"x" + pem_of(leaf()), request)
    assert first == again
    assert (first.company_id, first.case_id, first.signing_request) == (company, case, request)
    assert first.chain_pem == intermediate().pem


@pytest.mark.django_db
def test_issuers_that_are_brought_later_are_kept_and_a_search_begins_anew(company: UUID, case: UUID) -> None:
    request = csr.accept(company, case, csr_pem())
    alone = certificate.accept(company, case, pem_of(leaf()), request)
    Certificate.objects.update(chain_searched_at=NOW, chain_searches=3, chain_next_search_at=NOW)
    again = certificate.accept(company, case, pem_of(leaf()) + CHAIN[0].encode(), request)
    assert (again, again.chain_pem) == (alone, intermediate().pem)
    kept = Certificate.objects.get()
    assert kept.chain_pem == intermediate().pem
    assert (kept.chain_searched_at, kept.chain_searches, kept.chain_next_search_at) == (None, 0, None)


@pytest.mark.django_db
def test_one_for_another_key_is_not_kept(company: UUID, case: UUID) -> None:
    request = csr.accept(company, case, csr_pem())
    other = issue(rsa_key("two").public_key(), intermediate())
    with pytest.raises(InvalidArtifact) as caught:
        certificate.accept(company, case, pem_of(other), request, CHAIN)
    assert "certificate-other-key" in caught.value.codes
    assert not Certificate.objects.exists()


@pytest.mark.django_db
def test_two_cases_may_keep_the_same_certificate(company: UUID) -> None:
    for _ in range(2):
        case = uuid4()
        certificate.accept(company, case, pem_of(leaf()), csr.accept(company, case, csr_pem()))
    assert Certificate.objects.count() == 2


def test_the_kept_chain_is_read_back() -> None:
    assert certificate.load_chain("") == ()
    assert certificate.load_chain(intermediate().pem) == (intermediate().certificate,)
