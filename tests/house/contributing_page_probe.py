"""Asks for one address as the tests of leaks and budgets ask for all: in the copy that test_contributing.py makes.

Not collected by itself: the address is not one of the portal's own.
"""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.urls import resolve

from tests.browser.page_setup import PageSetup
from tests.browser.page_states import SCENES
from tests.budgets.table import BUDGETS
from tests.budgets.test_page_budgets import Within, settings_of_the_count, within
from tests.leaks.expected_access import rows
from tests.leaks.scenario import WHO, Scenario
from tests.leaks.test_leak_matrix import METHODS, _ask, scene
from tests.outside_calls import begin_test_transaction

__all__ = ["scene", "settings_of_the_count", "within"]

NAME = "team:contacts"


@pytest.mark.parametrize("method", METHODS)
def test_each_of_ten_people_gets_what_the_table_says(scene: Scenario, method: str) -> None:
    came = [_ask(scene, who, method, NAME) for who in WHO]
    assert [word for word, _ in came] == rows(method)[NAME]
    assert [leaked for _, leaked in came if leaked] == []


def test_the_page_stays_within_its_budget(scene: Scenario, within: Within) -> None:
    for who in WHO:
        with begin_test_transaction():
            with within(BUDGETS[NAME], info=who):
                scene.clients[who].get(scene.address(NAME, who))
            transaction.set_rollback(True)


def test_the_page_is_in_a_scene(db: None, settings: Any) -> None:
    shown = SCENES["inviting people"](PageSetup(settings))
    assert NAME in {resolve(urlsplit(view.path).path, "config.urls").view_name for view in shown}
