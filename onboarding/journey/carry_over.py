"""What a new onboarding takes over from an earlier one of its company: decided, shown before one starts, then done.

So production after UIT, and a renewal, never make a second Atlas account (R60, T26). How long what a step made counts
stands in its row (steps/, lasting.py); records are written by the moves of progress.py; the page is views/start.py.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from certs import clock
from onboarding.audit.event_names import EventName
from onboarding.journey import damage, progress
from onboarding.journey.definitions import CARRIED_FROM
from onboarding.journey.lasting import Lasting
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.problems import find_problem
from onboarding.journey.steps import STEPS, Stage, State, Step, StepSlug, Witness, list_ready, list_stage
from onboarding.people.decisions import StateConflict
from onboarding.people.models import Company, User

Records = Mapping[str, StepRecord]


class Obstacle(StrEnum):
    """Why nothing is carried over from an onboarding; the first stands in the way of any start beside it."""

    UNFINISHED = "unfinished"  # not past the quote: two onboardings would register one company twice
    DAMAGED = "damaged"
    ENDED = "ended"  # its certificate has: nothing here says that the account and its service are still there
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Plan:
    """What a start in this environment would do. Without `source` the company has nothing to carry over.

    `carried` are the records of `source` whose steps are done at once; `kept` the one that a person may choose to keep
    (the API credential); `anew` the steps that are done again, without that one. With `obstacle` nothing is carried.
    """

    company: Company
    environment: str
    source: Onboarding | None = None
    carried: tuple[StepRecord, ...] = ()
    kept: StepRecord | None = None
    anew: tuple[Step, ...] = STEPS
    obstacle: Obstacle | None = None
    ended_at: datetime | None = None

    @property
    def is_renewal(self) -> bool:
        """Whether it is the same environment once more."""
        return self.source is not None and self.source.environment == self.environment

    @property
    def may_carry(self) -> bool:
        """Whether something is carried over."""
        return self.source is not None and self.obstacle is None

    @property
    def may_begin_anew(self) -> bool:
        """Whether the company may begin with the first step, and say there that it has registered already."""
        return not self.may_carry and self.obstacle is not Obstacle.UNFINISHED

    @property
    def place(self) -> str:
        """The environment, as people read it."""
        return str(Onboarding.Environment(self.environment).label)


def find_open(company: Company, environment: str) -> Onboarding | None:
    """The onboarding of this company that is under way in this environment."""
    return company.onboardings.active().filter(environment=environment).first()


def make_plan(company: Company, environment: str, after: Onboarding | None = None) -> Plan:
    """What is carried over from `after`, an onboarding of this company; without it from the one that fits best."""
    found = [after] if after else _list_earlier(company, environment)
    plans = [_examine(company, environment, each) for each in found]
    carrying = next((plan for plan in plans if plan.may_carry), None)
    order = list(Obstacle)
    refused = sorted((each for each in plans if each.obstacle), key=lambda each: order.index(each.obstacle))  # type: ignore[arg-type]
    return carrying or next(iter(refused), Plan(company, environment))


def start(
    company: Company, *, environment: str, actor: User, after: Onboarding | None, keep: bool, anew: bool
) -> Onboarding:
    """Open the onboarding, with what is carried over as it stands now; `keep`: the API credential, too.

    `anew`: from the first step, although there were others before. Raises RequestRefused, and nothing is written.
    """
    with transaction.atomic():
        # Two starts of one company wait for each other, also in two environments: only one may register it.
        Company.objects.select_for_update(no_key=True).get(pk=company.pk)
        plan = make_plan(company, environment, None if anew else after)
        if anew and not plan.may_begin_anew:
            raise StateConflict(f"{_name(plan)} is under way. Carry over what it has, or finish it first.")
        if plan.obstacle and not anew:
            raise StateConflict(describe_obstacle(plan))
        carry = partial(_carry, plan, keep) if plan.may_carry else None
        return progress.start(company, environment=environment, actor=actor, carry=carry)


def _carry(plan: Plan, keep: bool, move: progress.Move) -> Iterable[str]:
    """Write what is carried over into the new records; answers which steps begin."""
    assert plan.source is not None  # nothing is carried without one
    for record in (*plan.carried, *([plan.kept] if keep and plan.kept else [])):
        labels = {fact.name: fact.label for fact in record.definition.facts}
        # A fact without a label names a row of the earlier case, whose secrets are its own.
        facts = {name: value for name, value in record.facts.items() if labels.get(name, name)}
        facts[CARRIED_FROM.name] = plan.source.code
        progress.skip(
            move,
            move.records[record.slug],
            EventName.STEP_CARRIED_OVER,
            Witness.CARRIED_OVER,
            facts=facts,
            answers=record.answers,
        )
    return list_ready({slug: each.state for slug, each in move.records.items()})


def describe_obstacle(plan: Plan) -> str:
    """Why nothing is carried over, as sentences; empty where something is."""
    source, name = plan.source, _name(plan)
    if source is None or plan.obstacle is None:
        return ""
    return {
        Obstacle.UNFINISHED: f"{name} is not past the quote yet. If another onboarding began beside it, "
        f"{plan.company.name} could be registered with GlobalSign twice.",
        Obstacle.DAMAGED: f"{name} is damaged, so nothing is carried over from it. Whoever runs this portal runs "
        "manage.py check_projection.",
        Obstacle.ENDED: f"The certificate of {name} has ended. Since then nobody has looked here whether the Atlas "
        "account and its service are still there, so nothing is carried over from it.",
        Obstacle.WITHDRAWN: f"{name} was withdrawn. Nothing is carried over from what was given up.",
    }[plan.obstacle]


def _name(plan: Plan) -> str:
    source = plan.source
    return f"{source.code} ({source.get_environment_display()})" if source else "Another onboarding"


def _list_earlier(company: Company, environment: str) -> list[Onboarding]:
    """The company's onboardings to look at: of the same environment first, the newest first."""
    rows = company.onboardings.prefetch_related("steps").order_by("-started_at")
    found = [each for each in rows if each.status != Onboarding.Status.WITHDRAWN or _has_registered(each)]
    return sorted(found, key=lambda each: each.environment != environment)


def _has_registered(onboarding: Onboarding) -> bool:
    first = next((each for each in onboarding.steps.all() if each.slug == STEPS[0].slug), None)
    return first is not None and (first.state == State.DONE or first.submitted_at is not None)


def _examine(company: Company, environment: str, source: Onboarding) -> Plan:
    stored = list(source.steps.all())
    if damage.list_faults(stored) or not all(isinstance(each.facts, dict) for each in stored):
        return Plan(company, environment, source, obstacle=Obstacle.DAMAGED)
    for record in stored:
        record.onboarding = source
    records = {record.slug: record for record in stored}
    if source.status == Onboarding.Status.WITHDRAWN:
        return Plan(company, environment, source, obstacle=Obstacle.WITHDRAWN)
    ended_at = read_moment(records[StepSlug.CERTIFICATE].facts.get("not_after"))
    if ended_at and ended_at <= clock.now():
        return Plan(company, environment, source, obstacle=Obstacle.ENDED, ended_at=ended_at)
    carried = tuple(_list_carried(records))
    has = {record.slug for record in carried}
    if not has.issuperset(each.slug for stage in (Stage.VETTING, Stage.QUOTE) for each in list_stage(stage)):
        return Plan(company, environment, source, obstacle=Obstacle.UNFINISHED)
    kept = _find_kept(records) if source.environment == environment else None
    left_out = has | ({kept.slug} if kept else set())
    anew = tuple(each for each in STEPS if each.slug not in left_out)
    return Plan(company, environment, source, carried, kept, anew, ended_at=ended_at)


def _list_carried(records: Records) -> Iterator[StepRecord]:
    """What lasts and is done, is still valid, and rests on nothing that is to be done again."""
    has: set[str] = set()
    for definition in STEPS:
        record, lasts = records[definition.slug], definition.lasts
        if lasts is None or lasts.by_choice or record.state != State.DONE:
            continue
        if has.issuperset(definition.needs) and not _is_doubted(record, records) and _is_valid(lasts, record):
            has.add(record.slug)
            yield record


def _find_kept(records: Records) -> StepRecord | None:
    choices = (records[each.slug] for each in STEPS if each.lasts and each.lasts.by_choice)
    return next((record for record in choices if record.state == State.DONE), None)


def _is_doubted(record: StepRecord, records: Records) -> bool:
    """Whether a later step has a problem that is mended by doing this one again: a rejected identity profile."""
    problems = (find_problem(each.problem_code) for each in records.values() if each.state == State.PROBLEM)
    return any(problem is not None and problem.back_to == record.slug for problem in problems)


def _is_valid(lasts: Lasting, record: StepRecord) -> bool:
    until = find_end(lasts, record)
    return lasts.days is None or (until is not None and until > clock.now())


def find_end(lasts: Lasting, record: StepRecord) -> datetime | None:
    """Until when what this step made counts (aware); None where it has no end, or it is not known from when."""
    began = read_moment(record.facts.get(lasts.days_from)) if lasts.days else None
    return began + lasts.days if began and lasts.days else None


def read_moment(value: object) -> datetime | None:
    """A fact's ISO moment or day (its noon) as an aware moment; None for anything else."""
    try:
        moment, day = parse_datetime(str(value)), parse_date(str(value))
    except ValueError:
        return None
    found = moment or (datetime.combine(day, time(12)) if day else None)
    return timezone.make_aware(found) if found and timezone.is_naive(found) else found
