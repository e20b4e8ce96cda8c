"""Bytes -> text: byte-order marks, UTF-16, old Windows encodings; and what some text looks like at first glance.

PEM itself is read in pem.py, the CSV of API credentials in credentials.py.
"""

import re

from certs.findings import Finding
from certs.findings.catalogue import finding
from certs.findings.codes import FindingCode

_DOCUMENTS = ("%PDF", "PK\x03\x04", "<!doctype", "<html", "{\\rtf", "<?xml", "\xd0\xcf\x11\xe0")
_CONTROLS = bytes(range(7))
_KEY = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{16}(?![0-9A-Za-z])")
_SECRET = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{40}(?![0-9A-Za-z])")
_HEADINGS = re.compile(r"api[\s_-]{0,3}secret", re.I)


def decode(data: bytes) -> tuple[str, tuple[Finding, ...]]:
    """The text in `data`, without a byte-order mark, and a remark if it was UTF-16. Any bytes can be read."""
    if encoding := _utf16(data):
        return data.decode(encoding, errors="replace").lstrip("\ufeff"), (finding(FindingCode.PEM_UTF16),)
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        return data.decode("latin-1"), ()


def is_binary(data: bytes) -> bool:
    """Whether `data` is no text in any encoding: it has control characters that no text has, and is no UTF-16."""
    head = data[:1000]
    return len(head.translate(None, _CONTROLS)) < len(head) and not _utf16(data)


def looks_like_credentials(text: str) -> bool:
    """An API secret by name, or a key (16 hex digits) and a secret (40) beside each other."""
    return bool(_HEADINGS.search(text) or (_KEY.search(text) and _SECRET.search(text)))


def looks_like_document(text: str) -> bool:
    """PDF, Office, RTF, archive or web page."""
    return text.lstrip()[:14].lower().startswith(tuple(mark.lower() for mark in _DOCUMENTS))


def contains_secret(text: str) -> bool:
    """Whether something in `text` has the shape of an API secret."""
    return bool(_SECRET.search(text))


def _utf16(data: bytes) -> str | None:
    """By its mark, or because every other byte of what is mostly ASCII is zero."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    low, high = data[:400:2], data[1:400:2]
    if len(high) > 1 and _is_zero(high) and not _is_zero(low):
        return "utf-16-le"
    if len(high) > 1 and _is_zero(low) and not _is_zero(high):
        return "utf-16-be"
    return None


def _is_zero(half: bytes) -> bool:
    """Mostly: a few characters beyond ASCII may be among them."""
    return half.count(0) > len(half) * 0.8
