"""Periodic jobs at one size: with about one in a hundred to do, then with nothing; and the two whole checks.

A job stops after its time or its batch and goes on at its next turn, so it is run until it finds nothing. What there
is to do is left by seeding, or put there by the function beside the job.
"""

import secrets
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from typing import Any, NamedTuple

from bench.harness import Entry, compare

SHARE = 100  # one in so many is to be done
MOST_RUNS = 20
LONGEST, LONGEST_IDLE = 10.0, 0.3  # seconds
SESSIONS = "0" * 8  # how the keys of made sessions begin


class Job(NamedTuple):
    """What a turn does, answering how many it did, and what there is to do before the first one."""

    name: str
    run: Callable[[], Any]
    prepare: Callable[[int], None] | None = None


def measure_jobs(size: int) -> Iterator[Entry]:
    """Each job twice, then the checks once each."""
    for job in _list_jobs():
        if job.prepare:
            job.prepare(size // SHARE)
        seconds, done, runs = _run_out(job.run)
        again, _ = _time(job.run)
        turns = f" in {runs} turns" if runs > 1 else ""
        name = f"{job.name}, {size:,} companies"
        yield compare(
            f"{name}, {done:,} done{turns}",
            ours=seconds,
            unit="s",
            against="the most allowed",
            theirs=LONGEST,
        )
        yield compare(
            f"{name}, nothing to do", ours=again, unit="s", against="the most allowed", theirs=LONGEST_IDLE
        )
    for name, check in _list_checks().items():
        seconds, _ = _time(check)
        yield compare(f"{name}, {size:,} companies, whole", ours=seconds, unit="s")


def _list_jobs() -> tuple[Job, ...]:
    from onboarding.handover import tasks as handover
    from onboarding.journey.deadlines import reminders
    from onboarding.journey.polling import claims, expired_secrets, expiring, jobs
    from onboarding.notifications.sending import find_due_emails
    from onboarding.people import emergency

    return (
        Job("find due emails", lambda: len(find_due_emails())),
        Job("claim due steps", lambda: len(claims.claim_due())),
        Job("remind_late", reminders.remind_of_due_steps, _leave_reminders),
        Job("tell_ops_of_stuck_steps", lambda: min(1, reminders.tell_ops_of_stuck_steps())),
        Job("remind_expiring", expiring.remind_expiring),
        Job("complete_chains", jobs.complete_chains),
        Job("destroy_expired_secrets", expired_secrets.destroy_expired_secrets, _end_retention),
        Job("handover.expire", handover.expire, _end_grants),
        Job("people.send_emergencies", emergency.send_due, _ask_emergencies),
        Job("clear_sessions", _clear_sessions, _make_sessions),
    )


def _list_checks() -> dict[str, Callable[[], Any]]:
    from django.core.management import call_command

    return {
        "check_projection": lambda: call_command("check_projection", stdout=StringIO()),
        "audit_check": lambda: call_command("audit_check", stdout=StringIO()),
    }


def _run_out(run: Callable[[], Any]) -> tuple[float, int, int]:
    """Seconds, how many were done, and turns; the one that finds nothing is not counted."""
    seconds, total, runs = 0.0, 0, 0
    for runs in range(1, MOST_RUNS + 1):
        took, done = _time(run)
        if not done and runs > 1:
            return seconds, total, runs - 1
        seconds, total = seconds + took, total + int(done or 0)
        if not done or run.__name__ == "<lambda>":  # a batch is claimed, and comes again only after its lease
            break
    return seconds, total, runs


def _time(job: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    done = job()
    return time.perf_counter() - begun, done


def _clear_sessions() -> int:
    """The job does not tell how many it deletes."""
    from django.contrib.sessions.models import Session

    from onboarding.people import ended_sessions

    before = Session.objects.count()
    ended_sessions.delete_ended()
    return before - Session.objects.count()


def _leave_reminders(count: int) -> None:
    from certs import clock
    from onboarding.journey.models import StepRecord

    due = StepRecord.objects.filter(next_reminder_at__lte=clock.now())
    left = list(due.order_by("pk").values_list("pk", flat=True)[:count])
    due.exclude(pk__in=left).update(next_reminder_at=None)


def _end_retention(count: int) -> None:
    """As many as there are: seeding leaves fewer that still have secrets."""
    from certs import clock
    from onboarding.journey.models import Onboarding

    kept = Onboarding.objects.filter(destroy_secrets_at__gt=clock.now(), secrets_destroyed_at=None)
    chosen = list(kept.order_by("pk").values_list("pk", flat=True)[:count])
    Onboarding.objects.filter(pk__in=chosen).update(destroy_secrets_at=clock.now())


def _end_grants(count: int) -> None:
    from certs import clock
    from onboarding.handover.models import Grant

    chosen = list(Grant.objects.in_force().order_by("-pk").values_list("pk", flat=True)[:count])
    Grant.objects.filter(pk__in=chosen).update(until=clock.now() - timedelta(seconds=1))


def _ask_emergencies(count: int) -> None:
    """Nobody agreed to them in time."""
    from certs import clock
    from onboarding.people.models import Company, EmergencyInvitation, User

    ops, now = User.objects.filter(is_ops=True).order_by("pk")[0], clock.now()
    EmergencyInvitation.objects.bulk_create(
        EmergencyInvitation(
            company=company,
            email=f"emergency-{secrets.token_hex(4)}@seeded.example",
            reason="Nobody of the company can sign in.",
            asked_by=ops,
            asked_at=now - timedelta(days=8),
            expires_at=now - timedelta(days=1),
        )
        for company in Company.objects.order_by("pk")[:count]
    )


def _make_sessions(count: int) -> None:
    """Everybody of each company is signed in, and one session in a hundred is over."""
    from django.contrib.sessions.models import Session

    from certs import clock

    now, missing = clock.now(), SHARE * count - Session.objects.count()
    Session.objects.bulk_create(
        (
            Session(
                session_key=SESSIONS + secrets.token_hex(12),
                session_data="e30",
                expire_date=now + timedelta(days=1),
            )
            for _ in range(missing)
        ),
        batch_size=5_000,
    )
    ended = list(
        Session.objects.filter(session_key__startswith=SESSIONS).values_list("pk", flat=True)[:count]
    )
    Session.objects.filter(pk__in=ended).update(expire_date=now - timedelta(seconds=1))
