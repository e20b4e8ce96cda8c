"""Fixtures of this folder: browsers of several people, the workers, the stage, a local Atlas.

Which pages there are is in page_states.py, what people do with their hands in person.py.
"""

import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from onboarding.people.models import User
from tests.atlas_fixtures import atlas, with_api, without_api
from tests.browser.page_assertions import watch
from tests.browser.page_setup import PageSetup, PageState
from tests.browser.person import Person
from tests.browser.workers import Workers
from tests.people_fixtures import PASSWORD, People

__all__ = ["atlas", "with_api", "without_api"]

PATIENCE = 15_000  # milliseconds until a page that does not come is a failure; nothing waits as long when all is well
expect.set_options(timeout=PATIENCE)


@pytest.fixture(autouse=True)
def nobody_guessed_before() -> Iterator[None]:
    """Counters of sign-ins live in the cache, which no test's end undoes, and all browsers here have one address."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def browse(live_server: Any, new_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """browse() opens a browser of its own, with its own cookies, at the portal's door."""

    def opened(**options: Any) -> Page:
        context = watch(new_context(base_url=live_server.url, locale="en-GB", **options))
        context.set_default_timeout(PATIENCE)
        return context.new_page()

    return opened


@pytest.fixture
def workers(live_server: Any) -> Iterator[Workers]:
    """The portal's background work, done beside the test as a worker process would do it."""
    with Workers() as running:
        yield running


@pytest.fixture
def setup(settings: Any, live_server: Any) -> PageSetup:
    """People and pages; some addresses fail on purpose."""
    settings.ROOT_URLCONF = "tests.browser.urls"
    return PageSetup(settings)


@pytest.fixture
def three(people: People, browse: Callable[..., Page]) -> list[Person]:
    """Alice, Bob and Tess, each with a browser, and with mailboxes that Atlas has not seen in another test."""
    found, mark = [], secrets.token_hex(3)
    for user in (people.alice, people.bob, people.tess):
        user.email = f"{mark}-{user.email}"
        user.save()
        found.append(Person(user, browse(permissions=["clipboard-read", "clipboard-write"])))
    return found


@pytest.fixture
def own_address(settings: Any, live_server: Any) -> None:
    """The portal writes its true address into its emails."""
    settings.PORTAL = settings.PORTAL.model_copy(update={"base_url": live_server.url})


class Tabs:
    """One browser for each person, signed in without the sign-in page, which other tests go through."""

    def __init__(self, setup: PageSetup, browse: Callable[..., Page]) -> None:
        self.setup, self.browse = setup, browse
        self.open: dict[tuple[str, bool], Page] = {}

    def show(self, view: PageState) -> Page:
        """The tab of this person, with the page open and what is to be pressed pressed."""
        key = (view.who, view.fresh)
        if key not in self.open:
            self.open[key] = self.browse(viewport={"width": 1280, "height": 900})
            if view.who:
                _sign_in(self.open[key], getattr(self.setup.people, view.who), view.fresh)
        tab = self.open[key]
        tab.goto(view.path)
        if view.press:
            with tab.expect_navigation():
                view.press(tab)
        return tab


@pytest.fixture
def tabs(setup: PageSetup, browse: Callable[..., Page]) -> Tabs:
    """A browser for each person."""
    return Tabs(setup, browse)


def _sign_in(tab: Page, user: User, fresh: bool) -> None:
    client = Client()
    client.force_login(user)
    name = django_settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "domain": "localhost", "path": "/"}
    tab.context.add_cookies([cookie])  # type: ignore[list-item]  # a plain dict has the right keys
    if fresh:
        tab.goto("/accounts/reauthenticate/?next=/help/")
        tab.get_by_label("Password", exact=True).fill(PASSWORD)
        tab.get_by_role("button", name="Continue").click()
        tab.wait_for_url("**/help/")
