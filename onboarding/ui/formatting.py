"""How states, moments and lengths of time are said in words.

What a state means is decided elsewhere; here it only gets its name and its colour.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.utils import timezone

from certs import clock

STATES: Mapping[str, tuple[str, str]] = {
    "locked": ("Cannot start yet", "grey"),
    "open": ("To do", "blue"),
    "waiting": ("Waiting", "light-blue"),
    "problem": ("There is a problem", "red"),
    "done": ("Done", "green"),
}
# Pages are English whatever the locale of the process; strftime() takes several times as long, and lists have hundreds.
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
# Up to here a length is said in the smaller unit: 72 hours reads like the rule it comes from, 3 days does not.
_HOURS_UP_TO = 96 * 3_600
_MINUTES_UP_TO = 2 * 3_600


def state_text(state: object) -> str:
    """The words for a step's state; raises KeyError for a state that does not exist."""
    return STATES[str(state)][0]


def state_colour(state: object) -> str:
    """The tag colour for a step's state; raises KeyError for a state that does not exist."""
    return STATES[str(state)][1]


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def duration(length: timedelta | float | int) -> str:
    """A length of time (timedelta, or seconds) in one unit: "25 minutes", "19 hours", "5 days".

    Rounded down, because "24 hours" must not be said a minute early; never negative.
    """
    seconds = int(length.total_seconds() if isinstance(length, timedelta) else length)
    if seconds < 60:
        return "less than a minute"
    if seconds < _MINUTES_UP_TO and seconds // 60 != 60:
        return _count(seconds // 60, "minute")
    if seconds < _HOURS_UP_TO:
        return _count(seconds // 3_600, "hour")
    return _count(seconds // 86_400, "day")


def _year(moment: date) -> str:
    return "" if moment.year == localize(clock.now()).year else f" {moment.year}"


def localize(moment: datetime) -> datetime:
    """The moment in the time of TIME_ZONE, in which pages say everything; a naive one is taken for local."""
    return moment.astimezone(timezone.get_default_timezone()) if timezone.is_aware(moment) else moment


def day(moment: date) -> str:
    """ "Monday 23 November", with the year only if it is not this year; local time."""
    return _name_day(localize(moment) if isinstance(moment, datetime) else moment)


def _name_day(local: date) -> str:
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}{_year(local)}"


def when(moment: date) -> str:
    """ "Monday 23 November, 14:05" in local time; a date without a time is said as a day."""
    if not isinstance(moment, datetime):
        return day(moment)
    local = localize(moment)
    return f"{_name_day(local)}, {_name_time(local)}"


def _name_time(local: datetime) -> str:
    return f"{local.hour:02}:{local.minute:02}"


def iso(moment: datetime) -> str:
    """For the attribute `datetime` of HTML: local time with its offset (ISO 8601)."""
    return localize(moment).isoformat()


def when_short(moment: date) -> str:
    """ "23 Nov, 14:05" in local time, for tables."""
    local = localize(moment) if isinstance(moment, datetime) else moment
    start = f"{local.day} {_MONTHS[local.month - 1][:3]}{_year(local)}"
    return f"{start}, {_name_time(local)}" if isinstance(local, datetime) else start


def ago(moment: datetime, now: datetime | None = None) -> str:
    """ "2 hours ago", "in 3 days", "just now": relative to `now` (aware; default: this moment)."""
    gap = (now or clock.now()) - moment
    if abs(gap) < timedelta(minutes=1):
        return "just now"
    return f"{duration(gap)} ago" if gap > timedelta(0) else f"in {duration(-gap)}"
