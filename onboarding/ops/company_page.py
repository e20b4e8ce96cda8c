"""What ops read on a company's page: whom to ring and why, its people, what happened, what was said.

Reads only; never a secret.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from certs.prepared_queries import prepare_query
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.journey.access import build_access, list_onboardings
from onboarding.journey.damage import describe_damage, leave_out_damaged, show_readable
from onboarding.journey.deadlines import holds
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.page_files import PageFiles
from onboarding.journey.status_text import describe_status
from onboarding.journey.steps import State
from onboarding.journey.views.event_text import describe_for_timeline, read_reasons
from onboarding.journey.views.who_acts import Reminder, describe_reminder
from onboarding.ops.access import list_company_events, list_notes
from onboarding.ops.company_list import describe_state
from onboarding.people import welcome_resending
from onboarding.people.access import list_members
from onboarding.people.company_details import find_number_fault
from onboarding.people.models import Company, Membership, Role, User
from onboarding.people.welcome_links import is_newcomer
from onboarding.ui.validators import country_name

EVENTS, NOTES = 10, 10  # shown on the page, the newest


@dataclass(frozen=True)
class Contact:
    """Whom to ring, and as what: a role, or from outside the company."""

    user: User
    role: str


@dataclass(frozen=True)
class Case:
    """One onboarding: how it stands, in a sentence, and whom to ring about it (None: nobody can sign in).

    `reminder` is there where an email to them is one press away.
    """

    onboarding: Onboarding
    status: str
    colour: str
    title: str
    sentence: str
    contact: Contact | None
    reminder: Reminder | None


def build_company_page(user: User, company: Company) -> dict[str, Any]:
    """The whole page, of a company that was already fetched for ops."""
    members = list_members(company)
    found = list_onboardings(company)
    records = _read_current(found)
    cases, damaged = show_readable(found, lambda each: _case(user, each, records.get(each.pk), members))
    primary = next((each for each in members if each.role == Role.PRIMARY), None)
    newcomer = primary.user if primary and is_newcomer(primary.user) else None
    events = list_company_events(company, EVENTS)
    reasons = read_reasons(events)
    return {
        "company": company,
        "country": country_name(company.country),
        "number_fault": find_number_fault(company),
        "cases": cases,
        "active": [each for each in cases if each.onboarding.is_active],
        "damaged": describe_damage(damaged),
        "members": members,
        "primary": primary,
        "newcomer": newcomer,
        "welcome_from": welcome_resending.find_next_time(company) if newcomer else None,
        "hold": holds.find_hold(company) if company.on_hold_since else None,
        "notes": list_notes(company, NOTES),
        "most_notes": NOTES,
        "events": [_describe(each, reasons) for each in events],
        "most_events": EVENTS,
        "may_archive": not company.archived_at and not any(each.is_active for each in found),
    }


def _read_current(cases: Sequence[Onboarding]) -> dict[Any, StepRecord]:
    """The step at which each that is under way stands."""
    at = {each.pk: each for each in cases if each.is_active}
    records = _read_steps(list(at), list({each.current_step for each in at.values()}))
    found = {}
    for record in leave_out_damaged(records):
        record.onboarding = at[record.onboarding_id]
        if record.slug == record.onboarding.current_step:
            found[record.onboarding_id] = record
    return found


@prepare_query
def _read_steps(cases: list[UUID], slugs: list[str]) -> QuerySet[StepRecord]:
    records = StepRecord.objects.filter(onboarding__in=cases, slug__in=slugs).exclude(state=State.DONE)
    return records.select_related("assignee", "moved_by", "submitted_by")


def _case(user: User, case: Onboarding, record: StepRecord | None, members: Sequence[Membership]) -> Case:
    status, colour = describe_state(case, case.company)
    if record is None:
        return Case(case, status, colour, "", "", None, None)
    files = PageFiles(case)
    contact = _find_contact(record, members)
    name = str(record.assignee) if record.assignee else record.definition.who_words()
    reminder = describe_reminder(build_access(user, case, None), record, name, files) if contact else None
    sentence = describe_status(record, files=files)
    return Case(case, status, colour, record.definition.title, sentence, contact, reminder)


def _find_contact(record: StepRecord, members: Sequence[Membership]) -> Contact | None:
    """Who has the step, also from outside; else the most responsible of those who may do it; else of all."""
    roles = {each.user_id: each.get_role_display() for each in members}
    if record.assignee and record.assignee.is_active:
        return Contact(record.assignee, roles.get(record.assignee.pk, "from outside the company"))
    active = [each for each in members if each.user.is_active]
    able = [each for each in active if each.role in record.definition.who]
    return next((Contact(each.user, each.get_role_display()) for each in [*able, *active]), None)


def _describe(event: Event, reasons: dict[int, str]) -> dict[str, Any]:
    """An event in words; of a correction what was there before, too, as it is on no other page."""
    described = describe_for_timeline(event, reasons)
    if event.name == EventName.COMPANY_CHANGED:
        pairs = {
            name: pair for name, pair in event.data.items() if isinstance(pair, dict) and "before" in pair
        }
        described["text"] = "; ".join(
            f"{name}: {pair.get('now')}, before: {pair['before'] or 'not given'}"
            for name, pair in pairs.items()
        )
    return described
