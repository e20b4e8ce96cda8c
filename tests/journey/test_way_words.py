"""A way's page is short: at most 300 words in its main part, what is folded not counted.

How high it is in a browser is measured in tests/browser/test_ways.py.
"""

from typing import Any

import pytest
from bs4 import BeautifulSoup

from onboarding.journey.models import Onboarding
from onboarding.ui.operating_systems import System
from tests.journey.form_client import soup
from tests.journey.way_cases import EVERY_WAY, bring_to_way
from tests.people_fixtures import People, client_of

MOST = 300
FOLDED = "details > :not(summary), .app-without-script, [hidden], script, .govuk-visually-hidden"


def shown_words(page: BeautifulSoup) -> list[str]:
    """The words of the page's main column that nobody has to unfold."""
    (main,) = page.select(".govuk-grid-column-two-thirds")
    for folded in main.select(FOLDED):
        folded.decompose()
    return main.get_text(" ").split()


@pytest.mark.parametrize(("slug", "name"), EVERY_WAY, ids=map("/".join, EVERY_WAY))
def test_a_way_has_at_most_300_words_for_each_system(
    settings: Any, people: People, onboarding: Onboarding, slug: str, name: str
) -> None:
    path = bring_to_way(settings, onboarding, people, slug, name)
    browser, counted = client_of(people.alice), {}
    for system in System:
        answer = browser.get(f"{path}ways/{name}/", {"system": str(system)})
        assert answer.status_code == 200
        counted[system] = len(shown_words(soup(answer)))
    assert {system: count for system, count in counted.items() if not 40 < count <= MOST} == {}


@pytest.mark.parametrize("slug", ["csr", "pfx"])
def test_the_choice_of_ways_has_at_most_300_words(
    settings: Any, people: People, onboarding: Onboarding, slug: str
) -> None:
    path = bring_to_way(settings, onboarding, people, slug, "openssl")
    assert 40 < len(shown_words(soup(client_of(people.alice).get(path)))) <= MOST
