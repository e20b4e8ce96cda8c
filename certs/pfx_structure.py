"""The outside of a PKCS#12 file (RFC 7292): its ciphers, its MAC, its rounds; all that can be seen without opening it.

Opening it, and judging what was seen, happen in pfx_reading.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from certs.tlv import CONTEXT_0, INTEGER, OID, SEQUENCE, Malformed, Tlv, definite, read

_PKCS7_DATA = bytes.fromhex("2a864886f70d010701")
_PKCS7_ENCRYPTED = bytes.fromhex("2a864886f70d010706")
_BAG = bytes.fromhex("2a864886f70d010c0a01")  # 1.2.840.113549.1.12.10.1, one more byte says which bag
_PBE = bytes.fromhex("2a864886f70d010c01")  # 1.2.840.113549.1.12.1, one more byte says which cipher
_PBES2 = bytes.fromhex("2a864886f70d01050d")
_PBMAC1 = bytes.fromhex("2a864886f70d01050e")
_PBE_NAMES = {1: "rc4", 2: "rc4", 3: "3des", 4: "3des", 5: "rc2", 6: "rc2"}
_PBES2_NAMES = {
    bytes.fromhex("60864801650304012a"): "aes-256",
    bytes.fromhex("608648016503040116"): "aes-192",
    bytes.fromhex("608648016503040102"): "aes-128",
    bytes.fromhex("2a864886f70d0307"): "3des",
    bytes.fromhex("2a864886f70d0302"): "rc2",
}
KEY_BAG, SHROUDED_KEY_BAG, CERTIFICATE_BAG = 1, 2, 3
PLAIN = "plain"


@dataclass(frozen=True)
class Structure:
    """Ciphers are `3des`, `aes-128/192/256`, `rc2`, `rc4`, `plain` (none) or `other`.

    `keys` counts those that can be seen from outside; `rounds` counts all rounds of key derivation, `most_rounds` those
    of the part that has most. `has_pbmac1`: its MAC is the newer one of RFC 9579.
    """

    has_mac: bool
    has_pbmac1: bool
    key_ciphers: frozenset[str]
    other_ciphers: frozenset[str]
    keys: int
    rounds: int
    most_rounds: int

    @property
    def ciphers(self) -> frozenset[str]:
        """Every cipher in the file."""
        return self.key_ciphers | self.other_ciphers


@dataclass(frozen=True)
class _Part:
    """A key, or something else, with its cipher; `algorithm` None means in clear."""

    is_key: bool
    algorithm: Tlv | None


def structure(data: bytes) -> Structure:
    """Look at a PFX (DER or BER) from outside. Raises Malformed if it is not built as RFC 7292 says."""
    parts = read(definite(data)).children()
    if len(parts) < 2:
        raise Malformed("a PFX has a version and contents")
    mac = parts[2].children() if len(parts) > 2 else []
    found = [part for info in _safe(parts[1]) for part in _contents(info)]
    algorithms = [part.algorithm for part in found if part.algorithm]
    rounds = [*(_rounds(element) for element in (*algorithms, *mac[:1])), *_mac_rounds(mac)]
    return Structure(
        has_mac=bool(mac),
        has_pbmac1=bool(mac) and _at(_at(mac[0], 0), 0).content == _PBMAC1,
        key_ciphers=frozenset(_cipher(part.algorithm) for part in found if part.is_key),
        other_ciphers=frozenset(_cipher(part.algorithm) for part in found if not part.is_key),
        keys=sum(part.is_key for part in found),
        rounds=sum(rounds),
        most_rounds=max(rounds, default=0),
    )


def _safe(info: Tlv) -> list[Tlv]:
    """The ContentInfos inside AuthenticatedSafe."""
    kind, content = _content(info)
    if kind != _PKCS7_DATA:
        raise Malformed("only files with a password, or an empty one, are known")
    return read(definite(content.octets())).children()


def _contents(info: Tlv) -> Iterator[_Part]:
    kind, content = _content(info)
    if kind == _PKCS7_DATA:
        for bag in read(definite(content.octets())).children():
            yield from _bag(bag)
    elif kind == _PKCS7_ENCRYPTED:
        yield _Part(False, _at(_at(content, 1), 1))
    else:
        raise Malformed("an unknown kind of content")


def _bag(bag: Tlv) -> Iterator[_Part]:
    kind, value = _content(bag)
    if not kind.startswith(_BAG) or len(kind) != len(_BAG) + 1:
        raise Malformed("an unknown kind of bag")
    if kind[-1] == SHROUDED_KEY_BAG:
        yield _Part(True, _at(value, 0))
    else:
        yield _Part(kind[-1] == KEY_BAG, None)


def _content(info: Tlv) -> tuple[bytes, Tlv]:
    """OID and content of a ContentInfo or SafeBag: SEQUENCE { OID, [0] EXPLICIT content ... }."""
    parts = info.children()
    if [part.tag for part in parts[:2]] != [OID, CONTEXT_0]:
        raise Malformed("no content")
    return parts[0].content, _at(parts[1], 0)


def _at(element: Tlv, place: int) -> Tlv:
    parts = element.children()
    if place >= len(parts):
        raise Malformed("a part is missing")
    return parts[place]


def _cipher(algorithm: Tlv | None) -> str:
    if algorithm is None:
        return PLAIN
    oid = _at(algorithm, 0).content
    if oid.startswith(_PBE) and len(oid) == len(_PBE) + 1:
        return _PBE_NAMES.get(oid[-1], "other")
    if oid == _PBES2:
        return _PBES2_NAMES.get(_at(_at(_at(algorithm, 1), 1), 0).content, "other")
    return "other"


def _rounds(element: Tlv) -> int:
    """The largest INTEGER inside an AlgorithmIdentifier: its rounds; key lengths beside them are small."""
    if element.tag == INTEGER:
        return element.number()
    if element.tag & SEQUENCE != SEQUENCE:
        return 0
    return max([0, *(_rounds(child) for child in element.children())])


def _mac_rounds(mac: list[Tlv]) -> list[int]:
    return [max(0, element.number()) for element in mac if element.tag == INTEGER]
