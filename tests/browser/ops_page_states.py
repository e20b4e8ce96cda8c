"""The pages of all companies for ops: the list in every state, a company's page, and what ops do about it.

The board and the other scenes are in page_states.py.
"""

from collections.abc import Iterator

from playwright.sync_api import Page

from onboarding.journey.deadlines import holds
from onboarding.ops.models import CallResult, NoteAudience, SavedView
from onboarding.ops.notes import add_call, add_note
from onboarding.people.models import Company
from tests.browser.page_setup import PageSetup, PageState

LIST = "/ops/companies/"
LONG = "Supercalifragilisticexpialidocious_" * 4


def _send(tab: Page) -> None:
    tab.get_by_role("main").locator("form[method=post] button").first.click()


def companies_for_ops(setup: PageSetup) -> Iterator[PageState]:
    """From companies that have nothing to one that is archived."""
    one, people = setup.people.one, setup.people
    page = f"{LIST}{one.slug}/"
    yield PageState("company for ops, not started", "olga", page)
    setup.start()
    setup.bring_to("verification")
    setup.make_late("verification")
    setup.onboarding = setup.start("production")
    setup.fail("register")
    SavedView.objects.create(user=people.olga, name=f"Late ones {LONG}"[:60], query="state=stuck")
    yield PageState("companies", "olga", LIST)
    yield PageState("companies, a saved view", "olga", f"{LIST}?state=stuck")
    yield PageState("companies, filters", "olga", f"{LIST}?stage=Vetting&sort=since")
    yield PageState("companies, none fits", "olga", f"{LIST}?q=zebra")
    yield PageState("companies, not understood", "olga", f"{LIST}?state=zebra&age=1-&zebra={LONG}", 400)
    yield PageState("companies, no name for a view", "olga", f"{LIST}?q=llanfair", press=_send)
    for verb in ("note", "call", "hold"):
        yield PageState(f"company for ops, {verb}", "olga", f"{page}{verb}/")
        yield PageState(f"company for ops, {verb}, empty", "olga", f"{page}{verb}/", press=_send)
    yield PageState("company for ops, not to be archived", "olga", f"{page}archive/")
    add_note(one, LONG, NoteAudience.COMPANY, actor=people.olga)
    add_call(one, people.bob, CallResult.RING_AGAIN, LONG, actor=people.olga)
    holds.hold_company(one, LONG, actor=people.olga)
    yield PageState("company for ops, on hold", "olga", page)
    yield PageState("company on hold, with a note", "rhea", f"/companies/{one.slug}/")
    yield PageState("company for ops, to be archived", "olga", f"{LIST}{people.two.slug}/archive/")
    Company.objects.filter(pk=people.two.pk).update(archived_at=one.created_at)
    yield PageState("company for ops, archived", "olga", f"{LIST}{people.two.slug}/")
    yield PageState("company, archived", "charlie", f"/companies/{people.two.slug}/")
