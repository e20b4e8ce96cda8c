"""Steps that a later version has added to the table: what becomes of the onboardings that are older than they are.

A migration writes their records, locked (step_list.py). Here, after every `migrate`, each comes into the state that it
has to be in; the moves themselves are in progress.py.
"""

import logging
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any
from uuid import UUID

from onboarding.audit.event_names import EventName
from onboarding.journey import damage, progress
from onboarding.journey.choices import OnboardingStatus
from onboarding.journey.definitions import NOT_NEEDED
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.steps import ORDER, State, Witness, list_ready

log = logging.getLogger(__name__)
LATER = "the onboarding was complete before this step was added"


def begin_added_steps() -> int:
    """Bring the onboardings whose steps lag behind the table in line with it. Returns how many. Safe to run again.

    Of one under way a locked step begins if what it needs is done; later steps that have begun go on. Of one that is
    complete it is done, as not needed. Of a withdrawn one it stays locked. Damaged ones are left as they are.
    """
    lagging = list(_list_lagging())
    return sum(map(_bring_in_line, lagging))


def _list_lagging() -> Iterator[UUID]:
    """Only those with a record that was never moved can lag."""
    found = Onboarding.objects.filter(steps__state=State.LOCKED, steps__version=0)
    rows = StepRecord.objects.filter(onboarding__in=found).order_by("onboarding")
    columns = ("onboarding", "onboarding__status", "onboarding__current_step", "slug", "state")
    for (pk, status, current), group in groupby(rows.values_list(*columns).iterator(), lambda row: row[:3]):
        if _lags(status, current, {slug: state for *_, slug, state in group}):
            yield pk


def _lags(status: str, current: str, states: Mapping[str, str]) -> bool:
    if status == OnboardingStatus.ACTIVE:
        return bool(list_ready(states))
    return current != next((slug for slug in ORDER if states.get(slug) != State.DONE), "")


def _bring_in_line(pk: UUID) -> bool:
    with progress.open_move(pk, None) as move:
        status, records = move.onboarding.status, move.records
        if faults := damage.list_faults(records.values()):
            log.error(
                "the added steps of %s are left as they are: %s", move.onboarding.code, "; ".join(faults)
            )
            return False
        if status == OnboardingStatus.COMPLETED:
            for record in (each for each in records.values() if each.state != State.DONE):
                facts = {NOT_NEEDED.name: LATER}
                progress.skip(move, record, EventName.STEP_DONE, Witness.PORTAL, facts=facts)
        elif status == OnboardingStatus.ACTIVE:
            for slug in list_ready({slug: each.state for slug, each in records.items()}):
                progress.begin(move, records[slug])
    return True


def begin_after_migrate(*, apps: Any = None, **_: Any) -> None:
    """After every `migrate`: not a migration, because a move needs today's tables and the key of the audit trail."""
    if apps is None:  # the signal of `flush`, which leaves nothing
        return
    try:
        there = apps.get_model("journey", "StepRecord")._meta.get_fields()
    except LookupError:  # migrated to a state before the first one
        return
    if {field.name for field in there} >= {field.name for field in StepRecord._meta.local_fields}:
        begin_added_steps()
