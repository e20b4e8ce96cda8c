"""The clock: the database's on PostgreSQL whatever this machine's says, the machine's elsewhere, and never an error.

That nothing else is asked is tested in tests/house/test_clock.py.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import InternalError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from certs import clock
from tests.concurrency import race
from tests.house.checkout import ROOT
from tests.time_travel import travel

SOON = timedelta(seconds=2)
AHEAD = timedelta(days=3)


@pytest.fixture
def unasked(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The clock as in a process that has just begun; calling it makes the last answer old."""
    monkeypatch.setattr(clock, "_answer", clock._Answer(None, float("-inf")))
    return lambda: setattr(clock, "_answer", clock._answer._replace(asked=clock._answer.asked - 60))


def true() -> datetime:
    """What the database says, asked for itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0].astimezone(UTC)


def test_it_is_the_databases_time_whatever_the_machine_says(db: None, unasked: Callable[[], None]) -> None:
    right = true()
    with time_machine.travel(datetime.now(UTC) + AHEAD):
        assert abs(clock.now() - right) < SOON
    assert abs(clock.now() - right) < SOON


def test_a_machine_clock_that_is_set_right_changes_nothing(db: None, unasked: Callable[[], None]) -> None:
    with time_machine.travel(datetime.now(UTC) + AHEAD):
        first = clock.now()
    assert timedelta(0) <= clock.now() - first < SOON


def test_it_goes_on_between_two_questions_and_never_back(db: None, unasked: Callable[[], None]) -> None:
    seen = [clock.now() for _ in range(1000)]
    assert seen == sorted(seen)
    assert seen[0] < seen[-1]


def test_it_asks_rarely_and_never_as_one_of_a_pages_queries(db: None, unasked: Callable[[], None]) -> None:
    with CaptureQueriesContext(connection) as counted:
        before = clock.now()
        answer = clock._answer
        assert answer.at is not None
        for _ in range(100):
            clock.now()
        assert clock._answer is answer
    assert len(counted) == 0
    assert before.tzinfo is UTC


@pytest.mark.django_db(transaction=True)
def test_it_opens_no_transaction(transactional_db: None, unasked: Callable[[], None]) -> None:
    clock.now()
    assert clock._answer.at is not None
    assert connection.connection.info.transaction_status.name == "IDLE"
    unasked()
    with transaction.atomic():
        clock.now()
        assert connection.connection.info.transaction_status.name == "IDLE"
        with connection.cursor() as cursor:  # refused after any question
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


@pytest.mark.django_db(transaction=True)
def test_it_does_not_fail_inside_a_broken_transaction(
    transactional_db: None, unasked: Callable[[], None]
) -> None:
    def break_it() -> None:
        with pytest.raises(ProgrammingError), connection.cursor() as cursor:
            cursor.execute("SELECT no_such_thing")

    with transaction.atomic():
        break_it()
        assert abs(clock.now() - datetime.now(UTC)) < SOON
        transaction.set_rollback(True)
    unasked()
    right = clock.now()
    unasked()
    with transaction.atomic():
        break_it()
        with time_machine.travel(datetime.now(UTC) + AHEAD):
            assert abs(clock.now() - right) < timedelta(seconds=62)  # carried on
        with pytest.raises(InternalError):  # the transaction is as broken as it was
            true()
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_threads_ask_at_the_same_time(transactional_db: None, unasked: Callable[[], None]) -> None:
    right = true()
    answers = race(*[clock.now] * 8)
    assert all(abs(answer - right) < SOON for answer in answers), answers


@pytest.mark.django_db(transaction=True)
def test_a_forked_process_leaves_its_parents_line_alone(
    transactional_db: None, unasked: Callable[[], None]
) -> None:
    clock.now()
    child = os.fork()
    if not child:
        try:
            unasked()  # here, where no other thread asks meanwhile
            right = (
                timedelta(seconds=55) < clock.now() - datetime.now(UTC) < timedelta(seconds=65)
            )  # carried on
            os._exit(0 if right else 1)
        finally:
            os._exit(2)
    assert os.waitpid(child, 0)[1] == 0
    assert true()  # its line still answers


SCRIPT = (
    "from certs import clock; from datetime import UTC, datetime; print(abs(clock.now() - datetime.now(UTC)))"
)


@pytest.mark.parametrize("address", ["postgres://nobody@127.0.0.1:1/nothing", "sqlite://:memory:"])
def test_without_a_database_it_is_the_machines(address: str) -> None:
    environment = {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "config.settings"}
    said = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.startswith("0:00:00")


def test_without_django_it_is_the_machines() -> None:
    environment = {k: v for k, v in os.environ.items() if k not in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL")}
    said = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.startswith("0:00:00")


def test_tests_move_it_and_it_comes_back() -> None:
    moment = datetime(2030, 1, 2, 3, tzinfo=UTC)
    with travel(moment, tick=False):
        assert clock.now() == moment
        assert clock.today().isoformat() == "2030-01-02"
        assert datetime.now(UTC) < moment
        with travel(moment + AHEAD, machine=True):
            assert moment + AHEAD <= clock.now() < moment + AHEAD + SOON
            assert datetime.now(UTC) > moment
        assert clock.now() == moment
    assert clock.now() < moment
