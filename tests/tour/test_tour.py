"""The tour's text and its small pictures.

The walk that it photographs is tested in tests/walk/.
"""

import struct
import zlib

import pytest

from tools.tour.__main__ import text
from tools.tour.pictures import PICTURES_BY_MOMENT
from tools.tour.png import SIGNATURE, shrink_png

RED, WHITE, TEAL = (200, 30, 40), (255, 255, 255), (15, 74, 82)
PICTURE = [[RED, WHITE, TEAL, WHITE], [WHITE] * 4, [TEAL, RED, TEAL, RED], [RED] * 4, [WHITE, TEAL, RED, RED]]


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def filtered(kind: int, row: bytes, above: bytes, step: int) -> bytes:
    """A row as an encoder writes it (PNG specification, chapter 9)."""
    out = bytearray([kind])
    for i, value in enumerate(row):
        left, corner = (row[i - step], above[i - step]) if i >= step else (0, 0)
        up = above[i]
        paeth = min((left, up, corner), key=lambda c: abs(left + up - corner - c))
        out.append((value - (0, left, up, (left + up) // 2, paeth)[kind]) & 255)
    return bytes(out)


def png(channels: int) -> bytes:
    """PICTURE as true colour, each row with another of the five filters."""
    rows = [b"".join(bytes((*colour, 255)[:channels]) for colour in row) for row in PICTURE]
    above = [bytes(len(rows[0])), *rows]
    body = b"".join(filtered(kind, row, above[kind], channels) for kind, row in enumerate(rows))
    header = struct.pack(">IIBBBBB", 4, 5, 8, {3: 2, 4: 6}[channels], 0, 0, 0)
    return SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")


def pixels(data: bytes) -> list[list[tuple[int, ...]]]:
    """What a PNG with a palette and without filters shows."""
    found, at = {}, len(SIGNATURE)
    while at < len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        found[name] = data[at + 8 : at + 8 + length]
        at += 12 + length
    colours = list(zip(*(found[b"PLTE"][part::3] for part in range(3)), strict=True))
    body = zlib.decompress(found[b"IDAT"])
    return [[colours[number] for number in body[at + 1 : at + 5]] for at in range(0, len(body), 5)]


@pytest.mark.parametrize("channels", [3, 4], ids=["RGB", "RGBA"])
def test_a_picture_with_a_palette_shows_the_same(channels: int) -> None:
    assert pixels(shrink_png(png(channels))) == PICTURE


def test_another_kind_of_picture_is_refused() -> None:
    data = png(3)
    with pytest.raises(ValueError, match="not a PNG as Chromium writes it"):
        shrink_png(data[:24] + b"\x10" + data[25:])


def test_every_sight_has_a_picture_and_a_sentence_of_its_own() -> None:
    page = text()
    for picture in PICTURES_BY_MOMENT.values():
        assert page.count(f"](tour/{picture.file})") == 1
        assert picture.sentence.endswith(".")
    assert (
        len({picture.sentence for picture in PICTURES_BY_MOMENT.values()})
        == len(PICTURES_BY_MOMENT)
        == page.count("![")
    )
