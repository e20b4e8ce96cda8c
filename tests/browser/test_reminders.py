"""By the keyboard alone: a telephone number is entered, a colleague finds it, and reminds whoever has to act.

Rules and refusals are in tests/journey/test_reminders.py and tests/people/test_telephone.py.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from onboarding.handover import claims
from onboarding.journey import progress
from onboarding.journey.models import Onboarding, StepRecord
from tests.browser.colleague import Colleague
from tests.browser.workers import Workers
from tests.people_fixtures import People, step

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_TABS = 80  # more than any of these pages has to stop at


@pytest.fixture
def case(people: People) -> Onboarding:
    """What happens now is the CSR, and Bob has it."""
    onboarding = progress.start(people.one, environment="uit", actor=people.alice)
    StepRecord.objects.filter(onboarding=onboarding).exclude(slug="csr").update(state="done")
    StepRecord.objects.filter(onboarding=onboarding, slug="csr").update(state="open")
    claims.claim(step(onboarding, "csr"), actor=people.bob)
    return onboarding


def _tab_to(tab: Page, wanted: Locator) -> None:
    """From where the focus is; what the keyboard reaches is seen to have it."""
    for _ in range(MOST_TABS):
        if wanted.evaluate("each => each === document.activeElement"):
            break
        tab.keyboard.press("Tab")
    expect(wanted).to_be_focused()
    assert wanted.evaluate("each => getComputedStyle(each).outlineStyle !== 'none'"), "the focus is not seen"


def _enter(person: Colleague, telephone: str, direct_line: str) -> None:
    """From one's account to the form, and back."""
    tab = person.tab
    tab.goto("/accounts/")
    _tab_to(tab, tab.get_by_role("link", name=re.compile("Change telephone")))
    tab.keyboard.press("Enter")
    heading = tab.get_by_role("heading", level=1)
    expect(heading).to_have_text(re.compile("Confirm it's you|Your telephone numbers"))
    if heading.inner_text() == "Confirm it's you":
        person.sign_in_afresh()
    expect(heading).to_have_text("Your telephone numbers")
    for label, number in (("Telephone (optional)", telephone), ("Direct line (optional)", direct_line)):
        _tab_to(tab, tab.get_by_label(label))
        tab.keyboard.press("ControlOrMeta+a")
        tab.keyboard.press("Delete")
        tab.keyboard.type(number)
    tab.keyboard.press("Enter")


def test_somebody_enters_a_number_and_a_colleague_rings_and_reminds(
    people: People, case: Onboarding, browse: Callable[..., Page], own_address: None, workers: Workers
) -> None:
    bob, rhea = Colleague(people.bob, browse()), Colleague(people.rhea, browse())
    bob.sign_in()
    _enter(bob, "ask reception", "")
    bob.sees("There is a problem", "Enter the telephone number alone, without words.")
    bob.tab.get_by_label("Telephone (optional)").fill("020 7946 0018")
    bob.press("Save")
    bob.sees("Your telephone numbers are saved.", "020 7946 0018")
    _enter(bob, "020 7946 0018", "+44 20 7946 0019 ext 12")
    bob.sees("+44 20 7946 0019 ext 12 (direct line)")

    rhea.sign_in()
    rhea.sees("For somebody else to do", "Bob Test (Certificate Admin)")
    box = rhea.tab.locator(".app-now")
    number = box.get_by_role("link", name="of Bob Test: 020 7946 0018")
    expect(number).to_have_attribute("href", "tel:+44-20-7946-0018")
    _tab_to(rhea.tab, number)
    rhea.tab.keyboard.press("Tab")
    expect(box.locator('a[href="tel:+44-20-7946-0019;ext=12"]')).to_be_focused()
    rhea.tab.keyboard.press("Tab")
    button = box.get_by_role("button", name="Remind Bob Test: Create the CSR, One Energy Ltd")
    expect(button).to_be_focused()
    rhea.tab.keyboard.press("Enter")
    rhea.sees("Bob Test gets an email that reminds of “Create the CSR”.", "Reminded on")
    expect(rhea.tab.get_by_role("heading", level=1)).to_have_text("One Energy Ltd")
    expect(rhea.tab.get_by_role("button", name=re.compile("Remind"))).to_have_count(0)

    bob.opens_the_mail("Reminder: Create the CSR")
    expect(bob.tab.get_by_role("heading", level=1)).to_have_text("Create the CSR")
    bob.sees("For you to do")
    assert bob.tab.get_by_role("button", name=re.compile("Remind")).count() == 0

    _enter(bob, "", "")
    bob.sees("Your telephone numbers are saved.")
    rhea.tab.goto(f"/onboardings/{case.code}/csr/")
    expect(rhea.tab.locator('a[href^="tel:"]')).to_have_count(0)


def test_your_tasks_remind_without_opening_the_step(
    people: People, case: Onboarding, browse: Callable[..., Page], own_address: None
) -> None:
    """The row is a link as a whole; its button lies above it."""
    rhea = Colleague(people.rhea, browse())
    rhea.sign_in("/?stay")
    rhea.tab.get_by_role("button", name=re.compile("Remind Bob Test")).click()
    expect(rhea.tab.get_by_role("heading", level=1)).to_have_text("Your tasks")
    rhea.sees("Bob Test gets an email", "You can send a reminder again from")


def test_the_offer_in_a_row_of_the_journey_opens_the_offer_and_the_rest_of_the_row_the_step(
    people: People, case: Onboarding, browse: Callable[..., Page], own_address: None, workers: Workers
) -> None:
    bob = Colleague(people.bob, browse())
    bob.sign_in()
    bob.start_handing_over("csr")
    bob.tick("Tess Test")
    bob.write("Why do you hand it over?", "You know OpenSSL")
    bob.press("Preview")
    bob.press("Send the offer")
    bob.open_journey()
    note = bob.tab.locator(".app-task-list__note")
    expect(note).to_contain_text("Offered to Tess Test (Technician) on")
    expect(note).to_contain_text("It stays yours until they accept.")
    note.get_by_role("link").click()
    expect(bob.tab.get_by_role("heading", level=1)).to_have_text("Offered to Tess Test")
    bob.tab.go_back()
    note.click(position={"x": 5, "y": 5}, force=True)
    expect(bob.tab.get_by_role("heading", level=1)).to_have_text("Create the CSR")
