"""What somebody sends in one go: single files, or one zip with them, read in memory and to fixed limits.

Whose each is, is decided in matching.py. Nothing is ever unpacked to a disk.
"""

import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat

from onboarding.ui.secret_text import holds_any_secret

MAX_BYTES = 100 * 1024  # of one file in a zip; a CSR has 2 kB, a PFX with its chain 10 kB
MAX_BYTES_IN_ALL = 4 * 1024 * 1024  # of everything in a zip
NAME_SHOWN = 100  # letters of a file's name
HIDDEN = "(a name with a secret in it)"
METHODS = (
    zipfile.ZIP_STORED,
    zipfile.ZIP_DEFLATED,
)  # of the others Python unpacks a whole block, however large
IS_ZIP = (b"PK\x03\x04", b"PK\x05\x06")  # the second one: an empty zip
RUBBISH = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")  # what systems put into folders
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)
TOO_MANY = "At most {} files are taken at a time. Send the others in a second part."


@dataclass(frozen=True)
class GivenFile:
    """One file: its name without folders, and its content, or why it was not read."""

    name: str
    content: bytes = field(default=b"", repr=False)
    refusal: str = ""


def read_given(most: int, uploads: Iterable[Any]) -> list[GivenFile]:
    """Every file in what was uploaded; a zip counts as the files in it. Those beyond `most` are refused by name."""
    found: list[GivenFile] = []
    for upload in uploads:
        for each in _read_one(upload, most):
            found.append(each if len(found) < most else GivenFile(each.name, refusal=TOO_MANY.format(most)))
    return found


def _read_one(upload: Any, most: int) -> Iterator[GivenFile]:
    name = shorten(str(upload.name))
    if (upload.size or 0) > settings.UPLOAD_LIMIT:  # of which the upload handler has kept nothing
        limit, size = filesizeformat(settings.UPLOAD_LIMIT), filesizeformat(upload.size)
        yield GivenFile(name, refusal=f"It has {size}. A file or a zip must have {limit} or less.")
        return
    content = upload.read()
    if content.startswith(IS_ZIP):
        yield from _read_zip(name, content, most)
    elif not content:
        yield GivenFile(name, refusal="The file is empty.")
    else:
        yield GivenFile(name, content)


def shorten(name: str) -> str:
    """A name without folders, of either kind of slash, fit for a page; never one that is itself a secret."""
    if holds_any_secret(name):
        return HIDDEN
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(letter if letter.isprintable() else "?" for letter in last)[:NAME_SHOWN] or "(no name)"


def _read_zip(name: str, content: bytes, most: int) -> Iterator[GivenFile]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = [each for each in archive.infolist() if not each.is_dir() and not _is_rubbish(each)]
            if len(entries) > most:
                sentence = (
                    f"The zip has {len(entries):,} files. {TOO_MANY.format(most)} Nothing in it was read."
                )
                yield GivenFile(name, refusal=sentence)
            elif not entries:
                yield GivenFile(name, refusal="There is no file in this zip.")
            else:
                yield from _read_entries(archive, entries)
    except DAMAGED:
        yield GivenFile(name, refusal="The zip is damaged and could not be read to its end. Make it again.")


def _is_rubbish(entry: zipfile.ZipInfo) -> bool:
    return any(part in RUBBISH for part in PurePosixPath(entry.filename).parts)


def _read_entries(archive: zipfile.ZipFile, entries: Iterable[zipfile.ZipInfo]) -> Iterator[GivenFile]:
    left = MAX_BYTES_IN_ALL
    for entry in entries:
        given = _read_entry(archive, entry, min(MAX_BYTES, left))
        left -= len(given.content)
        yield given


def _read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> GivenFile:
    """What an entry says of its own size is not believed: it is read to the limit and one byte beyond."""
    name = shorten(entry.filename)
    if entry.flag_bits & 0x1:
        return GivenFile(name, refusal="It is encrypted in the zip. Make the zip without a password.")
    if entry.compress_type not in METHODS:
        return GivenFile(name, refusal="It is packed in a way that is not read here. Make an ordinary zip.")
    try:
        with archive.open(entry) as packed:
            content = packed.read(limit + 1)
    except DAMAGED:
        return GivenFile(name, refusal="It is damaged in the zip. Make the zip again.")
    if len(content) > limit:
        return GivenFile(
            name, refusal="It is far larger than such a file is, so it was not read. Choose the right file."
        )
    if content.startswith(IS_ZIP):
        return GivenFile(name, refusal="It is a zip inside the zip. Put its files in directly.")
    return GivenFile(name, content) if content else GivenFile(name, refusal="The file is empty.")
