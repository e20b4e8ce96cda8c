"""What happens to a text on its way changes nothing about its cause: broken, coloured, quoted, prompted, mailed, zipped.

A change may cost the finding in at most one of twenty, and must never turn it into another one.
"""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
import quopri
import random
import urllib.parse
import zipfile
from collections.abc import Callable

import pytest

from certs.doctor.examiner import examine_or_raise
from tests.certs.doctor.case_table import CASES
from tests.certs.doctor.test_cases import MEMBERS
from tests.certs.x509_factories import codes

Change = Callable[[str, random.Random], bytes]
REMARKS = {
    "text-tidied",
    "pem-repaired",
    "pem-utf16",
    "chain-kept",
    "csv-formula",
    "credentials-trimmed",
    "proof-no-fingerprint",
}
NOTHING = {"unknown-input", "wrong-kind-document", "proof-nothing", "proof-not-a-policy", "not-recognised"}
DAMAGED = {"pem-cut", "pem-bad-character", "pem-extra", "pem-empty"}  # it cannot be read, and says so


def _wrap(text: str, rng: random.Random) -> bytes:
    width = rng.randint(24, 100)
    return "\n".join(
        line[at : at + width] for line in text.split("\n") for at in range(0, len(line) or 1, width)
    ).encode()


def _colour(text: str, rng: random.Random) -> bytes:
    words = text.split(" ")
    for at in rng.sample(range(len(words)), min(len(words), 6)):
        words[at] = f"\x1b[{rng.choice(['31', '1;31', '38;5;9'])}m{words[at]}\x1b[0m"
    return " ".join(words).encode()


def _quote(text: str, rng: random.Random) -> bytes:
    mark = rng.choice(["> ", ">> ", "| ", "> > ", "│ ", "    "])
    return "".join(f"{mark}{line}\n" for line in text.splitlines()).encode()


def _prompt(text: str, rng: random.Random) -> bytes:
    before = rng.choice(
        [
            "$ cat it.txt\n",
            "PS C:\\Users\\ann> type it.txt\n",
            "ann@laptop:~/x$ cat it.txt\n",
            "C:\\x>type it.txt\n",
        ]
    )
    after = rng.choice(["\n$ ", "\nPS C:\\Users\\ann> ", "\nC:\\x>", "\nann@laptop:~/x$ "])
    return (before + text + after).encode()


def _number(text: str, rng: random.Random) -> bytes:
    form = rng.choice(["{:4}: {}", "{:6}\t{}", "{}. {}", "{:3} | {}", "{:5} {}"])
    return "\n".join(form.format(number, line) for number, line in enumerate(text.splitlines(), 1)).encode()


def _mail(text: str, rng: random.Random) -> bytes:
    head = b"Subject: help\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: "
    if rng.random() < 0.5:
        return head + b"quoted-printable\n\n" + quopri.encodestring(text.encode())
    return head + b"base64\n\n" + base64.encodebytes(text.encode())


def _quoted_printable(text: str, rng: random.Random) -> bytes:
    return quopri.encodestring(text.encode())


def _base64(text: str, rng: random.Random) -> bytes:
    return rng.choice([base64.b64encode, base64.encodebytes])(text.encode())


def _json(text: str, rng: random.Random) -> bytes:
    return json.dumps(
        {"time": 1, rng.choice(["message", "log", "stderr"]): text}, ensure_ascii=rng.random() < 0.5
    ).encode()


def _percent(text: str, rng: random.Random) -> bytes:
    return urllib.parse.quote(text).encode()


def _page(text: str, rng: random.Random) -> bytes:
    return f"<div><pre>{html.escape(text)}</pre></div>".encode()


def _zip(text: str, rng: random.Random) -> bytes:
    if rng.random() < 0.3:
        return gzip.compress(text.encode(), mtime=0)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", rng.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])) as archive:
        archive.writestr("it.txt", text)
    return out.getvalue()


def _line_ends(text: str, rng: random.Random) -> bytes:
    return text.replace("\n", rng.choice(["\r\n", "\n\n", " \n", "\r\r\n"])).encode()


def _utf16(text: str, rng: random.Random) -> bytes:
    return text.encode("utf-16")


CHANGES: tuple[Change, ...] = (
    _wrap, _colour, _quote, _prompt, _number, _mail, _quoted_printable, _base64, _json, _percent, _page, _zip, _line_ends, _utf16,
)  # fmt: skip


def _sources() -> list[tuple[str, str, set[str]]]:
    """Name, text and what is found of each case that is text, and of each further member."""
    texts = {case.file: case.data.decode() for case in CASES}
    texts |= {member.name: member.text for member in MEMBERS}
    return [
        (name, text, set(codes(examine_or_raise(text.encode()).findings)) - REMARKS)
        for name, text in texts.items()
    ]


def _try(seed: int, count: int) -> None:
    rng, sources, lost = random.Random(seed), _sources(), []
    for _ in range(count):
        name, text, right = rng.choice(sources)
        change = rng.choice(CHANGES)
        changed = change(text, rng)
        found = set(codes(examine_or_raise(changed).findings)) - REMARKS
        if found and found <= right and found & right:
            continue
        assert found - right <= NOTHING | DAMAGED, (name, change.__name__, found, right, changed)
        lost.append((name, change.__name__, found))
    assert len(lost) * 20 <= count, lost


def test_two_thousand_changes_on_the_way_keep_the_cause() -> None:
    _try(1, 2000)


@pytest.mark.nightly
@pytest.mark.parametrize("part", range(8))
def test_twenty_thousand_changes_on_the_way_keep_the_cause(part: int) -> None:
    _try(100 + part, 2500)
