"""May this file be kept as evidence? Its kind, and what hides in it: keys, API secrets, archives, attachments.

It answers with the kind or with a sentence; what was found is never kept, logged or shown.
"""

import quopri
import re
from collections.abc import Iterator

from certs.artifact_type import ArtifactType, detect_artifact_type
from certs.decoding import contains_secret, decode
from certs.evidence import email_messages, pdf, pictures
from certs.evidence.file_types import (
    INSTEAD,
    EvidenceFileType,
    NotEvidence,
    detect_file_type,
    is_picture_in_mail,
    is_text,
)
from certs.private_key_detection import contains_private_key

_CREDENTIAL_SEEN = (
    "This file holds something like an API secret, so it was not kept. Choose the email or a screenshot instead; "
    "enter credentials in the step “Create API credentials” only."
)
_KEY_SEEN = (
    "This file holds a private key, so it was not kept. Choose the email or a screenshot instead, and make a new "
    "key: this one has left your computer."
)
_HIDDEN = f"An archive hides in this file, so it was not kept. {INSTEAD}"
_ATTACHED = (
    "This email carries an attachment that the portal does not keep: only pictures, PDF files and texts may be in it. "
    "Print the email to a PDF, or save it without its attachments, and choose that file."
)
_ZIP = (
    b"PK\x03\x04",
    b"PK\x01\x02",
    b"PK\x05\x06",
)  # a file in it, its list, the end of the list (APPNOTE 4.3)
_ARCHIVE_AS_TEXT = re.compile(rb"(?<![A-Za-z0-9+/])(?:UEsDB|N3q8r|UmFyIRo)[A-Za-z0-9+/\r\n]{60}")  # in base64
_SIGNED = bytes.fromhex("06092a864886f70d010702")  # signed data (RFC 5652 section 5): not encrypted
_QUOTED = re.compile(rb"=(?:[0-9A-F]{2}|\r?\n)")


def inspect(content: bytes) -> EvidenceFileType:
    """The file's kind. Raises NotEvidence with a sentence if it may not be kept."""
    _refuse_secrets(content)
    kind = detect_file_type(content)
    if kind is EvidenceFileType.MESSAGE:
        for part in email_messages.parts_of(content):
            _inspect_part(part)
    _refuse_hidden(content, kind)
    return kind


def _inspect_part(part: bytes) -> None:
    """A part of an email: what could be evidence itself, and what mail programs add."""
    _refuse_secrets(part)
    is_signature = detect_artifact_type(part) is ArtifactType.PKCS7 and _SIGNED in part[:40]
    if not part or is_picture_in_mail(part) or is_signature:
        return _refuse_hidden(part, None)
    if is_text(part):
        return _refuse_hidden(part, EvidenceFileType.TEXT)  # also as a web page, as most emails are
    try:
        kind = detect_file_type(part)
    except NotEvidence:
        raise NotEvidence(_ATTACHED) from None
    return _refuse_hidden(part, kind)


def _refuse_secrets(content: bytes) -> None:
    if contains_secret(decode(content)[0]):
        raise NotEvidence(_CREDENTIAL_SEEN)
    if contains_private_key(content):
        raise NotEvidence(_KEY_SEEN)


def _refuse_hidden(content: bytes, kind: EvidenceFileType | None) -> None:
    """What does not show: a second file within the first, and keys in compressed or quoted text."""
    if all(mark in content for mark in _ZIP) or _ARCHIVE_AS_TEXT.search(content):
        raise NotEvidence(_HIDDEN)
    if any(contains_private_key(text) for text in _inner_texts(content, kind)):
        raise NotEvidence(_KEY_SEEN)


def _inner_texts(content: bytes, kind: EvidenceFileType | None) -> Iterator[bytes]:
    if kind is EvidenceFileType.PDF:
        yield from pdf.streams_of(content)
    elif kind is EvidenceFileType.PNG:
        yield from pictures.texts_of_png(content)
    elif kind is EvidenceFileType.JPEG:
        pictures.check_jpeg(content)
    elif _QUOTED.search(content):
        yield quopri.decodestring(content)
