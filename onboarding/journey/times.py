"""How long a person has for a step, as its definition says it.

Which times hold in a company, and when a step is due by them, is in deadlines/.
"""

from typing import NamedTuple


class Times(NamedTuple):
    """How many working days a step usually takes, and at most, without the day on which it begins."""

    usual: int
    latest: int
