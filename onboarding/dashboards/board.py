"""The ops board: where everything stands, who is stuck and why, how the system is.

Reads the projection on the onboarding rows; a secret is never near.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse

from certs import chain_completion, clock, vault_maintenance
from onboarding.journey.damage import show_readable
from onboarding.journey.deadlines.stuck import explain_stuck
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.steps import BY_SLUG, Actor, Stage, State, list_stage
from onboarding.notifications.models import OutboxEmail
from onboarding.people.models import Membership, Role, User
from onboarding.periodic import jobs as periodic
from onboarding.ui.formatting import when

WITH: dict[str, tuple[str, tuple[Actor, ...]]] = {
    "companies": ("with the companies", (Actor.COMPANY,)),
    "globalsign": ("with GlobalSign and Atlas", (Actor.GLOBALSIGN, Actor.ATLAS)),
    "us": ("with us", (Actor.PORTAL, Actor.OPS)),
}
TROUBLE = "trouble"


def _in_trouble(now: datetime) -> Q:
    late = Q(current_state=State.PROBLEM) | Q(due_at__lt=now)
    return late & Q(deadlines_paused_at=None)


def count_figures() -> list[dict[str, Any]]:
    """The first line: four numbers, each a link to its list."""
    now, active = clock.now(), Onboarding.objects.active()
    board = reverse("dashboards:board")
    by_actor = active.values("next_actor").annotate(
        count=Count("pk"), trouble=Count("pk", filter=_in_trouble(now))
    )
    figures: list[Mapping[str, Any]] = list(by_actor)
    counted = {row["next_actor"]: row["count"] for row in figures}
    rows = [
        {"number": sum(counted.get(m, 0) for m in movers), "label": words, "url": f"{board}?with={name}"}
        for name, (words, movers) in WITH.items()
    ]
    trouble = sum(row["trouble"] for row in figures)
    return [
        *rows,
        {
            "number": trouble,
            "label": "stuck or late",
            "url": f"{board}?with={TROUBLE}",
            "state": State.PROBLEM,
        },
    ]


@dataclass(frozen=True)
class BoardRow:
    """One onboarding on the board. `contact`: who of the company is rung about it."""

    onboarding: Onboarding
    title: str
    stage: str
    state: str
    since: datetime | None
    reason: str
    action: str
    contact: User | None = None


class BoardRows(list[BoardRow]):
    """Rows of the board; `damaged` says how many more cannot be shown, because their rows are damaged."""

    damaged = 0


def list_rows(wanted: str = "", stage: str = "") -> BoardRows:
    """Active onboardings, oldest first; `wanted` narrows to one of the four figures, `stage` to a stage."""
    onboardings = Onboarding.objects.active().select_related("company").order_by("since")
    if wanted in WITH:
        onboardings = onboardings.filter(next_actor__in=WITH[wanted][1])
    elif wanted == TROUBLE:
        onboardings = onboardings.filter(_in_trouble(clock.now()))
    if stage in list(Stage):
        onboardings = onboardings.filter(current_step__in=[row.slug for row in list_stage(Stage(stage))])
    return _with_reasons(list(onboardings[:500]))


def list_stuck() -> list[BoardRow]:
    """The list that matters: problems and late waits, worst (longest) first."""
    return _with_contacts(list_rows(TROUBLE)[:50])


def _with_contacts(rows: list[BoardRow]) -> list[BoardRow]:
    """Whoever has the step, else the company's Primary Certificate Admin; one query more."""
    alone = [row.onboarding.company_id for row in rows if row.contact is None]
    members = Membership.objects.filter(company__in=alone, role=Role.PRIMARY, user__is_active=True)
    primaries = {each.company_id: each.user for each in members.select_related("user")}
    return [replace(row, contact=row.contact or primaries.get(row.onboarding.company_id)) for row in rows]


def _with_reasons(onboardings: list[Onboarding]) -> BoardRows:
    moving = [State.PROBLEM, State.WAITING, State.OPEN]
    stands = StepRecord.objects.filter(onboarding__in=onboardings, state__in=moving)
    found = stands.select_related("assignee", "onboarding")
    current = {(record.onboarding_id, record.slug): record for record in found}
    readable_rows, damaged = show_readable(
        onboardings, lambda each: _board_row(each, current.get((each.pk, each.current_step)))
    )
    all_rows = BoardRows(readable_rows)
    all_rows.damaged = damaged
    return all_rows


def _board_row(onboarding: Onboarding, record: StepRecord | None) -> BoardRow:
    row, state = BY_SLUG[onboarding.current_step], State(onboarding.current_state)
    if onboarding.since is None:
        raise ValueError("an active onboarding stands somewhere since a moment")
    stuck = explain_stuck(record) if record else None
    reason, action = (stuck.reason, stuck.action) if stuck else ("", "")
    assignee = record.assignee if record else None
    contact = assignee if assignee and assignee.is_active else None
    return BoardRow(onboarding, row.title, row.stage.value, state, onboarding.since, reason, action, contact)


def list_stages() -> list[dict[str, Any]]:
    """Per stage: how many, how many stuck or late, and since when the oldest stands there."""
    now, active = clock.now(), Onboarding.objects.active()
    onboardings = active.values("current_step").annotate(
        count=Count("pk"), trouble=Count("pk", filter=_in_trouble(now)), oldest=Min("since")
    )
    by_step: dict[str, Mapping[str, Any]] = {row["current_step"]: row for row in onboardings}
    return [
        _stage(stage, [by_step[r.slug] for r in list_stage(stage) if r.slug in by_step]) for stage in Stage
    ]


def _stage(stage: Stage, onboardings: list[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "title": stage.value,
        "url": f"{reverse('dashboards:board')}?stage={stage.value.replace(' ', '+')}",
        "count": sum(row["count"] for row in onboardings),
        "trouble": sum(row["trouble"] for row in onboardings),
        "oldest": min((row["oldest"] for row in onboardings if row["oldest"]), default=None),
    }


def describe_system_health() -> list[dict[str, str]]:
    """How schedule, workers and outbox stand, as rows to read."""
    now = clock.now()
    due = StepRecord.objects.due(now).aggregate(count=Count("pk"), oldest=Min("next_check_at"))
    mails = dict(OutboxEmail.objects.values_list("delivery").annotate(Count("pk")))
    late = max(0, int((now - due["oldest"]).total_seconds())) if due["oldest"] else 0
    behind = f", the oldest for {late} seconds" if due["oldest"] else ""
    return [
        *_schedule(now),
        {"key": "Looks at Atlas that are due", "value": f"{due['count']}{behind}"},
        {"key": "Emails waiting to be sent", "value": str(mails.get("queued", 0) + mails.get("sending", 0))},
        {"key": "Emails held back by a limit", "value": str(mails.get("held", 0))},
        {"key": "Emails that could not be sent", "value": str(mails.get("failed", 0))},
        {
            "key": "Searches for issuers given up",
            "value": str(chain_completion.abandoned_certificates().count()),
        },
        {"key": "Stored secrets", "value": _vault(vault_maintenance.count_secrets())},
    ]


def _schedule(now: datetime) -> list[dict[str, str]]:
    """Beat, the workers that take its questions, and the jobs that come round; with what to do about each."""
    question, jobs = periodic.get_schedule_row(), periodic.find_overdue_jobs(now)
    asked = _last("The schedule last asked", question.asked_at)
    if periodic.is_late(question.asked_at, now):
        asked += " It asks several times a minute: start beat, or read its log."
    taken = _last("Workers last answered", question.finished_at)
    if periodic.is_late(question.finished_at, now):
        taken += " Start workers, or more of them; if they run, read their log."
    names = ", ".join(job.name for job in jobs)
    summary = (
        f"Not finished: {names}. Read the workers' log; each is tried again." if jobs else "All finished."
    )
    return [
        {"key": "Schedule", "value": asked},
        {"key": "Workers", "value": taken},
        {"key": "Daily and hourly work", "value": summary},
    ]


def _last(what: str, moment: datetime | None) -> str:
    return f"{what} on {when(moment)}:{moment:%S}." if moment else f"{what}: never."


def _vault(tally: vault_maintenance.SecretCounts) -> str:
    """How far the renewal of the vault's key has come; never more than numbers."""
    summary = f"{tally.newest} under the newest key"
    if tally.older:
        summary += f", {tally.older} under older keys: run manage.py vault rotate"
    if tally.unknown:
        summary += f", {tally.unknown} under keys that are missing in VAULT_KEYS"
    return summary
