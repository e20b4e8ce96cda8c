"""The breaker by itself and in a client: when it opens, what the probe decides, and what counts as a failure.
Not here: the call budget, see test_budget.
"""

import pickle
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from atlas.breaker import Breaker
from atlas.errors import AtlasError, CircuitOpen, Unreachable
from atlas.transport import Transport
from tests.atlas.broken_peer import BrokenPeer, Script, break_off, problem, reply
from tests.atlas.clients import QUICK


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(threshold=3, pause=30, longest=100, clock=clock)


def fail(breaker: Breaker, times: int = 1) -> None:
    for _ in range(times):
        breaker.before_call()
        breaker.record_failure()


def held_back(breaker: Breaker) -> float:
    with pytest.raises(CircuitOpen) as caught:
        breaker.before_call()
    return caught.value.retry_after


def lets_in(breaker: Breaker) -> bool:
    try:
        breaker.before_call()
    except CircuitOpen:
        return False
    return True


def test_it_opens_after_the_third_failure_in_a_row_and_says_for_how_long(
    breaker: Breaker, clock: Clock
) -> None:
    fail(breaker, 2)
    breaker.before_call()
    breaker.record_success()
    fail(breaker, 3)
    clock.now += 10
    assert held_back(breaker) == 20


def test_after_the_pause_one_caller_probes_and_the_others_still_wait(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += 30
    breaker.before_call()
    assert held_back(breaker) == 30


def test_a_probe_that_succeeds_closes_it(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += 30
    fail(breaker)  # the first probe, and the pause is doubled
    clock.now += 60
    breaker.before_call()
    breaker.record_success()
    fail(breaker, 2)
    assert lets_in(breaker)
    breaker.record_failure()  # the third in a row once more, and the pause is the first one again
    assert held_back(breaker) == 30


def test_each_probe_that_fails_doubles_the_pause_up_to_the_longest(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    for pause in (60, 100, 100):
        clock.now += 100
        fail(breaker)
        assert held_back(breaker) == pause


def test_a_probe_that_never_comes_back_is_followed_by_another(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += 30
    assert lets_in(breaker)
    clock.now += 29
    assert not lets_in(breaker)
    clock.now += 1
    assert lets_in(breaker)
    assert not lets_in(breaker)


def test_of_many_threads_exactly_one_probes(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += 30
    admitted: list[bool] = []

    def probe() -> None:
        if lets_in(breaker):
            admitted.append(True)

    threads = [threading.Thread(target=probe) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert admitted == [True]


def test_its_error_is_unreachable_with_a_known_outcome_and_travels() -> None:
    error = pickle.loads(pickle.dumps(CircuitOpen(7)))
    assert isinstance(error, Unreachable)
    assert (error.outcome_unknown, error.retry_after) == (False, 7)


def asked(peer: BrokenPeer, root: Path, breaker: Breaker, calls: int = 5) -> list[type[AtlasError]]:
    """What each of so many calls failed with."""
    seen = []
    with peer, Transport(peer.url, root=root, timeouts=QUICK, breaker=breaker) as transport:
        for _ in range(calls):
            with pytest.raises(AtlasError) as caught:
                transport.call("POST", "/things")
            seen.append(type(caught.value))
    return seen


@pytest.mark.parametrize("answer", [problem(500), problem(503), reply(502, b"", "text/html"), break_off(b"")])
def test_an_atlas_that_is_down_is_left_alone_after_a_few_calls(
    root: Path, breaker: Breaker, answer: Script
) -> None:
    peer = BrokenPeer(answer)
    seen = asked(peer, root, breaker)
    assert [error is CircuitOpen for error in seen] == [False, False, False, True, True]
    assert len(peer.requests) == 3


@pytest.mark.parametrize("answer", [problem(401), problem(404), problem(422), problem(429), reply(202)])
def test_an_atlas_that_says_no_lives(root: Path, breaker: Breaker, answer: Script) -> None:
    peer = BrokenPeer(answer)
    assert CircuitOpen not in asked(peer, root, breaker)
    assert len(peer.requests) == 5


def test_one_breaker_serves_several_clients(root: Path, breaker: Breaker) -> None:
    peer, other = BrokenPeer(problem(500)), BrokenPeer()
    asked(peer, root, breaker, 3)
    assert asked(other, root, breaker, 1) == [CircuitOpen]
    assert other.requests == []


def test_the_probe_of_a_client_that_is_answered_lets_everybody_in(
    root: Path, breaker: Breaker, clock: Callable[[], float]
) -> None:
    fail(breaker, 3)
    assert isinstance(clock, Clock)
    clock.now += 30
    with BrokenPeer() as peer, Transport(peer.url, root=root, breaker=breaker) as transport:
        transport.call("GET", "/things")
        transport.call("GET", "/things")
    assert len(peer.requests) == 2
