"""CSRs: each trap of the page is named; a good one is kept; one of our own has its key in the vault only."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_private_key
from cryptography.x509.oid import NameOID

from certs import csr, keys, vault
from certs.findings import InvalidArtifact
from certs.models import Secret, SigningRequest
from tests.certs import der_mutations
from tests.certs.x509_factories import CN, codes, common, csr_der, csr_pem, ec_key, rsa_key, subject
from tests.rules.marker import rule

SMALL = rsa_key(bits=2048)


def found(name: x509.Name) -> tuple[str, str]:
    """Code and first sentence about the subject of a CSR."""
    findings = csr.read(csr_der(SMALL, name)).findings
    about = [finding for finding in findings if finding.code.startswith("csr-subject")]
    assert len(about) == 1
    assert about[0].severity == "error"
    return about[0].code, about[0].seen


@rule("R42", "R43", "R45", "T23")
def test_a_good_one_has_no_findings() -> None:
    reading = csr.read(csr_pem())
    assert reading.ok
    assert reading.findings == ()
    public = rsa_key().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert reading.public_key_sha256 == hashlib.sha256(public).hexdigest()
    assert reading.pem.encode() == csr_pem()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        pytest.param("onboarding_key.", "csr-subject-full-stop", marks=rule("R42", "T2")),
        pytest.param("\u201conboarding_key\u201d", "csr-subject-quotes", marks=rule("R42", "T1")),
        ("'onboarding_key'", "csr-subject-quotes"),
        (" onboarding_key", "csr-subject-quotes"),
        pytest.param("onboarding-key", "csr-subject-near", marks=rule("R42")),
        ("Onboarding_Key", "csr-subject-near"),
        ("onboarding key", "csr-subject-near"),
        pytest.param("dip.northwind.example", "csr-subject-host", marks=rule("R42", "T11")),
        ("*.northwind.example", "csr-subject-host"),
        pytest.param("C:/Program Files/Git/CN=onboarding_key", "csr-subject-path", marks=rule("R42", "T4")),
        ("Northwind Energy", "csr-subject-other"),
    ],
)
def test_each_wrong_name_is_named(name: str, code: str) -> None:
    assert found(common(name))[0] == code
    assert name in found(common(name))[1]


def test_an_empty_subject_is_named() -> None:
    assert found(x509.Name([]))[0] == "csr-subject-empty"


def test_further_parts_are_listed() -> None:
    more = subject(
        (NameOID.COUNTRY_NAME, "GB"), (NameOID.ORGANIZATION_NAME, "Northwind"), (NameOID.COMMON_NAME, CN)
    )
    assert found(more) == ("csr-subject-extra", "The subject has more parts than the name: C=GB, O=Northwind")


def test_the_name_twice_is_not_the_name() -> None:
    assert found(subject((NameOID.COMMON_NAME, CN), (NameOID.COMMON_NAME, CN)))[0] == "csr-subject-other"


def test_a_subject_without_a_name_is_shown() -> None:
    assert found(subject((NameOID.ORGANIZATION_NAME, "Northwind"))) == (
        "csr-subject-other",
        "The subject is O=Northwind",
    )


def test_control_characters_of_a_subject_do_not_reach_a_page() -> None:
    assert "\x1b" not in found(common("x\x1b[31m"))[1]


@rule("R43", "T5")
def test_a_key_of_2048_bits_is_too_small_though_atlas_takes_it() -> None:
    reading = csr.read(csr_pem(SMALL))
    assert codes(reading.findings) == ["csr-key-small"]
    assert "2048" in reading.findings[0].seen
    assert not reading.ok


def test_a_larger_key_is_not_what_was_asked_for() -> None:
    """Its public key is put in afterwards: making a real one would take seconds."""
    large = rsa.RSAPublicNumbers(65537, SMALL.public_key().public_numbers().n ** 7).public_key()
    info, *signed = der_mutations.parts(csr_der(SMALL))
    version, name, _, attributes = der_mutations.parts(info)
    public = large.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    changed = der_mutations.tlv(
        0x30, der_mutations.tlv(0x30, version + name + public + attributes) + b"".join(signed)
    )
    assert codes(csr.read(changed).findings) == ["csr-key-large", "csr-signature"]


def test_another_exponent_is_refused() -> None:
    key = rsa.generate_private_key(3, 2048)
    assert "csr-exponent" in codes(csr.read(csr_pem(key)).findings)


def test_another_kind_of_key_is_named() -> None:
    finding = csr.read(csr_pem(ec_key())).findings[0]
    assert finding.code == "csr-key-type"
    assert "secp256r1" in finding.seen


@pytest.mark.parametrize(("option", "word"), [("-sha1", "SHA-1"), ("-md5", "MD5")])
def test_a_weak_signature_is_refused(openssl: str, option: str, word: str) -> None:
    made = _openssl_request(openssl, option)
    findings = [f for f in csr.read(made).findings if f.code == "csr-signature-weak"]
    assert word in findings[0].seen


def _openssl_request(openssl: str, *options: str) -> bytes:
    command = [
        openssl,
        "req",
        "-new",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        "/dev/null",
        "-subj",
        f"/CN={CN}",
    ]
    done = subprocess.run([*command, "-out", "/dev/stdout", *options], check=True, capture_output=True)
    return done.stdout


@rule("R45", "T23")
def test_a_request_that_was_changed_is_noticed() -> None:
    der = bytearray(csr_der())
    der[-1] ^= 1
    assert codes(csr.read(bytes(der)).findings) == ["csr-signature"]


def test_a_signature_by_an_algorithm_that_nobody_knows_is_a_wrong_one() -> None:
    sha256_with_rsa, unknown = bytes.fromhex("2a864886f70d01010b"), bytes.fromhex("2a864886f70d01017f")
    der = csr_der().replace(sha256_with_rsa, unknown)
    assert codes(csr.read(der).findings) == ["csr-signature"]


def test_extensions_are_remarked_on_and_do_not_stop() -> None:
    names = x509.SubjectAlternativeName([x509.DNSName("dip.northwind.example")])
    reading = csr.read(csr_der(extensions=(names,)))
    assert codes(reading.findings) == ["csr-extensions"]
    assert "subjectAltName" in reading.findings[0].seen
    assert reading.ok


@rule("T23")
def test_several_faults_are_all_said() -> None:
    assert codes(csr.read(csr_pem(SMALL, common("onboarding_key."))).findings) == [
        "csr-key-small",
        "csr-subject-full-stop",
    ]


def test_every_error_comes_with_the_command_that_mends_it() -> None:
    for finding in csr.read(csr_pem(SMALL, common("x"))).findings:
        assert "-newkey rsa:4096" in finding.commands[0].text


def test_damage_inside_is_a_fault_of_its_own() -> None:
    der = csr_der(ec_key())
    broken = der.replace(bytes.fromhex("06032b"), b"\x06\x032", 1).replace(
        bytes.fromhex("550403"), b"\x80\x80\x80", 1
    )
    with pytest.raises(InvalidArtifact) as caught:
        csr.read(broken)
    assert caught.value.codes == ("csr-unreadable",)


@pytest.mark.django_db
def test_a_good_one_is_kept_once(company: UUID, case: UUID) -> None:
    first = csr.accept(company, case, b"hello\n" + csr_pem())
    again = csr.accept(company, case, csr_der())
    assert first == again
    assert (first.origin, first.key) == (SigningRequest.Origin.OWN, None)
    assert first.csr_pem.encode() == csr_pem()


@pytest.mark.django_db
def test_a_bad_one_is_not_kept(company: UUID, case: UUID) -> None:
    with pytest.raises(InvalidArtifact):
        csr.accept(company, case, csr_pem(SMALL))
    assert not SigningRequest.objects.exists()


@pytest.mark.django_db
def test_two_companies_cannot_share_a_key_but_two_cases_of_one_may(company: UUID, case: UUID) -> None:
    csr.accept(company, case, csr_pem())
    assert csr.accept(company, uuid4(), csr_pem()).case_id != case
    with pytest.raises(InvalidArtifact) as caught:
        csr.accept(uuid4(), uuid4(), csr_pem())
    assert caught.value.codes == ("csr-key-elsewhere",)


@pytest.mark.django_db
def test_one_of_our_own_is_good_and_its_key_is_only_in_the_vault(company: UUID, case: UUID) -> None:
    request = csr.make(company, case, csr.generate_key())
    reading = csr.read(request.csr_pem.encode())
    assert (reading.findings, reading.public_key_sha256) == ((), request.public_key_sha256)
    assert request.key is not None
    assert (request.key.company_id, request.key.record_id) == (company, request.id)
    key = load_der_private_key(vault.open_secret(request.key), None)
    assert keys.spki_sha256(key.public_key()) == request.public_key_sha256  # type: ignore[arg-type]
    stored = " ".join(str(value) for row in (request, request.key) for value in vars(row).values())
    assert "PRIVATE" not in stored
    assert Secret.objects.count() == 1


def test_what_openssl_makes_from_its_own_defaults_is_accepted(openssl: str, tmp_path: Path) -> None:
    (tmp_path / "apicert.csr").write_bytes(_openssl_request(openssl))
    request = x509.load_pem_x509_csr((tmp_path / "apicert.csr").read_bytes())
    assert isinstance(request.signature_hash_algorithm, hashes.SHA256)
    assert codes(csr.read((tmp_path / "apicert.csr").read_bytes()).findings) == ["csr-key-small"]


def test_a_key_that_others_may_have_seen_is_not_taken_again_by_anybody(db: None) -> None:
    case = uuid4()
    first = csr.accept(uuid4(), case, csr_pem())
    csr.mark_exposed(uuid4(), [str(first.pk)])  # of another case: nothing happens
    assert csr.accept(first.company_id, case, csr_pem()) == first
    csr.mark_exposed(case, [str(first.pk)])
    for again in (case, uuid4()):
        with pytest.raises(InvalidArtifact) as caught:
            csr.accept(first.company_id, again, csr_pem())
        assert caught.value.codes == ("csr-key-exposed",)
