"""Many rows in batches: one statement for all, one transaction each, and none stops the others."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection

from onboarding.periodic.batches import Done, Task, do_in_batches
from onboarding.periodic.models import PeriodicJob


class Log:
    """Work that remembers its batches; it cannot do `bad` rows, and `busy` ones only when it waits."""

    def __init__(self, bad: Sequence[int] = (), busy: Sequence[int] = ()) -> None:
        self.seen: list[tuple[list[int], bool]] = []
        self.bad, self.busy = bad, busy

    def __call__(self, rows: Sequence[Any], /, *, wait: bool) -> Done:
        assert connection.in_atomic_block
        self.seen.append((list(rows), wait))
        for row in rows:
            PeriodicJob.objects.create(name=f"row {row}")
        if set(rows) & set(self.bad):
            raise ValueError("a bad row")
        left = [] if wait else [row for row in rows if row in self.busy]
        return Done(len(rows) - len(left), left)


@pytest.mark.django_db
def test_a_row_that_fails_is_on_the_log_and_undoes_nothing_of_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    work = Log(bad=[3])
    assert do_in_batches(Task(work, range(6), 5), seconds=60) == 5
    assert work.seen[0] == ([0, 1, 2, 3, 4], False)
    assert [rows for rows, _ in work.seen[1:]] == [[0], [1], [2], [3], [4], [5]]
    assert sorted(PeriodicJob.objects.values_list("name", flat=True)) == [f"row {n}" for n in (0, 1, 2, 4, 5)]
    assert "Log" in caplog.text
    assert "of 3 failed" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_rows_that_somebody_has_locked_are_waited_for_behind_the_others_each_alone() -> None:
    seen: list[tuple[list[int], bool]] = []

    def work(rows: Sequence[int], /, *, wait: bool) -> Done:
        seen.append((list(rows), wait))
        left = [] if wait else [row for row in rows if row % 2]
        return Done(len(rows) - len(left), left)

    assert do_in_batches(Task(work, [1, 2, 3, 4], 3), Task(work, [5], 3), seconds=60) == 5
    assert seen == [([1, 2, 3], False), ([1], True), ([3], True), ([4], True), ([5], True)]


@pytest.mark.django_db
def test_a_run_that_is_out_of_time_ends_with_the_batch_that_it_began() -> None:
    work = Log()
    assert do_in_batches(Task(work, range(6), 2), Task(work, range(6, 9), 2), seconds=-1) == 2
    assert do_in_batches(Task(work, (), 2), Task(work, range(6, 9), 2), seconds=-1) == 2
