"""A private key is found wherever it hides, refused, and never repeated; what only looks like one passes."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ed448, ed25519, x25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    pkcs7,
    pkcs12,
)

from certs import certificate, credentials, csr, pfx, proof
from certs.findings import InvalidArtifact
from certs.private_key_detection import contains_private_key
from tests.certs.x509_factories import csr_der, csr_pem, ec_key, intermediate, issue, leaf, pem_of, rsa_key

PLAIN, LOCKED = NoEncryption(), BestAvailableEncryption(b"correct horse")
RSA, EC = rsa_key(bits=2048), ec_key()
ED = ed25519.Ed25519PrivateKey.generate()
CERTIFICATE = issue(RSA.public_key(), intermediate())


def _pfx(how: object) -> bytes:
    return pkcs12.serialize_key_and_certificates(b"x", RSA, CERTIFICATE, None, how)  # type: ignore[arg-type]


KEYS = {
    "PKCS#8 RSA": RSA.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, PLAIN),
    "PKCS#8 RSA as DER": RSA.private_bytes(Encoding.DER, PrivateFormat.PKCS8, PLAIN),
    "PKCS#1": RSA.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, PLAIN),
    "PKCS#1 as DER": RSA.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, PLAIN),
    "PKCS#1 with a pass phrase": RSA.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, LOCKED),
    "PKCS#8 with a pass phrase": RSA.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, LOCKED),
    "PKCS#8 with a pass phrase as DER": RSA.private_bytes(Encoding.DER, PrivateFormat.PKCS8, LOCKED),
    "OpenSSH": RSA.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, PLAIN),
    "EC PKCS#8": EC.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, PLAIN),
    "EC SEC 1": EC.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, PLAIN),
    "EC SEC 1 as DER": EC.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, PLAIN),
    "Ed25519": ED.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, PLAIN),
    "Ed25519 as DER": ED.private_bytes(Encoding.DER, PrivateFormat.PKCS8, PLAIN),
    "Ed448 as DER": ed448.Ed448PrivateKey.generate().private_bytes(Encoding.DER, PrivateFormat.PKCS8, PLAIN),
    "X25519 as DER": x25519.X25519PrivateKey.generate().private_bytes(
        Encoding.DER, PrivateFormat.PKCS8, PLAIN
    ),
    "DSA as DER": dsa.generate_private_key(1024).private_bytes(
        Encoding.DER, PrivateFormat.TraditionalOpenSSL, PLAIN
    ),
    "PFX without a password": _pfx(PLAIN),
    "PFX with a password": _pfx(LOCKED),
    "PuTTY": b"PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nPrivate-Lines: 14\n",
    "JWK": json.dumps({"kty": "RSA", "n": "sXch" * 80, "e": "AQAB", "d": "VFCW" * 80}).encode(),
}
WRITTEN = {
    "as openssl pkey -text prints it": b"Private-Key: (2048 bit)\nmodulus:\n    00:b5\nprivateExponent:\n    62:1c\n",
    "as .NET writes it": b"<RSAKeyValue><Modulus>sXch</Modulus><P>4x</P><D>VFCW</D></RSAKeyValue>",
    "in a Java keystore": bytes.fromhex("feedfeed0000000200000001") + bytes(40),
    "in a JCE keystore": bytes.fromhex("cececece0000000200000001") + bytes(40),
}
BINARY = {name: key for name, key in KEYS.items() if key[:1] == b"\x30"}
SAFE = {
    "CSR": csr_pem(RSA),
    "CSR as DER": csr_der(RSA),
    "CSR of an EC key": csr_pem(EC),
    "certificate": pem_of(CERTIFICATE),
    "certificate as DER": CERTIFICATE.public_bytes(Encoding.DER),
    "chain": pem_of(CERTIFICATE) + pem_of(intermediate().certificate),
    "PKCS#7": pkcs7.serialize_certificates([CERTIFICATE, intermediate().certificate], Encoding.PEM),
    "public key": RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    "public key, PKCS#1": RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.PKCS1),
    "words": b"Never paste your private key here. -----BEGIN CERTIFICATE-----",
    "CSV": b"API Key,API Secret\r\n0123456789abcdef,0123456789abcdef0123456789abcdef01234567\r\n",
    "XML without its private part": b"<RSAKeyValue><Modulus>sXch</Modulus></RSAKeyValue>",
    "JWK without its private part": b'{"kty":"RSA","n":"sXch","e":"AQAB"}',
}


@pytest.mark.parametrize("key", {**KEYS, **WRITTEN}.values(), ids={**KEYS, **WRITTEN}.keys())
def test_every_form_of_private_key_is_found(key: bytes) -> None:
    assert contains_private_key(key)


@pytest.mark.parametrize("given", SAFE.values(), ids=SAFE.keys())
def test_what_is_no_private_key_passes(given: bytes) -> None:
    assert not contains_private_key(given)


def hidden(name: str) -> dict[str, bytes]:
    """A key in the places and shapes in which people send one."""
    key = KEYS[name]
    text = key if key.isascii() else base64.encodebytes(key)
    lines = text.decode().splitlines()
    return {
        "after the CSR": SAFE["CSR"] + text,
        "before the certificate": text + SAFE["certificate"],
        "UTF-16": text.decode().encode("utf-16"),
        "UTF-16 without a mark": text.decode().encode("utf-16-be"),
        "quoted in a mail": b"\n".join(b"> " + line.encode() for line in lines),
        "in one line": b"".join(line.encode() for line in lines),
        "line ends written out": "\\n".join(lines).encode(),
        "as base64 once more": base64.b64encode(text),
        "as base64 twice": base64.b64encode(base64.b64encode(key)),
        "as base64 twice, in lines": base64.encodebytes(base64.encodebytes(key)),
        "as base64 with no-break spaces": "\xa0".join(base64.encodebytes(text).decode().split()).encode(),
        "as base64 with soft hyphens": "\xad".join(base64.encodebytes(text).decode().split()).encode(),
        "as base64 with joiners": "\u200d".join(base64.encodebytes(text).decode().split()).encode(),
        "in a table": b"\n".join(b"| " + line.encode() + b" |" for line in lines),
        "with words before it": b"my secret key " + text,
    }


@pytest.mark.parametrize("place", hidden("PKCS#8 RSA"))
@pytest.mark.parametrize("name", [name for name in KEYS if name not in ("PuTTY", "JWK")])
def test_no_hiding_place_helps(name: str, place: str) -> None:
    assert contains_private_key(hidden(name)[place])


@pytest.mark.parametrize("name", BINARY)
@pytest.mark.parametrize("before", ["", "key", "privatekeyX", "x: "])
def test_base64_without_its_header_lines_is_found(name: str, before: str) -> None:
    assert contains_private_key(before.encode() + base64.b64encode(BINARY[name]))


@pytest.mark.parametrize("name", BINARY)
@pytest.mark.parametrize("extra", range(3))
def test_a_key_glued_to_a_whole_certificate_is_found(name: str, extra: int) -> None:
    whole = (
        SAFE["certificate as DER"] + b"\0" * extra
    )  # so that the seam is once in each place of four characters
    before = base64.b64encode(whole).rstrip(b"=")
    after = base64.b64encode(BINARY[name])
    assert contains_private_key(before + after)
    assert contains_private_key(after.rstrip(b"=") + before)
    assert contains_private_key(base64.b64encode(whole + BINARY[name]))


@pytest.mark.parametrize("name", ["PKCS#8 RSA as DER", "PKCS#1 as DER", "PFX with a password"])
def test_a_key_in_the_middle_of_other_bytes_is_found(name: str) -> None:
    assert contains_private_key(b"\x01\x02garbage" + KEYS[name] + b"\xff" * 9)


def test_a_header_alone_is_enough_however_it_is_spelt() -> None:
    for header in (
        "-----BEGIN RSA PRIVATE KEY-----",
        "\u2014begin\xa0private key\u2014",
        "BEGIN PRIVATE  KEY",
    ):
        assert contains_private_key(header.encode())


@pytest.mark.parametrize("name", KEYS)
def test_every_reader_refuses_a_private_key_before_reading(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    readers: list[Callable[[bytes], object]] = [csr.read, certificate.read, credentials.read_csv]
    if not name.startswith("PFX"):
        readers.append(pfx.read)
    for reader in readers:
        with pytest.raises(InvalidArtifact) as caught:
            reader(SAFE["CSR"] + KEYS[name] if reader is csr.read else KEYS[name])
        assert caught.value.codes == ("private-key-pasted",)
        assert "nothing was stored" in str(caught.value)
    assert caplog.records == []


def test_the_other_two_ways_in_refuse_it_too() -> None:
    text = KEYS["PKCS#8 RSA"].decode()
    for read in (lambda: credentials.read_pasted(text, "x"), lambda: proof.read_answer(text)):
        with pytest.raises(InvalidArtifact) as caught:
            read()
        assert caught.value.codes == ("private-key-pasted",)


def test_the_finding_shows_how_to_make_a_new_key() -> None:
    with pytest.raises(InvalidArtifact) as caught:
        csr.read(KEYS["PKCS#1"])
    assert {command.shell for command in caught.value.findings[0].commands} >= {
        "bash",
        "git-bash",
        "powershell",
    }


def test_a_certificate_of_4096_bits_is_no_key() -> None:
    assert not contains_private_key(pem_of(leaf()))
