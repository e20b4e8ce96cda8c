"""How the events of one chain, read in order, leave roles, onboardings, steps, facts and evidence.

Events of the first format say less: what they leave open is kept as open, and never compared. Nothing here asks a
table, and nothing here may fail on a row that somebody has broken.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.journey.definitions import State

PERSONS_OR_WAITS = frozenset({str(State.OPEN), str(State.WAITING)})
ROLE_EVENTS = frozenset(
    {EventName.ROLE_ASSIGNED, EventName.ROLE_CHANGED, EventName.MEMBER_REMOVED, EventName.PRIMARY_CHANGED}
)
ENDS = {EventName.ONBOARDING_COMPLETED: "completed", EventName.ONBOARDING_WITHDRAWN: "withdrawn"}


@dataclass
class StepTrail:
    """How a step must stand: in one of `states`. `version` None: not known; `evidence`: digests by id."""

    states: frozenset[str] = frozenset({str(State.LOCKED)})
    version: int | None = 0
    facts: dict[str, Any] = field(default_factory=dict)
    witness: str = ""
    problem: str = ""
    evidence: dict[int, dict[str, Any]] = field(default_factory=dict)
    unnamed_evidence: int = 0  # pieces that events of the first format tell of


@dataclass
class OnboardingTrail:
    """How an onboarding must stand. `status` is empty when no event says that it began."""

    status: str = ""
    environment: str = ""
    destroyed: bool = False
    steps: dict[str, StepTrail] = field(default_factory=dict)


@dataclass
class ChainTrail:
    """What one chain says. `roles`: user id -> role; not `sure` of them while events of the first format count."""

    roles: dict[str, str] = field(default_factory=dict)
    sure: bool = True
    onboardings: dict[str, OnboardingTrail] = field(default_factory=dict)

    def take(self, event: Event) -> None:
        """One event, in the order of the chain."""
        replay = _object(_object(event.data).get("replay"))
        self._take_roles(event.name, replay)
        if event.onboarding_id is not None:
            trail = self.onboardings.setdefault(str(event.onboarding_id), OnboardingTrail())
            _take_onboarding(trail, event)
            if event.step and event.name in STEP_EVENTS:
                _take_step(trail.steps.setdefault(event.step, StepTrail()), event, replay)

    def _take_roles(self, name: str, replay: dict[str, Any]) -> None:
        recorded = _object(replay.get("roles"))
        if (
            name in ROLE_EVENTS and not recorded
        ):  # it is not said in a form that can be relied on who the person is
            self.roles, self.sure = {}, False
        for user, role in recorded.items():
            if role:
                self.roles[user] = str(role)
            else:
                self.roles.pop(user, None)


def _take_onboarding(trail: OnboardingTrail, event: Event) -> None:
    if event.name == EventName.ONBOARDING_STARTED:
        trail.status, trail.environment = "active", str(_object(event.data).get("environment", ""))
    elif event.name in ENDS:
        trail.status = ENDS[EventName(event.name)]
    elif event.name == EventName.SECRETS_DESTROYED:
        trail.destroyed = True


def _take_step(step: StepTrail, event: Event, replay: dict[str, Any]) -> None:
    STEP_EVENTS[event.name](step, _object(event.data), replay)
    if "state" in replay:
        step.states, step.version = frozenset({str(replay["state"])}), replay.get("version")
    elif event.name != EventName.EVIDENCE_ADDED:
        step.version = None


def _begun(step: StepTrail, data: dict[str, Any], replay: dict[str, Any]) -> None:
    step.states = PERSONS_OR_WAITS


def _submitted(step: StepTrail, data: dict[str, Any], replay: dict[str, Any]) -> None:
    step.states, step.facts = frozenset({str(State.WAITING)}), {**step.facts, **_facts(data)}


def _sent_anew(step: StepTrail, data: dict[str, Any], replay: dict[str, Any]) -> None:
    step.states, step.problem = frozenset({str(State.WAITING)}), ""


def _settled(step: StepTrail, data: dict[str, Any], replay: dict[str, Any]) -> None:
    step.states, step.facts = frozenset({str(State.OPEN)}), {**step.facts, **_facts(data)}
    step.witness = str(data.get("witness", ""))


def _done(step: StepTrail, data: dict[str, Any], replay: dict[str, Any]) -> None:
    step.states, step.facts, step.problem = frozenset({str(State.DONE)}), _facts(data), ""
    step.witness = str(data.get("witness", ""))


def _problem(step: StepTrail, data: dict[str, Any], replay: dict[str, Any]) -> None:
    step.states, step.problem = frozenset({str(State.PROBLEM)}), str(data.get("code", ""))


def _again(step: StepTrail, data: dict[str, Any], replay: dict[str, Any]) -> None:
    step.states, step.facts, step.witness, step.problem = PERSONS_OR_WAITS, {}, "", ""


def _locked(step: StepTrail, data: dict[str, Any], replay: dict[str, Any]) -> None:
    _again(step, data, replay)
    step.states = frozenset({str(State.LOCKED)})


def _evidence(step: StepTrail, data: dict[str, Any], replay: dict[str, Any]) -> None:
    kept = _object(replay.get("evidence"))
    if isinstance(kept.get("id"), int):
        step.evidence[kept["id"]] = kept
    else:
        step.unnamed_evidence += 1


STEP_EVENTS: dict[str, Callable[[StepTrail, dict[str, Any], dict[str, Any]], None]] = {
    EventName.STEP_BEGUN: _begun,
    EventName.STEP_SUBMITTED: _submitted,
    EventName.STEP_RESENT: _sent_anew,
    EventName.STEP_SETTLED: _settled,
    EventName.STEP_DONE: _done,
    EventName.STEP_CARRIED_OVER: _done,
    EventName.STEP_DONE_BEFORE: _done,
    EventName.STEP_PROBLEM: _problem,
    EventName.STEP_REOPENED: _again,
    EventName.STEP_SENT_BACK: _again,
    EventName.STEP_LOCKED: _locked,
    EventName.EVIDENCE_ADDED: _evidence,
}


def _facts(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in ("witness", "replay")}


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
