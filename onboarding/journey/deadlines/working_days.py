"""Working days in England and Wales: Monday to Friday, without bank holidays and their substitute days.

Bank holidays are those of the package `holidays`. A working day is over at 17:00 in London; which steps have how many
of them is in step_times.py.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")
CLOSING_TIME = time(17)
ONE_DAY = timedelta(days=1)
SATURDAY = 5


@cache
def list_bank_holidays(year: int) -> frozenset[date]:
    """The bank holidays of a year in England and Wales, with those observed on a weekday in their place."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    """Neither a Saturday or Sunday nor a bank holiday."""
    return day.weekday() < SATURDAY and day not in list_bank_holidays(day.year)


def add_working_days(start: datetime, days: int) -> datetime:
    """17:00 in London on the `days`-th working day after the day of `start`, in UTC; `days` is at least 1.

    The day on which it begins does not count, as in the Civil Procedure Rules (CPR 2.8): a step that begins on a Friday
    evening has all of Monday.
    """
    day = start.astimezone(LONDON).date()
    for _ in range(days):
        day = _next_working_day(day)
    # The wall clock, not so many hours: 17:00 stays 17:00 when summer time begins or ends.
    return datetime.combine(day, CLOSING_TIME, LONDON).astimezone(UTC)


def count_working_days(start: datetime, end: datetime) -> int:
    """How many working days come after the day of `start`, up to and with the day of `end` (days in London)."""
    day, last = start.astimezone(LONDON).date(), end.astimezone(LONDON).date()
    count = 0
    while (day := day + ONE_DAY) <= last:
        count += is_working_day(day)
    return count


def add_working_hours(start: datetime, length: timedelta) -> datetime:
    """`start` and `length` later, in UTC, where only the 24 hours of each working day count.

    The clocks change on Sundays, so that every working day has 24 hours.
    """
    moment, left = start.astimezone(LONDON), length
    while True:
        midnight = datetime.combine(moment.date() + ONE_DAY, time(0), LONDON)
        if is_working_day(moment.date()):
            today = midnight.astimezone(UTC) - moment.astimezone(UTC)
            if left <= today:
                return moment.astimezone(UTC) + left
            left -= today
        moment = midnight


def _next_working_day(day: date) -> date:
    day += ONE_DAY
    while not is_working_day(day):
        day += ONE_DAY
    return day
