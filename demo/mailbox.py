"""The emails that the demonstration has sent, read from the folder into which it drops them as files.

How an email gets there is the notifications room's business.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings

BETWEEN = b"\n" + b"-" * 79 + b"\n"  # Django writes this line after each message of a file


@dataclass(frozen=True)
class Email:
    """One email as it was sent; `key` names it in an address. The text is the plain one."""

    key: str
    to: str
    subject: str
    at: datetime | None
    text: str


def list_emails() -> list[Email]:
    """All of them, the newest first; none before the first is sent."""
    folder = Path(settings.EMAIL_FILE_PATH or "")
    files = sorted(folder.glob("*.log"), key=lambda path: (path.stat().st_mtime, path.name), reverse=True)
    return [email for file in files for email in reversed(_read_file(file))]


def find_email(key: str) -> Email | None:
    """The one of this key."""
    return next((email for email in list_emails() if email.key == key), None)


def _read_file(file: Path) -> list[Email]:
    return [_read(raw.lstrip(b"\n")) for raw in file.read_bytes().split(BETWEEN) if raw.strip()]


def _read(raw: bytes) -> Email:
    message = message_from_bytes(raw, policy=policy.default)
    body, date = message.get_body(("plain",)), message["Date"]
    return Email(
        key=sha256(raw).hexdigest()[:16],
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        at=_read_date(str(date)) if date else None,
        text=str(body.get_content()) if body is not None else "",
    )


def _read_date(text: str) -> datetime:
    """A date without a zone ("-0000") is in UTC (RFC 5322 section 3.3)."""
    found = parsedate_to_datetime(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
