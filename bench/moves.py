"""How fast steps move, beside the floor: plain SQL doing the same writes on the same PostgreSQL.

Nothing here is a test; figures belong to the machine they were measured on.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bench.harness import Entry, compare, measurement, portal

ROUNDS = 60


@measurement
def moves() -> Iterator[Entry]:
    """One person submits a step: lock, guard, state, event, projection, letters, the next step begins."""
    portal()
    cases = [_company(number) for number in range(ROUNDS)]
    ours = ROUNDS / _timed(_submit, cases)
    statements = _writes_of_one_move()
    theirs = ROUNDS / _timed(_replay, [(statements,)] * ROUNDS)
    yield compare(
        "moves of a step",
        ours=ours,
        unit="moves/s",
        against="plain SQL, same writes",
        theirs=theirs,
        better="higher",
    )


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


def _writes_of_one_move() -> list[tuple[str, Any]]:
    """The INSERT, UPDATE and locking statements that one move sends, with their parameters."""
    from django.db import connection

    onboarding, user = _company(ROUNDS + 1, "Recorded")
    seen: list[tuple[str, Any]] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE")) or "FOR UPDATE" in sql:
            seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        _submit(onboarding, user)
    return [(sql, params) for sql, params in seen if not sql.startswith("INSERT")] + _fresh_inserts(seen)


def _fresh_inserts(seen: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Inserts go into a copy of their table without its unique keys, so that they can be repeated."""
    from django.db import connection

    found = []
    for sql, params in (each for each in seen if each[0].startswith("INSERT")):
        table = sql.split('"')[1]
        with connection.cursor() as cursor:
            cursor.execute(
                f'CREATE TABLE IF NOT EXISTS "floor_{table}" (LIKE "{table}" INCLUDING DEFAULTS INCLUDING IDENTITY)'
            )
        found.append((sql.replace(f'"{table}"', f'"floor_{table}"'), params))
    return found


def _replay(statements: list[tuple[str, Any]]) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        # The same row is set to the same state again: the triggers that forbid it are no part of the floor.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for sql, params in statements:
            cursor.execute(sql, params)


def _timed(work: Callable[..., None], rounds: Sequence[tuple[Any, ...]]) -> float:
    """Seconds that a call for each round takes."""
    begun = time.perf_counter()
    for arguments in rounds:
        work(*arguments)
    return time.perf_counter() - begun
