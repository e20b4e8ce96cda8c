"""Markup that a function draws from plain values, remembered by these values while the process runs."""

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, cast

from django.utils.safestring import SafeString

P = ParamSpec("P")

MOST = 2_000  # of one function


def remember_markup(draw: Callable[P, SafeString]) -> Callable[P, SafeString]:
    """Draw once for each set of values. They are str, bool, int or None, and all that the markup depends on.

    For what many pages have in common, as the labels of forms; never for what people type, for a case or a right.
    """
    # By type as well: what is marked as safe is equal to the same text that is not.
    return cast("Callable[P, SafeString]", lru_cache(MOST, typed=True)(draw))
