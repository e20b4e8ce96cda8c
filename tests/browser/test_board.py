"""Ops answer the questions of their day from the board, each within three clicks, with many companies in the portal.

The companies are made as rows; how they come to stand where they stand is tested with the journey.
"""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Page, expect

from onboarding.audit.chain import record_event
from onboarding.audit.event_names import EventName
from onboarding.notifications.models import OutboxEmail
from onboarding.people.models import User
from tests.browser.person import Person
from tests.dashboards.factories import Stand, make_certificate, make_many
from tests.people_fixtures import make_user
from tests.time_travel import travel

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _make_scene(olga: User) -> None:
    """A hundred companies: most in time, one late at GlobalSign, one that nobody moves, one with a certificate."""
    now = timezone.now()
    (late,) = make_many(
        [Stand("verification", "waiting", now - timedelta(days=5), {"due_at": now - timedelta(days=2)})],
        "late",
    )
    (still,) = make_many(
        [Stand("csr", "open", now - timedelta(days=60), {"due_at": now - timedelta(days=50)})], "still"
    )
    (ending,) = make_many([Stand("dip-upload")], "ending")
    make_many([Stand("quote", since=now - timedelta(hours=n)) for n in range(97)], "quick")
    make_certificate(ending, 50, "AB50")
    OutboxEmail.objects.create(
        key="x", to=olga, subject="Accept the quote", delivery="failed", onboarding_id=still.pk
    )
    with travel(now - timedelta(days=7)), transaction.atomic():
        record_event(EventName.ONBOARDING_COMPLETED, company=late.company, onboarding_id=late.pk)


def test_six_questions_are_answered_within_three_clicks(db: None, browse: Callable[..., Page]) -> None:
    olga = make_user("olga@ops.example", "Olga Ops", is_ops=True)
    _make_scene(olga)
    ops = Person(olga, browse())
    ops.sign_in(then="/ops/")
    tab, main = ops.tab, ops.tab.get_by_role("main")
    stuck = main.get_by_role("region", name="Stuck and at risk").get_by_role("row")

    # Who has stood still longest, who is late and why, whom do I ring: without a click.
    expect(stuck.nth(1)).to_contain_text("Still 000 Ltd")
    expect(stuck.nth(1)).to_contain_text("should have been done by")
    expect(stuck.nth(2)).to_contain_text("GlobalSign's vetting is late.")
    expect(stuck.nth(2)).to_contain_text("Primary late 0")
    expect(stuck.nth(2).get_by_role("link", name="0117 496 0001")).to_be_visible()

    # Whose step is it: the number leads to exactly its rows.
    with_globalsign = main.get_by_role("link", name="with GlobalSign or Atlas")
    with_globalsign.click()
    expect(main.get_by_role("row")).to_have_count(2)
    expect(main).to_contain_text("Late 000 Ltd")

    tab.goto("/ops/")
    main.get_by_role("link", name="within 60 days").click()
    expect(main.get_by_role("row")).to_have_count(2)
    expect(main).to_contain_text("Ending 000 Ltd")

    tab.goto("/ops/")
    main.get_by_role("link", name="could not be sent").click()
    expect(main).to_contain_text("Accept the quote")
    expect(main).to_contain_text("Olga Ops <olga@ops.example>")

    tab.goto("/ops/")
    main.get_by_role("link", name="Last week").click()
    expect(main.get_by_role("heading", name="Completed: 1")).to_be_visible()
    expect(main).to_contain_text("Late 000 Ltd")


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
