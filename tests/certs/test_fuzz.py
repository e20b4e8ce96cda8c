"""Whatever is given, a reader answers or refuses: no other exception, and always a finding that says how to fix it."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from hypothesis import given
from hypothesis import strategies as st

from certs import certificate, credentials, csr, pem, pfx, proof, tlv
from certs.artifact_type import ArtifactType, detect_artifact_type
from certs.findings import InvalidArtifact, errors
from certs.private_key_detection import contains_private_key
from tests.certs import der_mutations
from tests.certs.test_proof import TEXT
from tests.certs.x509_factories import csr_der, intermediate, issue, key_pem, pem_of, root, rsa_key

SMALL = rsa_key("small", 1024)
LEAF = issue(SMALL.public_key(), intermediate())
BUNDLE = pfx.build(SMALL, LEAF, [intermediate().certificate])
CSV = b"API Key,API Secret\r\n0a1b2c3d4e5f6071,00112233445566778899aabbccddeeff00112233\r\n"
GOOD = [
    csr_der(SMALL),
    pem.to_pem(csr_der(SMALL), ArtifactType.CSR).encode(),
    LEAF.public_bytes(Encoding.DER),
    pem_of(LEAF) + pem_of(intermediate().certificate) + pem_of(root().certificate),
    BUNDLE,
    base64.b64encode(BUNDLE),
    pkcs7.serialize_certificates([LEAF], Encoding.DER),
    CSV,
    TEXT.encode(),
    b"sha256 Fingerprint=" + b"AB:" * 31 + b"AB\n" + TEXT.encode(),
]
READERS: dict[str, Callable[[bytes], Any]] = {
    "CSR": csr.read,
    "certificate": certificate.read,
    "PFX": pfx.read,
    "PFX with a password": lambda data: pfx.read(data, "horse"),
    "CSV": credentials.read_csv,
    "pasted key and secret": lambda data: credentials.read_pasted(
        data.decode("latin-1"), data[::-1].decode("utf-8", "replace")
    ),
    "answer of Atlas": lambda data: proof.read_answer(data.decode("utf-8", "surrogateescape")),
    "anything": lambda data: pem.read(data, ArtifactType.CERTIFICATE),
}
EACH = pytest.mark.parametrize("reader", READERS.values(), ids=READERS.keys())


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Something good with a few bytes changed, left out, put in, doubled or cut off."""
    data = draw(st.sampled_from(GOOD))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(data)))
        piece = draw(
            st.binary(max_size=6) | st.sampled_from([b"\0", b"\xff\xff", b"-----BEGIN X-----", b"\n", b'"'])
        )
        end = at + draw(st.integers(0, 9))
        data = draw(
            st.sampled_from(
                [
                    data[:at] + piece + data[end:],
                    data[:at],
                    data[at:],
                    data[:at] + data,
                    data.replace(b"\n", piece),
                ]
            )
        )
    return draw(st.sampled_from([data, data.decode("latin-1").encode("utf-16"), b"\xef\xbb\xbf" + data]))


def reads_or_refuses(reader: Callable[[bytes], Any], data: bytes) -> None:
    try:
        findings = getattr(reader(data), "findings", ())
    except InvalidArtifact as invalid:
        findings = invalid.findings
        assert errors(findings)
    assert all(finding.seen and finding.why and finding.fix for finding in findings)
    assert all(finding.seen.isprintable() for finding in findings)


@EACH
@given(data=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(reader: Callable[[bytes], Any], data: bytes) -> None:
    reads_or_refuses(reader, data)


@EACH
@given(text=st.text(max_size=200))
def test_any_text_is_read_or_refused(reader: Callable[[bytes], Any], text: str) -> None:
    reads_or_refuses(reader, text.encode("utf-8", "surrogatepass"))


@EACH
@given(data=mutated())
def test_anything_nearly_good_is_read_or_refused(reader: Callable[[bytes], Any], data: bytes) -> None:
    reads_or_refuses(reader, data)


@EACH
@given(
    body=st.binary(min_size=1, max_size=300),
    label=st.sampled_from(["CERTIFICATE", "CERTIFICATE REQUEST", "PKCS7"]),
)
def test_any_bytes_between_header_lines_are_read_or_refused(
    reader: Callable[[bytes], Any], body: bytes, label: str
) -> None:
    text = b"-----BEGIN %b-----\n%b-----END %b-----\n" % (
        label.encode(),
        base64.encodebytes(body),
        label.encode(),
    )
    reads_or_refuses(reader, text)


@given(
    before=st.binary(max_size=60),
    after=st.binary(max_size=60),
    form=st.sampled_from(["PEM", "DER", "UTF-16", "bare"]),
)
def test_a_private_key_is_found_between_any_bytes(before: bytes, after: bytes, form: str) -> None:
    text = key_pem(SMALL)
    der = base64.b64decode(b"".join(text.splitlines()[1:-1]))
    shapes = {
        "PEM": before + text + after,
        "DER": before + der + after,
        "UTF-16": text.decode().encode("utf-16") + after,
        "bare": base64.b64encode(der) + b"\n" + after.hex(" ").encode(),
    }
    assert contains_private_key(shapes[form])


@given(st.binary(max_size=200))
def test_the_tag_walker_ends_and_knows_no_other_exception(data: bytes) -> None:
    try:
        assert tlv.read(tlv.definite(data)).tag == data[0]
    except tlv.Malformed:
        assert detect_artifact_type(data) in (ArtifactType.UNKNOWN, *ArtifactType)


@pytest.mark.parametrize(
    "nested", [b"\x30\x80" * 50_000, b"\x30\x80" * 30 + b"\0\0" * 30, b"\x24\x80" * 400_000]
)
def test_deep_nesting_is_given_up_on(nested: bytes) -> None:
    with pytest.raises(tlv.Malformed):
        tlv.read(nested)


@pytest.mark.parametrize("crowd", [b"\x05\x00" * 300_000, b"\x30\x80" + b"\x05\x00" * 300_000])
def test_a_crowd_of_elements_is_given_up_on(crowd: bytes) -> None:
    with pytest.raises(tlv.Malformed):
        tlv.read(b"\x30\x83" + len(crowd).to_bytes(3, "big") + crowd).children()


def huge_modulus() -> bytes:
    """A CSR whose RSA modulus fills the file; to look for its factors would take minutes."""
    public = der_mutations.tlv(
        0x30, der_mutations.tlv(0x02, b"\0" + b"\xff" * (pem.LIMIT - 1000)) + b"\x02\x03\x01\x00\x01"
    )
    info, *signed = der_mutations.parts(csr_der(SMALL))
    version, name, key, attributes = der_mutations.parts(info)
    info = der_mutations.tlv(0x30, der_mutations.parts(key)[0] + der_mutations.tlv(0x03, b"\0" + public))
    return der_mutations.tlv(
        0x30, der_mutations.tlv(0x30, version + name + info + attributes) + b"".join(signed)
    )


@pytest.mark.parametrize(
    "hostile",
    [
        b"-" * pem.LIMIT,
        b"BEGIN " * 170_000,
        b"A" * pem.LIMIT,
        b" " * (pem.LIMIT - 1) + b"x",
        b'"kty":' * 170_000,
        b'"description" ' + b"-eyJ" * 49_000,
        huge_modulus(),
    ],
    ids=["dashes", "begins", "base64", "spaces", "JWK", "tokens", "an RSA key of eight million bits"],
)
@EACH
def test_a_megabyte_of_anything_is_answered_in_seconds(
    reader: Callable[[bytes], Any], hostile: bytes
) -> None:
    start = time.perf_counter()
    reads_or_refuses(reader, hostile)
    assert time.perf_counter() - start < 15
