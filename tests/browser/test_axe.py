"""Every page in every state: axe finds nothing, the content policy refuses nothing, no phone scrolls sideways, no word
breaks, and tables are cards with every column.

Names and addresses are as long as they come. The last test proves that no page is left out.
"""

from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

from tests.browser import page_assertions
from tests.browser.page_setup import PageSetup
from tests.browser.page_states import SCENES
from tests.leaks.scenario import Scenario
from tests.leaks.url_names import every_name
from tests.outside_calls import begin_test_transaction

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.django_db(transaction=True)
def test_nothing_is_wrong_with_a_page(tabs, setup, name) -> None:
    setup.with_long_names()
    found = {}
    for view in SCENES[name](setup):
        tab = tabs.show(view)
        wrong = [
            *page_assertions.violations(tab),
            *page_assertions.refused_by_the_policy(tab),
            *page_assertions.shown_though_hidden(tab),
            *page_assertions.too_wide(tab),
            *page_assertions.unstacked_tables(tab),
            *page_assertions.broken_words(tab, page_assertions.PHONE),
            *page_assertions.too_wide(tab, page_assertions.TABLET),
            *page_assertions.broken_words(tab, page_assertions.TABLET),
        ]
        if (status := page_assertions.status_of(tab)) != view.status:
            wrong.append(f"status {status} instead of {view.status}")
        found[view.name] = wrong
    assert {view: wrong for view, wrong in found.items() if wrong} == {}
    assert len(found) > 3


def _shown(stage_of: Callable[[], PageSetup]) -> set[str]:
    """The names of all addresses that the scenes show."""
    shown = set()
    for scene in SCENES.values():
        with begin_test_transaction():
            for view in scene(stage_of()):
                with suppress(Resolver404):  # addresses that fail on purpose are none of the portal's
                    shown.add(resolve(urlsplit(view.path).path, "config.urls").view_name)
            transaction.set_rollback(True)
    return shown


def _is_page(client: Client, address: str) -> bool:
    """Whether GET answers with a whole page. Files, redirects, pieces of pages and refusals are none."""
    answer = client.get(address)
    return answer.status_code == 200 and answer.getvalue().lstrip()[:9].lower() == b"<!doctype"


def test_every_address_that_answers_with_a_page_is_in_a_scene(db, settings) -> None:
    left_out = every_name() - _shown(lambda: PageSetup(settings))
    scene = Scenario(settings)
    pages = [
        f"{name} for {who}"
        for name in left_out
        for who in ("anonymous", "alice", "bob", "olga", "granted")
        if _is_page(scene.clients[who], scene.address(name, who))
    ]
    assert pages == []
    assert {"journey:csr-file", "journey:now", "handover:claim", "dashboards:healthz"} <= left_out
