"""What two migrations make of a portal in use: steps that are open get their first deadline, and no hold is lost."""

from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from onboarding.journey import projection
from onboarding.journey.deadlines import holds
from onboarding.journey.models import DeadlinePause, Onboarding, StepRecord
from onboarding.journey.steps import STEPS, State
from onboarding.people.models import Company
from tests.dashboards.factories import Stand, make_many
from tests.databases import on_postgresql
from tests.people_fixtures import People
from tests.time_travel import travel

FRIDAY_EVENING = datetime(2026, 12, 4, 18, 30, tzinfo=UTC)
NOTICE = datetime(2026, 12, 9, 17, tzinfo=UTC)  # Monday, Tuesday, and to the end of Wednesday
LONG_AGO = FRIDAY_EVENING - timedelta(days=90)
NONE = (None, None, None)


def _times(case: Onboarding, slug: str) -> tuple[datetime | None, ...]:
    record = case.steps.get(slug=slug)  # type: ignore[attr-defined]
    return record.usual_at, record.due_at, record.next_reminder_at


def test_open_steps_get_their_deadline_none_earlier_than_three_working_days_from_then(db: None) -> None:
    """On a Friday evening; however long a step has been open, and whatever else the portal holds."""
    limit = FRIDAY_EVENING - timedelta(hours=5)
    by_people = [each.slug for each in STEPS if each.form]
    cases = dict(
        zip(by_people, make_many([Stand(slug, "open", LONG_AGO) for slug in by_people]), strict=True)
    )
    waiting, late, over = make_many(
        [
            Stand("verification", "waiting", LONG_AGO, {"due_at": limit}),
            Stand("quote", "problem", LONG_AGO, {"problem_code": "atlas-unexpected"}),
            Stand("csr", "open", LONG_AGO),
        ],
        "others",
    )
    Onboarding.objects.filter(pk=over.pk).update(
        status="withdrawn", ended_at=LONG_AGO, destroy_secrets_at=LONG_AGO
    )
    StepRecord.objects.filter(onboarding=waiting, slug="csr").update(state="open")  # beside the wait
    with travel(FRIDAY_EVENING):
        import_module("onboarding.journey.migrations.0007_first_deadlines").give_deadlines(apps, None)
    for slug, case in cases.items():
        usual, latest, reminder = _times(case, slug)
        assert usual == reminder == NOTICE, slug
        assert latest is not None, slug
        assert latest > NOTICE, slug
        assert latest.hour == NOTICE.hour, slug
        case.refresh_from_db()
        assert case.due_at == latest, slug
    assert not StepRecord.objects.filter(state=State.LOCKED, due_at__isnull=False).exists()
    assert (
        _times(cases["csr"], "csr")
        == _times(waiting, "csr")
        == (NOTICE, datetime(2026, 12, 11, 17, tzinfo=UTC), NOTICE)
    )
    assert _times(waiting, "verification") == (None, limit, limit)
    assert (_times(late, "quote"), _times(over, "csr")) == (NONE, NONE)
    assert projection.list_differences() == []


def _migrate(*targets: tuple[str, str]) -> Any:
    """The tables as they were, or are, after these migrations; within the test's transaction, which undoes it all."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE"
        )  # or what was written before would keep tables as they are
    executor = MigrationExecutor(connection)
    executor.migrate(list(targets))
    return executor.loader.project_state(list(targets)).apps


def _migrate_to_the_newest() -> None:
    """What reads afterwards are the models of today."""
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@on_postgresql
def test_every_hold_is_kept_whether_its_pause_was_written_or_not(
    people: People, onboarding: Onboarding
) -> None:
    now = timezone.now()
    older = _migrate(("people", "0005_few_companies"), ("journey", "0009_orders_of_the_list"))
    hold, pause = older.get_model("people", "CompanyHold"), older.get_model("journey", "DeadlinePause")
    by = people.olga.pk

    def held(company: Company, days: int, reason: str, *, ended: bool = False, paused: bool = True) -> None:
        end = {"ended_at": now - timedelta(days=days - 1), "ended_by_id": by} if ended else {}
        since = now - timedelta(days=days)
        hold.objects.create(company_id=company.pk, reason=reason, since=since, held_by_id=by, **end)
        if paused:
            began = since + timedelta(milliseconds=20)
            pause.objects.create(
                company_id=company.pk, reason=reason, started_at=began, started_by_id=by, **end
            )
        if not ended:
            older.get_model("people", "Company").objects.filter(pk=company.pk).update(on_hold_since=since)

    held(people.one, 9, "First", ended=True, paused=False)
    held(people.one, 5, "Second", ended=True)
    held(people.one, 2, "Third", paused=False)
    held(people.two, 3, "Fourth")
    _migrate(("people", "0006_no_holds"))
    _migrate_to_the_newest()
    kept = DeadlinePause.objects.order_by("started_at").values_list("company__slug", "reason", "ended_by")
    assert list(kept) == [
        ("one", "First", by), ("one", "Second", by), ("two", "Fourth", None), ("one", "Third", None)
    ]  # fmt: skip
    for company in Company.objects.all():
        found = holds.find_hold(company)
        assert found is not None
        assert company.on_hold_since == found.started_at
    onboarding.refresh_from_db()
    assert onboarding.deadlines_paused_at == now - timedelta(days=2)
    holds.end_hold(people.one, actor=people.olga)
    onboarding.refresh_from_db()
    assert onboarding.deadlines_paused_at is None
