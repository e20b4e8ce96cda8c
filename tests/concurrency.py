"""Racers: calls that really run at the same time, each in its own thread with its own database connection.

What they race for is in the tests of the rooms; those need django_db(transaction=True).
"""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections


def race(*calls: Callable[[], Any]) -> list[Any]:
    """What each call answered or raised (the exception itself), in the order of the calls."""
    answers: list[Any] = [None] * len(calls)
    start = threading.Barrier(len(calls))

    def run(place: int, call: Callable[[], Any]) -> None:
        try:
            start.wait(10)
            answers[place] = call()
        except Exception as error:  # noqa: BLE001  the loser's refusal is what the test looks at
            answers[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive(), "the racers wait for each other"
    return answers


def split(answers: Sequence[Any]) -> tuple[list[Any], list[Exception]]:
    """Winners' answers and losers' exceptions."""
    lost = [answer for answer in answers if isinstance(answer, Exception)]
    return [answer for answer in answers if not isinstance(answer, Exception)], lost
