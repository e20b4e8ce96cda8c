"""The board refreshes itself, but not under the hands of who is in it.

How ops answer the questions of their day from it is in test_companies.py.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.person import Person
from tests.dashboards.factories import Stand, make_many
from tests.people_fixtures import make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_board_refreshes_itself_but_not_under_the_hands_of_who_is_in_it(
    db: None, browse: Callable[..., Page]
) -> None:
    olga = make_user("olga@ops.example", "Olga Ops", is_ops=True)
    make_many([Stand("quote")], "first")
    tab = browse()
    tab.clock.install()
    Person(olga, tab).sign_in(then="/ops/")
    board = tab.locator("#board")
    with_companies = board.get_by_role("link", name="with the companies")
    expect(board).to_contain_text("Onboardings under way: 1")
    make_many([Stand("quote")], "second")
    with_companies.focus()
    with tab.expect_response(re.compile(r"/ops/$")):
        tab.clock.run_for(31_000)
    expect(with_companies).to_be_focused()
    expect(board).to_contain_text("Onboardings under way: 1")
    tab.get_by_role("link", name="Guide for ops").focus()
    with tab.expect_response(re.compile(r"/ops/$")):
        tab.clock.run_for(31_000)
    expect(board).to_contain_text("Onboardings under way: 2")
