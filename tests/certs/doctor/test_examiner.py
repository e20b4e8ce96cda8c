"""Examine: what is said about several things at once, about secrets, about anything at all; and it is never late.

The single faults are in test_catalogue.py.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from certs import pem, pfx
from certs.artifact_type import ArtifactType
from certs.doctor import examiner as doctor
from certs.doctor.examiner import examine, examine_or_raise
from certs.doctor.file_comparison import examine_files
from certs.findings import InvalidArtifact
from certs.findings.codes import FindingCode
from certs.findings.known_messages import pieces_of_messages, recognise_messages
from certs.pem import LIMIT
from tests.certs.doctor.sample import fill
from tests.certs.doctor.samples import SAMPLES
from tests.certs.doctor.text_samples import KEY, SECRET
from tests.certs.test_fuzz import GOOD, mutated
from tests.certs.test_proof import TEXT
from tests.certs.x509_factories import codes, csr_pem, intermediate, key_pem, leaf, pem_of, rsa_key

SLOWEST = 15  # seconds, for a megabyte on a busy machine


def is_answered(data: bytes, filename: str = "") -> None:
    """examine_or_raise(), not examine(): what would be caught there must not happen at all."""
    seen = examine_or_raise(data, filename)
    assert seen.findings
    for one in seen.findings:
        assert one.seen.isprintable()
        assert one.seen
        assert one.why
        assert one.fix


@given(data=mutated(), name=st.sampled_from(["", "a.pfx", "a.csr"]))
def test_anything_nearly_good_is_answered(data: bytes, name: str) -> None:
    is_answered(data, name)


@given(data=st.binary(max_size=300), name=st.sampled_from(["", "a.p12"]))
def test_any_bytes_are_answered(data: bytes, name: str) -> None:
    is_answered(data, name)


@given(
    text=st.text(max_size=200), around=st.sampled_from(GOOD[1:2] + GOOD[7:8] + [b'curl: (7) {"description"'])
)
def test_any_text_around_something_good_is_answered(text: str, around: bytes) -> None:
    is_answered(text.encode("utf-8", "surrogatepass") + around)


@pytest.mark.nightly
def test_every_sample_may_lose_or_change_any_byte(tmp_path: Path) -> None:
    for number, sample in enumerate(SAMPLES):
        folder = tmp_path / str(number)
        folder.mkdir()
        fill(folder)
        data = sample.make(folder)[:6000]
        for at in range(0, len(data), 7):
            is_answered(data[:at] + bytes([data[at] ^ 0x41]) + data[at + 1 :], sample.file)


@pytest.mark.parametrize(
    "hostile",
    [
        b"\x30\x83\x0f\x00\x00" * 200_000,
        b"-----BEGIN CERTIFICATE-----\n" * 37_000,
        pem_of(leaf()) * 400,
        b"".join(csr_pem() + b"x\n" * n for n in range(400)),
        b"curl: (7) " * 100_000,
        b'{"validity":' * 80_000,
        b"API Key,API Secret\n" * 50_000,
        (b"\x30\x80" * 400_000),
        b"\xff\xfe" + b"A\0" * 500_000,
    ],
    ids=["headers", "begins", "certificates", "CSRs", "curl", "JSON", "CSV", "nesting", "UTF-16"],
)
def test_a_megabyte_of_anything_is_answered_in_seconds(hostile: bytes) -> None:
    start = time.perf_counter()
    is_answered(hostile[:LIMIT], "a.pfx")
    assert time.perf_counter() - start < SLOWEST


def test_more_than_a_megabyte_is_refused_before_it_is_read() -> None:
    start = time.perf_counter()
    assert codes(examine_or_raise(b"\x30" * (LIMIT + 1)).findings) == ["too-large"]
    assert time.perf_counter() - start < 0.5


def test_nothing_that_is_said_holds_a_secret() -> None:
    key = key_pem(rsa_key("small", 1024)).decode()
    for text in (
        key,
        f"{KEY},{SECRET}",
        f"API Key,API Secret\n{KEY},{SECRET}x",
        f'"access_token":"{SECRET}"',
    ):
        said = repr(examine_or_raise(text.encode()))
        assert SECRET not in said
        assert KEY not in said
        assert key.splitlines()[3] not in said


def test_a_private_key_is_refused_whatever_stands_beside_it() -> None:
    seen = examine_or_raise(csr_pem() + key_pem(rsa_key("small", 1024)))
    assert (seen.kind, codes(seen.findings), seen.artifacts) == ("private-key", ["private-key-pasted"], ())


def test_asking_not_to_send_a_key_is_no_key() -> None:
    assert examine_or_raise(b"Please never send the private key to anybody.").kind == "unknown"


def test_a_chain_is_called_a_chain() -> None:
    kinds = {examine_or_raise(sample.make(Path())).kind for sample in SAMPLES if sample.code == "chain-kept"}
    assert kinds == {"chain"}


def test_certificate_and_pfx_are_compared_with_the_csr_in_the_other_file() -> None:
    other = pfx.build(rsa_key("two", 2048), leaf("two", 2048), [])
    seen = examine_files(
        {"a.csr": csr_pem(), "b.cer": pem_of(leaf()), "c.cer": pem_of(leaf("two", 2048)), "d.pfx": other}
    )
    assert "certificate-other-key" not in codes(seen["b.cer"].findings)
    assert "certificate-other-key" in codes(seen["c.cer"].findings)
    assert "pfx-other-key" in codes(seen["d.pfx"].findings)
    assert seen["a.csr"].ok


def test_errors_come_first() -> None:
    severities = [
        one.severity
        for one in examine_or_raise(csr_pem(rsa_key("small", 1024)).replace(b"\n", b"\r\n")).findings
    ]
    assert severities == sorted(severities, key=("error", "warning", "info").index)


def test_a_message_across_lines_is_known_and_a_search_finds_its_words() -> None:
    assert codes(recognise_messages("Mac verify\n   error:  invalid\tpassword?")) == ["openssl-mac"]
    assert "mac is absent" in pieces_of_messages(FindingCode.OPENSSL_NO_MAC)


def test_a_fault_of_ours_is_no_fault_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def faint(data: bytes, filename: str) -> None:
        raise RecursionError

    monkeypatch.setattr(doctor, "examine_or_raise", faint)
    assert codes(examine(b"x").findings) == ["unknown-input"]
    with pytest.raises(InvalidArtifact):
        raise InvalidArtifact(examine(b"x").findings)


def test_what_is_in_order_is_told_so() -> None:
    good = {
        "csr-good": csr_pem(),
        "certificate-good": pem_of(leaf()) + pem_of(intermediate().certificate),
        "pfx-good": pfx.build(rsa_key(), leaf(), [intermediate().certificate]),
        "credentials-good": f"API Key,API Secret\n{KEY},{SECRET}\n".encode(),
        "policy-good": TEXT.encode(),
    }
    for code, data in good.items():
        seen = examine_or_raise(data)
        assert seen.ok, codes(seen.findings)
        assert code in codes(seen.findings)


def test_of_very_many_things_the_first_are_looked_at() -> None:
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"name-{n}")]) for n in range(25)]
    many = b"".join(csr_pem(rsa_key("small", 1024), name) for name in names)
    assert "too-many" in codes(examine_or_raise(many).findings)


def test_a_version_that_does_not_exist_is_no_exception() -> None:
    """RFC 2986 section 4.1: the version of a CSR is 0."""
    der = pem.read_one(csr_pem(), ArtifactType.CSR)[0]
    changed = der.replace(b"\x02\x01\x00", b"\x02\x01\x08", 1)
    assert "csr-version" in codes(examine_or_raise(changed).findings)
