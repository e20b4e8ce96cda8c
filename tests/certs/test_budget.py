"""The call budget that all processes share: what it counts, and that it never stands in the way when the cache is gone.
Not here: what a client does when it is used up, see tests/atlas/test_budget.py.
"""

from typing import Any

import pytest
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from redis.exceptions import RedisError

from atlas.errors import RateLimited
from certs.budget import SharedBudget, budget_of
from tests.time_travel import travel

MIDDLE = 1_795_442_730  # half way through a minute


@pytest.fixture
def budget() -> SharedBudget:
    cache.clear()
    return budget_of("hvca", "https://atlas.example/v2", "0123456789abcdef", calls=3)


def test_it_lets_so_many_calls_out_in_a_minute_whoever_asks(budget: SharedBudget) -> None:
    same = budget_of("hvca", "https://atlas.example/v2", "0123456789abcdef", calls=3)
    with travel(MIDDLE, tick=False):
        budget.take()
        same.take()
        budget.take()
        with pytest.raises(RateLimited) as caught:
            same.take()
    assert caught.value.retry_after == pytest.approx(60 - MIDDLE % 60)
    with travel(MIDDLE + 60, tick=False):
        budget.take()


def test_another_credential_has_another_budget_and_no_name_holds_a_key(budget: SharedBudget) -> None:
    other = budget_of("hvca", "https://atlas.example/v2", "f" * 16, calls=3)
    assert other.name != budget.name
    assert "0123456789abcdef" not in repr(budget)


def use_up(budget: SharedBudget) -> None:
    """All calls of the window are made, and the next one is held back."""
    for _ in range(budget.calls):
        budget.take()
    with pytest.raises(RateLimited):
        budget.take()


def test_after_the_cache_is_wiped_it_counts_from_nothing(budget: SharedBudget) -> None:
    with travel(MIDDLE, tick=False):
        use_up(budget)
        cache.clear()
        use_up(budget)


class WipedBetweenTwoQuestions(LocMemCache):
    """What it is told to keep is gone when it is asked for."""

    def add(self, *args: Any, **kwargs: Any) -> bool:
        kept = super().add(*args, **kwargs)
        self.clear()
        return kept


def test_a_cache_that_is_wiped_lets_everything_out(budget: SharedBudget, settings: Any) -> None:
    with travel(MIDDLE, tick=False):
        use_up(budget)
        settings.CACHES = {"default": {"BACKEND": f"{__name__}.{WipedBetweenTwoQuestions.__name__}"}}
        for _ in range(6):
            budget.take()
        cache.add("anything", 1)
        assert cache.get("anything") is None


def test_a_cache_that_is_away_lets_everything_out(budget: SharedBudget, settings: Any) -> None:
    with travel(MIDDLE, tick=False):
        use_up(budget)
        _take_the_cache_away(settings)
        for _ in range(6):
            budget.take()
        with pytest.raises(RedisError):
            cache.get("anything")


@pytest.mark.parametrize("value", ["x", "7", [1], {"a": 1}, True, None, 1.5, float("inf"), float("nan")])
def test_a_count_of_another_shape_is_not_known(budget: SharedBudget, value: object) -> None:
    with travel(MIDDLE, tick=False):
        assert budget.read_used() == 0
        cache.set(f"atlas-calls:{budget.name}:{MIDDLE // 60}", value)
        assert budget.read_used() is None
        budget.take()


def _take_the_cache_away(settings: Any) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://localhost:1/0",
        }
    }
