"""People who use no scripts, no mouse, or leave a page open: the same steps, with nothing lost.

Small windows, the content policy and axe are tested for every page in test_axe.py.
"""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from onboarding.journey.models import Onboarding, StepRecord
from tests.browser.page_setup import PageSetup
from tests.browser.person import Person
from tests.people_fixtures import step

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REGISTRATION = {
    "Full name of the Primary Certificate Admin": "Alice Test",
    "Job title": "Head of Data",
    "Who can read this mailbox?": "Alice only",
    "Direct telephone number": "020 7946 0018",
    "Who has been told to expect GlobalSign's call?": "The front desk",
}
AT_MOST = 15_000  # milliseconds until a page has looked again; it does every 5 seconds
FOCUSED = """() => {
  const one = document.activeElement;
  const names = [one.getAttribute("aria-label"), ...[...(one.labels ?? [])].map((label) => label.innerText)];
  return (names.find(Boolean) ?? one.innerText ?? "").trim();
}"""


@pytest.fixture
def setup(settings) -> PageSetup:
    """People and an onboarding at the addresses that the portal really has."""
    return PageSetup(settings)


@pytest.fixture
def alice(setup: PageSetup, browse: Callable[..., Page]) -> Person:
    return Person(setup.people.alice, browse())


def test_without_scripts_a_step_is_done_and_a_wait_confirmed(people, browse) -> None:
    alice = Person(people.alice, browse(java_script_enabled=False))
    alice.sign_in()
    alice.start_onboarding()
    alice.open_step("register")
    alice.fill({**REGISTRATION, "Email address for vetting": people.alice.email})
    alice.press("Check your answers")
    errors = alice.tab.get_by_role("alert")
    expect(errors).to_contain_text("There is a problem")
    expect(alice.part.get_by_label("Job title", exact=True)).to_have_value("Head of Data")
    alice.choose("This person is a current full-time employee")
    alice.date("When did you submit GlobalSign's form?")
    alice.press("Check your answers")
    alice.press("Confirm")
    alice.open_step("invitation")
    expect(alice.tab.locator("#wait")).to_contain_text("Waiting for")
    alice.date("When did the confirmation email")
    alice.date("When did the invitation")
    alice.press("Confirm")
    assert step(Onboarding.objects.get(), "invitation").state == "open"


def test_an_open_page_says_by_itself_what_a_colleague_has_done_meanwhile(setup, alice) -> None:
    setup.start()
    setup.bring_to("payment-method")
    setup.finish("payment-method")
    alice.sign_in(setup.path("quote"))
    expect(alice.tab.locator("#wait")).to_contain_text("Waiting for")
    setup.perform("quote", waits=True)
    expect(alice.tab.get_by_label("Amount on the quotation, in pounds")).to_be_visible(timeout=AT_MOST)


def test_a_page_that_refreshes_itself_leaves_alone_what_is_being_typed(setup, alice) -> None:
    setup.start()
    setup.bring_to("payment-method")
    setup.finish("payment-method")
    alice.sign_in(setup.path("quote"))
    with alice.tab.expect_response("**/quote/now/**"):
        alice.fill({"Note (optional)": "It came on"})
    with alice.tab.expect_response("**/quote/now/**"):
        expect(alice.part.get_by_label("Note (optional)")).to_have_value("It came on")
    expect(alice.part.get_by_label("Note (optional)")).to_have_value("It came on")


def test_a_page_that_refreshes_itself_leaves_the_keyboard_where_it_is(setup, alice) -> None:
    setup.start()
    setup.bring_to("payment-method")
    setup.finish("payment-method")
    StepRecord.objects.filter(pk=setup.record("quote").pk).update(
        next_check_at=timezone.now()
    )  # the portal looks
    alice.sign_in(setup.path("quote"))
    button = alice.tab.get_by_role("button", name="Check now")
    button.focus()
    for _ in range(2):
        with alice.tab.expect_response("**/quote/now/**"):
            expect(button).to_be_focused()
    expect(button).to_be_focused()


def _go_to(tab: Page, name: str) -> None:
    """Press Tab until the focus is on what has this name; every stop on the way must be seen."""
    for _ in range(80):
        tab.keyboard.press("Tab")
        if str(tab.evaluate(FOCUSED)).startswith(name):
            expect(tab.locator(":focus")).to_be_in_viewport()
            return
    raise AssertionError(f"the Tab key never comes to “{name}”")


def test_with_the_keyboard_alone_a_step_is_found_filled_mended_and_sent(setup, alice) -> None:
    setup.start()
    setup.bring_to("payment-method")
    tab, keys = alice.tab, alice.tab.keyboard
    alice.sign_in(setup.path())
    tab.reload()
    _go_to(tab, "Skip to main content")
    keys.press("Enter")
    _go_to(tab, "Continue")
    keys.press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_have_text(setup.record("payment-method").definition.title)
    _go_to(tab, "Save and continue")
    keys.press("Enter")
    summary = tab.get_by_role("alert")
    expect(summary).to_contain_text("There is a problem")
    expect(tab.locator(".govuk-error-summary")).to_be_focused()
    keys.press("Tab")
    keys.press("Enter")
    keys.type("1")
    keys.press("Tab")
    keys.type("6")
    keys.press("Tab")
    keys.type("2026")
    keys.press("Enter")
    expect(summary).to_contain_text("Saved")
    assert setup.record("payment-method").state == "done"
