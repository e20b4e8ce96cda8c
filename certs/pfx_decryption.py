"""The ciphers and MACs of PKCS#12: what a password opens, and whether it is the right one (RFC 7292, 8018, 9579).

For the process that opens PFX files only (pfx_reader_process.py): keys that come out of here belong to others. What is
not known here raises Unsupported, and the library is asked instead. Walking through the file is in pfx_bags.py.
"""

import codecs
import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from certs.pfx_key_derivation import derive
from certs.tlv import INTEGER, OCTET_STRING, OID, SEQUENCE, Malformed, Tlv

_Name = TypeVar("_Name")
_Value = TypeVar("_Value")
# Hashes for one file and one password, about two seconds. GnuTLS writes 600 000 rounds in each part, and with triple
# DES a round takes three hashes: leaf, two issuers, key and MAC are 7.8 million.
MAX_WORK = 8_000_000
_TRIPLE_DES = bytes.fromhex("2a864886f70d010c0103")  # pbeWithSHAAnd3-KeyTripleDES-CBC
_PBES2 = bytes.fromhex("2a864886f70d01050d")
_PBKDF2 = bytes.fromhex("2a864886f70d01050c")
_PBMAC1 = bytes.fromhex("2a864886f70d01050e")
_HMAC = bytes.fromhex("2a864886f70d02")  # one more byte says which hash
_HMACS = {7: "sha1", 8: "sha224", 9: "sha256", 10: "sha384", 11: "sha512"}
_HASHES = {
    bytes.fromhex("2b0e03021a"): "sha1",
    bytes.fromhex("608648016503040204"): "sha224",
    bytes.fromhex("608648016503040201"): "sha256",
    bytes.fromhex("608648016503040202"): "sha384",
    bytes.fromhex("608648016503040203"): "sha512",
}
_CIPHERS: dict[bytes, tuple[Callable[[bytes], AES | TripleDES], int]] = {
    bytes.fromhex("608648016503040102"): (AES, 16),
    bytes.fromhex("608648016503040116"): (AES, 24),
    bytes.fromhex("60864801650304012a"): (AES, 32),
    bytes.fromhex("2a864886f70d0307"): (TripleDES, 24),
}
_UTF_16 = codecs.lookup("utf-16-be")  # looked up here: who opens a file of others may open no module any more
_KEY, _IV, _MAC = 1, 2, 3  # what a derivation is for: RFC 7292 appendix B.3


class Unsupported(ValueError):
    """A cipher or MAC that is not known here."""


class TooMuchWork(Exception):
    """More rounds than anybody waits for."""


class WrongPassword(ValueError):
    """It does not open with this password, or it is damaged."""


class Spelling:
    """A password as PKCS#12 writes it down for deriving keys, and the work that it was put to.

    RFC 7292 appendix B.1 ends every password with two zero bytes; the null password of .NET is no byte at all.
    """

    def __init__(self, password: bytes, *, null: bool = False) -> None:
        self.null = null
        self._bytes = password
        try:
            text = password.decode() + "\0"
        except UnicodeDecodeError:
            raise WrongPassword from None
        self._characters = b"" if null else _UTF_16.encode(text)[0]
        self._work = 0

    def is_mac_right(self, mac: Tlv, content: bytes) -> bool:
        """Whether MacData (RFC 7292 section 4) over `content` was made with this password. Raises Unsupported."""
        parts = _parts(mac, SEQUENCE, OCTET_STRING)
        algorithm, digest = _parts(parts[0], SEQUENCE, OCTET_STRING)[:2]
        kind = _oid(algorithm)
        if kind == _PBMAC1:
            name, key = self._pbmac1(_parts(algorithm, OID, SEQUENCE)[1])
        else:
            name = _known(_HASHES, kind)
            rounds = parts[2].number() if len(parts) > 2 else 1
            key = self._derive(name, parts[1].octets(), rounds, _MAC, hashlib.new(name).digest_size)
        return hmac.compare_digest(hmac.digest(key, content, name), digest.octets())

    def decrypt(self, algorithm: Tlv, content: bytes) -> bytes:
        """What `content` was before. Raises WrongPassword, Unsupported."""
        kind, parameters = _parts(algorithm, OID, SEQUENCE)[:2]
        if kind.content == _TRIPLE_DES:
            salt, rounds = _parts(parameters, OCTET_STRING, INTEGER)[:2]
            how = ("sha1", salt.octets(), rounds.number())
            return _without_padding(
                TripleDES(self._derive(*how, _KEY, 24)), self._derive(*how, _IV, 8), content
            )
        if kind.content == _PBES2:
            derivation, cipher = _parts(parameters, SEQUENCE, SEQUENCE)[:2]
            kind, iv = _parts(cipher, OID, OCTET_STRING)[:2]
            make, size = _known(_CIPHERS, kind.content)
            return _without_padding(make(self._pbkdf2(derivation, size)[1]), iv.octets(), content)
        raise Unsupported

    def _pbmac1(self, parameters: Tlv) -> tuple[str, bytes]:
        """Hash and key of RFC 9579."""
        derivation, scheme = _parts(parameters, SEQUENCE, SEQUENCE)[:2]
        return _prf(_oid(scheme)), self._pbkdf2(derivation, 0)[1]

    def _pbkdf2(self, derivation: Tlv, size: int) -> tuple[str, bytes]:
        """RFC 8018 section 5.2; the key has `size` bytes, or, where that is 0, as many as are said."""
        kind, parameters = _parts(derivation, OID, SEQUENCE)[:2]
        if kind.content != _PBKDF2:
            raise Unsupported
        salt, rounds, *more = _parts(parameters, OCTET_STRING, INTEGER)
        said = [each.number() for each in more if each.tag == INTEGER]
        name = next((_prf(_oid(each)) for each in more if each.tag == SEQUENCE), "sha1")
        size = size or (said or [0])[0]
        if not 0 < size <= 64:
            raise Unsupported
        self._spend(rounds.number() * -(-size // hashlib.new(name).digest_size))
        return name, hashlib.pbkdf2_hmac(name, self._bytes, salt.octets(), rounds.number(), size)

    def _derive(self, name: str, salt: bytes, rounds: int, purpose: int, size: int) -> bytes:
        """RFC 7292 appendix B.2."""
        self._spend(rounds * -(-size // hashlib.new(name).digest_size))
        return derive(name, self._characters, salt, rounds, purpose, size)

    def _spend(self, work: int) -> None:
        if work <= 0:
            raise Malformed("a count of rounds must be positive")
        self._work += work
        if self._work > MAX_WORK:
            raise TooMuchWork


def _without_padding(algorithm: AES | TripleDES, iv: bytes, content: bytes) -> bytes:
    """RFC 8018 section 6.1.1: the last byte says how many bytes of padding there are, and all of them do."""
    size = algorithm.block_size // 8
    if not content or len(content) % size or len(iv) != size:
        raise WrongPassword
    opener = Cipher(algorithm, CBC(iv)).decryptor()
    plain = opener.update(content) + opener.finalize()
    if not 1 <= plain[-1] <= size or plain[-plain[-1] :] != bytes([plain[-1]]) * plain[-1]:
        raise WrongPassword
    return plain[: -plain[-1]]


def _prf(oid: bytes) -> str:
    if oid[:-1] != _HMAC:
        raise Unsupported
    return _known(_HMACS, oid[-1])


def _known(table: Mapping[_Name, _Value], key: _Name) -> _Value:
    if key not in table:
        raise Unsupported
    return table[key]


def _oid(element: Tlv) -> bytes:
    return _parts(element, OID)[0].content


def _parts(element: Tlv, *tags: int) -> list[Tlv]:
    """The elements inside, the first of which have these tags (or, of octets, are made of pieces)."""
    parts = element.children()
    if len(parts) < len(tags) or any(part.tag != tag for part, tag in zip(parts, tags, strict=False)):
        raise Malformed("another element was expected")
    return parts


def spellings(password: bytes) -> Iterator[Spelling]:
    """How this password may have been written down; the empty one in two ways."""
    yield Spelling(password)
    if not password:
        yield Spelling(password, null=True)
