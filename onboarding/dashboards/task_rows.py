"""Rows of Your tasks as people read them: one link and one sentence each, or the columns of a table.

Reads in full the steps and offers of the lines that a page shows: at most four queries. Sentences are in task_text.py.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from certs.prepared_queries import prepare_query
from onboarding.dashboards import task_text
from onboarding.dashboards.task_index import TaskIndex
from onboarding.dashboards.task_lines import Line, OfferLine, Section, StepLine
from onboarding.dashboards.task_records import read_records
from onboarding.handover.access import open_offers
from onboarding.handover.models import Offer
from onboarding.journey.access import Access
from onboarding.journey.damage import show_readable
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.steps import State
from onboarding.journey.views.who_acts import Reminder, describe_reminder
from onboarding.people.models import User
from onboarding.ui.formatting import state_colour, state_text, when


@dataclass(frozen=True)
class TaskRow:
    """One row. `link` differs from every other of the page; `who` is who acts, `until` the limit, if there is one.

    `offer` is the key of an offer that waits for this person's answer; `reminder` is the button that reminds `who`.
    """

    title: str
    link: str
    url: str
    code: str
    state: str
    colour: str
    who: str
    since: datetime
    until: datetime | None
    sentence: str
    offer: UUID | None = None
    reminder: Reminder | None = None


Placed = tuple[Section, Line]


def build_rows(index: TaskIndex, lines: list[Placed]) -> tuple[list[tuple[Section, TaskRow]], int]:
    """(the rows of these lines in their order, how many cannot be shown because they are damaged)."""
    records = _find_records(index, [line.pk for _, line in lines if isinstance(line, StepLine)])
    offers = _read_offers(index, [line.pk for _, line in lines if isinstance(line, OfferLine)])
    offered_to = _find_receivers(index, records.values())

    def show(placed: Placed) -> tuple[Section, TaskRow] | None:
        section, line = placed
        if isinstance(line, OfferLine):
            return (section, _offer_row(index, line, offers[line.pk])) if line.pk in offers else None
        record = records.get(line.pk)
        return (section, _step_row(index, section, record, offered_to.get(line.pk, ""))) if record else None

    shown, damaged = show_readable(lines, show)
    return _with_different_links([each for each in shown if each is not None]), damaged


def _find_records(index: TaskIndex, pks: list[int]) -> dict[int, StepRecord]:
    if index.records or not pks:
        return index.records
    return {record.pk: record for record in read_records(index.user, pks)}


def _read_offers(index: TaskIndex, pks: list[UUID]) -> dict[UUID, Offer]:
    if not pks:
        return {}
    return {offer.pk: offer for offer in _read_own_offers(index.user.pk, pks)}


@prepare_query
def _read_own_offers(user: UUID, pks: list[UUID]) -> QuerySet[Offer]:
    return Offer.objects.visible_to(User(pk=user)).filter(pk__in=pks).with_tasks_columns()


def _find_receivers(index: TaskIndex, records: Iterable[StepRecord]) -> dict[int, str]:
    """To whom each step of the person's own companies is offered; whom else a company asks no outsider learns."""
    moving = (State.OPEN, State.WAITING, State.PROBLEM)
    offered = [each for each in records if getattr(each, "is_offered", False) and each.state in moving]
    own = [each for each in offered if each.onboarding.company_id in index.roles]
    return {each.record_id: each.offer.receiver for each in open_offers(own)} if own else {}


def _step_row(index: TaskIndex, section: Section, record: StepRecord, offered_to: str) -> TaskRow:
    title, place = record.definition.title, describe_place(record.onboarding)
    reader = task_text.Reader(
        index.user,
        index.roles.get(record.onboarding.company_id),
        index.files.get(record.onboarding_id),
        acts=section in (Section.OWN, Section.TEAM),
    )
    sentence = task_text.describe_step(record, reader)
    if offered_to:
        sentence += f" Offered to {offered_to}, who has not answered yet."
    who = task_text.describe_actor(record, reader)
    access = Access(index.user, record.onboarding, reader.role)
    return TaskRow(
        title=title,
        link=f"{place}: {title}",
        url=reverse("journey:step", args=[record.onboarding.code, record.slug]),
        code=record.onboarding.code,
        state=state_text(record.state),
        colour=state_colour(record.state),
        who=who,
        since=record.since,
        until=record.due_at or task_text.get_access_until(record, reader),
        sentence=sentence,
        reminder=describe_reminder(access, record, who, reader.files) if section == Section.OTHERS else None,
    )


def _offer_row(index: TaskIndex, line: OfferLine, offer: Offer) -> TaskRow:
    titles = " and ".join(record.definition.title for record in offer.records())
    received = offer.to_user_id == index.user.pk
    other = "you" if received else offer.receiver
    status = Offer.Status(offer.status)
    open_to_reader = line.is_open and received
    return TaskRow(
        title=titles,
        link=f"{describe_place(offer.onboarding)}: {titles}, offered to {other}",
        url=reverse("offers:offer", args=[offer.pk]),
        code=offer.onboarding.code,
        state=status.label,
        colour="green" if status == Offer.Status.ACCEPTED else "yellow" if line.is_open else "grey",
        who="You" if open_to_reader else task_text.describe_receiver(offer, index.roles),
        since=offer.answered_at or offer.made_at,
        until=offer.expires_at if line.is_open else None,
        sentence=task_text.describe_offer(offer, line, index),
        offer=offer.pk if open_to_reader else None,
    )


def describe_place(onboarding: Onboarding) -> str:
    """Company and environment, as every row begins."""
    return f"{onboarding.company.name}, {onboarding.get_environment_display()}"


def _with_different_links(rows: list[tuple[Section, TaskRow]]) -> list[tuple[Section, TaskRow]]:
    """Companies of one name are told apart by the onboarding's code, two offers of one step by their moment."""
    return _tell_apart(_tell_apart(rows, lambda row: f"({row.code})"), lambda row: f"since {when(row.since)}")


def _tell_apart(
    rows: list[tuple[Section, TaskRow]], more: Callable[[TaskRow], str]
) -> list[tuple[Section, TaskRow]]:
    count = Counter(row.link for _, row in rows)
    return [
        (section, replace(row, link=f"{row.link} {more(row)}") if count[row.link] > 1 else row)
        for section, row in rows
    ]
