"""The calendar file against RFC 5545, read by a strict reader that knows the grammar and nothing of the writer."""

import re
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from onboarding.ui.calendar_file import CalendarEntry, fold, write_calendar
from tests.ui.calendar_reader import read_calendar, unfold

AT = datetime(2031, 11, 28, 9, 30, tzinfo=UTC)
NASTY = "Ünïcode & Söhne; Energy, Ltd \\ “quoted”\nsecond line " * 4


def _entry(**changed: object) -> CalendarEntry:
    values: dict[str, object] = {
        "uid": "0b7c1e9e-0000-5000-8000-000000000001",
        "at": AT,
        "made_at": AT - timedelta(days=900),
        "summary": NASTY,
        "description": NASTY,
        "url": "https://portal.example/companies/one/certificates/",
        "alarms": (timedelta(days=90), timedelta(0)),
    }
    return CalendarEntry(**(values | changed))  # type: ignore[arg-type]


def test_what_is_written_is_read_back() -> None:
    [event] = read_calendar(write_calendar("-//Portal//EN", [_entry()]))
    assert event["SUMMARY"] == event["DESCRIPTION"] == NASTY
    assert event["DTSTART"] == "20311128T093000Z"
    assert event["UID"] == "0b7c1e9e-0000-5000-8000-000000000001"
    assert event["URL"] == "https://portal.example/companies/one/certificates/"
    assert event["TRIGGERS"] == "-P90D PT0S"


def test_moments_of_other_zones_are_written_in_utc() -> None:
    summer = datetime.fromisoformat("2027-07-01T00:30:00+01:00")
    [event] = read_calendar(write_calendar("-//Portal//EN", [_entry(at=summer)]))
    assert event["DTSTART"] == "20270630T233000Z"


@given(st.text())
def test_any_text_survives_and_no_line_is_longer_than_75_octets(text: str) -> None:
    [event] = read_calendar(write_calendar("-//Portal//EN", [_entry(summary=text)]))
    kept = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", text.replace("\r\n", "\n").replace("\r", "\n"))
    assert event["SUMMARY"] == kept


def test_a_line_of_75_octets_is_not_folded_and_one_of_76_is() -> None:
    assert fold("a" * 75) == b"a" * 75 + b"\r\n"
    assert fold("a" * 76) == b"a" * 75 + b"\r\n a\r\n"
    assert unfold(fold("é" * 100)) == ["é" * 100]  # two octets each: none is cut in two
