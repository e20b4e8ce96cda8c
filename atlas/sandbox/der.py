"""DER (X.690) for the few extensions that the cryptography package has no class for.

What goes into them is decided in hvca_extensions.py.
"""

from __future__ import annotations

import binascii


def tlv(tag: int, content: bytes) -> bytes:
    """One element; `tag` is one octet."""
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def sequence(*parts: bytes) -> bytes:
    """SEQUENCE, or SEQUENCE OF."""
    return tlv(0x30, b"".join(parts))


def set_of(*parts: bytes) -> bytes:
    """SET OF, in the order that DER wants."""
    return tlv(0x31, b"".join(sorted(parts)))


def integer(value: int) -> bytes:
    """INTEGER."""
    return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, signed=True))


def oid(text: str) -> bytes:
    """OBJECT IDENTIFIER. Raises ValueError for what is none."""
    arcs = [int(arc) for arc in text.split(".")]
    if len(arcs) < 2 or arcs[0] > 2 or (arcs[0] < 2 and arcs[1] > 39):
        raise ValueError("not an object identifier")
    return tlv(0x06, b"".join(_base128(arc) for arc in [arcs[0] * 40 + arcs[1], *arcs[2:]]))


def _base128(number: int) -> bytes:
    octets = [number & 0x7F]
    while number := number >> 7:
        octets.append(0x80 | (number & 0x7F))
    return bytes(reversed(octets))


def utf8(text: str) -> bytes:
    """UTF8String."""
    return tlv(0x0C, text.encode())


def printable(text: str) -> bytes:
    """PrintableString."""
    return tlv(0x13, text.encode("ascii"))


def ia5(text: str) -> bytes:
    """IA5String."""
    return tlv(0x16, text.encode("ascii"))


def noon(date: str) -> bytes:
    """GeneralizedTime: 12:00 GMT of a day YYYY-MM-DD (RFC 3739, section 3.3.2)."""
    return tlv(0x18, date.replace("-", "").encode("ascii") + b"120000Z")


def element(text: str) -> bytes:
    """Hexadecimal of exactly one element, tag of one octet, definite length. Raises ValueError."""
    try:
        data = binascii.unhexlify(text)
    except binascii.Error:
        raise ValueError("not hexadecimal") from None
    if len(data) < 2 or tlv(data[0], data[_head(data) :]) != data:
        raise ValueError("not one element")
    return data


def _head(data: bytes) -> int:
    """How many octets tag and length take."""
    return 2 + (data[1] & 0x7F if data[1] > 0x80 else 0)


def typed(kind: str, value: str | None) -> bytes:
    """A value under a policy's value_type. Raises ValueError if it cannot become that type."""
    if kind == "NIL" or value is None:
        return tlv(0x05, b"")
    if kind == "INTEGER":
        return integer(int(value))
    return {"IA5STRING": ia5, "PRINTABLESTRING": printable, "UTF8STRING": utf8, "DER": element}[kind](value)
