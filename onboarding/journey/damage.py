"""Rows that the database let through although no move writes them: seen, counted and left out, so that a page goes on.

What is wrong with them is said by `manage.py check_projection`; fixing them is the operator's.
"""

import logging
from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from onboarding.journey.problems import find_problem
from onboarding.journey.steps import BY_SLUG, State

log = logging.getLogger(__name__)
UNREADABLE = (LookupError, ValueError, TypeError, AttributeError)  # what a word that nobody knows ends in
STATES = frozenset(State)
Source = TypeVar("Source")
Shown = TypeVar("Shown")


class StoredStep(Protocol):
    """What a fault is seen by: of a record, or of a row that was read without making one."""

    @property
    def slug(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def problem_code(self) -> str: ...


Stored = TypeVar("Stored", bound=StoredStep)


def describe_fault(record: StoredStep) -> str:
    """What is wrong with a record, as the end of a sentence; empty when it is whole."""
    if record.slug not in BY_SLUG:
        return f"the step “{record.slug}” is none of the table"
    if record.state not in STATES:
        return f"“{record.slug}” is in the state “{record.state}”, which is none"
    if record.state == State.PROBLEM and find_problem(record.problem_code) is None:
        return f"“{record.slug}” has the problem “{record.problem_code}”, which is none of the catalogue"
    return ""


def list_faults(records: Iterable[StoredStep]) -> list[str]:
    """What is wrong with the records of one onboarding, and which steps have none."""
    found = list(records)
    missing = sorted(set(BY_SLUG) - {record.slug for record in found})
    lacking = [f"there is no record of {', '.join(missing)}"] if missing else []
    return [*filter(None, map(describe_fault, found)), *lacking]


def leave_out_damaged(records: Iterable[Stored]) -> list[Stored]:
    """Those that can be shown."""
    return [record for record in records if not describe_fault(record)]


def show_readable(rows: Iterable[Source], show: Callable[[Source], Shown]) -> tuple[list[Shown], int]:
    """(what can be shown, how many rows cannot). A row that cannot be read is on the log, by its key only."""
    shown, damaged = [], 0
    for row in rows:
        try:
            shown.append(show(row))
        except UNREADABLE as error:
            log.error(
                "%s %s cannot be shown: %s", type(row).__name__, getattr(row, "pk", ""), type(error).__name__
            )
            damaged += 1
    return shown, damaged


def describe_damage(count: int, what: str = "onboarding") -> str:
    """What a page says of rows that it left out; empty when there are none."""
    if not count:
        return ""
    which, whose = (f"1 {what}", "its row is") if count == 1 else (f"{count} {what}s", "their rows are")
    return (
        f"{which} cannot be shown; {whose} damaged. Whoever runs this portal runs manage.py check_projection."
    )
