"""Keystores of Bouncy Castle for Java and Android, told by their first bytes: BKS, UBER and BCFKS.

What is in them is not read: keytool turns them into PFX files with Bouncy Castle's own library.
"""

from certs.tlv import OCTET_STRING, OID, SEQUENCE, Malformed, Tlv, read

_VERSIONS = (b"\0\0\0\1", b"\0\0\0\2")
_SALT = b"\0\0\0\x14"  # its length: 20 bytes
_ROUNDS = range(1, 65_536)  # BKS and UBER draw 1024 to 2047
_FIRST_ENTRY = (
    b"\1",
    b"\2",
    b"\3",
    b"\4",
    b"\0",
)  # certificate, key, secret, sealed key; the end of an empty store
_PBES2 = bytes.fromhex("2a864886f70d01050d")


def detect_bouncy_castle_keystore(data: bytes) -> str:
    """`BKS`, `UBER` or `BCFKS`; empty for everything else."""
    if data[:4] in _VERSIONS and data[4:8] == _SALT and int.from_bytes(data[28:32], "big") in _ROUNDS:
        return "BKS" if data[32:33] in _FIRST_ENTRY and _has_alias(data) else "UBER"
    return "BCFKS" if _is_bcfks(data) else ""


def _has_alias(data: bytes) -> bool:
    """BKS goes on with an entry's name and date in clear; UBER with what is encrypted."""
    if data[32:33] == b"\0":
        return len(data) == 32 + 1 + 20  # nothing but the digest of an empty store
    size = int.from_bytes(data[33:35], "big")
    return data[35 : 35 + size].isascii() and data[35 + size : 37 + size] in (b"\0\0", b"\0\1")


def _is_bcfks(data: bytes) -> bool:
    """ObjectStore: SEQUENCE { EncryptedObjectStoreData, ObjectStoreIntegrityCheck }, both sequences."""
    try:
        parts = read(data).children() if data[:1] == bytes([SEQUENCE]) else []
        return len(parts) == 2 and _is_encrypted(parts[0]) and parts[1].tag == SEQUENCE
    except Malformed:
        return False


def _is_encrypted(part: Tlv) -> bool:
    """SEQUENCE { AlgorithmIdentifier of PBES2, OCTET STRING }, as an encrypted key is, too, which stands alone."""
    inside = part.children() if part.tag == SEQUENCE else []
    if [each.tag for each in inside] != [SEQUENCE, OCTET_STRING]:
        return False
    first = inside[0].children()[:1]
    return bool(first) and first[0].tag == OID and first[0].content == _PBES2
