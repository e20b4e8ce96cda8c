"""What the workers know of the account API reaches the other processes by the cache.

That nobody calls an Atlas that is down is tested in test_circuit_breaker.py.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache

from atlas.breaker import THRESHOLD
from certs.budget import budget_of
from onboarding.journey.polling.circuit import ToldBreaker, _name_key, read_calls, read_open_circuit
from tests.time_travel import travel

URL = "https://atlas.example/told"


@pytest.fixture(autouse=True)
def _portal(settings: Any) -> Iterator[None]:
    settings.PORTAL = settings.PORTAL.model_copy(update={"account_api_url": URL, "account_api_token": None})
    cache.clear()
    yield
    cache.clear()


def _fail(breaker: ToldBreaker) -> None:
    for _ in range(THRESHOLD):
        breaker.record_failure()


def test_all_processes_see_since_when_nobody_calls_and_that_calls_go_out_again() -> None:
    breaker = ToldBreaker(URL, pause=1.0, longest=2.0)
    for _ in range(THRESHOLD - 1):
        breaker.record_failure()
    assert read_open_circuit() is None
    breaker.record_failure()
    since = read_open_circuit()
    assert since is not None
    breaker.record_failure()  # a probe
    assert read_open_circuit() == since
    breaker.record_success()
    assert read_open_circuit() is None


def test_the_circuit_of_another_address_is_not_ours() -> None:
    _fail(ToldBreaker("https://other.example/", pause=1.0, longest=2.0))
    assert read_open_circuit() is None


@pytest.mark.parametrize(
    "value",
    [
        *("x", "", 7, [1], {"a": 1}, True, None, 1.5),
        *("2026-11-30T12:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"),
    ],
)
def test_a_circuit_of_another_shape_is_not_known(value: object) -> None:
    cache.set(_name_key(URL), value)
    assert read_open_circuit() is None


def test_the_calls_of_this_minute_are_read_without_using_one(settings: Any) -> None:
    budget = budget_of("account", URL, "", calls=settings.PORTAL.account_api_calls_per_minute)
    with travel(datetime(2026, 11, 30, 12, 0, 5, tzinfo=UTC)):
        assert read_calls() == (0, 6000)
        for _ in range(3):
            budget.take()
        assert [read_calls().used, read_calls().used] == [3, 3]
    with travel(datetime(2026, 11, 30, 12, 1, 5, tzinfo=UTC)):
        assert read_calls().used == 0
