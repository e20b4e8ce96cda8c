"""EvidenceFileType: what a file of evidence is, told by its content; names and promises of browsers are not believed.

What hides in a file of a kind that is taken is looked for in inspection.py.
"""

import re
from email import message_from_bytes

from django.db import models

from certs.decoding import decode


class NotEvidence(Exception):
    """A file that is not taken as evidence; the sentence says why and how to fix it, and shows none of it."""


class EvidenceFileType(models.TextChoices):
    """The kinds that are taken; the label is how a page names them."""

    PDF = "pdf", "PDF"
    PNG = "png", "PNG picture"
    JPEG = "jpeg", "JPEG picture"
    MESSAGE = "message", "email"
    TEXT = "text", "plain text"


# The endings that a browser offers, and that a file gets when it is opened again: the first one.
ENDINGS = {
    EvidenceFileType.MESSAGE: (".eml",),
    EvidenceFileType.PDF: (".pdf",),
    EvidenceFileType.PNG: (".png",),
    EvidenceFileType.JPEG: (".jpg", ".jpeg"),
    EvidenceFileType.TEXT: (".txt",),
}
INSTEAD = "Take a screenshot, or print it to a PDF, and choose that file."
_ARCHIVE = (
    "This is an archive or an Office document. The portal does not keep one, because nobody sees what is in it. "
    f"{INSTEAD}"
)
_OLE = (
    "This is an Outlook message file (.msg) or an old Office document, which the portal does not keep. In Outlook "
    "choose File, Save As, Text Only, or print the email to a PDF; then choose that file."
)
_PROGRAM = f"This is a program, which the portal does not keep. {INSTEAD}"
_PICTURE = "This picture is neither a PNG nor a JPEG. Save it as one of these, or take a screenshot of it."
_MARKUP = f"This is a web page or a script, which the portal does not keep. {INSTEAD}"
_UNKNOWN = (
    "The portal keeps an email (.eml), a PDF, a picture (PNG or JPEG) or plain text as evidence. This file is none "
    f"of these, whatever its name says. {INSTEAD}"
)

_ACCEPTED = {
    b"%PDF-": EvidenceFileType.PDF,
    b"\x89PNG\r\n\x1a\n": EvidenceFileType.PNG,
    b"\xff\xd8\xff": EvidenceFileType.JPEG,
}
# Only for better sentences: whatever is not in _ACCEPTED and is no text is refused.
_REFUSED = (
    (re.compile(rb"PK(?:\x03\x04|\x05\x06|\x07\x08)|\x1f\x8b|7z\xbc\xaf|Rar!|\xfd7zXZ|BZh|MSCF"), _ARCHIVE),
    (
        re.compile(rb"\x28\xb5\x2f\xfd|\x04\x22\x4d\x18|.{257}ustar", re.DOTALL),
        _ARCHIVE,
    ),  # Zstandard, LZ4, tar
    (re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), _OLE),
    (re.compile(rb"MZ|\x7fELF|\xca\xfe\xba\xbe|[\xfe\xcf\xce]\xed?\xfa[\xed\xce\xcf]|dex\n"), _PROGRAM),
    (re.compile(rb"GIF8|RIFF....WEBP|BM|II\*\0|MM\0\*|....ftyp(?:heic|heix|mif1|avif)", re.DOTALL), _PICTURE),
)
_PICTURES_IN_MAIL = re.compile(rb"GIF8[79]a|RIFF....WEBP", re.DOTALL)
_NO_PLAIN_TEXT = re.compile(
    r"\s*(?:<(?:!doctype|html|head|body|svg|script|\?xml|\?php|%)|\{\\rtf|#!|%!ps|!<arch>)", re.I
)
# Of the control characters a text has these only: tab, line ends, form feed, and the escape of ISO-2022 emails.
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f\ufffd]")


def detect_file_type(content: bytes) -> EvidenceFileType:
    """Raises NotEvidence, with what to do instead, for every other kind."""
    for mark, kind in _ACCEPTED.items():
        if content.startswith(mark):
            return kind
    if is_text(content):
        if _NO_PLAIN_TEXT.match(decode(content)[0]):
            raise NotEvidence(_MARKUP)
        return EvidenceFileType.MESSAGE if is_message(content) else EvidenceFileType.TEXT
    raise NotEvidence(next((why for shape, why in _REFUSED if shape.match(content)), _UNKNOWN))


def is_text(content: bytes) -> bool:
    """Text in UTF-8, UTF-16 or an old Windows encoding; web pages and scripts are text too."""
    return bool(content) and not _CONTROL.search(decode(content)[0])


def is_message(content: bytes) -> bool:
    """A text that begins with an email's header, which names at least who sent it (RFC 5322 section 3.6)."""
    return "from" in message_from_bytes(content.lstrip()[:65536])


def is_picture_in_mail(content: bytes) -> bool:
    """Kinds of pictures that mail programs put into signatures."""
    return bool(_PICTURES_IN_MAIL.match(content))


def fitting_name(name: str, kind: str) -> str:
    """The name with an ending that fits the kind, so that nobody's computer takes the file for something else."""
    own = ENDINGS[EvidenceFileType(kind)] if kind else (".bin",)
    fitting = (".txt", ".eml") if kind in (EvidenceFileType.TEXT, EvidenceFileType.MESSAGE) else own
    return name if name.lower().endswith(fitting) else f"{name}{own[0]}"
