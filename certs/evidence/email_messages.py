"""The parts of an email (RFC 5322, RFC 2045), decoded, with limits on how many and how deep.

What a part may be is judged in inspection.py.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message

from certs.evidence.file_types import NotEvidence

MAX_NESTED = 60  # parts that have parts; a long thread of forwarded emails has some ten
MAX_PARTS = 200
_NESTED = re.compile(rb"boundary\s*=|message/rfc822", re.I)
_UNREADABLE = (
    "This email is built in a way that the portal cannot look into. Print it to a PDF, or save it as text only, and "
    "choose that file."
)


def parts_of(content: bytes) -> Iterator[bytes]:
    """What each part that has no parts itself holds, decoded. Raises NotEvidence beyond the limits."""
    if len(_NESTED.findall(content)) > MAX_NESTED:  # before parsing, which takes long for what is nested deep
        raise NotEvidence(_UNREADABLE)
    for number, part in enumerate(message_from_bytes(content.lstrip()).walk()):
        if number > MAX_PARTS:
            raise NotEvidence(_UNREADABLE)
        if not part.is_multipart():
            yield _decoded(part)
        elif part.get_content_maintype() == "message" and _is_encoded(part):
            raise NotEvidence(_UNREADABLE)  # RFC 2046 section 5.2.1 forbids it; it would hide what is inside


def _is_encoded(part: "Message[str, str]") -> bool:
    return str(part.get("Content-Transfer-Encoding", "")).strip().lower() not in (
        "",
        "7bit",
        "8bit",
        "binary",
    )


def _decoded(part: "Message[str, str]") -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
