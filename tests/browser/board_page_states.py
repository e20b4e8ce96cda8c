"""The pages of ops: the board, the lists beside it, what happened; adding a company.

The other scenes are in page_states.py.
"""

from collections.abc import Iterator

from django.utils import timezone
from playwright.sync_api import Page

from onboarding.journey import progress
from onboarding.notifications.models import OutboxEmail
from tests.browser.page_setup import PageSetup, PageState


def _add(tab: Page) -> None:
    tab.get_by_role("main").get_by_role("button", name="Add the company", exact=True).click()


def board(setup: PageSetup) -> Iterator[PageState]:
    """The board: empty, full, narrowed; adding a company."""
    yield PageState("board, empty", "olga", "/ops/")
    yield PageState("add a company", "olga", "/companies/add/")
    yield PageState("add a company, wrong", "olga", "/companies/add/", 200, press=_add)
    setup.start()
    progress.start(setup.people.two, environment="uit", actor=setup.people.charlie)
    setup.bring_to("verification")
    setup.make_late("verification")
    setup.onboarding = setup.start("production")
    setup.fail("register")
    yield PageState("board, full", "olga", "/ops/")
    for query in ("state=stuck", "actor=companies", "stage=PFX"):
        yield PageState(f"board, {query}", "olga", f"/ops/?{query}")
    yield PageState("system health", "olga", "/ops/health/")
    yield PageState("certificates that end, none", "olga", "/ops/certificates/?q=zebra")
    yield PageState("certificates that end, refused", "olga", f"/ops/certificates/?q={'x' * 200}", 400)
    yield PageState("emails, none", "olga", "/ops/emails/")
    OutboxEmail.objects.create(key="x", to=setup.people.alice, subject="y" * 120, delivery="failed")
    yield PageState("emails", "olga", "/ops/emails/?kind=failed")
    yield PageState("what happened", "olga", "/ops/activity/")
    yield PageState("what happened, nothing fits", "olga", "/ops/activity/?company=zebra")
    yield PageState("what happened, refused", "olga", "/ops/activity/?first=9999-12-31&kind=zebra", 400)
    yield PageState("what happened, in another list", "olga", "/ops/activity/?after=zebra", 400)
    yield PageState("week", "olga", f"/ops/activity/week/?day={timezone.localdate()}")
    yield PageState("week, none", "olga", "/ops/activity/week/?day=9999-01-01", 400)
    yield PageState("journey, a problem, as ops", "olga", setup.path())
