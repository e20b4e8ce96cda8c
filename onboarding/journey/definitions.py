"""What a row of the table is made of: stages, states, who has to act, waits and steps.

The rows themselves are in steps.py.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from onboarding.people.models import ADMINS, Role

PRIMARY_ONLY = frozenset({Role.PRIMARY})


class Stage(StrEnum):
    """The six stages that the board shows."""

    VETTING = "Vetting"
    QUOTE = "Quote acceptance"
    IDENTITY = "Identity profile"
    CREDENTIALS = "API credentials"
    CSR = "CSR"
    PFX = "PFX"


class State(StrEnum):
    """How a step stands. Each says who has to act."""

    LOCKED = "locked"  # nobody's yet
    OPEN = "open"  # a person's
    WAITING = "waiting"  # Atlas's, GlobalSign's or a worker's
    PROBLEM = "problem"  # a person's, with a code
    DONE = "done"


class Actor(StrEnum):
    """Who has to act next."""

    NOBODY = "nobody"
    COMPANY = "company"
    GLOBALSIGN = "globalsign"
    ATLAS = "atlas"
    PORTAL = "portal"
    OPS = "ops"

    @property
    def label(self) -> str:
        """As the subject of a sentence."""
        return ACTOR_LABELS[self].subject

    @property
    def label_for_company(self) -> str:
        """As people of a company read it in the help."""
        return ACTOR_LABELS[self].for_company


class ActorLabel(NamedTuple):
    """The words for an actor: in a sentence that anybody reads, and in the help."""

    subject: str
    for_company: str


ACTOR_LABELS = {
    Actor.NOBODY: ActorLabel("Nobody", "Nobody"),
    Actor.COMPANY: ActorLabel("The company", "Your company"),
    Actor.GLOBALSIGN: ActorLabel("GlobalSign", "GlobalSign"),
    Actor.ATLAS: ActorLabel("Atlas", "Atlas"),
    Actor.PORTAL: ActorLabel("This portal", "This portal"),
    Actor.OPS: ActorLabel("Ops", "The people who run this portal"),
}


class Witness(StrEnum):
    """Who saw a wait end."""

    ATLAS = "atlas"
    PORTAL = "portal"
    PERSON = "person"


@dataclass(frozen=True)
class Wait:
    """A wait: for what, on whom, how long usually and at most, and who may end it by hand.

    `poller` names one of POLLERS (polling/pollers.py); `needs_account_api` says that without the account API only a
    person can end the wait. `confirm` names the form of the person's evidence.
    """

    poller: str
    on: Actor
    what: str
    usual: timedelta
    limit: timedelta
    confirm: str = "WaitOverForm"
    needs_account_api: bool = True


@dataclass(frozen=True)
class Step:
    """One row. `before`: a wait that precedes the person's act. `after`: a wait that follows it.

    `watch` names a poller that sees an open step done in Atlas, without the person coming back here to say so.
    """

    slug: str
    stage: Stage
    title: str
    who: frozenset[Role]
    system: str
    needs: tuple[str, ...] = ()
    form: str | None = None
    before: Wait | None = None
    after: Wait | None = None
    watch: str | None = None
    back_to: tuple[str, ...] = ()
    check_answers: bool = False

    @property
    def acts_after_wait(self) -> bool:
        """Whether a person has to act once the first wait is over."""
        return self.form is not None

    def who_words(self) -> str:
        """Who may act, as words for a page."""
        if self.who == PRIMARY_ONLY:
            return "the Primary Certificate Admin"
        return "a Certificate Admin" if self.who == ADMINS else "a Certificate Admin or a technician"
