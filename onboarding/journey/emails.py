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
from onboarding.journey.email_recipients import Recipients, list_for_roles
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.problems import PROBLEMS, ProblemCode
from onboarding.journey.steps import PRIMARY_ONLY, State
from onboarding.notifications.outbox import Sender, queue_email
from onboarding.people.access import admins_of
from onboarding.people.deputies import add_deputies
from onboarding.people.email_facts import describe_contact, describe_person
from onboarding.people.models import Membership, Role, User


def list_recipients(record: StepRecord) -> list[User]:
    """Those to be told that a step is theirs: see list_for_roles()."""
    company = record.onboarding.company
    members = Membership.objects.filter(company=company, user__is_active=True).select_related("user")
    return list_for_roles(record, members if record.assignee is None else ())


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


def queue_late(record: StepRecord, found: Recipients | None = None) -> int:
    """A wait is past its limit; written once per wait. `found`: where many companies are written to."""
    wait = record.wait and {"what": record.wait.what, "since": record.since}
    to = (found or Recipients([record.onboarding])).list_admins(record.onboarding)
    return _queue_to("late", record, to, wait=wait)


def queue_usual_time(record: StepRecord, found: Recipients | None = None) -> int:
    """A step usually is done by now; written once to whoever has it, or to all who may do it."""
    to = (found or Recipients([record.onboarding])).list_for_step(record)
    return _queue_to("usual-time", record, to, **describe_delay(record))


def queue_latest_time(record: StepRecord, found: Recipients | None = None) -> int:
    """A person's step is past its latest time; written once to all admins, with the name of who has it."""
    assignee = record.assignee and describe_person(record.assignee)
    to = (found or Recipients([record.onboarding])).list_admins(record.onboarding)
    return _queue_to("latest-time", record, to, **describe_delay(record), assignee=assignee)


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


def queue_expiring(
    onboarding: Onboarding, serial: str, not_after: datetime, days: int, found: Recipients | None = None
) -> None:
    """The mTLS certificate ends soon; once per notice of 90 and 30 days (T25). It leads to the start of the renewal."""
    key = make_expiring_key(onboarding, serial, days)
    query = urlencode({"environment": onboarding.environment, "after": onboarding.code})
    path = f"{reverse('dashboards:start', args=[onboarding.company.slug])}?{query}"
    _queue_for_admins(onboarding, "expiring", key, found, serial=serial, not_after=not_after, path=path)


def queue_secrets_destroyed(onboarding: Onboarding, found: Recipients | None = None) -> None:
    """Key, API secret, PFX and files of evidence are gone."""
    _queue_for_admins(onboarding, "secrets-destroyed", f"destroyed:{onboarding.pk}", found)


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
    return _queue_to(kind, record, add_deputies(to, record.onboarding.company), key_extra, **facts)


def _queue_to(kind: str, record: StepRecord, to: list[User], /, key_extra: str = "", **facts: Any) -> int:
    onboarding = record.onboarding
    key = f"{kind}:{record.pk}:{record.version}{key_extra}"
    return queue_email(kind, key=key, to=to, facts=describe_step(record) | facts, onboarding_id=onboarding.pk)


def _queue_for_admins(
    onboarding: Onboarding, kind: str, key: str, found: Recipients | None = None, **facts: Any
) -> None:
    facts = {
        "onboarding": describe_onboarding(onboarding),
        "path": reverse("journey:journey", args=[onboarding.code]),
        **facts,
    }
    company = onboarding.company
    to = found.list_admins(onboarding) if found else add_deputies(admins_of(company), company)
    queue_email(kind, key=key, to=to, facts=facts, onboarding_id=onboarding.pk)
