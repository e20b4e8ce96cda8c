"""How fast steps move, beside two others on the same PostgreSQL: plain SQL with fixed writes, and django-fsm-2.

All three are timed in turn, a block of each after the other, so that a busy machine is busy for all. Nothing here is a
test; figures belong to the machine they were measured on.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.harness import Entry, compare, measurement, portal
from bench.moves_floor import make_table, write_same_rows
from bench.moves_peer import make_peer

BLOCKS, MOVES_IN_BLOCK = 9, 20
Work = Callable[[int], None]


@measurement
def moves() -> Iterator[Entry]:
    """One person submits a step: lock, guard, state, event, projection, letters, the next step begins."""
    portal()
    cases = [_company(number) for number in range(BLOCKS * MOVES_IN_BLOCK)]
    floor_case, floor_user = _company(len(cases))
    make_table()
    figures = _measure_in_turn(
        {
            "ours": lambda number: _submit(*cases[number]),
            "plain SQL, 13 fixed writes": lambda number: write_same_rows(floor_case, floor_user),
            "django-fsm-2, same work": make_peer(cases),
        }
    )
    (wall, cpu) = figures.pop("ours")
    for against, (their_wall, their_cpu) in figures.items():
        yield compare(
            "moves of a step",
            ours=1 / wall,
            unit="moves/s",
            against=against,
            theirs=1 / their_wall,
            better="higher",
        )
        yield compare(
            "processor time of a move, with PostgreSQL's",
            ours=cpu * 1000,
            unit="ms",
            against=against,
            theirs=their_cpu * 1000,
        )


def _measure_in_turn(works: dict[str, Work]) -> dict[str, tuple[float, float]]:
    """For each the median over the blocks of seconds by the clock and seconds of processor, of one call."""
    seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for block in range(BLOCKS):
        for name, work in works.items():
            wall, cpu = time.perf_counter(), _cpu_seconds()
            for number in range(MOVES_IN_BLOCK):
                work(block * MOVES_IN_BLOCK + number)
            seconds[name].append((time.perf_counter() - wall, _cpu_seconds() - cpu))
    middle = {
        name: [statistics.median(each) for each in zip(*rows, strict=True)] for name, rows in seconds.items()
    }
    return {name: (wall / MOVES_IN_BLOCK, cpu / MOVES_IN_BLOCK) for name, (wall, cpu) in middle.items()}


def _cpu_seconds() -> float:
    """What this process and its PostgreSQL backend have used so far."""
    from django.db import connection

    connection.ensure_connection()
    used = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text().split()[0]
    return time.process_time() + int(used) / 1e9


def _company(number: int, prefix: str = "Bench") -> tuple[Any, Any]:
    from django.db import transaction

    from onboarding.journey import progress
    from onboarding.people.models import Company, Membership, Role, User

    user = User.objects.create_user(
        f"{prefix.lower()}{number}@bench.example", None, name=f"{prefix} {number}"
    )
    with transaction.atomic():  # a company has its primary from the first moment
        company = Company.objects.create(slug=f"{prefix.lower()}-{number}", name=f"{prefix} {number} Ltd")
        Membership.objects.create(user=user, company=company, role=Role.PRIMARY)
    return progress.start(company, environment="uit", actor=user), user


def _submit(onboarding: Any, user: Any) -> None:
    from onboarding.journey import progress
    from onboarding.journey.models import StepRecord

    record = StepRecord.objects.select_related("onboarding__company").get(
        onboarding=onboarding, slug="register"
    )
    progress.submit(record, actor=user, effect=lambda _: progress.Submission())
