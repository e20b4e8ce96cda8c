"""PFX files as other people's programs write them: each kind is told apart, and its repair serves who complained.

The files in cases/ were made with the real programs, after public reports; their other members are made here.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from certs import pfx
from certs.doctor.examiner import examine_or_raise
from certs.findings import InvalidArtifact
from certs.pfx_key_derivation import HASHES, derive, derive_in_python
from tests.certs import der_mutations
from tests.certs.pfx_factories import ONE, TWO, Style
from tests.certs.pfx_factories import derive as derive_by_the_book
from tests.certs.x509_factories import codes, common, intermediate, issue, leaf, pem_of, rsa_key

pytestmark = pytest.mark.usefixtures("openssl")
CASES = Path(__file__).parent / "cases"
KEY, LEAF, CA = rsa_key(bits=2048), leaf(bits=2048), intermediate().certificate
OTHER = rsa_key("two", 2048)
Key = tuple[RSAPrivateKey, bytes | None]
Certificate = tuple[x509.Certificate | bytes, bytes | None]
TIED: list[Certificate] = [(LEAF, ONE), (CA, None)]
ABOUT_THE_KEY = "certificate-key-size"  # 2048 bits, because opening and making those is quick
PASSWORD = "horses\n"

# What people brought, and what the doctor says of it: errors and warnings first.
BROUGHT = {
    # Java's KeyStore API with an empty store password and another one for the key
    "p26-java-keypass-differs.pfx.bin": ["pfx-key-password"],
    # Bouncy Castle's own keystores
    "p27-bks.keystore": ["keystore-bks"],
    "uber.keystore": ["keystore-bks"],
    "bcfks.keystore": ["keystore-bks"],
    # certtool --to-p12 --empty-password: four parts of 600 000 rounds
    "p30-certtool-empty.pfx.bin": ["pfx-good", "pfx-aes", "pfx-rounds-in-all"],
    # certtool --to-p12 --pkcs-cipher 3des-pkcs12: six million hashes
    "p62-certtool-3des.pfx.bin": ["pfx-good", "pfx-rounds-in-all"],
    # a certificate of the company's own CA
    "p40-internal-ca.pfx.bin": ["certificate-issuer", "pfx-good"],
    # Bouncy Castle's PfxPduBuilder, localKeyID left out or at the wrong certificate
    "p50-no-localkeyid.pfx.bin": ["pfx-key-id-missing", "pfx-null-password"],
    "p52-wrong-localkeyid.pfx.bin": ["pfx-key-id-elsewhere", "pfx-null-password"],
    # openssl pkcs12 -export -iter 650000, and -nomac with triple DES
    "p60-iter650k.pfx.bin": ["pfx-many-rounds", "pfx-aes"],
    "p61-openssl-3des-nomac.pfx.bin": ["pfx-no-mac"],
    # the proof command's output on p50: the sign-in itself succeeded
    "m-m60-proof-no-localkeyid.txt": ["policy-good", "proof-no-fingerprint"],
}

WRITTEN = {
    "in order": (Style().write([(KEY, ONE)], TIED), []),
    "issuer first": (Style().write([(KEY, ONE)], [(CA, None), (LEAF, ONE)]), []),
    "numbers nowhere": (Style().write([(KEY, None)], [(LEAF, None), (CA, None)]), ["pfx-key-id-missing"]),
    "number at the key only": (
        Style().write([(KEY, ONE)], [(LEAF, None), (CA, None)]),
        ["pfx-key-id-missing"],
    ),
    "two different numbers": (Style().write([(KEY, ONE)], [(LEAF, TWO), (CA, None)]), ["pfx-key-id-missing"]),
    "one certificate, no number": (
        Style().write([(KEY, None)], [(LEAF, None)]),
        ["pfx-key-id-missing", "pfx-no-chain"],
    ),
    "number on all": (Style().write([(KEY, ONE)], [(LEAF, ONE), (CA, ONE)]), ["pfx-key-id-on-all"]),
    "number on all, issuer first": (
        Style().write([(KEY, ONE)], [(CA, ONE), (LEAF, ONE)]),
        ["pfx-key-id-on-all"],
    ),
    "number at the issuer": (
        Style().write([(KEY, ONE)], [(LEAF, None), (CA, ONE)]),
        ["pfx-key-id-elsewhere"],
    ),
    "numbers swapped, AES": (
        Style(cipher="aes").write([(KEY, ONE)], [(LEAF, TWO), (CA, ONE)]),
        ["pfx-key-id-elsewhere", "pfx-aes"],
    ),
    "null password": (Style(null=True).write([(KEY, ONE)], TIED), ["pfx-null-password"]),
    "null password, AES": (
        Style(null=True, cipher="aes").write([(KEY, ONE)], TIED),
        ["pfx-aes", "pfx-null-password"],
    ),
    "null password, no MAC": (
        Style(null=True, mac="none").write([(KEY, ONE)], TIED),
        ["pfx-no-mac", "pfx-null-password"],
    ),
    "empty password, no MAC": (Style(mac="none").write([(KEY, ONE)], TIED), ["pfx-no-mac"]),
    "nothing locked, no MAC": (Style(cipher="none", mac="none").write([(KEY, ONE)], TIED), ["pfx-no-mac"]),
    "nothing locked": (Style(cipher="none").write([(KEY, ONE)], TIED), ["pfx-plain"]),
    "PBMAC1, AES": (Style(cipher="aes", mac="pbmac1").write([(KEY, ONE)], TIED), ["pfx-pbmac1", "pfx-aes"]),
    "PBMAC1, triple DES": (Style(mac="pbmac1").write([(KEY, ONE)], TIED), ["pfx-pbmac1"]),
    "the leaf's key is the second": (
        Style().write([(OTHER, TWO), (KEY, ONE)], TIED),
        ["pfx-several-keys"],
    ),
    "the leaf's key is the first": (Style().write([(KEY, ONE), (OTHER, TWO)], TIED), ["pfx-several-keys"]),
    "three parts of 250 000 rounds": (
        Style(cipher="aes", rounds=250_000).write([(KEY, ONE)], TIED),
        ["pfx-aes", "pfx-rounds-in-all"],
    ),
    "a part of 600 001 rounds": (
        Style(cipher="aes", mac="none", rounds=600_001).write([(KEY, ONE)], TIED),
        ["pfx-no-mac", "pfx-many-rounds"],
    ),
}

# Its common name has a tag that no string has: the library loads it, and fails when the name is asked for.
NAMELESS = LEAF.public_bytes(Encoding.DER).replace(b"\x0c\x0eonboarding_key", b"\x4d\x0eonboarding_key")

REFUSED: dict[str, tuple[Style, list[Key], list[Certificate], str]] = {
    "key with a password of its own": (
        Style(key_password="k3y-pass"),
        [(KEY, ONE)],
        TIED,
        "pfx-key-password",
    ),
    "key with a password of its own, AES": (
        Style(key_password="k3y-pass", cipher="aes"),
        [(KEY, ONE)],
        TIED,
        "pfx-key-password",
    ),
    "password": (Style(password="horses"), [(KEY, ONE)], TIED, "pfx-password"),
    "password, no MAC": (Style(password="horses", mac="none"), [(KEY, ONE)], TIED, "pfx-password"),
    "password, PBMAC1": (
        Style(password="horses", cipher="aes", mac="pbmac1"),
        [(KEY, ONE)],
        TIED,
        "pfx-password",
    ),
    "another key": (Style(), [(OTHER, ONE)], TIED, "pfx-key-mismatch"),
    "a certificate that nobody reads": (
        Style(),
        [(KEY, ONE)],
        [(pem_of(LEAF)[:400], ONE)],
        "pfx-certificate-unreadable",
    ),
    "a certificate whose name nobody reads": (
        Style(),
        [(KEY, ONE)],
        [(NAMELESS, ONE)],
        "pfx-certificate-unreadable",
    ),
    "no certificate": (Style(), [(KEY, ONE)], [], "pfx-no-certificate"),
    "no key": (Style(), [], TIED, "pfx-no-key"),
}


@pytest.mark.parametrize("name", BROUGHT)
def test_what_people_brought_gets_the_right_answer(name: str) -> None:
    seen = examine_or_raise((CASES / name).read_bytes(), name.removesuffix(".bin"))
    assert codes(seen.findings) == BROUGHT[name]


@pytest.mark.parametrize("name", WRITTEN)
def test_each_way_of_writing_is_told_apart(name: str) -> None:
    data, wanted = WRITTEN[name]
    reading = pfx.read(data)
    assert reading.certificate_pem.encode() == pem_of(LEAF)
    assert sorted(codes(reading.findings)) == sorted([ABOUT_THE_KEY, *wanted])


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_used_is_named(name: str) -> None:
    style, keys, certificates, code = REFUSED[name]
    with pytest.raises(InvalidArtifact) as caught:
        pfx.read(style.write(keys, certificates))
    assert caught.value.codes == (code,)


def test_with_its_password_the_same_is_said_but_for_rounds_that_only_matter_without_one() -> None:
    style = Style(cipher="aes", mac="pbmac1", password="horses", rounds=650_000)
    found = codes(pfx.read(style.write([(KEY, ONE)], TIED), "horses").findings)
    assert sorted(found) == [ABOUT_THE_KEY, "pfx-password", "pfx-pbmac1"]


def test_of_two_identities_the_one_for_the_dip_is_taken() -> None:
    another = issue(OTHER.public_key(), intermediate(), name=common("another"))
    data = Style().write([(OTHER, TWO), (KEY, ONE)], [(another, TWO), (LEAF, ONE), (CA, None)])
    reading = pfx.read(data)
    assert reading.certificate_pem.encode() == pem_of(LEAF)
    assert "pfx-several-keys" in codes(reading.findings)


def test_a_key_whose_numbers_do_not_fit_is_no_key_for_the_certificate() -> None:
    """Its public half is the certificate's; nobody could sign in with the rest."""
    numbers = KEY.private_numbers()
    for wrong in (numbers.dmp1 + 2, numbers.dmp1 - 2):
        data = Style(cipher="none", mac="none").write([(KEY, ONE)], TIED)
        old, new = (n.to_bytes(128, "big") for n in (numbers.dmp1, wrong))
        assert data.count(old) == 1
        with pytest.raises(InvalidArtifact) as caught:
            pfx.read(data.replace(old, new))
        assert caught.value.codes == ("pfx-key-mismatch",)


def test_our_own_has_nothing_to_be_remarked_on() -> None:
    reading = pfx.read(pfx.build(rsa_key(), leaf(), [CA]))
    assert reading.findings == ()


def test_the_key_derivation_is_the_one_of_the_standard_with_and_without_openssl() -> None:
    for name in HASHES:
        for characters, salt, rounds, purpose, size in (
            (b"\0\0", b"saltsalt", 1, 1, 24),
            (b"", b"x" * 20, 1000, 3, 20),
            (b"\0h\0\xe4\0\0" * 30, b"y" * 130, 7, 2, 150),
        ):
            how = (characters, salt, rounds, purpose, size)
            assert derive(name, *how) == derive_in_python(name, *how)
            assert name != "sha1" or derive(name, *how) == derive_by_the_book(*how)


def test_indefinite_lengths_are_read_with_their_numbers() -> None:
    data = der_mutations.loose(Style(null=True).write([(KEY, ONE)], [(LEAF, TWO), (CA, ONE)]))
    assert "pfx-key-id-elsewhere" in codes(pfx.read(data).findings)
