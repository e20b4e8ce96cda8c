"""One onboarding that took place before today: its records as moves leave them, and the events of these moves.

A step's state is set by progress.Move and by nothing else; here is only which moves there were, when, and who made
them. No email is queued: those that were sent are written by sent_emails.py.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.journey import projection
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.progress import Move
from onboarding.journey.steps import ORDER, STEPS, State, Step, StepSlug, Witness, list_unlocked_by
from onboarding.people.models import Role, User
from onboarding.seeding.artifacts import CaseArtifacts
from onboarding.seeding.stories import Chapter, StoryKind

REASONS = (
    "The company joins the DIP through another party.",
    "Started twice by mistake.",
    "The company has stopped trading.",
)
DETAILS = (
    "The switchboard did not know the person named.",
    "The page says that something went wrong.",
    "Nobody has seen it yet, and the spam folder is empty.",
)


class TeamMember(NamedTuple):
    """Somebody of the company, with the role there."""

    user: User
    role: Role


class CaseHistory:
    """Walks an onboarding that is given unsaved, from its start to where its chapter stops."""

    def __init__(
        self,
        onboarding: Onboarding,
        team: Sequence[TeamMember],
        chapter: Chapter,
        artifacts: CaseArtifacts,
        rng: random.Random,
    ) -> None:
        self.onboarding, self.team, self.chapter, self.rng = onboarding, team, chapter, rng
        self.artifacts, self.at = artifacts, chapter.started
        self.records = {
            slug: StepRecord(onboarding=onboarding, slug=slug, since=chapter.started) for slug in ORDER
        }
        self._move = Move(onboarding, self.records, None, chapter.started)
        self._steps = ORDER[chapter.stop] if chapter.stop else len(STEPS)
        self._pause = (chapter.until - chapter.started) / (2 * self._steps + 1)

    @property
    def events(self) -> list[Event]:
        """What happened in it."""
        return self._move.events

    def walk(self) -> None:
        """Make every move."""
        primary = self.team[0].user
        self._record(EventName.ONBOARDING_STARTED, by=primary, environment=self.onboarding.environment)
        self._begin(STEPS[0])
        for definition in STEPS[: self._steps]:
            self._do(definition)
        self._stop(primary)
        for name, value in vars(projection.derive(self.records.values())).items():
            setattr(self.onboarding, name, value)

    def _do(self, definition: Step) -> None:
        """A step from its beginning to its end."""
        record, by = self.records[definition.slug], self._find_actor(definition)
        if definition.before:
            self._tick(is_last=not definition.acts_after_wait and self._is_last(definition))
            if not definition.acts_after_wait:
                self._complete(
                    record, Witness.ATLAS if definition.before.needs_account_api else Witness.PORTAL
                )
                return
            self._settle(record)
        self._tick(is_last=definition.after is None and self._is_last(definition))
        record.submitted_at, record.submitted_by = self.at, by
        if definition.after:
            sent = {"submitted_on": self.at.date().isoformat()} if definition.after.needs_account_api else {}
            record.facts = {**record.facts, **sent}
            self._set(record, State.WAITING, by)
            self._record(EventName.STEP_SUBMITTED, record.slug, by=by, **sent)
            self._tick(is_last=self._is_last(definition))
            self._complete(record, Witness.ATLAS if definition.after.needs_account_api else Witness.PORTAL)
        else:
            facts = self._make_facts(record)
            record.facts = {**record.facts, **facts}
            self._record(EventName.STEP_SUBMITTED, record.slug, by=by, **facts)
            self._complete(record, Witness.PERSON, by)

    def _stop(self, primary: User) -> None:
        """What is the case where it has come to."""
        chapter, self.at = self.chapter, self.chapter.until
        if not chapter.stop:
            due = self.at + timedelta(days=self.onboarding.company.retention_days)
            self._end(Onboarding.Status.COMPLETED, due)
            self._record(EventName.ONBOARDING_COMPLETED, destroy_secrets_at=due.isoformat())
        elif chapter.kind == StoryKind.WITHDRAWN:
            self._end(Onboarding.Status.WITHDRAWN, self.at)
            reason = self.rng.choice(REASONS)
            self._record(EventName.ONBOARDING_WITHDRAWN, by=primary, reason=reason)
        elif chapter.problem:
            self._fail(self.records[chapter.stop])
        elif chapter.is_opened:
            self._settle(self.records[chapter.stop])
        if self.artifacts.destroyed_at:
            self.at = self.onboarding.secrets_destroyed_at = self.artifacts.destroyed_at
            self._record(EventName.SECRETS_DESTROYED, count=self.artifacts.secrets)

    def _end(self, status: str, destroyed: datetime) -> None:
        self.onboarding.status, self.onboarding.ended_at = status, self.at
        self.onboarding.destroy_secrets_at = destroyed

    def _begin(self, definition: Step) -> None:
        record = self.records[definition.slug]
        self._set(record, State.WAITING if definition.before else State.OPEN)
        self._record(EventName.STEP_BEGUN, record.slug)

    def _settle(self, record: StepRecord) -> None:
        """The wait before a person's act is over."""
        facts = self._make_first_facts(record)
        record.facts = {**record.facts, **facts}
        self._set(record, State.OPEN, witness=Witness.ATLAS)
        self._record(EventName.STEP_SETTLED, record.slug, witness=Witness.ATLAS, **facts)

    def _complete(self, record: StepRecord, witness: Witness, by: User | None = None) -> None:
        if witness != Witness.PERSON:
            record.facts = {**record.facts, **self._make_facts(record)}
        self._set(record, State.DONE, by, witness=witness)
        self._record(EventName.STEP_DONE, record.slug, by=by, witness=witness, **record.facts)
        done = {slug for slug, each in self.records.items() if each.state == State.DONE}
        for definition in list_unlocked_by(record.slug):
            if done.issuperset(definition.needs):
                self._begin(definition)

    def _fail(self, record: StepRecord) -> None:
        code, detail = self.chapter.problem, self.rng.choice(DETAILS)
        self._set(record, State.PROBLEM, problem_code=code, problem_detail=detail)
        self._record(EventName.STEP_PROBLEM, record.slug, code=code, detail=detail)

    def _make_first_facts(self, record: StepRecord) -> dict[str, Any]:
        moment = self.at.isoformat()
        match record.slug:
            case StepSlug.INVITATION:
                return {"confirmation_on": moment, "invitation_on": moment}
            case StepSlug.QUOTE:
                return {"quotation_on": moment, "amount": "0.00"}
            case _:
                return {"tile_ready_on": moment}

    def _make_facts(self, record: StepRecord) -> dict[str, Any]:
        made = {
            StepSlug.API_CREDENTIALS: self.artifacts.add_credential,
            StepSlug.CSR: self.artifacts.add_signing_request,
            StepSlug.CERTIFICATE: self.artifacts.add_certificate,
            StepSlug.PFX: self.artifacts.add_bundle,
            StepSlug.PROOF: self.artifacts.make_proof_facts,
        }
        slug = StepSlug(record.slug)
        return made[slug](self.at) if slug in made else _make_plain_facts(slug, self.at, record.onboarding.pk)

    def _find_actor(self, definition: Step) -> User:
        """The least responsible person whose role may do it."""
        return [each.user for each in self.team if each.role in definition.who][-1]

    def _is_last(self, definition: Step) -> bool:
        """Whether the onboarding stands as it does since the end of this step."""
        chapter = self.chapter
        stands = not (chapter.is_opened or chapter.problem or chapter.kind == StoryKind.WITHDRAWN)
        return stands and definition is STEPS[self._steps - 1]

    def _tick(self, *, is_last: bool = False) -> None:
        """Time goes on, unevenly, and never beyond the end of the chapter."""
        later = self.at + self._pause * self.rng.uniform(0.2, 1.4)
        self.at = self.chapter.until if is_last else min(later, self.chapter.until)

    def _set(self, record: StepRecord, state: State, by: User | None = None, **columns: Any) -> None:
        self._move.actor, self._move.now = by, self.at
        self._move.set_state(record, state, **columns)

    def _record(self, name: EventName, slug: str = "", /, *, by: User | None = None, **data: Any) -> None:
        self._move.actor = by
        self._move.record_event(name, slug, **data)
        self._move.events[-1].at = self.at


def _make_plain_facts(slug: StepSlug, at: datetime, onboarding: UUID) -> dict[str, Any]:
    """What proves a step that leaves nothing but dates and numbers; the numbers follow from the onboarding's id."""
    moment, number = at.isoformat(), onboarding.int
    facts: dict[StepSlug, dict[str, Any]] = {
        StepSlug.REGISTER: {"account_id": f"ACC{number % 10**8:08d}"},
        StepSlug.INVITATION: {"accepted_on": moment},
        StepSlug.PAYMENT_METHOD: {"set_on": moment},
        StepSlug.QUOTE: {"accepted_on": moment, "amount": "0.00"},
        StepSlug.IDENTITY_PROFILE: {"identity_profile_id": f"IP{number % 10**9:09d}"},
        StepSlug.VERIFICATION: {"verified_on": moment, "case_reference": f"GS-{number % 10**6:06d}"},
        StepSlug.DIP_UPLOAD: {"uploaded_on": at.date().isoformat()},
    }
    return facts.get(slug, {})
