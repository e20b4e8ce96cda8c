"""Who is written to at which move: the journey's side of the outbox.

Texts are in templates/notifications/; sending is the notifications room's business.
"""

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from onboarding.journey.email_facts import (
    describe_delay,
    describe_onboarding,
    describe_problem,
    describe_step,
    describe_stuck,
)
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.problems import PROBLEMS, ProblemCode
from onboarding.journey.steps import PRIMARY_ONLY, State
from onboarding.notifications.outbox import Sender, queue_email
from onboarding.people.access import admins_of
from onboarding.people.deputies import add_deputies
from onboarding.people.email_facts import describe_contact, describe_person
from onboarding.people.models import Membership, Role, User


def list_recipients(record: StepRecord) -> list[User]:
    """Those to be told that a step is theirs: its assignee; else the primary one for the primary's steps; else all
    whose role may do it, technicians only for technical steps."""
    if record.assignee is not None:
        return [record.assignee]
    roles = [Role.PRIMARY] if record.definition.who == PRIMARY_ONLY else list(record.definition.who)
    rows = Membership.objects.filter(company=record.onboarding.company, role__in=roles, user__is_active=True)
    return [m.user for m in rows.select_related("user")]


def queue_begun(record: StepRecord) -> None:
    """A step is somebody's turn now (an email only when it was not just done by the same person)."""
    if record.state == State.OPEN:
        to = [u for u in list_recipients(record) if u.pk != record.moved_by_id]
        _queue("step-open", record, to)


def queue_problem(record: StepRecord) -> None:
    """A step has a problem."""
    problem = PROBLEMS[ProblemCode(record.problem_code)]
    _queue("problem", record, list_recipients(record), problem=describe_problem(problem))


def make_late_key(record: StepRecord) -> str:
    """What makes this email one, beside its receiver."""
    return f"late:{record.pk}:{record.version}"


def queue_late(record: StepRecord) -> int:
    """A wait is past its limit; written once per wait."""
    wait = record.wait and {"what": record.wait.what, "since": record.since}
    return _queue("late", record, admins_of(record.onboarding.company), wait=wait)


def queue_usual_time(record: StepRecord) -> int:
    """A step usually is done by now; written once to whoever has it, or to all who may do it."""
    return _queue("usual-time", record, list_recipients(record), **describe_delay(record))


def queue_latest_time(record: StepRecord) -> int:
    """A person's step is past its latest time; written once to all admins, with the name of who has it."""
    assignee = record.assignee and describe_person(record.assignee)
    to = admins_of(record.onboarding.company)
    return _queue("latest-time", record, to, **describe_delay(record), assignee=assignee)


def queue_stuck(worst: list[StepRecord], count: int, today: date) -> int:
    """To each person of ops, once a day: the worst of the `count` steps that are stuck, with reason and next action."""
    rows = [describe_stuck(record) for record in worst]
    ops = list(User.objects.filter(is_ops=True, is_active=True))
    facts = {"rows": rows, "count": count, "path": reverse("dashboards:board")}
    return queue_email("stuck", key=f"stuck:{today.isoformat()}", to=ops, facts=facts)


def queue_sent_back(record: StepRecord, reason: str) -> None:
    """A step has to be done again."""
    _queue(
        "sent-back", record, [u for u in list_recipients(record) if u.pk != record.moved_by_id], reason=reason
    )


def queue_completed(onboarding: Onboarding) -> None:
    """The journey is at its end."""
    key, at = f"completed:{onboarding.pk}", onboarding.destroy_secrets_at
    _queue_for_admins(onboarding, "completed", key, destroy_secrets_at=at)


def queue_withdrawn(onboarding: Onboarding, reason: str) -> None:
    """The onboarding was withdrawn."""
    _queue_for_admins(onboarding, "withdrawn", f"withdrawn:{onboarding.pk}", reason=reason)


def make_expiring_key(onboarding: Onboarding, serial: str, days: int) -> str:
    """What makes this email one, beside its receiver."""
    return f"expiring:{onboarding.pk}:{serial}:{days}"


def queue_expiring(onboarding: Onboarding, serial: str, not_after: datetime, days: int) -> None:
    """The mTLS certificate ends soon; once per notice of 90 and 30 days (T25). It leads to the start of the renewal."""
    key = make_expiring_key(onboarding, serial, days)
    query = urlencode({"environment": onboarding.environment, "after": onboarding.code})
    path = f"{reverse('dashboards:start', args=[onboarding.company.slug])}?{query}"
    _queue_for_admins(onboarding, "expiring", key, serial=serial, not_after=not_after, path=path)


def queue_secrets_destroyed(onboarding: Onboarding) -> None:
    """Key, API secret, PFX and files of evidence are gone."""
    _queue_for_admins(onboarding, "secrets-destroyed", f"destroyed:{onboarding.pk}")


def queue_secret_shown(record: StepRecord, actor: User, what: str, occasion: int) -> None:
    """The other admins are told that a secret left the vault; `occasion` is the event's number."""
    to = [u for u in admins_of(record.onboarding.company) if u.pk != actor.pk]
    by = describe_contact(actor)
    _queue("secret-shown", record, to, actor=by, what=what, key_extra=f":{occasion}")


def queue_reassigned(record: StepRecord, from_user: User, actor: User, reason: str, occasion: int) -> None:
    """The former assignee is told who took the step back, and why; `occasion` is the event's number."""
    by = describe_person(actor)
    _queue("taken-back", record, [from_user], actor=by, reason=reason, key_extra=f":{occasion}")


def queue_reminder(record: StepRecord, to: list[User], actor: User, occasion: int) -> None:
    """Whoever has to act, and who stands in for them, learns who asks; `occasion` is the event's number.

    A person presses for it, so it is counted: who is reminded of many steps gets them in one email.
    """
    company = record.onboarding.company
    roles = dict(Membership.objects.filter(company=company).values_list("user_id", "role"))
    role = "ops" if actor.is_ops else Role(roles[actor.pk]).label if actor.pk in roles else ""
    facts = {**describe_step(record), **describe_delay(record), "actor": describe_person(actor)}
    is_open = record.assignee is None and record.definition.who != PRIMARY_ONLY
    for user in add_deputies(to, company):
        if user.pk == actor.pk:
            continue
        queue_email(
            "reminder",
            key=f"reminder:{record.pk}:{occasion}",
            to=[user],
            # Who has which role in the company is its people's to know.
            facts={
                **facts,
                "role": role if user.pk in roles else "",
                "is_open": is_open,
                "is_theirs": user in to,  # otherwise they stand in
                "is_primary_only": record.definition.who == PRIMARY_ONLY,
            },
            onboarding_id=record.onboarding_id,
            sender=Sender(actor.pk, company.pk, company.name),
        )


def _queue(kind: str, record: StepRecord, to: list[User], /, key_extra: str = "", **facts: Any) -> int:
    onboarding = record.onboarding
    key = f"{kind}:{record.pk}:{record.version}{key_extra}"
    to = add_deputies(to, onboarding.company)
    return queue_email(kind, key=key, to=to, facts=describe_step(record) | facts, onboarding_id=onboarding.pk)


def _queue_for_admins(onboarding: Onboarding, kind: str, key: str, **facts: Any) -> None:
    facts = {
        "onboarding": describe_onboarding(onboarding),
        "path": reverse("journey:journey", args=[onboarding.code]),
        **facts,
    }
    to = add_deputies(admins_of(onboarding.company), onboarding.company)
    queue_email(kind, key=key, to=to, facts=facts, onboarding_id=onboarding.pk)
