"""Many files, or a zip with them: what is read, what is refused with which sentence, and how much memory it takes."""

import io
import struct
import tracemalloc
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from onboarding.clients.bulk_steps import CSRS
from onboarding.clients.given_files import (
    MAX_BYTES,
    MAX_BYTES_IN_ALL,
    GivenFile,
    read_given,
    shorten,
)

MEBIBYTE = 1024 * 1024


def _zip(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _read(*files: tuple[str, bytes]) -> list[GivenFile]:
    return read_given(CSRS.most, [SimpleUploadedFile(name, content) for name, content in files])


def _refusals(*files: tuple[str, bytes]) -> dict[str, str]:
    return {each.name: each.refusal for each in _read(*files)}


def test_files_and_those_of_a_zip_are_read_alike() -> None:
    found = _read(("a.csr", b"A"), ("all.zip", _zip({"b.csr": b"B", "folder/c.csr": b"C", "folder/": b""})))
    assert found == [GivenFile("a.csr", b"A"), GivenFile("b.csr", b"B"), GivenFile("c.csr", b"C")]


def test_a_zip_is_known_by_its_content() -> None:
    assert _read(("all.csr", _zip({"b.csr": b"B"}))) == [GivenFile("b.csr", b"B")]


def test_what_systems_put_into_folders_is_passed_over() -> None:
    rubbish = {"__MACOSX/._a.csr": b"x", ".DS_Store": b"x", "f/Thumbs.db": b"x", "a.csr": b"A"}
    assert _read(("all.zip", _zip(rubbish))) == [GivenFile("a.csr", b"A")]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("/absolute/a.csr", "a.csr"),
        ("C:\\keys\\a.csr", "a.csr"),
        ("a\r\nb.csr", "a??b.csr"),
        ("", "(no name)"),
        ("x" * 300, "x" * 100),
    ],
)
def test_a_name_is_never_a_path(name: str, shown: str) -> None:
    assert shorten(name) == shown


def test_each_refused_file_says_why() -> None:
    said = _refusals(
        ("empty.csr", b""),
        ("large.csr", b"x" * (MEBIBYTE + 1)),
        ("nothing.zip", _zip({})),
        ("cut.zip", _zip({"a.csr": b"A" * 1000})[:60]),
        (
            "mixed.zip",
            _zip(
                {"large-inside.csr": b"x" * (MAX_BYTES + 1), "inner.zip": _zip({"a": b"A"}), "none.csr": b""}
            ),
        ),
        ("packed.zip", _zip({"odd.csr": b"A"}, zipfile.ZIP_LZMA)),
    )
    assert said == {
        "empty.csr": "The file is empty.",
        "large.csr": "It has 1.0\xa0MB. A file or a zip must have 1.0\xa0MB or less.",
        "nothing.zip": "There is no file in this zip.",
        "cut.zip": "The zip is damaged and could not be read to its end. Make it again.",
        "large-inside.csr": "It is far larger than such a file is, so it was not read. Choose the right file.",
        "inner.zip": "It is a zip inside the zip. Put its files in directly.",
        "none.csr": "The file is empty.",
        "odd.csr": "It is packed in a way that is not read here. Make an ordinary zip.",
    }


def test_an_encrypted_entry_is_told_from_the_others() -> None:
    packed = bytearray(_zip({"a.csr": b"A", "b.csr": b"B"}))
    central = packed.index(b"PK\x01\x02")
    packed[6] |= 1  # general purpose bit 0 (APPNOTE 4.4.4), in the file's own header and in the directory
    packed[central + 8] |= 1
    first, second = _read(("all.zip", bytes(packed)))
    assert first.refusal == "It is encrypted in the zip. Make the zip without a password."
    assert second == GivenFile("b.csr", b"B")


def test_an_entry_with_a_wrong_checksum_is_refused_alone() -> None:
    packed = bytearray(_zip({"a.csr": b"AAAA", "b.csr": b"B"}, zipfile.ZIP_STORED))
    packed[packed.index(b"AAAA")] ^= 1
    first, second = _read(("all.zip", bytes(packed)))
    assert first.refusal == "It is damaged in the zip. Make the zip again."
    assert second.content == b"B"


def test_a_zip_of_thousands_is_not_read_and_says_how_many_are_taken() -> None:
    (only,) = _read(("all.zip", _zip({f"{number}": b"" for number in range(5000)}, zipfile.ZIP_STORED)))
    assert only.refusal.startswith("The zip has 5,000 files. At most 200 files are taken at a time.")


def test_files_beyond_the_number_are_refused_by_name() -> None:
    files = {f"{number}.csr": b"A" for number in range(CSRS.most)}
    found = _read(("first.csr", b"A"), ("all.zip", _zip(files)))
    assert len(found) == 201
    assert [each.name for each in found if each.refusal] == ["199.csr"]
    assert "At most 200 files" in found[-1].refusal


def test_a_zip_that_unpacks_to_a_gigabyte_takes_a_few_megabytes_of_memory() -> None:
    bomb = _zip({f"{number}.csr": bytes(10 * MEBIBYTE) for number in range(95)})
    assert len(bomb) < MEBIBYTE
    upload = SimpleUploadedFile("bomb.zip", bomb)
    tracemalloc.start()
    found = read_given(CSRS.most, [upload])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(found) == 95
    assert all("far larger than such a file is" in each.refusal for each in found)
    assert peak < 8 * MEBIBYTE


def test_what_a_zip_says_of_its_sizes_is_not_believed() -> None:
    packed = bytearray(_zip({"a.csr": bytes(5 * MEBIBYTE)}))
    central = packed.index(b"PK\x01\x02")
    packed[central + 24 : central + 28] = struct.pack("<I", 10)  # uncompressed size (APPNOTE 4.4.9)
    (only,) = _read(("all.zip", bytes(packed)))
    assert len(only.content) <= 10
    assert only.refusal


def test_all_entries_together_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        f"{number}.csr": bytes([number]) * MAX_BYTES for number in range(MAX_BYTES_IN_ALL // MAX_BYTES + 2)
    }
    found = _read(("all.zip", _zip(files)))
    assert sum(len(each.content) for each in found) <= MAX_BYTES_IN_ALL
    assert found[-1].refusal
