"""PFX files: the three that we write, every kind that others write, and what is not taken."""

from __future__ import annotations

import base64
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from certs import pfx
from certs.findings import InvalidArtifact, errors
from certs.models import Certificate
from certs.pfx_encryption import BUILDABLE, PfxEncryption
from certs.pfx_structure import structure
from tests.certs import der_mutations
from tests.certs.x509_factories import (
    codes,
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

KEY, LEAF = rsa_key(bits=2048), leaf(bits=2048)  # opening one of 4096 bits takes six times as long
CHAIN = [intermediate().certificate]
PASSWORD = "correct horse"
IN_CLEAR = "-keypbe NONE -certpbe NONE -nomac -passout pass:"


def refused(data: bytes, password: str = "") -> tuple[str, ...]:
    with pytest.raises(InvalidArtifact) as caught:
        pfx.read(data, password)
    return caught.value.codes


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory, openssl: str) -> Path:
    """Key, certificate and chain as files, for openssl."""
    made = tmp_path_factory.mktemp("pfx")
    (made / "k.key").write_bytes(key_pem(KEY))
    (made / "c.cer").write_bytes(pem_of(LEAF))
    (made / "i.cer").write_bytes(pem_of(intermediate().certificate))
    return made


def exported(folder: Path, options: str) -> bytes:
    """What `openssl pkcs12 -export` writes with these options."""
    call = ["openssl", "pkcs12", "-export", "-in", "c.cer", "-certfile", "i.cer", "-out", "out.pfx"]
    if "-nokeys" not in options:
        call += ["-inkey", "k.key"]
    subprocess.run([*call, *options.split()], cwd=folder, check=True, capture_output=True)
    return (folder / "out.pfx").read_bytes()


@pytest.mark.parametrize("encryption", BUILDABLE)
def test_what_we_build_we_read_as_what_it_is(encryption: PfxEncryption) -> None:
    password = PASSWORD if encryption.has_password else ""
    data = pfx.build(KEY, LEAF, CHAIN, encryption, password or None)
    reading = pfx.read(data, password)
    assert reading.encryption is encryption
    assert reading.structure.has_mac
    locked = 2 if encryption is PfxEncryption.CERTIFICATES_IN_CLEAR else 3  # key, certificates, and the MAC
    assert reading.structure.rounds == locked * 2048
    assert reading.structure.keys == 1
    assert reading.certificate_pem.encode() == pem_of(LEAF)
    assert reading.chain_pem == intermediate().pem
    assert "pfx-password" in codes(reading.findings) or not encryption.has_password


@rule("R53")
def test_the_one_for_the_dip_has_no_errors() -> None:
    reading = pfx.read(pfx.build(rsa_key(), leaf(), CHAIN))
    assert reading.ok
    assert reading.findings == ()  # its root is missing, as it should be


def test_with_the_root_inside_the_chain_is_complete() -> None:
    assert pfx.read(pfx.build(rsa_key(), leaf(), [root().certificate, *CHAIN])).findings == ()


MADE_BY_OPENSSL = {
    "as openssl 3 writes it": ("-passout pass:", PfxEncryption.AES_EMPTY, "pfx-aes"),
    "3DES": (
        "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1 -passout pass:",
        PfxEncryption.PASSWORDLESS,
        None,
    ),
    "legacy": ("-legacy -passout pass:", PfxEncryption.RC2_EMPTY, "pfx-rc2"),
    "nothing encrypted": (
        "-keypbe NONE -certpbe NONE -passout pass:",
        PfxEncryption.UNENCRYPTED,
        "pfx-plain",
    ),
    "only the key in clear": ("-keypbe NONE -passout pass:", PfxEncryption.UNENCRYPTED, "pfx-plain"),
    "only the certificates in clear": ("-certpbe NONE -passout pass:", PfxEncryption.AES_EMPTY, "pfx-aes"),
    "no MAC": ("-nomac -passout pass:", PfxEncryption.NO_MAC, "pfx-no-mac"),
    "nothing encrypted and no MAC": (
        "-keypbe NONE -certpbe NONE -nomac -passout pass:",
        PfxEncryption.NO_MAC,
        "pfx-no-mac",
    ),
    "AES-128": (
        "-keypbe AES-128-CBC -certpbe AES-128-CBC -passout pass:",
        PfxEncryption.AES_EMPTY,
        "pfx-aes",
    ),
    "3DES with PBES2": (
        "-keypbe DES-EDE3-CBC -certpbe DES-EDE3-CBC -passout pass:",
        PfxEncryption.PASSWORDLESS,
        None,
    ),
    "Camellia": (
        "-keypbe CAMELLIA-256-CBC -certpbe CAMELLIA-256-CBC -passout pass:",
        PfxEncryption.OTHER,
        None,
    ),
}


@rule("R53", "T9")
@pytest.mark.parametrize("name", MADE_BY_OPENSSL)
def test_every_kind_without_a_password_is_told_apart(folder: Path, name: str) -> None:
    options, encryption, code = MADE_BY_OPENSSL[name]
    reading = pfx.read(exported(folder, options))
    assert reading.encryption is encryption
    found = tuple(one for one in reading.findings if one.code.startswith("pfx-"))
    assert codes(found) == ([code] if code else [])
    assert errors(found) == ()


@pytest.mark.parametrize(
    ("options", "encryption"),
    [
        ("-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1", PfxEncryption.THREE_DES_PASSWORD),
        ("", PfxEncryption.AES256_PASSWORD),
        ("-legacy", PfxEncryption.OTHER_PASSWORD),
        ("-keypbe AES-128-CBC -certpbe AES-256-CBC", PfxEncryption.OTHER_PASSWORD),
    ],
)
def test_each_kind_with_password_is_told_apart(folder: Path, options: str, encryption: PfxEncryption) -> None:
    data = exported(folder, f"{options} -passout pass:horse")
    reading = pfx.read(data, "horse")
    assert (reading.encryption, reading.ok) == (encryption, False)
    assert "pfx-password" in codes(reading.findings)
    assert refused(data) == ("pfx-password",)
    assert refused(data, "donkey") == ("pfx-wrong-password",)


def test_a_remark_comes_with_the_command_that_mends_it(folder: Path) -> None:
    (finding,) = [
        f for f in pfx.read(exported(folder, "-legacy -passout pass:")).findings if f.code == "pfx-rc2"
    ]
    assert "-legacy" in finding.commands[0].text


@rule("R53")
def test_without_a_key_inside_it_is_refused(folder: Path) -> None:
    assert refused(exported(folder, "-nokeys -passout pass:")) == ("pfx-no-key",)


def test_without_a_certificate_inside_it_is_refused(folder: Path) -> None:
    call = [
        "openssl",
        "pkcs12",
        "-export",
        "-nocerts",
        "-inkey",
        "k.key",
        "-out",
        "out.pfx",
        "-passout",
        "pass:",
    ]
    subprocess.run(call, cwd=folder, check=True, capture_output=True)
    assert refused((folder / "out.pfx").read_bytes()) == ("pfx-no-certificate",)


def test_a_key_that_is_not_the_certificates_is_refused(folder: Path) -> None:
    own = exported(folder, IN_CLEAR)
    (folder / "other.key").write_bytes(key_pem(rsa_key("two")))
    (folder / "other.cer").write_bytes(pem_of(issue(rsa_key("two").public_key(), intermediate())))
    call = "openssl pkcs12 -export -inkey other.key -in other.cer -out other.pfx " + IN_CLEAR
    subprocess.run(call.split(), cwd=folder, check=True, capture_output=True)
    others = (folder / "other.pfx").read_bytes()
    mixed = der_mutations.assemble(own, [der_mutations.infos(own)[0], der_mutations.infos(others)[1]])
    assert refused(mixed) == ("pfx-key-mismatch",)


def test_two_keys_inside_are_a_warning(folder: Path) -> None:
    one = exported(folder, IN_CLEAR)
    certificates, key = der_mutations.infos(one)
    two = der_mutations.assemble(one, [certificates, der_mutations.twice(key)])
    assert (structure(one).keys, structure(two).keys) == (1, 2)
    assert "pfx-several-keys" in codes(pfx.read(two).findings)


def test_one_written_with_indefinite_lengths_is_read_too(folder: Path) -> None:
    data = exported(folder, "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1 -passout pass:")
    reading = pfx.read(der_mutations.loose(data))
    assert reading.encryption is PfxEncryption.PASSWORDLESS
    assert reading.chain_pem == intermediate().pem


def test_more_rounds_than_anybody_needs_are_refused_unopened(folder: Path) -> None:
    data = exported(folder, "-iter 4000001 -nomac -keypbe AES-256-CBC -certpbe NONE -passout pass:")
    assert refused(data) == ("pfx-rounds",)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (b"", "nothing-given"),
        (b"hello", "not-recognised"),
        (csr_pem(ec_key()), "wrong-kind-csr"),
        (pem_of(intermediate().certificate), "wrong-kind-certificate"),
        (key_pem(ec_key()), "private-key-pasted"),
        (b"\xfe\xed\xfe\xed\x00\x00\x00\x02", "pfx-keystore"),
        (b"\x30\x82\x01\x00", "pfx-unreadable"),
    ],
)
def test_each_wrong_thing_is_named(given: bytes, code: str) -> None:
    assert refused(given) == (code,)


@pytest.mark.parametrize("wrap", ["{}", '"{}"', "-----BEGIN PKCS12-----\n{}\n-----END PKCS12-----"])
def test_base64_text_instead_of_the_file_is_named(wrap: str) -> None:
    text = base64.encodebytes(pfx.build(KEY, LEAF, [])).decode().strip()
    assert refused(wrap.format(text).encode()) == ("pfx-base64",)
    assert refused(wrap.format(text).encode("utf-16")) == ("pfx-base64",)


def test_a_file_that_is_cut_is_unreadable() -> None:
    assert refused(pfx.build(KEY, LEAF, [])[:-9]) == ("pfx-unreadable",)


def test_the_certificate_inside_is_judged_like_any_other() -> None:
    small = rsa_key(bits=2048)
    data = pfx.build(small, issue(small.public_key(), intermediate(), client_auth=False), CHAIN)
    later = datetime.now(UTC) + timedelta(days=3000)
    found = codes(pfx.read(data, now=later).findings)
    assert {"certificate-key-size", "certificate-expired", "certificate-no-client-auth"} <= set(found)


def test_without_issuers_it_is_only_remarked_on() -> None:
    reading = pfx.read(pfx.build(KEY, LEAF, []))
    assert codes(reading.findings) == ["certificate-key-size", "pfx-no-chain"]


@rule("R53")
def test_an_uploaded_one_with_a_password_is_refused(own: Certificate, company: UUID, case: UUID) -> None:
    data = pfx.build(rsa_key(), leaf(), [], PfxEncryption.AES256_PASSWORD, PASSWORD)
    with pytest.raises(InvalidArtifact) as caught:
        pfx.store(company, case, data, pfx.read(data), own, keep=False)
    assert caught.value.codes == ("pfx-password",)
