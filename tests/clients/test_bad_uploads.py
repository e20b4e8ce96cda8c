"""Bad input of the bulk uploads: memory and time stay bounded, each file has its own sentence, and nothing is lost.

Archives here are made harmless: what they claim is large, what they are is small. Which sentence belongs to which fault
is also in test_given_files.py; what becomes of right files, in test_bulk_csr.py.
"""

import io
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile

from onboarding.clients.bulk_steps import CSRS
from onboarding.clients.given_files import GivenFile, read_given
from onboarding.people.models import User
from tests.certs import x509_factories
from tests.clients.factories import make_clients
from tests.clients.test_bulk_csr import _csr, _key, _name, _rows, _states, _zip
from tests.handover.factories import make_dana
from tests.people_fixtures import client_of

MEBIBYTE = 1024 * 1024
MOST_TO_READ = 12 * MEBIBYTE  # for whatever one file may be; the 20,000 names that fit into 1 MB take 8
MOST_FOR_A_PAGE = 24 * MEBIBYTE
MOST_SECONDS = 20  # of this process, also on a busy machine
GIGABYTES = 3 * 1024**3
LONG = "n" * 300


@pytest.fixture
def dana(db: None) -> User:
    return make_dana()


def _claiming(size: int, files: dict[str, bytes]) -> bytes:
    """A zip whose directory says that each file in it has this many bytes (APPNOTE 4.4.9)."""
    packed = bytearray(_zip(files))
    at = packed.find(b"PK\x01\x02")
    while at >= 0:
        packed[at + 24 : at + 28] = struct.pack("<I", size)
        at = packed.find(b"PK\x01\x02", at + 4)
    return bytes(packed)


def _counting(entries: int, files: dict[str, bytes]) -> bytes:
    """A zip whose end says that it has this many entries (APPNOTE 4.4.21, 4.4.22)."""
    packed = bytearray(_zip(files))
    end = packed.index(b"PK\x05\x06")
    packed[end + 8 : end + 12] = struct.pack("<HH", entries, entries)
    return bytes(packed)


def _crowded(entries: int) -> bytes:
    """As many empty files as a directory of 1 MB can name: the entries' own headers are shared, so it stays small."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a", b"")
    one = made.getvalue()
    start, end = one.index(b"PK\x01\x02"), one.index(b"PK\x05\x06")
    directory = one[start:end] * entries
    tail = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, entries & 0xFFFF, entries & 0xFFFF, len(directory), start, 0
    )
    return one[:start] + directory + tail


def _packed_flat(size: int) -> bytes:
    """Zeros: a thousand to one, and still only some megabytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"{number}.csr", bytes(size))
    return made.getvalue()


def _encrypted(files: dict[str, bytes]) -> bytes:
    """Each entry says that it is encrypted (general purpose bit 0, APPNOTE 4.4.4)."""
    packed = bytearray(_zip(files))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = packed.find(mark)
        while at >= 0:
            packed[at + offset] |= 1
            at = packed.find(mark, at + 4)
    return bytes(packed)


TOO_LARGE = "far larger than such a file is"
BAD: dict[str, tuple[Callable[[], bytes], list[tuple[str, str]]]] = {
    "says that it has gigabytes": (
        lambda: _claiming(GIGABYTES, {"a.csr": b"A" * 500}),
        [("a.csr", "")],
    ),
    "is packed a thousand to one": (lambda: _packed_flat(2 * MEBIBYTE), [(f"{n}.csr", TOO_LARGE) for n in range(4)]),
    "has a zip in it, with a zip in it": (
        lambda: _zip({"in.zip": _zip({"in.zip": _zip({"a.csr": b"A"})}), "b.csr": b""}),
        [("in.zip", "It is a zip inside the zip"), ("b.csr", "The file is empty.")],
    ),
    "leads out of its folder": (
        lambda: _zip({"../../../etc/a.csr": b"A", "/etc/b.csr": b"B", "C:\\Windows\\c.csr": b"C", "..": b"D"}),
        [("a.csr", ""), ("b.csr", ""), ("c.csr", ""), ("..", "")],
    ),
    "is encrypted": (
        lambda: _encrypted({"a.csr": b"A", "b.csr": b"B"}),
        [(f"{name}.csr", "It is encrypted in the zip. Make the zip without a password.") for name in "ab"],
    ),
    "has thousands of entries in its directory": (
        lambda: _crowded(20_000),
        [("bad.zip", "The zip has 20,000 files. At most 200 files are taken at a time.")],
    ),
    "says that it has 60,000 entries": (lambda: _counting(60_000, {"a.csr": b"A"}), [("a.csr", "")]),
    "is no zip": (lambda: b"This is a text.", [("bad.zip", "")]),
    "begins as a zip and is none": (lambda: b"PK\x03\x04" + b"x" * 1000, [("bad.zip", "The zip is damaged")]),
    "is empty": (lambda: b"", [("bad.zip", "The file is empty.")]),
    "is a zip without a file": (lambda: _zip({}), [("bad.zip", "There is no file in this zip.")]),
    "has empty files": (lambda: _zip({"a.csr": b"", "b.csr": b""}), [(f"{n}.csr", "The file is empty.") for n in "ab"]),
    "has names of 300 letters": (lambda: _zip({f"{LONG}.csr": b"A", f"f/{LONG}": b""}), [
        (LONG[:100], ""), (LONG[:100], "The file is empty."),
    ]),
}  # fmt: skip


def _measure(*files: tuple[str, bytes]) -> list[GivenFile]:
    """What is read of these files, within the bounds of memory and time."""
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    begun = time.process_time()
    tracemalloc.start()
    try:
        found = read_given(CSRS.most, uploads)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < MOST_TO_READ, f"{peak / MEBIBYTE:.1f} MiB"
    assert time.process_time() - begun < MOST_SECONDS
    return found


@pytest.mark.parametrize("fault", BAD)
def test_each_file_of_a_bad_archive_has_its_sentence_and_the_good_file_beside_it_is_read(fault: str) -> None:
    make, expected = BAD[fault]
    content = make()
    assert len(content) < MEBIBYTE, "a request takes no larger file"
    *found, good = _measure(("bad.zip", content), ("good.csr", b"G"))
    assert good == GivenFile("good.csr", b"G")
    assert [each.name for each in found] == [name for name, _ in expected]
    for each, (_, sentence) in zip(found, expected, strict=True):
        assert each.refusal.startswith(sentence) or sentence in each.refusal
        assert bool(each.refusal) == bool(sentence)
        assert bool(each.content) != bool(each.refusal)


def test_seventy_thousand_entries_are_more_than_a_file_may_be_large() -> None:
    (found,) = _measure(("crowded.zip", _crowded(70_000)))
    assert found.refusal.startswith("It has 3")
    assert "A file or a zip must have 1.0\xa0MB or less." in found.refusal


def test_doubles_strangers_files_and_a_key_are_each_told_and_the_right_one_is_sent(dana: User) -> None:
    first, second = make_clients(2, dana)
    browser = client_of(dana)
    stranger = x509_factories.csr_pem(x509_factories.rsa_key("stranger"))
    files = [
        (_name(first), _csr(0)),
        (f"copy of {_name(first)}", _csr(0)),
        (_name(second), _csr(1)),
        (_name(second).upper(), _csr(2)),
        (_name(second, "key"), _key(1)),
        ("holiday.jpg", b"\xff\xd8\xff\xe0" + bytes(2000)),
        (f"{LONG}.csr", b"nonsense"),
        ("apicert-zzzz-zzzz.csr", stranger),
        ("empty.csr", b""),
    ]
    answer = browser.post(
        "/clients/csr/upload/", {"chosen": [SimpleUploadedFile(name, content) for name, content in files]}
    )
    page = BeautifulSoup(answer.content, "html.parser")
    rows, asked = (
        _rows(page),
        [each.get_text(strip=True) for each in page.select("form label.govuk-label--s")],
    )
    assert rows[_name(first)] == ("Accepted", "Accepted as the CSR of this client.")
    assert rows[f"copy of {_name(first)}"][1] == f"It is the same file as {_name(first)}, so it was left out."
    assert rows[_name(second)][1].startswith("2 different files were given for this client")
    assert rows[_name(second).upper()][1] == rows[_name(second)][1]
    assert rows[_name(second, "key")][1].startswith("There is a private key in what you gave.")
    assert rows["empty.csr"] == ("Not sent", "The file is empty.")
    assert asked == ["apicert-zzzz-zzzz.csr"]
    told = {*rows, *asked}
    assert len(told) == len(files), "nothing is lost"
    assert all(sentence for _, sentence in rows.values())
    assert _states([first, second]) == ["done", "open"]


def test_of_two_hundred_files_in_a_zip_each_has_its_row(dana: User) -> None:
    (case,) = make_clients(1, dana)
    files = {f"file-{number}.csr": b"nonsense" for number in range(CSRS.most - 1)} | {_name(case): _csr(0)}
    upload = SimpleUploadedFile("all.zip", _zip(files))
    browser, begun = client_of(dana), time.process_time()
    tracemalloc.start()
    try:
        answer = browser.post("/clients/csr/upload/", {"chosen": [upload]})
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    rows = _rows(BeautifulSoup(answer.content, "html.parser"))
    assert set(rows) == set(files)
    assert rows[_name(case)][0] == "Accepted"
    assert all(sentence for _, sentence in rows.values())
    assert peak < MOST_FOR_A_PAGE
    assert time.process_time() - begun < MOST_SECONDS
