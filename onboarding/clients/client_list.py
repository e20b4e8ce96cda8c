"""The list of a person's clients: narrowed, sorted, cut into pages, each client as one row of words.

Which clients somebody has is in access.py, what may be typed into the filters in forms.py.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.core.paginator import Paginator

from onboarding.clients.access import list_clients, read_current_steps, read_names, read_roles
from onboarding.clients.client import Client, ClientState
from onboarding.clients.forms import FilterForm, Sort
from onboarding.clients.step_rows import StepRow
from onboarding.journey.projection import get_next_actor
from onboarding.journey.status_text import describe_manual_end
from onboarding.journey.steps import BY_SLUG, ORDER, Actor, State
from onboarding.people.access import memberships_of
from onboarding.people.models import Role, User
from onboarding.people.role_descriptions import name_with_role
from onboarding.ui.addresses import make_addresses

PER_PAGE = 25
EXPORTED_AT_ONCE = 100  # rows whose people are read together, so that an export holds few at a time
FAR = datetime.max.replace(tzinfo=UTC)
MANY_STEPS = 4  # more than these are told in short


class StepMark(NamedTuple):
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
        if all(word in f"{each.case.company} {each.case.code}".casefold() for word in words)
        and chosen.environment in ("", each.case.environment)
        and (each.state == chosen.state if chosen.state else each.state != ClientState.DONE)
        and chosen.step in ("", each.focus.slug)
    ]
    return sorted(found, key=SORTS[chosen.sort])


def _by_name(client: Client) -> tuple[str, str]:
    return (client.case.company.casefold(), client.case.code)


def _by_age(client: Client) -> tuple[datetime, tuple[str, str]]:
    """What stands longest first; what cannot start yet last."""
    return (client.focus.since or FAR, _by_name(client))


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
    """The rows of some clients, in three queries at most."""
    current = read_current_steps(each for each in clients if each.focus.state == State.LOCKED)
    acting = [_find_acting(each, current) for each in clients]
    told = [_describe_actor(client, step) for client, step in zip(clients, acting, strict=True)]
    named = [step for step, words in zip(acting, told, strict=True) if step and not words]
    names, roles = read_names(named), read_roles(named)
    addresses = _Addresses()
    return [
        _row(client, step, words or _describe_holder(step, names, roles), addresses)
        for client, step, words in zip(clients, acting, told, strict=True)
    ]


def build_all_rows(clients: Iterable[Client]) -> Iterator[Row]:
    """The rows of many clients, some at a time."""
    rest = iter(clients)
    while some := list(islice(rest, EXPORTED_AT_ONCE)):
        yield from build_rows(some)


class _Addresses:
    """The addresses of the rows. What those of one step share is resolved once for the list."""

    def __init__(self) -> None:
        self.known: dict[str, Callable[[str], str]] = {}

    def find(self, code: str, slug: str = "") -> str:
        """The page of a step; of the journey, if no step is named."""
        if slug not in self.known:
            name, rest = ("journey:step", [slug]) if slug else ("journey:journey", [])
            self.known[slug] = make_addresses(name, code, *rest)
        return self.known[slug](code)


def _find_acting(client: Client, current: dict[UUID, StepRow]) -> StepRow | None:
    """The step that says who has to act; None where the journey is not this person's to see."""
    return current.get(client.case.pk) if client.focus.state == State.LOCKED else client.focus


def _row(client: Client, acting: StepRow | None, actor: str, addresses: _Addresses) -> Row:
    case, focus = client.case, client.focus
    shown = client.rows if len(client.rows) <= MANY_STEPS else _under_way(client)
    marks = [_mark(each, addresses) for each in shown]
    is_locked = focus.state == State.LOCKED
    return Row(
        company=case.company,
        code=case.code,
        environment=case.environment_label,
        url=addresses.find(case.code, "" if is_locked else focus.slug),
        state=client.state,
        steps=marks,
        left_out=_describe_left_out(client, shown),
        actor=actor,
        waits=_describe_needs(focus) if is_locked else "",
        since=acting.since if acting and acting.state != State.DONE else None,
        until=client.until,
    )


def _mark(step: StepRow, addresses: _Addresses) -> StepMark:
    has_page = step.state != State.LOCKED
    address = addresses.find(step.case.code, step.slug) if has_page else ""
    return StepMark(step.definition.title, step.state, address)


def _under_way(client: Client) -> list[StepRow]:
    return [each for each in client.rows if each.is_moving]


def _describe_left_out(client: Client, shown: Sequence[StepRow]) -> str:
    """How many of the steps are not named, because they are many."""
    left = [each for each in client.rows if each not in shown] if len(shown) < len(client.rows) else []
    done = sum(each.state == State.DONE for each in left)
    parts = [f"{done} done"] * bool(done) + [f"{len(left) - done} cannot start yet"] * (len(left) > done)
    return ", ".join(parts)


def _describe_needs(step: StepRow) -> str:
    titles = [f"“{BY_SLUG[slug].title}”" for slug in step.definition.needs]
    return f"“{step.definition.title}” opens after {' and '.join(titles)}"


def _describe_actor(client: Client, step: StepRow | None) -> str:
    """Who has to act; empty where that is the person who has the step, to be named.

    Of a company's people somebody from outside sees no name but by a step.
    """
    if client.state == ClientState.DONE:
        return "Nobody: your steps are done"
    if step is None:
        return f"The team of {client.case.company}"
    next_actor = get_next_actor(step)
    if next_actor != Actor.COMPANY and not describe_manual_end(step, client.files):
        return next_actor.label
    if client.may_do(step.pk):
        return "You" if step.assignee_id else "You, or whoever takes the step first"
    if step.assignee_id is None:
        words = step.definition.who_words()
        return words[0].upper() + words[1:]
    return ""


def _describe_holder(
    step: StepRow | None, names: dict[UUID, User], roles: dict[tuple[UUID, UUID], Role]
) -> str:
    """A name before a role."""
    if step is None or step.assignee_id is None:
        return ""
    return name_with_role(names[step.assignee_id], roles.get((step.case.company_id, step.assignee_id)))
