"""A strict reader of calendar files, written from RFC 5545: what a test does not allow here, no program has to read."""

import re
from typing import NoReturn

NAME = re.compile(r"[A-Z-]+")
UTC_MOMENT = re.compile(r"\d{8}T\d{6}Z")
DURATION = re.compile(r"[+-]?P(\d+D(T.+)?|T(\d+H)?(\d+M)?(\d+S)?|\d+W)")
TEXT = re.compile(r"(?:[^\\;,\x00-\x08\x0a-\x1f\x7f]|\\[\\;,nN])*")
TEXTS = ("UID", "SUMMARY", "DESCRIPTION", "PRODID")
ESCAPED = {"\\": "\\", ";": ";", ",": ",", "n": "\n", "N": "\n"}


def _refuse_file(why: str) -> NoReturn:
    raise AssertionError(why)


def unfold(content: bytes) -> list[str]:
    """The content lines (3.1): each ends in CRLF and has at most 75 octets; a blank at its start continues the last."""
    if not content.endswith(b"\r\n"):
        _refuse_file("the last line has no CRLF")
    lines: list[str] = []
    for raw in content[:-2].split(b"\r\n"):
        if len(raw) > 75 or b"\r" in raw or b"\n" in raw:
            _refuse_file(f"too long, or a bare line break: {raw!r}")
        text = raw.decode()  # a letter that is cut in two fails here
        if text.startswith((" ", "\t")):
            lines[-1] += text[1:]
        else:
            lines.append(text)
    return lines


def read_text(value: str) -> str:
    """A TEXT value (3.3.11): semicolon and comma only behind a backslash, and no control but the tab."""
    if not TEXT.fullmatch(value):
        _refuse_file(f"no TEXT: {value!r}")
    return re.sub(r"\\(.)", lambda found: ESCAPED[found[1]], value)


def read_calendar(content: bytes) -> list[dict[str, str]]:
    """The properties of each VEVENT; the triggers of its alarms under TRIGGERS. Fails on what the RFC forbids."""
    lines = unfold(content)
    if (lines[0], lines[-1]) != ("BEGIN:VCALENDAR", "END:VCALENDAR"):
        _refuse_file("it is no calendar")
    inside: list[str] = []
    head: dict[str, str] = {}
    events: list[dict[str, str]] = []
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not NAME.fullmatch(name):
            _refuse_file(f"no content line: {line!r}")
        if name == "BEGIN":
            inside.append(value)
            events += [{"TRIGGERS": ""}] if value == "VEVENT" else []
        elif name == "END":
            if inside.pop() != value:
                _refuse_file(f"{value} ends where something else is open")
        else:
            _read_property(inside[1:], name, value, events[-1] if events else {}, head)
    _require_properties(head, events)
    return events


def _read_property(
    inside: list[str], name: str, value: str, event: dict[str, str], head: dict[str, str]
) -> None:
    """One property of the calendar, of an event or of its alarm."""
    if not inside:
        head[name] = value
    elif inside == ["VEVENT"]:
        if name in event:
            _refuse_file(f"{name} twice")
        event[name] = read_text(value) if name in TEXTS else value
    elif inside == ["VEVENT", "VALARM"] and name == "TRIGGER":
        if not DURATION.fullmatch(value):
            _refuse_file(f"no duration: {value}")
        event["TRIGGERS"] = f"{event['TRIGGERS']} {value}".strip()


def _require_properties(head: dict[str, str], events: list[dict[str, str]]) -> None:
    """What 3.6 and 3.6.1 demand of a calendar and of each event."""
    if head.get("VERSION") != "2.0" or not head.get("PRODID"):
        _refuse_file("VERSION and PRODID are required")
    if not events:
        _refuse_file("a calendar has at least one component")
    for event in events:
        if not {"UID", "DTSTAMP", "DTSTART"} <= set(event):
            _refuse_file("UID, DTSTAMP and DTSTART are required")
        if not all(UTC_MOMENT.fullmatch(event[name]) for name in ("DTSTAMP", "DTSTART")):
            _refuse_file("a moment that is not in UTC")
    if len({event["UID"] for event in events}) != len(events):
        _refuse_file("one UID, two events")
