"""Racers: calls that really run at the same time, each in its own thread with its own database connection.

What they race for is in the tests of the rooms; those need django_db(transaction=True). A test's racers keep their
connections from one race to the next: opening one takes longer than most races.
"""

import queue
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.db import connections

PATIENCE = 30  # seconds
_racers: list["_Racer"] = []


class _Racer(threading.Thread):
    """Does one job after the other, until it is given None."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self.start()

    def run(self) -> None:
        while job := self.jobs.get():
            job()
            for each in connections.all(initialized_only=True):
                each.close_if_unusable_or_obsolete()
        connections.close_all()


def race(*calls: Callable[[], Any]) -> list[Any]:
    """What each call answered or raised (the exception itself), in the order of the calls."""
    answers: list[Any] = [None] * len(calls)
    start, ended = threading.Barrier(len(calls)), threading.Semaphore(0)

    def run(place: int, call: Callable[[], Any]) -> None:
        try:
            start.wait(10)
            answers[place] = call()
        except Exception as error:  # noqa: BLE001  the loser's refusal is what the test looks at
            answers[place] = error
        finally:
            ended.release()

    _racers.extend(_Racer() for _ in range(len(calls) - len(_racers)))
    for racer, each in zip(_racers, enumerate(calls), strict=False):
        racer.jobs.put(partial(run, *each))
    for _ in calls:
        assert ended.acquire(timeout=PATIENCE), "the racers wait for each other"
    return answers


def end_racers() -> None:
    """They close their connections; the next race begins with others."""
    for racer in _racers:
        racer.jobs.put(None)
    for racer in _racers:
        racer.join(PATIENCE)
    _racers.clear()


def split(answers: Sequence[Any]) -> tuple[list[Any], list[Exception]]:
    """Winners' answers and losers' exceptions."""
    lost = [answer for answer in answers if isinstance(answer, Exception)]
    return [answer for answer in answers if not isinstance(answer, Exception)], lost
