"""A calendar file as RFC 5545 wants it: lines of at most 75 octets that end in CRLF, text escaped, times in UTC.

What the entries are about is for whoever makes them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

LINE = 75  # octets without the line break (section 3.1)
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")  # no TEXT holds these (section 3.3.11); \t and \n may


@dataclass(frozen=True)
class CalendarEntry:
    """One moment (aware). `uid` stays the same in every file, so that a calendar replaces what it has.

    `made_at` is when the entry last changed its meaning (DTSTAMP); `alarms` are how long before it a program reminds.
    """

    uid: str
    at: datetime
    made_at: datetime
    summary: str
    description: str
    url: str
    alarms: tuple[timedelta, ...] = (timedelta(0),)


def write_calendar(product: str, entries: Iterable[CalendarEntry]) -> bytes:
    """The file (UTF-8). Section 3.6: it needs at least one entry to be one."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{escape(product)}", "CALSCALE:GREGORIAN"]
    for entry in entries:
        lines += _list_lines(entry)
    lines.append("END:VCALENDAR")
    return b"".join(fold(line) for line in lines)


def _list_lines(entry: CalendarEntry) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escape(entry.uid)}"
    yield f"DTSTAMP:{_utc(entry.made_at)}"
    yield f"DTSTART:{_utc(entry.at)}"  # without DTEND it ends when it begins (section 3.6.1)
    yield f"SUMMARY:{escape(entry.summary)}"
    yield f"DESCRIPTION:{escape(entry.description)}"
    yield f"URL:{entry.url}"
    yield "TRANSP:TRANSPARENT"
    for before in entry.alarms:
        yield "BEGIN:VALARM"
        yield "ACTION:DISPLAY"
        yield f"DESCRIPTION:{escape(entry.summary)}"
        yield f"TRIGGER:{f'-P{before.days}D' if before.days else 'PT0S'}"
        yield "END:VALARM"
    yield "END:VEVENT"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escape(text: str) -> str:
    """A TEXT value (section 3.3.11): backslash, semicolon, comma and line breaks are escaped, controls are left out."""
    plain = _NOT_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    for letter in ("\\", ";", ","):
        plain = plain.replace(letter, f"\\{letter}")
    return plain.replace("\n", "\\n")


def fold(line: str) -> bytes:
    """The line with its CRLF, in pieces of at most 75 octets; no letter is cut in two (section 3.1)."""
    pieces, piece = [], b""
    for letter in line:
        octets = letter.encode()
        if len(piece) + len(octets) > LINE:
            pieces.append(piece)
            piece = b" "
        piece += octets
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
