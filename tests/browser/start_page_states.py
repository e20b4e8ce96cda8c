"""The pages of the way in: editing a company, the welcome link, the first page, the confirmation before production.

The other scenes are in page_states.py.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.db import transaction
from playwright.sync_api import Page

from onboarding.people import reset_links
from onboarding.people.company_creation import create_company
from onboarding.people.models import Company, User
from onboarding.people.welcome_links import make_welcome_link, set_first_password
from tests.browser.page_setup import PageSetup, PageState


def _press(button: str, tab: Page) -> None:
    tab.get_by_role("main").get_by_role("button", name=button, exact=True).click()


def coming_in(setup: PageSetup) -> Iterator[PageState]:
    """A company whose primary was named and has not come yet, until somebody starts its onboarding."""
    people = setup.people
    with transaction.atomic():
        company = create_company(
            name="N" * 160,
            number="",
            admin_name="Nora New",
            admin_email=f"{'n' * 60}@new.example",
            actor=people.olga,
        )
    nora = User.objects.get(memberships__company=company)
    place = f"/companies/{company.slug}/"
    yield PageState("company, primary never came", "olga", place)
    edit, address = f"{place}edit/", f"{place}primary/address/"
    yield PageState("edit a company", "olga", edit)
    yield PageState("edit a company, wrong", "olga", edit, press=lambda tab: _press("Save", tab))
    yield PageState("correct an address", "olga", address, fresh=True)
    yield PageState(
        "correct an address, wrong",
        "olga",
        address,
        press=lambda tab: _press("Correct the address", tab),
        fresh=True,
    )
    own = f"/companies/{people.one.slug}/primary/address/"
    yield PageState("correct an address, too late", "olga", own, fresh=True)
    link = urlsplit(make_welcome_link(nora)).path
    set_password = "Set the password and continue"
    yield PageState("welcome, signed in as another", "tess", link)
    yield PageState("welcome", "", link)
    yield PageState("welcome, wrong", "", "/accounts/welcome/", 422, lambda tab: _press(set_password, tab))
    _use(link)
    yield PageState("welcome, link that was used", "", link, 409)
    yield PageState("welcome, dead link", "", "/accounts/welcome/key/none-none/", 409)
    for who in ("alice", "bob", "tess", "rhea"):
        yield PageState(f"tasks, not started, {who}", who, "/")
    production = f"/companies/{people.one.slug}/start/production/"
    yield PageState("start production, no UIT", "alice", production)
    setup.start()
    Company.objects.filter(pk=people.one.pk).update(number="12")
    yield PageState("company, number in doubt", "bob", f"/companies/{people.one.slug}/")
    yield PageState("start production, UIT under way", "bob", production)


def _use(link: str) -> None:
    uid, _, token = link.rstrip("/").rsplit("/", 1)[1].partition("-")
    seen = reset_links.read_link(uid, token)
    assert seen is not None
    assert set_first_password(seen, name="Nora New", password="made for the tests only")
