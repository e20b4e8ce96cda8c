"""Pasted text and uploaded files: what is repaired without guessing, and what is refused with which sentence."""

from __future__ import annotations

import base64
import textwrap

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, pkcs7

from certs import pem
from certs.artifact_type import ArtifactType, detect_artifact_type
from certs.findings import InvalidArtifact
from tests.certs.x509_factories import codes, csr_der, ec_key, intermediate, leaf, pem_of, root

DER = csr_der(ec_key())
PEM = pem.to_pem(DER, ArtifactType.CSR)
BODY = "".join(PEM.splitlines()[1:-1])


def refused(data: bytes, expected: ArtifactType = ArtifactType.CSR) -> tuple[str, ...]:
    with pytest.raises(InvalidArtifact) as caught:
        pem.read_one(data, expected)
    assert all(finding.seen and finding.why and finding.fix for finding in caught.value.findings)
    return caught.value.codes


REPAIRED = {
    "as OpenSSL writes it": PEM.encode(),
    "DER": DER,
    "with a byte-order mark": b"\xef\xbb\xbf" + PEM.encode(),
    "UTF-16 of Notepad": b"\xff\xfe" + PEM.encode("utf-16-le"),
    "UTF-16 with the other byte order": b"\xfe\xff" + PEM.encode("utf-16-be"),
    "UTF-16 without a mark": PEM.encode("utf-16-le"),
    "UTF-16 big-endian without a mark": PEM.encode("utf-16-be"),
    "lines of Windows": PEM.replace("\n", "\r\n").encode(),
    "lines of old Macs": PEM.replace("\n", "\r").encode(),
    "no line end at the end": PEM.rstrip().encode(),
    "all in one line": PEM.replace("\n", "").encode(),
    "spaces for line ends": PEM.replace("\n", " ").encode(),
    "spaces before each line": textwrap.indent(PEM, "    ").encode(),
    "no-break spaces before each line": textwrap.indent(PEM, "\xa0").encode(),
    "quoted in a mail": textwrap.indent(PEM, "> ").encode(),
    "line ends written out": PEM.replace("\n", "\\n").encode(),
    "a string in JSON": ('"' + PEM.replace("\n", "\\r\\n") + '",').encode(),
    "the old header": PEM.replace(" CERTIFICATE REQUEST", " NEW CERTIFICATE REQUEST").encode(),
    "the wrong header": PEM.replace(" CERTIFICATE REQUEST", " CERTIFICATE").encode(),
    "words around": f"Hello,\nhere it is:\n\n{PEM}\nRegards\n".encode(),
    "words of an old code page around": f"Gr\xfc\xdfe\n{PEM}".encode("latin-1"),
    "dashes of a word processor": PEM.replace("-----", "\u2014\u2014\u2013").encode(),
    "zero-width spaces": PEM.replace("\n", "\u200b\n").encode(),
    "no END line": PEM.rsplit("-----END", 1)[0].encode(),
    "neither BEGIN nor END": BODY.encode(),
    "no padding": PEM.replace("=", "").encode(),
    "pasted twice": (PEM + PEM).encode(),
    "DER with a line end after it": DER + b"\r\n",
}


@pytest.mark.parametrize("given", REPAIRED.values(), ids=REPAIRED.keys())
def test_damage_that_leaves_no_doubt_is_repaired(given: bytes) -> None:
    der, notes = pem.read_one(given, ArtifactType.CSR)
    assert der == DER
    assert all(note.severity == "info" for note in notes)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("all in one line", "one long line"),
        ("spaces before each line", "spaces"),
        ("quoted in a mail", "other marks"),
        ("line ends written out", "written out"),
        ("the old header", "old one"),
        ("words around", "before the BEGIN line"),
        ("dashes of a word processor", "dashes"),
        ("no END line", "END line is missing"),
        ("neither BEGIN nor END", "BEGIN and END lines"),
    ],
)
def test_what_was_repaired_is_said(name: str, word: str) -> None:
    notes = pem.read_one(REPAIRED[name], ArtifactType.CSR)[1]
    assert codes(notes) == ["pem-repaired"]
    assert word in notes[0].seen


@pytest.mark.parametrize("name", [name for name in REPAIRED if name.startswith("UTF-16")])
def test_utf_16_is_read_and_said(name: str) -> None:
    assert codes(pem.read_one(REPAIRED[name], ArtifactType.CSR)[1]) == ["pem-utf16"]


def test_nothing_is_said_about_text_as_it_should_be() -> None:
    assert pem.read_one(PEM.encode(), ArtifactType.CSR)[1] == ()


def test_the_clean_copy_is_what_openssl_would_write() -> None:
    assert x509.load_der_x509_csr(DER).public_bytes(Encoding.PEM).decode() == PEM


@pytest.mark.parametrize("nothing", [b"", b" \r\n\t", b"\0\0\0"])
def test_nothing_is_refused(nothing: bytes) -> None:
    assert refused(nothing) == ("nothing-given",)


def test_more_than_a_megabyte_is_refused_unread() -> None:
    assert refused(b"\n" * 10 + PEM.encode() + b"x" * pem.LIMIT) == ("too-large",)
    assert pem.read_one(PEM.encode().ljust(pem.LIMIT), ArtifactType.CSR)[0] == DER


def test_a_body_that_is_cut_says_how_much_is_there() -> None:
    lines = PEM.splitlines()
    with pytest.raises(InvalidArtifact) as caught:
        pem.read_one("\n".join([*lines[:3], lines[-1]]).encode(), ArtifactType.CSR)
    assert caught.value.codes == ("pem-cut",)
    assert f"96 of {len(DER)} bytes" in caught.value.findings[0].seen


@pytest.mark.parametrize("missing", [1, 2, 3, 5, 66])
def test_characters_missing_at_the_end_are_noticed(missing: int) -> None:
    body = BODY.rstrip("=")[:-missing]
    assert refused(
        f"-----BEGIN CERTIFICATE REQUEST-----\n{body}\n-----END CERTIFICATE REQUEST-----".encode()
    ) == ("pem-cut",)


def test_a_file_that_is_cut_says_so() -> None:
    assert refused(DER[:-20]) == ("pem-cut",)


def test_a_character_that_does_not_belong_is_named_with_its_line() -> None:
    lines = PEM.splitlines()
    lines[2] = lines[2][:10] + "\u2026" + lines[2][11:]
    with pytest.raises(InvalidArtifact) as caught:
        pem.read_one("\n".join(lines).encode(), ArtifactType.CSR)
    assert caught.value.codes == ("pem-bad-character",)
    assert "\u2026, in line 2" in caught.value.findings[0].seen


def test_two_things_between_one_begin_and_end_are_refused() -> None:
    both = base64.encodebytes(DER + DER).decode()
    assert refused(
        f"-----BEGIN CERTIFICATE REQUEST-----\n{both}-----END CERTIFICATE REQUEST-----".encode()
    ) == ("pem-extra",)


def test_an_empty_block_is_refused() -> None:
    assert refused(b"-----BEGIN CERTIFICATE REQUEST-----\n-----END CERTIFICATE REQUEST-----\n") == (
        "pem-empty",
    )


def test_two_different_ones_are_refused() -> None:
    other = pem.to_pem(csr_der(ec_key("two")), ArtifactType.CSR)
    assert refused((PEM + other).encode()) == ("pem-several",)


@pytest.mark.parametrize(
    "given",
    [
        b"hello",
        b"0123456789",
        b"\x30\x03\x02\x01\x05",
        b"\x00\x01\x02\x03" * 40,
        b"-----BEGIN CERTIFICATE REQUEST-----\nMAMCAQU=\n-----END CERTIFICATE REQUEST-----",
        b"A" * 400,
    ],
)
def test_what_is_nothing_known_is_refused(given: bytes) -> None:
    assert refused(given) == ("not-recognised",)


def _revocation_list() -> bytes:
    by = root()
    now = by.certificate.not_valid_before_utc
    builder = x509.CertificateRevocationListBuilder().issuer_name(by.certificate.subject).last_update(now)
    from cryptography.hazmat.primitives import hashes

    signed = builder.next_update(by.certificate.not_valid_after_utc).sign(by.key, hashes.SHA256())
    return signed.public_bytes(Encoding.PEM)


WRONG = {
    "wrong-kind-certificate": pem_of(intermediate().certificate),
    "wrong-kind-pkcs7": pkcs7.serialize_certificates([intermediate().certificate], Encoding.PEM),
    "wrong-kind-public-key": ec_key()
    .public_key()
    .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    "wrong-kind-csv": b"API Key,API Secret\n0123456789abcdef,0123456789abcdef0123456789abcdef01234567\n",
    "wrong-kind-crl": _revocation_list(),
    "wrong-kind-document": b"<!DOCTYPE html><html><body>404</body></html>",
}


@pytest.mark.parametrize("code", WRONG)
def test_another_kind_is_named(code: str) -> None:
    with pytest.raises(InvalidArtifact) as caught:
        pem.read_one(WRONG[code], ArtifactType.CSR)
    assert caught.value.codes[0] == code
    assert "a CSR" in str(caught.value)


@pytest.mark.parametrize("start", [b"%PDF-1.7", b"PK\x03\x04", b"{\\rtf1", b"\xd0\xcf\x11\xe0", b"<html"])
def test_documents_are_told_from_text(start: bytes) -> None:
    assert refused(start + b" some words " * 9) == ("wrong-kind-document",)


def test_a_csr_where_a_certificate_belongs_says_where_csrs_go() -> None:
    with pytest.raises(InvalidArtifact, match="Generate mTLS Certificates"):
        pem.read_one(PEM.encode(), ArtifactType.CERTIFICATE)


@pytest.mark.parametrize("label", ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"])
def test_every_name_of_a_certificate_is_known(label: str) -> None:
    text = pem_of(intermediate().certificate).replace(b" CERTIFICATE", f" {label}".encode())
    assert detect_artifact_type(pem.read_one(text, ArtifactType.CERTIFICATE)[0]) is ArtifactType.CERTIFICATE


def test_a_trusted_certificate_may_carry_openssls_trust_data() -> None:
    der = intermediate().certificate.public_bytes(Encoding.DER)
    body = base64.encodebytes(der + b"\x30\x00").decode()
    text = f"-----BEGIN TRUSTED CERTIFICATE-----\n{body}-----END TRUSTED CERTIFICATE-----\n"
    assert pem.read_one(text.encode(), ArtifactType.CERTIFICATE)[0] == der


def test_a_certificate_of_the_first_version_is_still_a_certificate() -> None:
    assert detect_artifact_type(leaf(bits=2048).public_bytes(Encoding.DER)) is ArtifactType.CERTIFICATE


def test_a_public_key_beside_what_holds_it_is_left_out_and_said() -> None:
    """So print `openssl x509 -pubkey` and XCA."""
    der = intermediate().certificate.public_bytes(Encoding.DER)
    found, notes = pem.read_one(
        WRONG["wrong-kind-public-key"] + WRONG["wrong-kind-certificate"], ArtifactType.CERTIFICATE
    )
    assert (found, codes(notes)) == (der, ["pem-repaired"])
