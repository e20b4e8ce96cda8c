"""Reminding whoever has to act on a step, at most once a day for each step: on record, and by email.

Who may is asked in guards.py, what the email says is in emails.py; nothing is reminded of without somebody's press.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from certs import clock
from onboarding.audit.chain import record_event
from onboarding.audit.event_names import EventName
from onboarding.journey import emails, guards
from onboarding.journey.access import Access, read_access
from onboarding.journey.assignment import get_locked
from onboarding.journey.models import StepRecord
from onboarding.journey.page_files import PageFiles
from onboarding.journey.status_text import is_for_people
from onboarding.people.decisions import ALLOWED, Decision, Reason, StateConflict, require
from onboarding.people.models import Membership, Role, User
from onboarding.ui.formatting import when

EVERY = timedelta(days=1)


@dataclass(frozen=True)
class PersonToAct:
    """Somebody who has the step, or could take it; `role` is the one in the company, None for people from outside."""

    user: User
    role: Role | None


def list_people_to_act(record: StepRecord) -> list[PersonToAct]:
    """Its assignee; where nobody has it, all whose role may do it, the most responsible first. One query."""
    members = Membership.objects.filter(company=record.onboarding.company_id)
    assignee = record.assignee
    if assignee is not None:
        role = members.filter(user=assignee, role__in=Role).values_list("role", flat=True).first()
        return [PersonToAct(assignee, Role(role) if role else None)] if assignee.is_active else []
    rows = members.filter(role__in=record.definition.who, user__is_active=True).select_related("user")
    order = list(Role)
    people = sorted(rows, key=lambda row: (order.index(Role(row.role)), row.user.name))
    return [PersonToAct(row.user, Role(row.role)) for row in people]


def find_next_time(record: StepRecord) -> datetime | None:
    """When the next reminder can be sent; None: now. A time that only a wrong clock can have written counts as none."""
    last, now = record.reminded_at, clock.now()
    if last is None or not now - EVERY < last <= now + EVERY:
        return None
    return last + EVERY


def describe_hold(record: StepRecord) -> str:
    """Why nobody is reminded of this step now: its company is on hold, or its deadlines are paused; else empty."""
    company, paused_at = record.onboarding.company, record.onboarding.deadlines_paused_at
    if company.on_hold_since:
        return f"{company.name} is on hold since {when(company.on_hold_since)}; reminders rest."
    if paused_at:
        return f"The deadlines of this onboarding are paused since {when(paused_at)}; reminders rest."
    return ""


def can_remind(access: Access, record: StepRecord, files: PageFiles | None = None) -> Decision:
    """May this person remind now? A yes, or a sentence that says why not, or from when on."""
    allowed = guards.may_remind(access, record)
    if not allowed:
        return allowed
    title = record.definition.title
    if not is_for_people(record, files):
        return Decision.refuse(
            f"Nobody of {record.onboarding.company.name} has to act on “{title}” now: it "
            f"{guards.describe_state(record)}.",
            Reason.STATE,
        )
    if held := describe_hold(record):
        return Decision.refuse(held, Reason.STATE)
    if again := find_next_time(record):
        return Decision.refuse(
            f"A reminder of “{title}” was sent on {when(record.reminded_at or again)}. The next one can be sent from "
            f"{when(again)}.",
            Reason.STATE,
        )
    return ALLOWED


def remind(read: StepRecord, *, actor: User) -> list[User]:
    """Write to whoever has to act, and to who stands in for them; answers to whom. Raises RequestRefused.

    Of two at once one is refused: the second sees, under the onboarding's lock, that the first has sent it.
    """
    with transaction.atomic():
        record = get_locked(read)
        require(can_remind(read_access(actor, record.onboarding), record))
        people = list_people_to_act(record)
        to = [each.user for each in people if each.user.pk != actor.pk]
        if not to:
            raise StateConflict(describe_nobody(record))
        record.reminded_at = clock.now()
        record.save(update_fields=["reminded_at"])
        event = record_event(
            EventName.STEP_REMINDED,
            company=record.onboarding.company,
            actor=actor,
            onboarding_id=record.onboarding_id,
            step=record.slug,
            data={"reminded": ", ".join(map(str, to))},
        )
        emails.queue_reminder(record, to, actor, occasion=event.number)
    return to


def describe_nobody(record: StepRecord) -> str:
    """Why nobody would read a reminder, and what to do."""
    title, company = record.definition.title, record.onboarding.company.name
    if record.assignee is not None:
        return (
            f"The account of {record.assignee} is closed, so nobody reads a reminder. A Certificate Admin of {company} "
            f"can take “{title}” back on its page."
        )
    return f"Nobody of {company} can do “{title}” at the moment. A Certificate Admin, or ops, can invite somebody."
