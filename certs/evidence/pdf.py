"""The structure of a PDF, as far as it matters here: where it ends, what it carries, and its compressed streams.

It is not drawn, and no other program opens it.
"""

import base64
import re
import zlib
from collections.abc import Iterator

from certs.evidence.file_types import NotEvidence

MAX_INFLATED = 4 * 1024 * 1024  # bytes of all streams together: a printed email has a tenth
_PIECE = 512  # bytes that are unpacked together
_PRINT_AGAIN = "Print it to a new PDF, or take a screenshot, and choose that file."
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")  # /J#61vaScript is /JavaScript (ISO 32000-1 section 7.3.5)
_LOCKED = re.compile(rb"/Encrypt\b")
_CARRIES = re.compile(rb"/(?:EmbeddedFiles?|Filespec|FileAttachment|JavaScript|JS|Launch|RichMedia)\b")


def streams_of(content: bytes) -> Iterator[bytes]:
    """What its compressed streams say, pictures left out.

    Raises NotEvidence for a PDF that is locked, carries files or programs, goes on behind its end (ISO 32000-1
    section 7.5.5), or unpacks to more than MAX_INFLATED.
    """
    end = content.rfind(b"%%EOF")
    if end < 0:
        raise NotEvidence(f"This PDF is damaged or not complete. {_PRINT_AGAIN}")
    if content[end + 5 :].strip(b"\0\t\n\f\r "):
        raise NotEvidence(
            f"Something is attached behind the end of this PDF, so it was not kept. {_PRINT_AGAIN}"
        )
    outside, left = bytearray(content), MAX_INFLATED
    for start, end, said in _inflated(content):
        outside[start:end] = bytes(end - start)  # packed bytes spell names by chance
        left -= len(said)
        if left <= 0:
            raise NotEvidence(f"This PDF unpacks to far more than it seems to hold. {_PRINT_AGAIN}")
        _demand_plain(said)
        yield said
    if _LOCKED.search(outside):
        raise NotEvidence(f"This PDF is locked, so nobody can see what is in it. {_PRINT_AGAIN}")
    _demand_plain(bytes(outside))


def _demand_plain(part: bytes) -> None:
    """No files and no programs inside; names may be spelt with escapes."""
    spelt = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part)
    if _CARRIES.search(spelt):
        raise NotEvidence(f"This PDF carries files or programs inside, so it was not kept. {_PRINT_AGAIN}")


def _inflated(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(begin, end, what it says) of each packed stream, of a picture nothing; each byte is looked at once."""
    at, left = 0, MAX_INFLATED
    while left > 0 and (start := _STREAM.search(content, at)):
        at = content.find(b"endstream", start.end())
        if at < 0:
            return
        about = content[max(0, start.start() - 2000) : start.start()].rpartition(b"obj")[2]
        if b"/Image" in about:
            yield start.end(), at, b""
            continue
        packed = content[start.end() : at]
        if b"ASCII85Decode" in about or b"/A85" in about:
            packed = _from_ascii85(packed)
        if said := _unpacked(packed, left + 1):
            left -= len(said)
            yield start.end(), at, said
        # else it is not compressed, and seen with the rest of the file; or not with Flate


def _unpacked(packed: bytes, most: int) -> bytes:
    """At most so many bytes; without its checksum, and of a stream that breaks off what came before, as readers do."""
    unpacker, said = zlib.decompressobj(-zlib.MAX_WBITS), bytearray()
    if len(packed) < 2 or int.from_bytes(packed[:2]) % 31 or packed[0] & 15 != 8:  # RFC 1950 section 2.2
        return b""
    for at in range(2, len(packed), _PIECE):
        try:
            said += unpacker.decompress(packed[at : at + _PIECE], most - len(said))
        except zlib.error:
            break
        if len(said) >= most:
            break
    return bytes(said)


def _from_ascii85(text: bytes) -> bytes:
    try:
        return base64.a85decode(text.strip().removeprefix(b"<~").partition(b"~>")[0])
    except ValueError:
        return b""
