"""How a file of evidence is looked into: how much is unpacked, and what is not taken for what it is not.

What people try with whole files through the pages is in tests/attacks/test_evidence.py.
"""

import zlib

import pytest

from certs.evidence.file_types import NotEvidence
from certs.evidence.inspection import inspect


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def _png(*more: bytes) -> bytes:
    head = _chunk(b"IHDR", bytes.fromhex("00000001000000010800000000"))
    body = _chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + body + _chunk(b"IEND", b"")


def test_a_picture_with_some_packed_text_is_taken() -> None:
    assert (
        inspect(_png(_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"made by a program" * 1000)))) == "png"
    )


def test_the_texts_of_a_picture_are_bounded_together() -> None:
    """A hundred small ones would take as long to look through as one large one."""
    text = _chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b" " * 200_000))
    with pytest.raises(NotEvidence, match="far more text than a screenshot"):
        inspect(_png(*[text] * 100))


def test_packed_bytes_that_spell_a_name_by_chance_do_not_refuse_an_honest_pdf() -> None:
    picture = b"1 0 obj<</Subtype/Image/Length 9>>stream\n\x9c/JS \x01\x02\nendstream endobj\n"
    assert inspect(b"%PDF-1.7\n" + picture + b"trailer<<>>\n%%EOF\n") == "pdf"


def test_a_program_beside_the_streams_or_in_one_is_still_found() -> None:
    program = b"<</S/JavaScript/JS(x)>>"
    with pytest.raises(NotEvidence, match="files or programs"):
        inspect(b"%PDF-1.7\n1 0 obj" + program + b"endobj\ntrailer<<>>\n%%EOF\n")
    packed = zlib.compress(b"1 0 " + program)
    with pytest.raises(NotEvidence, match="files or programs"):
        inspect(b"%PDF-1.7\n1 0 obj<</Type/ObjStm>>stream\n" + packed + b"\nendstream endobj\n%%EOF\n")
    broken = packed[:-4] + b"\0\0\0\0"  # as readers show it all the same
    with pytest.raises(NotEvidence, match="files or programs"):
        inspect(b"%PDF-1.7\n1 0 obj<<>>stream\n" + broken + b"\nendstream endobj\n%%EOF\n")
    plain = b"%PDF-1.7\n1 0 obj<<>>stream\n" + program + b"\nendstream endobj\n%%EOF\n"
    with pytest.raises(NotEvidence, match="files or programs"):
        inspect(plain)
