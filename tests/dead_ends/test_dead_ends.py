"""From `/` nobody comes to a page that leaves them standing: each page leads on, or says who has it and why.

What that means is decided in page_reading.py.
"""

from collections.abc import Callable
from typing import Any

import pytest

from onboarding.handover.models import Grant
from onboarding.journey import progress
from onboarding.journey.outcomes import Failed
from onboarding.journey.problems.codes import ProblemCode
from onboarding.journey.progress import Submission
from onboarding.journey.steps import BY_SLUG, Witness
from onboarding.people.models import Membership
from tests.browser.page_setup import PageSetup
from tests.clients.factories import make_clients
from tests.dead_ends.crawler import Crawl
from tests.dead_ends.page_reading import Page, is_dead_end
from tests.handover.factories import make_dana, make_grant, make_outside_offer
from tests.nightly import leave_to_the_night
from tests.people_fixtures import fresh_client_of, make_user, step

pytestmark = pytest.mark.long
MEMBERS = ("alice", "bob", "tess", "rhea")
WAITED_FOR = [each.slug for each in BY_SLUG.values() if each.after and not each.before]


@pytest.fixture(scope="session")
def seen() -> set[str]:
    """The pages that were crawled already and would be the same again."""
    return set()


@pytest.fixture
def setup(db: None, settings: Any) -> PageSetup:
    return PageSetup(settings)


@pytest.fixture
def crawl(seen: set[str]) -> Callable[..., Crawl]:
    def run(*people: Any) -> None:
        faults = []
        for user in people:
            found = Crawl(fresh_client_of(user), str(user), seen).run()
            faults += [f"{user}: {each}" for each in found.faults]
        assert not faults, "\n".join(faults)

    return run


@pytest.mark.parametrize(
    "main",
    [
        "<p>Something was done.</p>",
        '<a class="govuk-back-link" href="/elsewhere/">Back</a>',
        '<a href="/companies/one/">The page above</a> <a href="#part">A part of it</a>',
        '<a href="/companies/one/list.csv">A file</a>',
    ],
)
def test_a_page_that_leads_nowhere_is_a_dead_end(main: str) -> None:
    assert is_dead_end(Page("/companies/one/team/", f"<a href='/'>Menu</a><main>{main}</main>"))


@pytest.mark.parametrize(
    "main",
    [
        '<form method="post"><button>Do it</button></form>',
        '<a href="/elsewhere/">Next</a>',
        '<a href="https://atlas.example/">Atlas</a>',
        "<p>You have nothing to do.</p>",
    ],
)
def test_a_page_that_leads_on_or_says_why_not_is_none(main: str) -> None:
    assert not is_dead_end(Page("/companies/one/team/", f"<main>{main}</main>"))


def test_who_has_nothing_yet_finds_out_what_to_do(setup: PageSetup, crawl: Any) -> None:
    stranger = make_user("nobody@one.example", "Nora Nobody")
    crawl(setup.people.charlie, stranger, setup.people.olga)


@pytest.mark.parametrize("slug", leave_to_the_night(BY_SLUG, but=("verification", "csr")))
def test_at_every_step_everybody_gets_on(setup: PageSetup, crawl: Any, slug: str) -> None:
    setup.start()
    setup.bring_to(slug)
    crawl(*(getattr(setup.people, name) for name in MEMBERS), setup.people.olga)


@pytest.mark.parametrize("slug", leave_to_the_night(BY_SLUG, but=("csr",)))
def test_with_a_problem_everybody_gets_on(setup: PageSetup, crawl: Any, slug: str) -> None:
    setup.start()
    setup.bring_to(slug)
    setup.fail(slug)
    crawl(setup.people.alice, setup.people.tess)


@pytest.mark.parametrize("slug", leave_to_the_night(WAITED_FOR, but=WAITED_FOR[:1]))
def test_while_something_is_waited_for_everybody_gets_on(setup: PageSetup, crawl: Any, slug: str) -> None:
    setup.start()
    setup.bring_to(slug)
    setup.leave_to_the_worker(slug)
    crawl(setup.people.alice, setup.people.tess, setup.people.olga)


def test_a_technician_of_several_clients_gets_on(setup: PageSetup, crawl: Any) -> None:
    dana = make_dana()
    waiting, done, locked, _ = make_clients(4, dana)
    waits = Submission(answers={"way": "portal"}, waits=True)
    progress.submit(step(waiting, "csr"), actor=dana, effect=lambda _: waits)
    done.steps.filter(slug__in=("csr", "pfx", "proof")).update(state="done")
    locked.steps.filter(slug="csr").update(state="locked")
    crawl(dana)


def test_who_was_offered_something_and_who_offered_it_get_on(setup: PageSetup, crawl: Any) -> None:
    dana, onboarding = make_dana(), setup.start()
    setup.bring_to("csr")
    make_outside_offer(onboarding, setup.people.bob, dana.email, "csr")
    crawl(dana, setup.people.alice, setup.people.bob)


def test_who_lost_the_access_finds_out_why_there_is_nothing(setup: PageSetup, crawl: Any) -> None:
    dana, onboarding = make_dana(), setup.start()
    setup.bring_to("csr")
    make_grant(onboarding, setup.people.bob, dana, "csr")
    Grant.objects.update(revoked_at="2026-01-01T00:00:00Z")
    Membership.objects.filter(user=setup.people.rhea).delete()
    crawl(dana, setup.people.rhea, setup.people.bob)


def test_after_the_end_everybody_gets_on(setup: PageSetup, crawl: Any) -> None:
    setup.start()
    setup.finish_all()
    crawl(*(getattr(setup.people, name) for name in MEMBERS), setup.people.olga)


def test_after_a_withdrawal_everybody_gets_on(setup: PageSetup, crawl: Any) -> None:
    onboarding = setup.start()
    setup.bring_to("csr")
    progress.withdraw(onboarding, actor=setup.people.alice, reason="We are bought by another company")
    crawl(*(getattr(setup.people, name) for name in MEMBERS), setup.people.olga)


def test_after_a_rejection_everybody_gets_on(setup: PageSetup, crawl: Any) -> None:
    setup.start()
    record = setup.bring_to("verification")
    progress.settle(record, Failed(ProblemCode.IDENTITY_REJECTED, "Case GS-1"), witness=Witness.ATLAS)
    crawl(*(getattr(setup.people, name) for name in MEMBERS), setup.people.olga)
