"""The lists of Your tasks, and the light lines that stand in them before a page reads what it shows.

A line has what placing, ordering, searching and counting need, and nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Self, TypeAlias
from uuid import UUID

from certs import clock
from onboarding.handover.models import Offer
from onboarding.journey.models import StepRecord, get_wait
from onboarding.journey.steps import BY_SLUG, Wait


class Section(StrEnum):
    """The lists, in the order of the page; the value stands in the list's address."""

    OWN = "to-do"
    OFFERED = "offered"
    OTHERS = "waiting"
    DONE = "done"
    TEAM = "team"

    @property
    def heading(self) -> str:
        """As the list is headed."""
        return HEADINGS[self]


HEADINGS = {
    Section.OWN: "For you to do",
    Section.OFFERED: "Offered to you",
    Section.OTHERS: "Waiting for others",
    Section.DONE: "Done lately",
    Section.TEAM: "Steps that nobody has taken yet",
}


@dataclass(slots=True)
class StepLine:
    """A step, as far as its list needs it. All moments are in UTC.

    The words that only a search looks in (WORDS) are read where there is one.
    """

    COLUMNS: ClassVar[Sequence[str]] = (
        "pk", "slug", "state", "problem_code", "submitted_at", "since", "due_at", "moved_at", "assignee_id",
        "onboarding_id", "onboarding__environment", "onboarding__company_id",
    )  # fmt: skip
    WORDS: ClassVar[Sequence[str]] = ("onboarding__company__name", "onboarding__code", "assignee__name")
    pk: int
    slug: str
    state: str
    problem_code: str
    submitted_at: datetime | None
    since: datetime
    due_at: datetime | None
    ended_at: datetime | None
    assignee_id: UUID | None
    onboarding_id: UUID
    environment: str
    company_id: UUID
    company: str = ""
    code: str = ""
    assignee: str | None = None

    @classmethod
    def of(cls, record: StepRecord) -> Self:
        """The line of a step that was read in full."""
        case = record.onboarding
        return cls(
            record.pk, record.slug, record.state, record.problem_code, record.submitted_at, record.since,
            record.due_at, record.moved_at, record.assignee_id, case.pk, case.environment, case.company_id,
        )  # fmt: skip

    @property
    def slugs(self) -> list[str]:
        """The one step."""
        return [self.slug]

    @property
    def wait(self) -> Wait | None:
        """The wait that the step is in, or would be in."""
        return get_wait(self.slug, self.submitted_at)

    def list_words(self) -> str:
        """What a search looks in, in lower case."""
        return _list_words(self.company, self.code, self.assignee or "", self.slugs)


@dataclass(slots=True)
class OfferLine:
    """An offer, as far as its list needs it. `to_do` says whether one of its steps is not done yet."""

    COLUMNS: ClassVar[Sequence[str]] = (
        "pk", "status", "made_at", "expires_at", "answered_at", "to_user_id", "from_user__name", "onboarding_id",
        "onboarding__code", "onboarding__environment", "company__name", "to_do",
    )  # fmt: skip
    pk: UUID
    state: str
    since: datetime
    expires_at: datetime
    answered_at: datetime | None
    to_user_id: UUID | None
    from_name: str
    onboarding_id: UUID
    code: str
    environment: str
    company: str
    to_do: bool
    slugs: list[str] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether it can still be answered."""
        return self.state == Offer.Status.OFFERED and self.to_do and self.expires_at > clock.now()

    @property
    def due_at(self) -> datetime:
        """Until when it can be answered."""
        return self.expires_at

    @property
    def ended_at(self) -> datetime:
        """When it was answered, or ended without an answer."""
        return self.answered_at or min(self.expires_at, clock.now())

    def list_words(self) -> str:
        """What a search looks in, in lower case; who is asked is left out, as it may not be known who they are."""
        return _list_words(self.company, self.code, self.from_name, self.slugs)


Line: TypeAlias = StepLine | OfferLine


def _list_words(company: str, code: str, name: str, slugs: list[str]) -> str:
    titles = [BY_SLUG[slug].title for slug in slugs if slug in BY_SLUG]
    return " ".join((company, code, name, *titles)).casefold()
