"""Where the tables of one company, or of the installation, say something else than its chain: a sentence each.

People are named by id and onboardings by code, so that what is printed may be passed on.
"""

from collections.abc import Iterator
from typing import Any

from onboarding.audit.chain import OPS
from onboarding.journey.definitions import State
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.replay.company_rows import CompanyRows, Digests
from onboarding.journey.replay.derivation import ChainTrail, OnboardingTrail, StepTrail
from onboarding.people.models import User

NOT_STARTED = OnboardingTrail()
UNTOUCHED = StepTrail()


def company_differences(rows: CompanyRows, trail: ChainTrail) -> Iterator[str]:
    """Members' roles, then onboarding after onboarding."""
    slug = rows.company.slug
    yield from _role_differences(slug, rows.roles, trail)
    known = set()
    for onboarding in rows.onboardings:
        known.add(str(onboarding.pk))
        told = trail.onboardings.get(str(onboarding.pk), NOT_STARTED)
        yield from _onboarding_differences(onboarding, told, rows.evidence.get(onboarding.pk, {}))
    for pk in trail.onboardings.keys() - known:
        yield f"{slug}: the events tell of an onboarding {pk} that the company does not have."


def installation_differences(trail: ChainTrail) -> Iterator[str]:
    """Who is ops."""
    ops = User.objects.filter(is_ops=True).values_list("pk", flat=True)
    yield from _role_differences("installation", {str(pk): OPS for pk in ops}, trail)


def _role_differences(place: str, held: dict[str, str], trail: ChainTrail) -> Iterator[str]:
    people = {*held, *trail.roles} if trail.sure else set(trail.roles)
    for user in sorted(people):
        told, found = trail.roles.get(user, "none"), held.get(user, "none")
        if told != found:
            yield f"{place}: user {user} has the role {found}, the events say {told}."


def _onboarding_differences(
    onboarding: Onboarding, trail: OnboardingTrail, evidence: Digests
) -> Iterator[str]:
    code = onboarding.code
    if not trail.status:
        yield f"{code}: no event says that this onboarding began."
        return
    yield from _unequal(code, "the status", onboarding.status, trail.status)
    yield from _unequal(code, "the environment", onboarding.environment, trail.environment)
    destroyed = onboarding.secrets_destroyed_at is not None
    yield from _unequal(code, "destroyed secrets", destroyed, trail.destroyed)
    records = {record.slug: record for record in onboarding.steps.all()}
    for slug in {**records, **trail.steps}:
        place, record = f"{code}, step {slug}", records.get(slug)
        if record is None:
            yield f"{place}: the events tell of it, and there is no record."
        else:
            yield from _step_differences(place, record, trail.steps.get(slug, UNTOUCHED))
    for slug in {**evidence, **trail.steps}:
        step = trail.steps.get(slug, UNTOUCHED)
        yield from _evidence_differences(f"{code}, step {slug}", evidence.get(slug, {}), step)


def _step_differences(place: str, record: StepRecord, step: StepTrail) -> Iterator[str]:
    if record.state not in step.states:
        yield f"{place}: the state is {record.state}, the events say {' or '.join(sorted(step.states))}."
    elif step.version is not None:
        yield from _unequal(place, "the number of moves", record.version, step.version)
    if record.facts != step.facts:
        yield f"{place}: the facts are not those of the events ({', '.join(_unlike(record.facts, step.facts))})."
    yield from _unequal(place, "the witness", record.witness, step.witness)
    if record.state == State.PROBLEM:
        yield from _unequal(place, "the problem", record.problem_code, step.problem)


def _unlike(found: Any, told: dict[str, Any]) -> list[str]:
    if not isinstance(found, dict):
        return ["all of them"]
    return sorted(name for name in {*found, *told} if found.get(name) != told.get(name))


def _unequal(place: str, what: str, found: object, told: object) -> Iterator[str]:
    if found != told:
        yield f"{place}: {what}: {found}, the events say {told}."


def _evidence_differences(place: str, found: dict[int, dict[str, Any]], step: StepTrail) -> Iterator[str]:
    for pk, digests in step.evidence.items():
        if pk not in found:
            yield f"{place}: evidence {pk} is missing."
        elif found[pk] != digests:
            yield f"{place}: evidence {pk} was changed."
    yield from _unequal(place, "pieces of evidence", len(found), len(step.evidence) + step.unnamed_evidence)
