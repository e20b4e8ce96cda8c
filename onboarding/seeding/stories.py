"""What becomes of each company: a fixed share of each kind, so that twenty companies show everything.

How a story is told in rows is in case_history.py.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from onboarding.journey.choices import OnboardingEnvironment
from onboarding.journey.problems import list_problems
from onboarding.journey.problems.codes import ProblemCode
from onboarding.journey.steps import BY_SLUG, ORDER, STEPS, StepSlug


class StoryKind(StrEnum):
    """How a company's onboarding stands today."""

    NOT_STARTED = "not started"
    UNDER_WAY = "under way"
    LATE = "late"
    REJECTED = "rejected"
    STUCK = "stuck"
    WITHDRAWN = "withdrawn"
    COMPLETED = "completed"
    EXPIRING = "expiring"
    IN_PRODUCTION = "in production"


# Of twenty companies in a row. docs/operations.md says the same in a table (a test compares).
SHARES = {
    StoryKind.NOT_STARTED: 1,
    StoryKind.UNDER_WAY: 8,
    StoryKind.LATE: 1,
    StoryKind.REJECTED: 1,
    StoryKind.STUCK: 1,
    StoryKind.WITHDRAWN: 1,
    StoryKind.COMPLETED: 3,
    StoryKind.EXPIRING: 2,
    StoryKind.IN_PRODUCTION: 2,
}
KINDS = tuple(kind for kind, count in SHARES.items() for _ in range(count))
WAITS = [step.slug for step in STEPS if step.before and step.before.needs_account_api]
ENDINGS = (30, 60, 90)  # days in which the certificate of an expiring company ends, at the latest
VALIDITY = timedelta(days=365)


@dataclass(frozen=True)
class Chapter:
    """One onboarding of a company: from when, to which step, and since when it stands there.

    `stop` empty: to the end. `is_opened`: the wait before the person's act is over there.
    """

    kind: StoryKind
    environment: OnboardingEnvironment
    started: datetime
    until: datetime
    stop: str = ""
    problem: ProblemCode | None = None
    is_opened: bool = False


@dataclass(frozen=True)
class Story:
    """When a company was added, and its onboardings, the earlier one first."""

    kind: StoryKind
    added: datetime
    chapters: tuple[Chapter, ...]


def make_story(index: int, now: datetime, rng: random.Random) -> Story:
    """The story of the company of this number."""
    kind = KINDS[index % len(KINDS)]
    if kind == StoryKind.NOT_STARTED:
        return Story(kind, now - timedelta(hours=rng.uniform(1, 40 * 24)), ())
    chapters = [_begin_chapter(kind, index, now, rng)]
    if kind == StoryKind.IN_PRODUCTION:
        chapters.append(_go_on_in_production(chapters[0].until, now, rng))
    return Story(kind, chapters[0].started - timedelta(days=rng.uniform(0.1, 10)), tuple(chapters))


def _begin_chapter(kind: StoryKind, index: int, now: datetime, rng: random.Random) -> Chapter:
    stop, problem, until = _place(kind, index, now, rng)
    share = (ORDER[stop] + 1) / len(STEPS) if stop else 1.0
    lasted = timedelta(days=rng.uniform(3, 45) * share + 0.5)
    is_opened = kind == StoryKind.UNDER_WAY and _has_opened(stop, until, now)
    return Chapter(kind, OnboardingEnvironment.UIT, until - lasted, until, stop, problem, is_opened)


def _go_on_in_production(begun: datetime, now: datetime, rng: random.Random) -> Chapter:
    started = begun + (now - begun) * rng.uniform(0.2, 0.5)
    stop, _, until = _under_way(now, (now - started) * rng.uniform(0.05, 0.9), rng)
    place = OnboardingEnvironment.PRODUCTION
    return Chapter(StoryKind.UNDER_WAY, place, started, until, stop, is_opened=_has_opened(stop, until, now))


def _has_opened(stop: str, until: datetime, now: datetime) -> bool:
    """Where it would be late if it still waited, the wait is over."""
    definition = BY_SLUG[stop]
    return (
        definition.before is not None
        and definition.acts_after_wait
        and now - until > definition.before.limit * 0.9
    )


def _place(
    kind: StoryKind, index: int, now: datetime, rng: random.Random
) -> tuple[str, ProblemCode | None, datetime]:
    """(step at which it stops, its problem, since when)."""
    ago = timedelta(days=rng.expovariate(1 / 9) % 120)
    match kind:
        case StoryKind.LATE:
            stop = rng.choice(WAITS)
            wait = BY_SLUG[stop].before
            assert wait is not None
            return stop, None, now - wait.limit - timedelta(hours=1) - ago
        case StoryKind.REJECTED:
            return StepSlug.VERIFICATION, ProblemCode.IDENTITY_REJECTED, now - ago
        case StoryKind.STUCK:
            step = rng.choice([each for each in STEPS if each.form and list_problems(each.slug)])
            return step.slug, rng.choice(list_problems(step.slug)).code, now - ago
        case StoryKind.COMPLETED:
            return "", None, now - timedelta(days=rng.uniform(0, 250))
        case StoryKind.EXPIRING:
            last = ENDINGS[index // len(KINDS) % len(ENDINGS)]
            return "", None, now - VALIDITY + timedelta(days=rng.uniform(last - 29, last - 1))
        case StoryKind.IN_PRODUCTION:
            return "", None, now - timedelta(days=rng.uniform(60, 250))
        case _:
            return _under_way(now, ago, rng)


def _under_way(now: datetime, ago: timedelta, rng: random.Random) -> tuple[str, None, datetime]:
    """Somewhere on the way; what only waits is not late."""
    definition = rng.choice(STEPS)
    wait = definition.before
    if wait is not None and (not definition.acts_after_wait or rng.random() < 0.5):
        ago = min(ago, wait.limit * rng.uniform(0.05, 0.85))
    return definition.slug, None, now - ago
