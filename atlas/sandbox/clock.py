"""Time in the local Atlas: how long everything takes, and what a scenario changes about it. Holds no state.

Moments are seconds since 1970 in real time; durations are in Atlas's own time and shrink by the speed.
"""

from __future__ import annotations

import hashlib
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime

MINUTE = 60.0
HOUR = 3600.0

SCENARIOS = ("all-well", "vetting-rejected", "vetting-late", "quote-late", "atlas-down")
DEFAULT_SCENARIO = "all-well"

SIGNING = 2 * MINUTE
ISSUING = 3.0
CHECKING = 5.0
STATS_LAG = 5.0
OUTAGE = 6 * HOUR
_BRACKETED = re.compile(r"\[([a-z-]+)\]")


class Clock:
    """The real time, a speed, and how wrong this clock goes: at speed 4320 a wait of 72 hours is over in a minute."""

    def __init__(self, speed: float = 1.0, skew: float = 0.0) -> None:
        self.speed = speed
        self.skew = skew

    def now(self) -> float:
        """This moment, `skew` seconds ahead of the machine."""
        return time.time() + self.skew

    def machine(self) -> float:
        """This moment as the machine sees it: handshakes are checked against that."""
        return time.time()

    def after(self, start: float, seconds: float) -> float:
        """The moment when `seconds` of Atlas's time have passed since `start`."""
        return start + seconds / self.speed


@dataclass(frozen=True)
class Vetting:
    """How an identity profile will fare, in seconds after it was sent."""

    processed: float | None
    decided: float
    verdict: str


def iso(moment: float) -> str:
    """ISO 8601 in UTC with whole seconds."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def scenario_in(company_name: str) -> str | None:
    """The scenario that a company name carries in brackets, if it is one."""
    for word in _BRACKETED.findall(company_name):
        if word in SCENARIOS:
            return str(word)
    return None


def jitter(account_id: str, what: str, low: float, high: float) -> float:
    """A duration between `low` and `high`, always the same for this account."""
    digest = hashlib.sha256(f"{account_id}/{what}".encode()).digest()
    return low + (high - low) * int.from_bytes(digest[:4]) / 0xFFFFFFFF


def mail_delay(account_id: str, what: str) -> float:
    """10 to 30 minutes."""
    return jitter(account_id, what, 10 * MINUTE, 30 * MINUTE)


def quotation_delay(scenario: str) -> float:
    """From payment method to quotation email; 30 hours if the quote is to be late (the limit is a day)."""
    return 30 * HOUR if scenario == "quote-late" else 20 * MINUTE


def identity_delay(account_id: str) -> float:
    """From the accepted quote until the identity request is ready."""
    return jitter(account_id, "identity", 20 * MINUTE, 30 * MINUTE)


def vetting_plan(scenario: str, first: bool) -> Vetting:
    """The verdict and its time. A scenario rejects only the account's first profile, so that a correction passes."""
    if scenario == "vetting-rejected" and first:
        return Vetting(None, 20 * HOUR, "Rejected")
    if scenario == "vetting-late":
        return Vetting(12 * HOUR, 96 * HOUR, "Active")
    return Vetting(12 * HOUR, 24 * HOUR, "Active")
