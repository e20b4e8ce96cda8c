"""Walks BER and DER (X.690) tag by tag, only to say what kind of thing some bytes are.

Nothing is verified, decrypted or written here: the `cryptography` package does that.
"""

from dataclasses import dataclass

INTEGER, BIT_STRING, OCTET_STRING, OID, SEQUENCE, SET = 0x02, 0x03, 0x04, 0x06, 0x30, 0x31
CONSTRUCTED, CONTEXT_0 = 0x20, 0xA0
INDEFINITE = 0x80
MAX_DEPTH = 24  # levels; a PFX needs about ten
MAX_ELEMENTS = 1000  # elements side by side; a long chain has a dozen
MAX_ELEMENTS_OF_PFX = (
    20_000  # elements of a PFX, its octet strings not looked into; an honest one has some hundred
)


class Malformed(ValueError):
    """These bytes are not BER."""


class Cut(Malformed):
    """The bytes end before the structure does: `there` of `needed` bytes are there."""

    def __init__(self, there: int, needed: int) -> None:
        super().__init__("the structure is cut")
        self.there, self.needed = there, needed


@dataclass(frozen=True, repr=False)
class Tlv:
    """One element: its identifier octet, its content, and how many bytes it took in all."""

    tag: int
    content: bytes
    size: int
    depth: int = 0

    def children(self) -> list["Tlv"]:
        """The elements inside a constructed element. Raises Malformed."""
        if not self.tag & CONSTRUCTED:
            raise Malformed("a primitive element has no children")
        found, at = [], 0
        while at < len(self.content):
            child = read(self.content, at, self.depth + 1)
            found.append(child)
            at += child.size
            if len(found) > MAX_ELEMENTS:
                raise Malformed("too many elements")
        return found

    def octets(self) -> bytes:
        """The value of an OCTET STRING, joined if BER wrote it in pieces."""
        if self.tag & CONSTRUCTED:
            return b"".join(child.octets() for child in self.children())
        return self.content

    def der(self) -> bytes:
        """The element with its header, its length written as DER has it; its content as it is."""
        return _with_header(self.tag, self.content)

    def number(self) -> int:
        """The value of an INTEGER that counts something. Raises Malformed if it has more than eight bytes."""
        if len(self.content) > 8:
            raise Malformed("not a count")
        return int.from_bytes(self.content, "big", signed=True)


def read(data: bytes, at: int = 0, depth: int = 0) -> Tlv:
    """The element that starts at `at`. Raises Malformed, or Cut if only the end is missing."""
    if depth > MAX_DEPTH:
        raise Malformed("nested too deeply")
    tag, length, body = _header(data, at)
    if length is None:
        return _indefinite(data, at, body, tag, depth)
    if body + length > len(data):
        raise Cut(len(data) - at, body + length - at)
    return Tlv(tag, data[body : body + length], body + length - at, depth)


def _header(data: bytes, at: int) -> tuple[int, int | None, int]:
    """Identifier, length (None: indefinite) and where the content starts."""
    if at + 2 > len(data):
        raise Malformed("no header")
    tag, first = data[at], data[at + 1]
    if tag & 0x1F == 0x1F:
        raise Malformed("long tags are not used by X.509 or PKCS")
    if first < INDEFINITE:
        return tag, first, at + 2
    if first == INDEFINITE:
        return tag, None, at + 2
    width = first & 0x7F
    if width > 4 or at + 2 + width > len(data):
        raise Malformed("impossible length")
    return tag, int.from_bytes(data[at + 2 : at + 2 + width], "big"), at + 2 + width


def _indefinite(data: bytes, at: int, body: int, tag: int, depth: int) -> Tlv:
    """An element that ends with two zero bytes (some Java and NSS tools write PFX files so)."""
    if not tag & CONSTRUCTED:
        raise Malformed("only constructed elements may be of indefinite length")
    end = body
    for _ in range(MAX_ELEMENTS):
        if data[end : end + 2] == b"\0\0":
            return Tlv(tag, data[body:end], end + 2 - at, depth)
        end += read(data, end, depth + 1).size
    raise Malformed("too many elements")


def definite(data: bytes) -> bytes:
    """The first element of `data` with definite lengths and whole octet strings, as DER has them. Raises Malformed.

    Octet strings are not looked into. For readers that take no BER. Every element is visited once.
    """
    return _Definite(data).written(0, 0)[0]


class _Definite:
    """One walk over `data`, which counts what it visits."""

    def __init__(self, data: bytes) -> None:
        self.data, self.left = data, MAX_ELEMENTS_OF_PFX

    def written(self, at: int, depth: int) -> tuple[bytes, int]:
        """The element that starts at `at`, with definite lengths, and where the next one starts."""
        self.left -= 1
        if depth > MAX_DEPTH or self.left < 0:
            raise Malformed("nested too deeply, or too many elements")
        tag, length, body = _header(self.data, at)
        if length is not None and body + length > len(self.data):
            raise Cut(len(self.data) - at, body + length - at)
        if not tag & CONSTRUCTED:
            if length is None:
                raise Malformed("only constructed elements may be of indefinite length")
            return _with_header(tag, self.data[body : body + length]), body + length
        parts, end = self._parts(body, length, depth)
        if tag == OCTET_STRING | CONSTRUCTED:
            return _with_header(OCTET_STRING, b"".join(read(part).octets() for part in parts)), end
        return _with_header(tag, b"".join(parts)), end

    def _parts(self, at: int, length: int | None, depth: int) -> tuple[list[bytes], int]:
        """What is in a constructed element whose content starts at `at`, and where the next element starts."""
        found: list[bytes] = []
        end = None if length is None else at + length
        while at != end:
            if end is None and self.data[at : at + 2] == b"\0\0":
                return found, at + 2
            part, at = self.written(at, depth + 1)
            if end is not None and at > end:
                raise Malformed("an element is longer than what holds it")
            found.append(part)
        return found, at


def _with_header(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < INDEFINITE:
        return bytes([tag, size]) + content
    width = (size.bit_length() + 7) // 8
    return bytes([tag, INDEFINITE | width]) + size.to_bytes(width, "big") + content
