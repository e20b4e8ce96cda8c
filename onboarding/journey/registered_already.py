"""“We have registered already”: what was done with GlobalSign before this portal, with evidence, counts here, too.

So no company is registered a second time. The form is forms/registered.py, the page views/registered.py; what is done
before the identity profile is still looked for at Atlas, where the account API is set, by the pollers of its steps.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import TextChoices

from onboarding.audit.event_names import EventName
from onboarding.journey import evidence, guards, progress
from onboarding.journey.access import read_access
from onboarding.journey.definitions import DONE_BEFORE
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.proofs import describe_evidence
from onboarding.journey.steps import STEPS, State, StepSlug, Witness, list_ready
from onboarding.people.decisions import StateConflict, require
from onboarding.people.models import User


class HowFar(TextChoices):
    """How far the company has come in Atlas; the value is the last step that it has done there."""

    ACCOUNT = StepSlug.INVITATION.value, "We have an Atlas account and can sign in to it"
    QUOTE = StepSlug.QUOTE.value, "We have accepted the £0 quote, too"
    PROFILE = StepSlug.IDENTITY_PROFILE.value, "We have sent the identity profile, too"


def list_steps_until(last: str) -> list[str]:
    """The slugs of the steps that are done by then, in order."""
    slugs = [each.slug for each in STEPS]
    return slugs[: slugs.index(last) + 1]


def declare(
    read: Onboarding,
    *,
    actor: User,
    how_far: str,
    facts: Mapping[str, dict[str, Any]],
    seen_on: datetime,
    note: str = "",
    file: tuple[str, bytes] | None = None,
) -> list[StepRecord]:
    """The steps up to `how_far` are done, on a person's word and with evidence; the next ones begin.

    What was done here stays as it is on record; what was told so before can be put right. `facts` are by the step's
    slug. Answers the steps that are under way then. Raises RequestRefused or VaultError.
    """
    with progress.open_move(read.pk, actor) as move:
        records = move.records
        require(guards.may_declare(read_access(actor, move.onboarding), records))
        done = [slug for slug in list_steps_until(how_far) if not _is_done_here(records[slug])]
        if not done:
            raise StateConflict(
                "These steps are done here already, and stay as they are. If you are further in Atlas, choose that."
            )
        added = evidence.add(records[done[0]], by=actor, seen_on=seen_on, note=note, file=file)
        move.record_event(EventName.EVIDENCE_ADDED, done[0], **describe_evidence(added))
        for slug in done:
            shown = {DONE_BEFORE.name: seen_on.date().isoformat(), **facts.get(slug, {})}
            progress.skip(move, records[slug], EventName.STEP_DONE_BEFORE, Witness.BEFORE, facts=shown)
        ready = list_ready({slug: each.state for slug, each in records.items()})
        for slug in ready:
            progress.begin(move, records[slug])
    return [records[slug] for slug in ready]


def _is_done_here(record: StepRecord) -> bool:
    return record.state == State.DONE and record.witness != Witness.BEFORE


def describe_search(begun: list[StepRecord]) -> str:
    """What is still looked for, once a person has brought what was done before: a sentence for the page after it."""
    titles = " and ".join(f"“{each.definition.title}”" for each in begun)
    if not titles:
        return ""
    if settings.PORTAL.account_api:
        return (
            f"The portal now looks in Atlas whether {titles} is done, and closes the step by itself if it is."
        )
    return f"The portal cannot look in Atlas here. Next is {titles}: if it is done, confirm it there."
