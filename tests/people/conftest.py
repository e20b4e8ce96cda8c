"""Fixtures of this folder: what an operator sets; the counters of wrong guesses begin at nothing.

A code app as people have it is in totp_app.py.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def nobody_guessed_before() -> Iterator[None]:
    """Counters live in the cache, which no test's end undoes."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def operator(settings: Any) -> Callable[..., None]:
    """operator(second_factor=True) sets what an operator can set."""

    def sets(**values: Any) -> None:
        settings.PORTAL = settings.PORTAL.model_copy(update=values)

    return sets
