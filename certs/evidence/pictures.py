"""The structure of PNG and JPEG files: where they end, and the texts that a PNG keeps compressed.

Pixels are not looked at.
"""

import re
import zlib
from collections.abc import Iterator

from certs.evidence.file_types import NotEvidence

MAX_TEXT = 256 * 1024  # bytes of all compressed texts together; more is no remark about a picture
_DAMAGED = "This picture is damaged or not complete. Take the screenshot again, and choose that file."
_TRAILING = (
    "Something is attached behind the end of this picture, so it was not kept. Take a screenshot of it, and choose "
    "that file."
)
_NEXT_MARKER = re.compile(
    rb"\xff+[^\x00\xff\xd0-\xd7]"
)  # in coded data: neither a stuffed zero nor a restart
_TOO_MUCH = (
    "This picture holds far more text than a screenshot does, so it was not kept. Take the screenshot again, and "
    "choose that file."
)
_ALONE = {0x01, *range(0xD0, 0xD8)}


def texts_of_png(content: bytes) -> Iterator[bytes]:
    """The compressed texts (zTXt, iTXt). Raises NotEvidence unless its chunks are whole and IEND is the end (PNG 5)."""
    at, kind, left = 8, b"", MAX_TEXT
    while kind != b"IEND":
        length, first = int.from_bytes(content[at : at + 4], "big"), not kind
        kind, data = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        checksum = content[at + 8 + length : at + 12 + length]
        whole = checksum == zlib.crc32(kind + data).to_bytes(4, "big")
        if not whole or (first and kind != b"IHDR"):
            raise NotEvidence(_DAMAGED)
        if kind in (b"zTXt", b"iTXt"):
            for text in _inflated_text(kind, data, left):
                left -= len(text)
                yield text
        at += 12 + length
    if at != len(content):
        raise NotEvidence(_TRAILING)


def _inflated_text(kind: bytes, data: bytes, most: int) -> Iterator[bytes]:
    """Keyword, zero, (flag,) method, (language, zero, keyword, zero,) text: PNG sections 11.3.3.3 and 11.3.3.4."""
    _, _, rest = data.partition(b"\0")
    packed = rest[1:]
    if kind == b"iTXt":
        if rest[:1] != b"\x01":
            return  # plain, and seen with the rest of the file
        packed = rest[2:].partition(b"\0")[2].partition(b"\0")[2]
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(packed, most + 1)  # 0 would mean without a limit
    except zlib.error:
        raise NotEvidence(_DAMAGED) from None
    if len(text) > most:
        raise NotEvidence(_TOO_MUCH)
    yield text


def check_jpeg(content: bytes) -> None:
    """Raises NotEvidence unless its segments are whole and nothing follows the end of the picture (ITU T.81 B.1)."""
    at = 2
    while True:
        start = _NEXT_MARKER.match(content, at)
        if start is None:
            raise NotEvidence(_DAMAGED)
        marker, at = content[start.end() - 1], start.end()
        if marker == 0xD9:
            break
        if marker in _ALONE:
            continue
        at += int.from_bytes(content[at : at + 2], "big")
        if marker == 0xDA:  # coded data follows its header, up to the next marker
            following = _NEXT_MARKER.search(content, at)
            at = following.start() if following else len(content)
    if content[at:].strip(b"\0\r\n"):
        raise NotEvidence(_TRAILING)
