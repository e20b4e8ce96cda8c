"""No page asks anybody to read more than seven hundred words, whoever opens it and wherever an onboarding stands.

Counted is what stands in <main>, folded parts too. Not counted are rows of data (table bodies, and lists marked
`data-rows`) and commands, which are copied and not read. Guides and the catalogue of the help are there to be read, and
are searched.
"""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from pydantic import SecretStr
from selectolax.lexbor import LexborHTMLParser

from onboarding.help import urls as help_urls
from tests.browser.page_setup import PageSetup
from tests.budgets.stations import GRANTED, let_in, list_stations
from tests.budgets.table import BUDGETS
from tests.handover.factories import make_dana
from tests.leaks.expected_access import rows
from tests.leaks.scenario import WHO, Scenario
from tests.outside_calls import begin_test_transaction
from tests.people_fixtures import client_of

pytestmark = pytest.mark.long
MOST_WORDS = 700
DATA = ("tbody", "[data-rows]", "select", "pre", "script", "style", "template")
TO_BE_READ = {f"help:{each.name}" for each in help_urls.urlpatterns} - {"help:check-file"}


def count_words(html: bytes) -> int:
    """What a person could read on a page, without the data and the commands on it."""
    main = LexborHTMLParser(html).css_first("main")
    if main is None:
        return 0
    while part := main.css_first(",".join(DATA)):  # one after the other: one may stand in another
        part.decompose()
    return len(main.text(separator=" ").split())


def test_words_are_counted_and_data_is_not() -> None:
    page = b"""<p>not this</p><main><h1>One two</h1><details><summary>three</summary>four</details>
    <table><thead><tr><th>five</th></tr></thead><tbody><tr><td>no no no</td></tr></tbody></table>
    <ul data-rows><li>no</li></ul><pre>no no</pre><ul><li>six</li></ul></main>"""
    assert count_words(page) == 6


def test_no_page_is_longer_than_its_budget(db: None, settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Every address, as each person gets it."""
    caplog.set_level(logging.CRITICAL, "django.request")
    scenario, expected, counted = Scenario(settings), rows("GET"), {}
    for name in set(BUDGETS) - TO_BE_READ - {"journey:step"}:  # the steps have a test of their own
        for who, word in zip(WHO, expected[name], strict=True):
            if word == "200":
                counted[f"{name} for {who}"] = _count_of(scenario, name, who)
    assert max(counted.values()) > MOST_WORDS / 4  # pages were seen
    assert {page: words for page, words in counted.items() if words > MOST_WORDS} == {}


def _count_of(scenario: Scenario, name: str, who: str) -> int:
    client = scenario.clients[who]
    cookies = client.cookies.copy()
    with begin_test_transaction():
        answer = client.get(scenario.address(name, who))
        words = 0 if answer.streaming else count_words(answer.content)
        transaction.set_rollback(True)
    client.cookies = cookies
    return words


def test_no_step_is_longer_than_its_budget(db: None, settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Every step in every state, and the journey beside it; where the portal looks into Atlas, and where it cannot."""
    caplog.set_level(logging.CRITICAL, "django.request")
    setup = PageSetup(settings)
    onboarding, dana = setup.start(), make_dana()
    let_in(onboarding, dana, *GRANTED)
    # Nobody of the company reads more than its primary, and nobody from outside more than who was let in.
    people = (setup.people.alice, dana)
    browsers = {str(each): client_of(each) for each in people}
    longest: dict[str, tuple[int, str]] = {}
    for slug in list_stations(setup):
        for who, words, place in _counts(setup, slug, browsers):
            where = f"{setup.record(slug).state}, for {who}"
            longest[place] = max(longest.get(place, (0, "")), (words, where))
    over = {place: seen for place, seen in longest.items() if seen[0] > MOST_WORDS}
    assert over == {}


def _counts(setup: PageSetup, slug: str, browsers: dict[str, Client]) -> Iterator[tuple[str, int, str]]:
    """(who, words, the step or "" for the journey)."""
    plain = setup.settings.PORTAL
    looking = {"account_api_url": "https://atlas.example", "account_api_token": SecretStr("none")}
    for portal in (plain, plain.model_copy(update=looking)):
        setup.settings.PORTAL = portal
        for who, browser in browsers.items():
            for place in (slug, ""):
                answer = browser.get(setup.path(place))
                if answer.status_code == 200:
                    yield who, count_words(answer.content), place
    setup.settings.PORTAL = plain
