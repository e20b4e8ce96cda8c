"""What a row of the table is made of: names, stages, states, who has to act, waits and steps.

The rows themselves are in steps/. What a row names by a word (forms, pollers, commands) is looked up in one registry
each, and checks.py stops the start when it is not there.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from onboarding.journey.lasting import Lasting
from onboarding.journey.times import Times as Times
from onboarding.journey.ways import Way
from onboarding.people.models import ADMINS, TECHNICAL, Role

PRIMARY_ONLY = frozenset({Role.PRIMARY})


class StepSlug(StrEnum):
    """The names of the steps. They are stored in records and events and are part of addresses: their spelling stays.

    For code that reads what one step has on record; what a page does with a step stands in the step's row.
    """

    REGISTER = "register"
    INVITATION = "invitation"
    PAYMENT_METHOD = "payment-method"
    QUOTE = "quote"
    IDENTITY_PROFILE = "identity-profile"
    VERIFICATION = "verification"
    API_CREDENTIALS = "api-credentials"
    CSR = "csr"
    CERTIFICATE = "certificate"
    PFX = "pfx"
    PROOF = "proof"
    DIP_UPLOAD = "dip-upload"


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
    CARRIED_OVER = "carried"  # an earlier onboarding of the company (carry_over.py)
    BEFORE = "earlier"  # a person, of what was done before this portal (registered_already.py)


class Download(StrEnum):
    """What a step's page offers to fetch; DOWNLOADS says how."""

    CSR = "csr"
    CERTIFICATE = "certificate"
    PFX = "pfx"
    CREDENTIALS = "credentials"


class DownloadLink(NamedTuple):
    """The link: its words, the name of its address, and whose it is; with `roles` None of all who see the step.

    The address itself asks again: journey/secret_downloads.py.
    """

    text: str
    url_name: str
    roles: frozenset[Role] | None = None


DOWNLOADS = {
    Download.CSR: DownloadLink("Download the CSR", "journey:csr-file"),
    Download.CERTIFICATE: DownloadLink("Download the certificate", "journey:certificate-file"),
    Download.PFX: DownloadLink("Download the PFX", "journey:bundle", TECHNICAL),
    Download.CREDENTIALS: DownloadLink("Show the API key and secret once", "journey:credentials", ADMINS),
}


class KeyUse(StrEnum):
    """What a step has to do with the private key: which panel a page has for a key that lives in a browser."""

    MAKES = "makes"
    KEEPS = "keeps"  # it is not needed; the panel lets people save or load its backup
    BUILDS = "builds"  # it goes into the PFX


class PagePart(StrEnum):
    """What a step's page reads of the onboarding for its guidance, beside what every page reads."""

    FAMILIAR_NAME = "familiar name"  # of the API credential in Atlas
    CARRIED = "carried over"  # from which onboarding the identity profile and the API credential are
    CHAIN = "chain"  # whether the certificate's issuers are there


class Place(StrEnum):
    """Where a person does a step outside the portal: what its page has a button for, where its address is known."""

    ATLAS = "the Atlas portal"
    DIP = "the DIP"


class Lacking(StrEnum):
    """What the portal may lack, so that a person and no worker ends a wait."""

    ACCOUNT_API = "account API"
    PFX = "PFX"


@dataclass(frozen=True)
class Fact:
    """One thing that a step has on record: a name in `facts`.

    `label` is how people read it, empty for keys of rows. `proof` is the sentence by which it proves that the step is
    done, with {} for its value; a step shows the first it has. `is_day`: an ISO date.
    """

    name: str
    label: str = ""
    proof: str = ""
    is_day: bool = False


NOT_NEEDED = Fact("not_needed", "Not needed", proof="Not needed: {}.")  # of any step (added_steps.py)
CARRIED_FROM = Fact("carried_from", "Carried over from")  # of any step (carry_over.py)
DONE_BEFORE = Fact("done_before", "Done before, seen on")  # of any early step (registered_already.py)
FACTS_OF_ANY = (NOT_NEEDED, CARRIED_FROM, DONE_BEFORE)


@dataclass(frozen=True)
class ManualEnd:
    """What a person does to end a wait where the portal lacks something, as a sentence."""

    lacking: Lacking
    sentence: str


@dataclass(frozen=True)
class LateAdvice:
    """What to do when a wait is past its limit: a sentence, and the words that lead to the page of a ProblemCode."""

    sentence: str
    problem: str
    link: str


@dataclass(frozen=True)
class Irreversible:
    """What cannot be changed once it is sent to Atlas, with what is said before. `fact`: what its id there becomes."""

    fact: str
    warning: str
    warning_anew: str


@dataclass(frozen=True)
class Wait:
    """A wait: for what, on whom, how long usually and at most, and who may end it by hand.

    `poller` names one of POLLERS (polling/pollers.py); `needs_account_api` says that without the account API only a
    person can end the wait. `confirm` names the form of the person's evidence. `range_note` says why `usual` and
    `limit` are far apart. Without `late` people turn to those who run the portal. `as_set`: see VETTING_HOURS.
    """

    poller: str
    on: Actor
    what: str
    usual: timedelta
    limit: timedelta
    confirm: str = "WaitOverForm"
    needs_account_api: bool = True
    manual_end: ManualEnd | None = None
    late: LateAdvice | None = None
    range_note: str = ""
    as_set: bool = False


@dataclass(frozen=True)
class Step:
    """One row. `before`: a wait that precedes the person's act. `after`: a wait that follows it.

    `times`: how long a person has for it, unless deadlines/step_times.py says otherwise. `watch` names a poller that
    sees an open step done in Atlas, without the person coming back here to say so. `inputs` are offered on the page
    once the step can begin, `results` once it is done. `commands` names one of COMMANDS (step_commands.py),
    `done_template` a template that a done step shows. `first_action` is what somebody to whom the step is handed over
    does first. `ways` are chosen from before anything is done. `act` says what a person does and where, as a heading;
    without it the title does. `place` is where that is; `place_by_hand` says so for where the portal lacks the account
    API. `lasts`: it is good for the company's later onboardings, too.
    """

    slug: str
    stage: Stage
    title: str
    who: frozenset[Role]
    system: str
    times: Times
    facts: tuple[Fact, ...]
    needs: tuple[str, ...] = ()
    form: str | None = None
    ways: tuple[Way, ...] = ()
    before: Wait | None = None
    after: Wait | None = None
    watch: str | None = None
    back_to: tuple[str, ...] = ()
    irreversible: Irreversible | None = None
    inputs: tuple[Download, ...] = ()
    results: tuple[Download, ...] = ()
    key: KeyUse | None = None
    page_parts: frozenset[PagePart] = frozenset()
    commands: str | None = None
    done_template: str = ""
    act: str = ""
    place: Place | None = None
    place_by_hand: Place | None = None
    lasts: Lasting | None = None
    first_action: str = "Open the step and read “Before you start”."

    @property
    def acts_after_wait(self) -> bool:
        """Whether a person has to act once the first wait is over."""
        return self.form is not None

    @property
    def heading(self) -> str:
        """What a person does in this step, as a verb."""
        return self.act or self.title

    @property
    def check_answers(self) -> bool:
        """Whether what was typed is shown once more before it is sent."""
        return self.irreversible is not None

    @property
    def waits(self) -> tuple[Wait, ...]:
        """Its waits, in order."""
        return tuple(wait for wait in (self.before, self.after) if wait)

    def who_words(self) -> str:
        """Who may act, as words for a page."""
        if self.who == PRIMARY_ONLY:
            return "the Primary Certificate Admin"
        return "a Certificate Admin" if self.who == ADMINS else "a Certificate Admin or a technician"
