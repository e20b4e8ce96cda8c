"""The list of a person's clients: narrowed, sorted, cut into pages, each client as one row of words.

Which clients somebody has is in access.py, what may be typed into the filters in forms.py.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.urls import reverse

from onboarding.clients.access import (
    Client,
    ClientState,
    list_clients,
    read_current_steps,
    read_people,
    read_roles,
)
from onboarding.clients.forms import FilterForm, Sort
from onboarding.journey.models import StepRecord
from onboarding.journey.projection import get_next_actor
from onboarding.journey.status_text import describe_manual_end
from onboarding.journey.steps import BY_SLUG, ORDER, Actor, State
from onboarding.people.access import memberships_of
from onboarding.people.models import Role, User
from onboarding.people.role_descriptions import name_with_role

PER_PAGE = 25
EXPORTED_AT_ONCE = 100  # rows whose people are read together, so that an export holds few at a time
FAR = datetime.max.replace(tzinfo=UTC)
MANY_STEPS = 4  # more than these are told in short


@dataclass(frozen=True)
class StepMark:
    """One of the person's steps in a row: its title, its state, and its page unless it is locked."""

    title: str
    state: str
    url: str


@dataclass(frozen=True)
class Row:
    """One client as a page or an export shows it. `waits` says what a step that cannot start yet waits for."""

    company: str
    code: str
    environment: str
    url: str
    state: ClientState
    steps: Sequence[StepMark]
    left_out: str
    actor: str
    waits: str
    since: datetime | None
    until: datetime | None

    @property
    def moving(self) -> list[StepMark]:
        """The steps that have a page."""
        return [each for each in self.steps if each.url]

    @property
    def locked(self) -> str:
        """The titles of the others."""
        return ", ".join(each.title for each in self.steps if not each.url)


def build_client_list(user: User, query: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that the page shows, of what was typed into its address."""
    memberships = memberships_of(user)
    clients = list_clients(user, memberships)
    form = FilterForm(query)
    narrowed = narrow(clients, form)
    page = Paginator(narrowed, PER_PAGE).get_page(query.get("page"))
    return {
        "memberships": memberships,
        "filter_form": form.as_chosen(),
        "query": form.describe_query(),
        "page": page,
        "rows": build_rows(list(page.object_list)),
        "total": len(clients),
        "found": len(narrowed),
        "to_do": sum(each.state == ClientState.YOURS for each in narrowed),
        "done": sum(each.state == ClientState.DONE for each in clients),
        "is_narrowed": form.is_narrowed,
        "ignored": form.describe_ignored(),
    }


def narrow(clients: Iterable[Client], form: FilterForm) -> list[Client]:
    """The clients that fit the filters, sorted. Those that are done show only if they are asked for."""
    chosen = form.chosen
    words = chosen.words.casefold().split()
    found = [
        each
        for each in clients
        if all(word in f"{each.onboarding.company.name} {each.onboarding.code}".casefold() for word in words)
        and chosen.environment in ("", each.onboarding.environment)
        and (each.state == chosen.state if chosen.state else each.state != ClientState.DONE)
        and chosen.step in ("", each.focus.slug)
    ]
    return sorted(found, key=SORTS[chosen.sort])


def _by_name(client: Client) -> tuple[str, str]:
    return (client.onboarding.company.name.casefold(), client.onboarding.code)


def _by_age(client: Client) -> tuple[datetime, tuple[str, str]]:
    """What stands longest first; what cannot start yet last."""
    locked = client.focus.state == State.LOCKED
    return (FAR if locked else client.focus.since, _by_name(client))


SORTS: dict[Sort, Callable[[Client], Any]] = {
    Sort.YOURS: lambda each: (
        each.state != ClientState.YOURS,
        *_by_age(each),
    ),
    Sort.COMPANY: _by_name,
    Sort.SINCE: _by_age,
    Sort.UNTIL: lambda each: (each.until or FAR, _by_name(each)),
    Sort.STEP: lambda each: (ORDER[each.focus.slug], _by_name(each)),
}


def build_rows(clients: Sequence[Client]) -> list[Row]:
    """The rows of some clients, in four queries."""
    read_people([record for each in clients for record in each.steps])
    roles, current = read_roles(clients), read_current_steps(clients)
    return [_row(each, current.get(each.onboarding.pk), roles) for each in clients]


def build_all_rows(clients: Iterable[Client]) -> Iterator[Row]:
    """The rows of many clients, some at a time."""
    rest = iter(clients)
    while some := list(islice(rest, EXPORTED_AT_ONCE)):
        yield from build_rows(some)


def _row(client: Client, current: StepRecord | None, roles: dict[tuple[UUID, UUID], Role]) -> Row:
    onboarding, focus = client.onboarding, client.focus
    shown = client.steps if len(client.steps) <= MANY_STEPS else _under_way(client)
    is_locked = focus.state == State.LOCKED
    acting = current if is_locked else focus
    return Row(
        company=onboarding.company.name,
        code=onboarding.code,
        environment=onboarding.get_environment_display(),
        url=_step_url(focus) or reverse("journey:journey", args=[onboarding.code]),
        state=client.state,
        steps=[StepMark(each.definition.title, each.state, _step_url(each)) for each in shown],
        left_out=_describe_left_out(client, shown),
        actor=_describe_actor(client, acting, roles),
        waits=_describe_needs(focus) if is_locked else "",
        since=acting.since if acting and acting.state != State.DONE else None,
        until=client.until,
    )


def _step_url(record: StepRecord) -> str:
    if record.state == State.LOCKED:
        return ""
    return reverse("journey:step", args=[record.onboarding.code, record.slug])


def _under_way(client: Client) -> list[StepRecord]:
    return [each for each in client.steps if each.state not in (State.DONE, State.LOCKED)]


def _describe_left_out(client: Client, shown: Sequence[StepRecord]) -> str:
    """How many of the steps are not named, because they are many."""
    left = [each for each in client.steps if each not in shown]
    done = sum(each.state == State.DONE for each in left)
    parts = [f"{done} done"] * bool(done) + [f"{len(left) - done} cannot start yet"] * (len(left) > done)
    return ", ".join(parts)


def _describe_needs(record: StepRecord) -> str:
    titles = [f"“{BY_SLUG[slug].title}”" for slug in record.definition.needs]
    return f"“{record.definition.title}” opens after {' and '.join(titles)}"


def _describe_actor(client: Client, record: StepRecord | None, roles: dict[tuple[UUID, UUID], Role]) -> str:
    """Who has to act: a name before a role. Of a company's people somebody from outside sees no name but by a step."""
    if client.state == ClientState.DONE:
        return "Nobody: your steps are done"
    if record is None:
        return f"The team of {client.onboarding.company.name}"
    next_actor = get_next_actor(record)
    if next_actor != Actor.COMPANY and not describe_manual_end(record, client.files):
        return next_actor.label
    if record in client.to_do:
        return "You" if record.assignee_id else "You, or whoever takes the step first"
    if record.assignee is None:
        words = record.definition.who_words()
        return words[0].upper() + words[1:]
    return name_with_role(record.assignee, roles.get((client.onboarding.company_id, record.assignee.pk)))
