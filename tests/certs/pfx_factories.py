"""PFX files as other programs write them, with each of their choices: numbers, spellings, ciphers, MACs.

OpenSSL, keytool and GnuTLS open what is made here in test_pfx_of_others.py, which proves that it is written as meant.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.certs.der_mutations import tlv

ONE, TWO = b"\1\0\0\0", b"\2\0\0\0"  # localKeyIDs
DATA, ENCRYPTED = "2a864886f70d010701", "2a864886f70d010706"


def seq(*parts: bytes) -> bytes:
    return tlv(0x30, b"".join(parts))


def oid(hexadecimal: str) -> bytes:
    return tlv(0x06, bytes.fromhex(hexadecimal))


def number(value: int) -> bytes:
    return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def octets(value: bytes) -> bytes:
    return tlv(0x04, value)


def derive(characters: bytes, salt: bytes, rounds: int, purpose: int, size: int) -> bytes:
    """RFC 7292 appendix B.2 with SHA-1, as short as it can be written."""

    def fill(text: bytes) -> bytes:
        return (text * 64)[: -(-len(text) // 64) * 64]

    inside, found = fill(salt) + fill(characters), b""
    while len(found) < size:
        one = bytes([purpose]) * 64 + inside
        for _ in range(rounds):
            one = hashlib.sha1(one).digest()
        found += one
        more = int.from_bytes((one * 4)[:64], "big") + 1
        blocks = [inside[at : at + 64] for at in range(0, len(inside), 64)]
        inside = b"".join(
            ((int.from_bytes(each, "big") + more) % 2**512).to_bytes(64, "big") for each in blocks
        )
    return found[:size]


@dataclass(frozen=True)
class Style:
    """How a program writes: `cipher` is 3des, aes or none; `mac` is hmac, pbmac1 or none; `null` is .NET's no password.

    `key_password` is the key's own; None: that of the file.
    """

    cipher: str = "3des"
    mac: str = "hmac"
    password: str = ""
    null: bool = False
    rounds: int = 1024
    key_password: str | None = None

    def write(
        self,
        keys: Sequence[tuple[RSAPrivateKey, bytes | None]],
        certificates: Sequence[tuple[x509.Certificate | bytes, bytes | None]],
    ) -> bytes:
        """A PFX of keys and certificates, each with its localKeyID."""
        bags = [_certificate(one, key_id) for one, key_id in certificates]
        first = self._info(seq(*bags))
        second = _info(DATA, octets(seq(*(self._key(key, key_id) for key, key_id in keys))))
        safe = seq(first, second)
        return seq(number(3), _info(DATA, octets(safe)), self._mac(safe))

    def _characters(self, password: str) -> bytes:
        return b"" if self.null else (password + "\0").encode("utf-16-be")

    def _info(self, contents: bytes) -> bytes:
        if self.cipher == "none":
            return _info(DATA, octets(contents))
        algorithm, locked = self._lock(contents, self.password)
        inside = seq(oid(DATA), algorithm, tlv(0x80, locked))
        return _info(ENCRYPTED, seq(number(0), inside))

    def _key(self, key: RSAPrivateKey, key_id: bytes | None) -> bytes:
        plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        if self.cipher == "none":
            return _bag(1, plain, key_id)
        own = self.password if self.key_password is None else self.key_password
        algorithm, locked = self._lock(plain, own)
        return _bag(2, seq(algorithm, octets(locked)), key_id)

    def _lock(self, plain: bytes, password: str) -> tuple[bytes, bytes]:
        salt, iv = os.urandom(8), os.urandom(16)
        if self.cipher == "3des":
            key, iv = (
                derive(self._characters(password), salt, self.rounds, p, n) for p, n in ((1, 24), (2, 8))
            )
            algorithm = seq(oid("2a864886f70d010c0103"), seq(octets(salt), number(self.rounds)))
            return algorithm, _encrypt(Cipher(TripleDES(key), CBC(iv)), plain, 8)
        key = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, self.rounds, 32)
        derivation = seq(oid("2a864886f70d01050c"), self._pbkdf2(salt))
        scheme = seq(oid("60864801650304012a"), octets(iv))
        algorithm = seq(oid("2a864886f70d01050d"), seq(derivation, scheme))
        return algorithm, _encrypt(Cipher(AES(key), CBC(iv)), plain, 16)

    def _pbkdf2(self, salt: bytes, *size: bytes) -> bytes:
        return seq(octets(salt), number(self.rounds), *size, seq(oid("2a864886f70d0209"), tlv(5, b"")))

    def _mac(self, safe: bytes) -> bytes:
        salt = os.urandom(8)
        if self.mac == "none":
            return b""
        if self.mac == "pbmac1":
            key = hashlib.pbkdf2_hmac("sha256", self.password.encode(), salt, self.rounds, 32)
            derivation = seq(oid("2a864886f70d01050c"), self._pbkdf2(salt, number(32)))
            scheme = seq(oid("2a864886f70d0209"), tlv(5, b""))
            algorithm = seq(oid("2a864886f70d01050e"), seq(derivation, scheme))
            return seq(
                seq(algorithm, octets(hmac.digest(key, safe, "sha256"))), octets(b"not used"), number(1)
            )
        key = derive(self._characters(self.password), salt, self.rounds, 3, 20)
        algorithm = seq(oid("2b0e03021a"), tlv(5, b""))
        return seq(seq(algorithm, octets(hmac.digest(key, safe, "sha1"))), octets(salt), number(self.rounds))


def _info(kind: str, content: bytes) -> bytes:
    return seq(oid(kind), tlv(0xA0, content))


def _bag(kind: int, content: bytes, key_id: bytes | None) -> bytes:
    attributes = b""
    if key_id is not None:
        attributes = tlv(0x31, seq(oid("2a864886f70d010915"), tlv(0x31, octets(key_id))))
    return seq(oid(f"2a864886f70d010c0a01{kind:02x}"), tlv(0xA0, content), attributes)


def _certificate(one: x509.Certificate | bytes, key_id: bytes | None) -> bytes:
    der = one if isinstance(one, bytes) else one.public_bytes(Encoding.DER)
    return _bag(3, seq(oid("2a864886f70d01091601"), tlv(0xA0, octets(der))), key_id)


def _encrypt(cipher: Cipher[CBC], plain: bytes, block: int) -> bytes:
    missing = block - len(plain) % block
    locked = cipher.encryptor()
    return locked.update(plain + bytes([missing]) * missing) + locked.finalize()
