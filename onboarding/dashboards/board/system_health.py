"""How schedule, workers, pollers and outbox stand, as rows to read; what is behind says what to do about it."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from certs import chain_completion, clock, vault_maintenance
from onboarding.dashboards.board.access import (
    count_to_act,
    find_last_quota,
    read_backlog,
    read_onboardings,
)
from onboarding.journey.polling.circuit import read_calls, read_open_circuit
from onboarding.notifications.models import EmailDelivery
from onboarding.people.models import User
from onboarding.periodic import jobs as periodic
from onboarding.ui.formatting import ago, duration, when

Row = dict[str, str]
QUOTA_DAYS = 30  # back to which a quota is sought among the events


def describe_pollers(user: User) -> list[Row]:
    """Schedule, workers, and what they ask Atlas: three queries, and what the cache knows."""
    now = clock.now()
    return [*_list_schedule(now), *_list_polls(read_backlog(user, now), now)]


def describe_system_health(user: User) -> list[Row]:
    """Everything: the pollers, the quota, the outbox, searches for issuers, the vault's keys."""
    emails = count_to_act(user)
    waiting = emails.get(EmailDelivery.QUEUED, 0) + emails.get(EmailDelivery.SENDING, 0)
    return [
        *describe_pollers(user),
        _describe_quota(user),
        {"key": "Emails waiting to be sent", "value": str(waiting)},
        {"key": "Emails held back by a limit", "value": str(emails.get(EmailDelivery.HELD, 0))},
        {"key": "Emails that could not be sent", "value": str(emails.get(EmailDelivery.FAILED, 0))},
        {
            "key": "Searches for issuers given up",
            "value": str(chain_completion.abandoned_certificates().count()),
        },
        {"key": "Stored secrets", "value": _describe_vault(vault_maintenance.count_secrets())},
    ]


def _list_schedule(now: datetime) -> list[Row]:
    """Beat, the workers that take its questions, and the jobs that come round."""
    question, jobs = periodic.read_schedule(now)
    asked = _describe_last("The schedule last asked", question.asked_at)
    if periodic.is_late(question.asked_at, now):
        asked += " It asks several times a minute: start beat, or read its log."
    taken = _describe_last("Workers last answered", question.finished_at)
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


def _describe_last(what: str, moment: datetime | None) -> str:
    return f"{what} on {when(moment)}:{moment:%S}." if moment else f"{what}: never."


def _list_polls(backlog: dict[str, Any], now: datetime) -> list[Row]:
    """What is asked of Atlas: the last answer, the backlog, and what holds calls back."""
    last, oldest = backlog["last"], backlog["oldest"]
    late = max(0, int((now - oldest).total_seconds())) if oldest else 0
    behind = f", the oldest for {duration(late) if late >= 120 else f'{late} seconds'}" if oldest else ""
    rows = [
        {
            "key": "Last poll of a step that waits",
            "value": f"{when(last)}, {ago(last)}" if last else "None yet",
        },
        {"key": "Polls that are due", "value": f"{backlog['count']:,}{behind}"},
    ]
    if not settings.PORTAL.account_api:
        return [
            *rows,
            {"key": "Atlas account API", "value": "Not set up: people confirm what they see in Atlas."},
        ]
    return [*rows, {"key": "Atlas account API", "value": _describe_circuit()}, _describe_budget()]


def _describe_circuit() -> str:
    opened = read_open_circuit()
    if opened is None:
        return "Answers, as far as the workers have asked."
    return (
        f"Does not answer since {when(opened)}. The workers try again by themselves, at most every five minutes. If it "
        "stays so, ask GlobalSign whether Atlas is down, and read the workers' log."
    )


def _describe_budget() -> Row:
    """The portal's own limit, of what all companies' steps ask the account API."""
    used, most = read_calls()
    value = "Not known: the cache does not answer." if used is None else f"{used} of {most}"
    return {"key": "Calls of Atlas in this minute", "value": value}


def _describe_quota(user: User) -> Row:
    """GlobalSign's quota belongs to each company's credential: what the last proof of a PFX was told of it."""
    last = find_last_quota(user, clock.now() - timedelta(days=QUOTA_DAYS))
    if last is None:
        value = f"Not read in the last {QUOTA_DAYS} days: the proof of a PFX reads it."
    else:
        case = read_onboardings(user, {last.onboarding_id} if last.onboarding_id else set()).values()
        name = next((each.company.name for each in case), "A company")
        left = f"{last.data['quota']} certificates left when its PFX was proved on {when(last.at)}"
        value = f"{name} had {left}. Each company has a quota of its own."
    return {"key": "Quota at GlobalSign", "value": value}


def _describe_vault(tally: vault_maintenance.SecretCounts) -> str:
    """How far the renewal of the vault's key has come; never more than numbers."""
    summary = f"{tally.newest} under the newest key"
    if tally.older:
        summary += f", {tally.older} under older keys: run manage.py vault rotate"
    if tally.unknown:
        summary += f", {tally.unknown} under keys that are missing in VAULT_KEYS"
    return summary
