"""Who has to act on a step, by name, with the button that reminds them; and what the button does.

Whether it may be pressed, and what then happens, is decided in reminders.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from onboarding.journey import guards, reminders
from onboarding.journey.access import Access, get_step
from onboarding.journey.models import StepRecord
from onboarding.journey.page_files import PageFiles
from onboarding.journey.reminders import PersonToAct
from onboarding.journey.status_text import is_for_people
from onboarding.journey.steps import PRIMARY_ONLY
from onboarding.notifications import delivery_status
from onboarding.people.access import person
from onboarding.people.models import User
from onboarding.ui.formatting import when
from onboarding.ui.post_only import posted_from

MOST_NAMES = 5  # a company may have many technicians
# Where the button was pressed, and where it leads back to; anything else leads to the step's page.
BACK = {"tasks": "/?stay#waiting", "waiting": "/tasks/waiting/"}


@dataclass(frozen=True)
class Reminder:
    """The button: its address, its words with whom it is for, and what stands instead while it cannot be pressed."""

    url: str
    text: SafeString
    instead: str


@dataclass(frozen=True)
class WhoActs:
    """The first of those who have to act, and how many `more` there are.

    `is_open`: nobody has taken it, and any of them can; otherwise it is this one person's. `assigned_at`: since when.
    """

    people: Sequence[PersonToAct]
    more: int
    is_open: bool
    assigned_at: datetime | None
    reminder: Reminder


def describe_who_acts(access: Access, record: StepRecord, files: PageFiles | None = None) -> WhoActs | None:
    """Who has to act, for somebody who sees the whole case and need not act; None for others, and in other states."""
    name = str(record.assignee) if record.assignee else record.definition.who_words()
    reminder = describe_reminder(access, record, name, files)
    if reminder is None:
        return None
    people = reminders.list_people_to_act(record)
    if not people:
        reminder = replace(reminder, instead=reminders.describe_nobody(record))
    shown = people[:MOST_NAMES]
    is_open = record.assignee_id is None and record.definition.who != PRIMARY_ONLY
    return WhoActs(shown, len(people) - len(shown), is_open, record.assigned_at, reminder)


def describe_reminder(
    access: Access, record: StepRecord, name: str, files: PageFiles | None = None
) -> Reminder | None:
    """The button that reminds `name`; None where it is not for this person, or nobody of the company has to act."""
    if not guards.may_remind(access, record) or not is_for_people(record, files):
        return None
    again = reminders.find_next_time(record)
    instead = reminders.describe_hold(record) or (
        f"Reminded on {when(record.reminded_at)}. You can send a reminder again from {when(again)}."
        if again and record.reminded_at
        else ""
    )
    where = f"{name}: {record.definition.title}, {record.onboarding.company.name}"
    text = format_html('Remind<span class="govuk-visually-hidden"> {}</span>', where)
    return Reminder(reverse("journey:remind", args=[record.onboarding.code, record.slug]), text, instead)


@posted_from("journey:step", "code", "slug", may_see=get_step)
def remind(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Have whoever must act reminded."""
    user = person(request)
    record = get_step(user, code, slug)
    to = reminders.remind(record, actor=user)
    messages.success(request, _describe_sent(record, to))
    return redirect(_find_way_back(request.POST.get("from", ""), record))


def _describe_sent(record: StepRecord, to: list[User]) -> str:
    """Whom the email goes to, and why it waits, if it does."""
    title, names = record.definition.title, _join([str(each) for each in to])
    held = delivery_status.describe_new_email(to[0].email, record.onboarding.company_id)
    return f"{names} {'gets' if len(to) == 1 else 'get'} an email that reminds of “{title}”. {held}".strip()


def _join(names: list[str]) -> str:
    shown = (
        names
        if len(names) <= MOST_NAMES
        else [*names[: MOST_NAMES - 1], f"{len(names) - MOST_NAMES + 1} others"]
    )
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))


def _find_way_back(pressed_on: str, record: StepRecord) -> str:
    if pressed_on == "journey":
        return reverse("journey:journey", args=[record.onboarding.code])
    if pressed_on == "ops":
        return reverse("ops:company", args=[record.onboarding.company.slug])
    return BACK.get(pressed_on) or reverse("journey:step", args=[record.onboarding.code, record.slug])
