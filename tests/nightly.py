"""Sweeps that ask the same of every row: each run asks a few of them, the nightly run all.

For what is told apart by something else than the row (a page, a rule, a refusal) every run asks everything.
"""

from collections.abc import Iterable
from typing import Any

import pytest


def leave_to_the_night(values: Iterable[Any], *, but: Iterable[Any]) -> list[Any]:
    """The values as parameters of a test, all but some of them nightly. Raises ValueError if `but` names others."""
    found, kept = list(values), list(but)
    if unknown := [each for each in kept if each not in found]:
        raise ValueError(f"not among the values: {unknown}")
    return [each if each in kept else pytest.param(each, marks=pytest.mark.nightly) for each in found]
