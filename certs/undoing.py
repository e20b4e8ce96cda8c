"""Undoes what mail, addresses, web pages, JSON and consoles do to a text, so that what is in it can be looked at.

Nothing is guessed: each layer is an encoding with a rule of its own, taken off as its rule says. Who reads what comes
out looks for private keys in it first. Bounded in number, size and depth.
"""

import base64
import email
import html
import io
import quopri
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.policy import compat32
from itertools import islice
from urllib.parse import unquote_to_bytes

from django.views.decorators.debug import sensitive_variables

from certs import tlv
from certs.decoding import decode, is_binary
from certs.findings.messages.plain_text import strip_console
from certs.json_in_text import strings_in_json

MOST = 24  # texts that one input may turn into
DEEPEST = 3  # encodings around each other
MOST_BYTES = 1024 * 1024  # in all
LONGEST = 256 * 1024  # bytes of a text whose encodings are taken off; an honest one has some 20 KB
_MOST_PARTS = 60  # of one mail
_MEMBER = 1024 * 1024  # bytes of one file of an archive
_MEMBERS = 20  # files of one archive
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others may ask for gigabytes before they give a byte
_RUNS = 10  # pieces of base64 in one text
_REST = 32  # bytes that may follow DER: a word after the base64 is taken for more of it

_MAIL = re.compile(rb"content-transfer-encoding:", re.I)
_QP = re.compile(rb"=(?:[0-9A-Fa-f]{2}|[ \t]{0,3}\r?\n)")
_NO_QP = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]{0,3}\r?\n|[ \t]{0,3}\Z)")
_PERCENT = re.compile(rb"%[0-9A-Fa-f]{2}")
_PLUS = re.compile(rb"(?:BEGIN|END|NEW)\+[A-Z]|[A-Za-z]\+(?:CERTIFICATE|REQUEST)-")
_ENTITY = re.compile(
    r"&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});|</?(?:br|p|pre|div|span|td|tr|li|code|b|font)\b", re.I
)
_BLOCK_TAG = re.compile(r"<(?:br|/p|/div|/tr|/li|/pre|p|div|tr|li)\b[^<>]{0,500}>", re.I)
_TAG = re.compile(r"</?[a-z][^<>]{0,500}>", re.I)
_WRITTEN = re.compile(r"\\u00([0-9a-fA-F]{2})|\\x([0-9a-fA-F]{2})")
_RUN = re.compile(r"(?:[A-Za-z0-9+/]{20,}[\s>|\"',]{0,40}){1,5000}[A-Za-z0-9+/]{0,19}={0,2}")

_BEGUN = re.compile(r"BEGIN [A-Z0-9 ]{3,40}-{1,12}[\s>]{0,9}$", re.I)  # certs/pem.py reads what follows


@dataclass(frozen=True)
class Undone:
    """What was inside, and the encodings that were taken off, outermost first."""

    data: bytes
    what: tuple[str, ...]
    is_certain: bool = True  # whether each of them shows that it is there


@sensitive_variables()
def undo(data: bytes, *, archives: bool = False) -> Iterator[Undone]:
    """Everything that `data` may hold under its encodings, nearest first; `data` itself is not among it.

    With `archives`, zip and gzip files are opened too.
    """
    seen, left = {data}, MOST_BYTES
    queue = [Undone(data, ())]
    for _ in range(MOST):
        if not queue:
            return
        outer = queue.pop(0)
        for inner in _take_off(outer, archives):
            if inner.data in seen or len(inner.data) > left:
                continue
            seen.add(inner.data)
            left -= len(inner.data)
            yield inner
            if len(inner.what) < DEEPEST:
                queue.append(inner)


@sensitive_variables()
def _take_off(outer: Undone, archives: bool) -> Iterator[Undone]:
    is_text = len(outer.data) <= LONGEST and not is_binary(outer.data)
    layers = (_LAYERS if is_text else ()) + (_ARCHIVES if archives else ())
    for what, layer in layers:
        for data in islice(layer(outer.data), _MEMBERS):
            if data.strip(b" \t\r\n\0"):
                certain = outer.is_certain and layer not in _UNCERTAIN
                yield Undone(data, (*outer.what, what), certain)


def _from_mail(data: bytes) -> Iterator[bytes]:
    """RFC 2045: the parts of a message, each decoded as its header says."""
    if not _MAIL.search(data[:20_000]) or data.lower().count(b"content-type") > _MOST_PARTS:
        return
    try:
        message = email.message_from_bytes(data.lstrip(), policy=compat32)
        for part in islice(message.walk(), 50):
            if not part.is_multipart() and isinstance(payload := part.get_payload(decode=True), bytes):
                yield payload
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return


def _from_quoted_printable(data: bytes) -> Iterator[bytes]:
    """RFC 2045 section 6.7: no equals sign stands for itself."""
    if _QP.search(data) and not _NO_QP.search(data):
        yield quopri.decodestring(data)


def _from_percent(data: bytes) -> Iterator[bytes]:
    """RFC 3986 section 2.1; a form writes blanks as plus signs."""
    if len(_PERCENT.findall(data[:200_000])) > 1:
        yield unquote_to_bytes(_PLUS.sub(lambda m: m[0].replace(b"+", b" "), data))


def _from_html(data: bytes) -> Iterator[bytes]:
    text, _ = decode(data)
    if _ENTITY.search(text):
        yield html.unescape(_TAG.sub("", _BLOCK_TAG.sub("\n", text))).encode(errors="replace")


def _from_json(data: bytes) -> Iterator[bytes]:
    """RFC 8259: its strings, one under the other."""
    if b"{" in data or b"[" in data:
        text, _ = decode(data)
        if strings := list(strings_in_json(text)):
            yield "\n".join(strings).encode(errors="replace")


def _from_written_out(data: bytes) -> Iterator[bytes]:
    """Characters written out as in JSON and C, where no JSON could be read."""
    if b"\\" not in data:
        return
    text, _ = decode(data)
    plain = _WRITTEN.sub(lambda m: chr(int(m[1] or m[2], 16)), text)
    plain = plain.replace("\\r", "").replace("\\n", "\n").replace('\\"', '"').replace("\\/", "/")
    yield plain.encode(errors="replace")


def _from_console(data: bytes) -> Iterator[bytes]:
    text, _ = decode(data)
    if (plain := strip_console(text)) != text:
        yield plain.encode(errors="replace")


def _from_wrapped(data: bytes) -> Iterator[bytes]:
    """A console breaks all long lines at one width, in the middle of words too."""
    text, _ = decode(data)
    lines = text.replace("\r", "").strip("\n").split("\n")
    widest = max(map(len, lines))
    if len(lines) > 1 and widest >= 10 and sum(len(line) == widest for line in lines) * 3 >= len(lines):
        yield "".join(lines).replace("----------BEGIN", "-----\n-----BEGIN").encode(errors="replace")
        joined = (line if len(line) == widest else line + "\n" for line in lines)
        yield "".join(joined).encode(errors="replace")


def _from_base64(data: bytes) -> Iterator[bytes]:
    """RFC 4648, anywhere in the text: DER, cut to its own length, or text again."""
    text, _ = decode(data)
    for run in islice(_RUN.finditer(text), _RUNS):
        clean = re.sub(r"[^A-Za-z0-9+/]", "", run[0])
        if len(clean) < 40 or _BEGUN.search(text, max(0, run.start() - 60), run.start()):
            continue
        raw = base64.b64decode(
            clean[: len(clean) // 4 * 4] if len(clean) % 4 == 1 else clean + "=" * (-len(clean) % 4)
        )
        if inner := _meaningful(raw):
            yield inner


def _meaningful(raw: bytes) -> bytes:
    """What base64 stood for, if it is something: whole DER, text, or an archive. Else nothing."""
    if raw[:1] == b"\x30" and raw[1:2] >= b"\x80":
        try:
            size = tlv.read(raw).size
        except tlv.Malformed:
            return b""
        return raw[:size] if len(raw) - size <= _REST else b""
    head = raw[:400]
    readable = sum(32 <= byte < 127 or byte in b"\t\r\n" or byte > 0xBF for byte in head.replace(b"\0", b""))
    text = readable >= 0.9 * len(head.replace(b"\0", b"")) > 20
    return raw if text or head.startswith((b"PK\x03\x04", b"\x1f\x8b")) else b""


def _from_zip(data: bytes) -> Iterator[bytes]:
    if not data.startswith(b"PK\x03\x04"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [each for each in archive.infolist() if not each.is_dir()][:_MEMBERS]
            if any(each.filename == "[Content_Types].xml" for each in members):
                return  # a document of an office program
            for each in members:
                if each.compress_type not in _METHODS:
                    continue
                with archive.open(each) as file:
                    content = file.read(_MEMBER + 1)
                if len(content) <= _MEMBER:
                    yield content
    except (zipfile.BadZipFile, RuntimeError, OSError, ValueError, NotImplementedError, EOFError, zlib.error):
        return


def _from_gzip(data: bytes) -> Iterator[bytes]:
    if not data.startswith(b"\x1f\x8b"):
        return
    try:
        content = zlib.decompressobj(wbits=31).decompress(data, _MEMBER + 1)
    except zlib.error:
        return
    if len(content) <= _MEMBER:
        yield content


_LAYERS: tuple[tuple[str, Callable[[bytes], Iterator[bytes]]], ...] = (
    ("it stood in an email", _from_mail),
    ("it was encoded for email (quoted-printable)", _from_quoted_printable),
    ("it was encoded for an address (percent signs)", _from_percent),
    ("it stood in JSON", _from_json),
    ("it stood in a web page", _from_html),
    ("characters were written out", _from_written_out),
    ("there were colours, quote marks, prompts or line numbers", _from_console),
    ("lines were broken at one width", _from_wrapped),
    ("it was base64 inside other text", _from_base64),
)
_ARCHIVES: tuple[tuple[str, Callable[[bytes], Iterator[bytes]]], ...] = (
    ("it stood in an archive", _from_zip),
    ("it stood in an archive", _from_gzip),
)
_UNCERTAIN = (_from_written_out, _from_console, _from_wrapped, _from_base64)
