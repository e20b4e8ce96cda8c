"""The stage on which the pages are shown: people, an onboarding, and where it stands, set with the portal's own moves.

The pages themselves are in page_states.py and step_page_states.py.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page
from pydantic import SecretStr

from onboarding.journey import progress
from onboarding.journey.access import read_access
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.page_files import PageFiles
from onboarding.journey.problems import list_problems
from onboarding.journey.progress import Submission
from onboarding.journey.way_conditions import Circumstances
from onboarding.people.models import Company, User
from tests.journey import step_actions
from tests.people_fixtures import People, make_people, step

COMPANY = (
    "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch Metering and Grid Connection Services Ltd"
)
PERSON = "Hubert Blaine Wolfeschlegelsteinhausenbergerdorff-{name}"
EMAIL = "hubert.blaine.wolfeschlegelsteinhausenbergerdorff.{name}@wolfeschlegelsteinhausenbergerdorff.example"
TELEPHONE = "+44 (0) 20 - 7946 - 0018 ext. 1234567"


@dataclass(frozen=True)
class PageState:
    """A page to look at: by whom (a name of People, "" for a stranger), where, and what is pressed there first."""

    name: str
    who: str
    path: str
    status: int = 200
    press: Callable[[Page], None] | None = None
    fresh: bool = False  # whether the person has signed in just now


@dataclass
class PageSetup:
    """One database: two companies, and company one's onboarding once it is started."""

    settings: Any
    people: People = field(default_factory=make_people)

    def start(self, environment: str = "uit") -> Onboarding:
        """Company one's onboarding."""
        self.onboarding = progress.start(self.people.one, environment=environment, actor=self.people.alice)
        return self.onboarding

    def with_long_names(self) -> None:
        """Names, addresses and numbers as long as they come."""
        Company.objects.filter(pk=self.people.one.pk).update(name=COMPANY)
        for name in ("alice", "bob", "tess", "rhea", "olga"):
            user = getattr(self.people, name)
            user.name, user.email = PERSON.format(name=name.title()), EMAIL.format(name=name)
            user.telephone = user.direct_line = TELEPHONE
            user.save()
        for each in (self.people.one, *vars(self.people).values()):
            each.refresh_from_db()

    def path(self, slug: str = "", verb: str = "") -> str:
        """An address below the onboarding's own."""
        return "/".join(part for part in (f"/onboardings/{self.onboarding.code}", slug, verb) if part) + "/"

    def record(self, slug: str) -> StepRecord:
        """The step as it stands."""
        return step(self.onboarding, slug)

    def bring_to(self, slug: str) -> StepRecord:
        """Everything before this step is done."""
        first = next(each for each in step_actions.STEP_ACTIONS if each.slug == slug)
        return step_actions.bring_to(self.onboarding, self.people, first)

    def list_ways(self, slug: str) -> list[str]:
        """The names of the ways of this open step that are there for whoever does it."""
        record = self.record(slug)
        access = read_access(self.actor(slug), record.onboarding)
        return [way.name for way in Circumstances(record, PageFiles(record.onboarding), access).list_ways()]

    def perform(self, slug: str, *, waits: bool = False) -> None:
        """The step's form, or the one that ends its wait."""
        step_actions.perform(self.onboarding, self.people, step_actions.step_action(slug, waits=waits))

    def confirm_with_a_file(self, slug: str) -> None:
        """Somebody ends the wait, with a note and the email as a file."""
        progress.confirm(
            self.record(slug),
            actor=self.actor(slug),
            effect=lambda _: Submission(),
            seen_on=timezone.now(),
            note="V. Etting of GlobalSign wrote on Monday; the case number is GS-104233.",
            file=("verification-email-of-globalsign-received-on-monday.eml", b"Dear Alice"),
        )

    def finish(self, slug: str) -> None:
        """Whatever is left of the step."""
        for each in step_actions.STEP_ACTIONS:
            if each.slug == slug and self.record(slug).state == ("waiting" if each.waits else "open"):
                step_actions.perform(self.onboarding, self.people, each)

    def finish_all(self) -> None:
        """The whole journey."""
        for each in dict.fromkeys(each.slug for each in step_actions.STEP_ACTIONS):
            self.finish(each)

    def who_does(self, slug: str) -> str:
        """The name of somebody who may just do this step."""
        user = next(each for each in step_actions.STEP_ACTIONS if each.slug == slug).doer(self.people)
        return next(name for name, one in vars(self.people).items() if one == user)

    def actor(self, slug: str) -> User:
        """That person."""
        user: User = getattr(self.people, self.who_does(slug))
        return user

    def leave_to_the_worker(self, slug: str) -> None:
        """The person's part is done, the worker's is not."""
        waits = Submission(answers={"way": "portal"}, waits=True)
        progress.submit(self.record(slug), actor=self.actor(slug), effect=lambda _: waits)

    def fail(self, slug: str) -> None:
        """The first problem of the catalogue that fits and can be tried again, if the step has none yet."""
        if self.record(slug).state != "problem":
            code = next(each.code for each in list_problems(slug) if each.code != "key-exposed")
            said = "The page said: “Not now”."
            progress.report_problem(self.record(slug), actor=self.actor(slug), code=code, detail=said)

    def make_late(self, slug: str) -> None:
        """The limit of the wait was an hour ago."""
        record = self.record(slug)
        assert record.wait is not None
        due = timezone.now() - timedelta(hours=1)
        since = due - record.wait.limit
        StepRecord.objects.filter(pk=record.pk).update(since=since, due_at=due)
        Onboarding.objects.filter(pk=self.onboarding.pk).update(since=since, due_at=due)

    def seen_with_the_api(self, slug: str, views: Iterator[PageState]) -> Iterator[PageState]:
        """The same pages as they are where the portal can look at Atlas by itself."""
        plain, now = self.settings.PORTAL, timezone.now()
        look = {
            "next_check_at": now,
            "polled_at": now - timedelta(seconds=30),
            "last_poll_result": "not ready yet",
        }
        StepRecord.objects.filter(pk=self.record(slug).pk).update(**look)
        self.settings.PORTAL = plain.model_copy(
            update={"account_api_url": "https://atlas.example", "account_api_token": SecretStr("none")}
        )
        yield from views
        self.settings.PORTAL = plain
        StepRecord.objects.filter(pk=self.record(slug).pk).update(next_check_at=None)
