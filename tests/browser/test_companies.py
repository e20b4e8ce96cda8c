"""Ops answer the questions of their day, each within three clicks from the board, with two hundred seeded companies.

What a page shows for each filter is in tests/ops/ and tests/dashboards/; here stands that the way there is short.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.steps import Actor
from onboarding.notifications.models import OutboxEmail
from onboarding.ops.models import CallResult
from onboarding.ops.notes import add_call
from onboarding.people.models import Company, Membership, User
from tests.browser.person import Person
from tests.notifications.email_reader import read_email
from tests.people_fixtures import make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COMPANIES, MOST_CLICKS = 200, 3


class Clicks:
    """A browser that counts; typing, choosing in a list and the key Enter are none."""

    def __init__(self, tab: Page) -> None:
        self.tab, self.count = tab, 0
        self.main = tab.get_by_role("main")
        self.rows = self.main.locator("tbody tr")

    def begin(self) -> None:
        """A new question, from the board."""
        self.tab.goto("/ops/")
        self.count = 0

    def press(self, what: Locator) -> None:
        """One more; fails past the third."""
        self.count += 1
        assert self.count <= MOST_CLICKS
        what.click()

    def link(self, name: str) -> None:
        """A link of the page, by its words."""
        self.press(self.main.get_by_role("link", name=name, exact=True).first)

    def find(self, words: str) -> None:
        """From the board to what is found by a search."""
        self.begin()
        self.link("All companies")
        box = self.tab.get_by_role("searchbox")
        box.fill(words)
        box.press("Enter")

    def number(self, label: str) -> int:
        """A number of the board, by the words that lead to its rows."""
        figure = self.main.locator(".app-figure", has=self.tab.get_by_role("link", name=label, exact=True))
        return int(figure.inner_text().split()[0])


@pytest.fixture
def ops(db: None, browse: Callable[..., Page]) -> Clicks:
    """Olga's browser, on the board."""
    call_command("seed", COMPANIES, stdout=StringIO(), stderr=StringIO())
    olga = make_user("olga@ops.example", "Olga Ops", is_ops=True)
    lead = User.objects.get(pk=_primary_of(_worst().company))
    add_call(_worst().company, lead, CallResult.RING_AGAIN, "They wait for the auditor", actor=olga)
    newest = Company.objects.order_by("-created_at").first()
    assert newest is not None
    Company.objects.filter(pk=newest.pk).update(created_at=timezone.now() - timedelta(days=1))
    tab = browse()
    Person(olga, tab).sign_in("/ops/")
    return Clicks(tab)


def _worst() -> Onboarding:
    """Who of the stuck has stood still longest."""
    found = Onboarding.objects.stuck(timezone.now()).select_related("company").order_by("since").first()
    assert found is not None
    return found


def _primary_of(company: Company) -> object:
    return Membership.objects.get(company=company, role="primary").user_id


def test_each_question_is_answered_within_three_clicks(ops: Clicks) -> None:
    for ask in (
        _who_has_stood_still_longest_who_is_late_and_why_and_whom_do_i_ring, _whose_step_is_it,
        _what_happened_last_week, _which_certificates_end_in_sixty_days, _which_emails_did_not_arrive,
        _who_signed_in_last_and_when_and_what_was_said, _where_is_the_company_added_yesterday, _give_me_a_list,
    ):  # fmt: skip
        ops.begin()
        ask(ops)


def _who_has_stood_still_longest_who_is_late_and_why_and_whom_do_i_ring(ops: Clicks) -> None:
    """Three questions without a click."""
    stuck = ops.main.get_by_role("region", name="Stuck and at risk").locator("tbody tr")
    worst = _worst()
    record = StepRecord.objects.get(onboarding=worst, slug=worst.current_step)
    contact = record.assignee or User.objects.get(pk=_primary_of(worst.company))
    expect(stuck.first).to_contain_text(worst.company.name)
    expect(stuck.first.locator("td[data-label='Whom to ring']")).to_contain_text(contact.name)
    expect(stuck.first.locator("a[href^='tel:']").first).to_contain_text(contact.telephone)
    late = Onboarding.objects.stuck(timezone.now()).filter(current_state="open").order_by("since").first()
    assert late is not None
    row = stuck.filter(has_text=late.company.name).first
    expect(row.locator("td[data-label=Why]")).to_contain_text("should have been done by")
    expect(row.locator("td[data-label='Next action']")).to_contain_text("Ring")


def _whose_step_is_it(ops: Clicks) -> None:
    """The number leads to exactly its rows."""
    waiting = Onboarding.objects.active().filter(next_actor__in=(Actor.GLOBALSIGN, Actor.ATLAS)).count()
    assert ops.number("with GlobalSign or Atlas") == waiting
    ops.link("with GlobalSign or Atlas")
    expect(ops.main).to_contain_text(f"{waiting} row")
    whose = ops.rows.locator("td[data-label='Who has to act']").filter(
        has_text=re.compile("GlobalSign|Atlas")
    )
    expect(whose).to_have_count(min(waiting, 50))


def _what_happened_last_week(ops: Clicks) -> None:
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    this = today - timedelta(days=today.weekday())
    done = Event.objects.filter(
        name=EventName.ONBOARDING_COMPLETED, at__gte=this - timedelta(days=7), at__lt=this
    )
    ops.link("Last week")
    expect(ops.main.get_by_role("heading", name=f"Completed: {done.count()}", exact=True)).to_be_visible()


def _which_certificates_end_in_sixty_days(ops: Clicks) -> None:
    number = ops.number("within 60 days")
    assert number > 0
    ops.link("within 60 days")
    expect(ops.rows).to_have_count(min(number, 50))


def _which_emails_did_not_arrive(ops: Clicks) -> None:
    failed = OutboxEmail.objects.filter(delivery="failed").order_by("created_at")
    assert ops.number("could not be sent") == failed.count() > 0
    ops.link("could not be sent")
    expect(ops.rows).to_have_count(min(failed.count(), 50))
    expect(ops.rows.first).to_contain_text(read_email(failed[0]).subject)


def _who_signed_in_last_and_when_and_what_was_said(ops: Clicks) -> None:
    """Two questions on one page."""
    company = _worst().company
    last = company.members.exclude(last_login=None).order_by("-last_login")[0]
    ops.find(User.objects.get(pk=_primary_of(company)).email)
    ops.link(company.name)
    row = ops.rows.filter(has_text=last.email)
    when = f"{timezone.localtime(last.last_login):%Y-%m-%dT%H:%M}"
    assert str(row.locator("time").first.get_attribute("datetime")).startswith(when)
    expect(ops.main).to_contain_text("They wait for the auditor")


def _where_is_the_company_added_yesterday(ops: Clicks) -> None:
    newest = Company.objects.order_by("-created_at").first()
    assert newest is not None
    ops.link("All companies")
    ops.main.get_by_label("Order").select_option("Added last")
    ops.press(ops.main.get_by_role("button", name="Show"))
    expect(ops.rows.first).to_contain_text(newest.name)


def _give_me_a_list(ops: Clicks) -> None:
    begun = Onboarding.objects.count()
    without = Company.objects.filter(onboardings=None).count()
    ops.link("All companies")
    with ops.tab.expect_download() as got:
        ops.link("Download this list as CSV")
    assert len(got.value.path().read_text("utf-8-sig").splitlines()) == 1 + begun + without
