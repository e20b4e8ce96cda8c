"""Takes PKCS#12 files without a MAC apart and puts them together otherwise: what no honest tool would write.

Element by element, with definite lengths; certs.tlv finds where each ends.
"""

from __future__ import annotations

from collections.abc import Iterable

from certs.tlv import read

KEY_BAG = bytes.fromhex("2a864886f70d010c0a0101")


def parts(element: bytes) -> list[bytes]:
    """The elements inside a constructed one, each with its header."""
    content, found, at = read(element).content, [], 0
    while at < len(content):
        size = read(content, at).size
        found.append(content[at : at + size])
        at += size
    return found


def tlv(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    width = (size.bit_length() + 7) // 8
    return bytes([tag, 0x80 | width]) + size.to_bytes(width, "big") + content


def octets(content_info: bytes) -> bytes:
    """What is in the OCTET STRING of a ContentInfo of type data."""
    return read(parts(parts(content_info)[1])[0]).octets()


def infos(pfx: bytes) -> list[bytes]:
    """The ContentInfos of a PFX: one for the certificates, one for the key."""
    return parts(octets(parts(pfx)[1]))


def assemble(like: bytes, contents: Iterable[bytes]) -> bytes:
    """A PFX without MAC, version and types as in `like`, with these ContentInfos."""
    version, safe = parts(like)[:2]
    return tlv(0x30, version + _data(parts(safe)[0], b"".join(contents)))


def twice(content_info: bytes) -> bytes:
    """The same ContentInfo with each of its bags twice."""
    return _data(parts(content_info)[0], b"".join(parts(octets(content_info)) * 2))


def loose(pfx: bytes) -> bytes:
    """The same PFX in BER: indefinite lengths, the octets in pieces, as Bouncy Castle and NSS write."""
    version, safe, mac = parts(pfx)
    inside = octets(safe)
    pieces = b"".join(tlv(0x04, inside[at : at + 1000]) for at in range(0, len(inside), 1000))
    content = b"\x30\x80" + parts(safe)[0] + b"\xa0\x80\x24\x80" + pieces + b"\0\0" * 3
    return b"\x30\x80" + version + content + mac + b"\0\0"


def _data(oid: bytes, bags: bytes) -> bytes:
    return tlv(0x30, oid + tlv(0xA0, tlv(0x04, tlv(0x30, bags))))
