"""Who is written to at which move: the journey's side of the outbox.

Texts are in templates/notifications/; sending is the notifications room's business.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.http import urlencode

from onboarding.journey.deadlines.stuck import explain_stuck
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.problems import PROBLEMS, ProblemCode, find_problem
from onboarding.journey.steps import PRIMARY_ONLY, State
from onboarding.notifications.outbox import Sender, queue_email
from onboarding.people.access import admins_of, list_admins
from onboarding.people.deputies import add_deputies, list_away_companies
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
    _queue("problem", record, list_recipients(record), problem=PROBLEMS[ProblemCode(record.problem_code)])


def make_late_key(record: StepRecord) -> str:
    """What makes this email one, beside its receiver."""
    return f"late:{record.pk}:{record.version}"


def queue_late(record: StepRecord) -> int:
    """A wait is past its limit; written once per wait."""
    return _queue("late", record, admins_of(record.onboarding.company))


def queue_usual_time(record: StepRecord) -> int:
    """A step usually is done by now; written once to whoever has it, or to all who may do it."""
    return _queue("usual-time", record, list_recipients(record), **_describe_problem(record))


def queue_latest_time(record: StepRecord) -> int:
    """A person's step is past its latest time; written once to all admins, with the name of who has it."""
    return _queue("latest-time", record, admins_of(record.onboarding.company), **_describe_problem(record))


def queue_stuck(worst: list[StepRecord], count: int, today: date) -> int:
    """To each person of ops, once a day: the worst of the `count` steps that are stuck, with reason and next action."""
    rows = [{**_describe_step(record), "stuck": explain_stuck(record)} for record in worst]
    ops = list(User.objects.filter(is_ops=True, is_active=True))
    context = {"rows": rows, "count": count, "path": reverse("dashboards:board")}
    return queue_email("stuck", key=f"stuck:{today.isoformat()}", to=ops, context=context)


def queue_sent_back(record: StepRecord, reason: str) -> None:
    """A step has to be done again."""
    _queue(
        "sent-back", record, [u for u in list_recipients(record) if u.pk != record.moved_by_id], reason=reason
    )


def queue_completed(onboarding: Onboarding) -> None:
    """The journey is at its end."""
    _queue_for_admins(onboarding, "completed", f"completed:{onboarding.pk}")


def queue_withdrawn(onboarding: Onboarding, reason: str) -> None:
    """The onboarding was withdrawn."""
    _queue_for_admins(onboarding, "withdrawn", f"withdrawn:{onboarding.pk}", reason=reason)


def make_expiring_key(onboarding: Onboarding, serial: str, days: int) -> str:
    """What makes this email one, beside its receiver."""
    return f"expiring:{onboarding.pk}:{serial}:{days}"


def queue_expiring(
    onboarding: Onboarding, serial: str, not_after: datetime, days: int, to: list[User] | None = None
) -> None:
    """The mTLS certificate ends soon; once per notice of 90 and 30 days (T25). It leads to the start of the renewal.

    `to`: those of list_admins_of(), where many companies are written to.
    """
    key = make_expiring_key(onboarding, serial, days)
    query = urlencode({"environment": onboarding.environment, "after": onboarding.code})
    path = f"{reverse('dashboards:start', args=[onboarding.company.slug])}?{query}"
    _queue_for_admins(onboarding, "expiring", key, to, serial=serial, not_after=not_after, path=path)


def queue_secrets_destroyed(onboarding: Onboarding, count: int, to: list[User] | None = None) -> None:
    """Key, API secret, PFX and files of evidence are gone. `to` as in queue_expiring()."""
    _queue_for_admins(onboarding, "secrets-destroyed", f"destroyed:{onboarding.pk}", to, count=count)


def queue_secret_shown(record: StepRecord, actor: User, what: str, occasion: int) -> None:
    """The other admins are told that a secret left the vault; `occasion` is the event's number."""
    to = [u for u in admins_of(record.onboarding.company) if u.pk != actor.pk]
    _queue("secret-shown", record, to, actor=actor, what=what, key_extra=f":{occasion}")


def queue_reassigned(record: StepRecord, from_user: User, actor: User, reason: str, occasion: int) -> None:
    """The former assignee is told who took the step back, and why; `occasion` is the event's number."""
    _queue("taken-back", record, [from_user], actor=actor, reason=reason, key_extra=f":{occasion}")


def queue_reminder(record: StepRecord, to: list[User], actor: User, occasion: int) -> None:
    """Whoever has to act, and who stands in for them, learns who asks; `occasion` is the event's number.

    A person presses for it, so it is counted: who is reminded of many steps gets them in one email.
    """
    company = record.onboarding.company
    roles = dict(Membership.objects.filter(company=company).values_list("user_id", "role"))
    role = "ops" if actor.is_ops else Role(roles[actor.pk]).label if actor.pk in roles else ""
    context = {**_describe_step(record), **_describe_problem(record), "actor": actor}
    is_open = record.assignee is None and record.definition.who != PRIMARY_ONLY
    for user in add_deputies(to, company):
        if user.pk == actor.pk:
            continue
        queue_email(
            "reminder",
            key=f"reminder:{record.pk}:{occasion}",
            to=[user],
            # Who has which role in the company is its people's to know.
            context={
                **context,
                "role": role if user.pk in roles else "",
                "is_open": is_open,
                "is_theirs": user in to,  # otherwise they stand in
                "is_primary_only": record.definition.who == PRIMARY_ONLY,
            },
            onboarding_id=record.onboarding_id,
            sender=Sender(actor.pk, company.pk, company.name),
        )


def _describe_problem(record: StepRecord) -> dict[str, Any]:
    return {"problem": find_problem(record.problem_code) if record.state == State.PROBLEM else None}


def _queue(kind: str, record: StepRecord, to: list[User], key_extra: str = "", **context: Any) -> int:
    onboarding = record.onboarding
    key = f"{kind}:{record.pk}:{record.version}{key_extra}"
    to = add_deputies(to, onboarding.company)
    context |= _describe_step(record)
    return queue_email(kind, key=key, to=to, context=context, onboarding_id=onboarding.pk)


def _describe_step(record: StepRecord) -> dict[str, Any]:
    onboarding = record.onboarding
    path = reverse("journey:step", args=[onboarding.code, record.slug])
    return {"record": record, "definition": record.definition, "onboarding": onboarding, "path": path}


def list_admins_of(onboardings: Iterable[Onboarding]) -> dict[UUID, list[User]]:
    """The admins of the company of each onboarding and who stands in for them today, by the company's id.

    Two queries, and more for each company of which somebody is away.
    """
    companies = {each.company_id: each.company for each in onboardings}
    found = list_admins(companies)
    for pk in list_away_companies() & companies.keys():
        found[pk] = add_deputies(found[pk], companies[pk])
    return found


def _queue_for_admins(
    onboarding: Onboarding, kind: str, key: str, to: list[User] | None = None, **context: Any
) -> None:
    context = {
        "onboarding": onboarding,
        "path": reverse("journey:journey", args=[onboarding.code]),
        **context,
    }
    if to is None:
        to = add_deputies(admins_of(onboarding.company), onboarding.company)
    queue_email(kind, key=key, to=to, context=context, onboarding_id=onboarding.pk)
