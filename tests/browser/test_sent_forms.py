"""Back, a reload and other tabs around a form: nothing is asked to be sent again, and what was typed is there.

What is kept, and for whom, is tested page by page in tests/ui/test_sent_forms.py and journey/test_form_recovery.py.
"""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from onboarding.handover import claims
from onboarding.journey.models import Onboarding
from tests.browser.page_assertions import refused_by_the_policy, status_of, violations
from tests.browser.person import Person
from tests.people_fixtures import PASSWORD, People, step

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WHY = "She is away until Monday"
HOW_CAME = "() => performance.getEntriesByType('navigation')[0].type"


@pytest.fixture
def held(people: People, onboarding: Onboarding) -> str:
    """The address at which Bob takes a step from Tess and says why."""
    onboarding.steps.filter(slug="csr").update(state="open")
    claims.claim(step(onboarding, "csr"), actor=people.tess)
    return f"/onboardings/{onboarding.code}/csr/take-back/"


def _person(people: People, browse: Any, name: str, address: str) -> Person:
    found = Person(getattr(people, name), browse())
    found.sign_in(address)
    return found


def _sign_out(tab: Page) -> None:
    tab.goto("/help/about/")
    tab.get_by_role("button", name="Sign out").click()
    expect(tab.get_by_text("You are signed out.")).to_be_visible()


def _sign_in(tab: Page, email: str) -> None:
    tab.get_by_label("Email", exact=True).fill(email)
    tab.get_by_label("Password", exact=True).fill(PASSWORD)
    tab.get_by_role("button", name="Sign in", exact=True).click()


def _send(tab: Page, text: str) -> None:
    tab.get_by_label("Reason").fill(text)
    tab.get_by_role("main").get_by_role("button", name="Take it back").click()


def test_back_and_a_reload_after_an_error_send_nothing_again(people: People, browse: Any, held: str) -> None:
    tab = _person(people, browse, "bob", held).tab
    posts: list[str] = []
    tab.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    _send(tab, "")
    expect(tab).to_have_title("Error: " + tab.title().removeprefix("Error: "))
    expect(tab.get_by_role("alert")).to_contain_text("Give a reason; the others will read it.")
    assert (status_of(tab), violations(tab), refused_by_the_policy(tab)) == (200, [], [])
    tab.reload()
    assert tab.evaluate(HOW_CAME) == "reload"
    expect(tab.get_by_role("alert")).to_contain_text("Give a reason")
    tab.go_back()
    expect(tab.get_by_role("alert")).to_have_count(0)
    expect(tab.get_by_label("Reason")).to_have_value("")
    tab.go_forward()
    expect(tab.get_by_role("alert")).to_contain_text("Give a reason")
    assert len(posts) == 1
    _send(tab, WHY)
    expect(tab.get_by_text("is yours now")).to_be_visible()
    tab.go_back()
    assert len(posts) == 2


def test_it_works_without_a_script(
    people: People, new_context: Callable[..., BrowserContext], live_server: Any, held: str
) -> None:
    tab = new_context(base_url=live_server.url, java_script_enabled=False).new_page()
    tab.goto(held)
    _sign_in(tab, people.bob.email)
    _send(tab, "")
    expect(tab.get_by_role("alert")).to_contain_text("Give a reason")
    tab.reload()
    expect(tab.get_by_role("alert")).to_contain_text("Give a reason")
    tab.get_by_role("alert").get_by_role("link").click()
    _send(tab, WHY)
    expect(tab.get_by_text("is yours now")).to_be_visible()


def test_what_was_typed_survives_a_sign_out_in_another_tab(people: People, browse: Any, held: str) -> None:
    tab = _person(people, browse, "bob", held).tab
    tab.get_by_label("Reason").fill(WHY)
    _sign_out(tab.context.new_page())
    _send(tab, WHY)
    expect(tab.get_by_text("What you typed is kept, except secrets and files.")).to_be_visible()
    _sign_in(tab, people.bob.email)
    expect(tab.get_by_label("Reason")).to_have_value(WHY)
    expect(tab.get_by_role("alert")).to_have_count(0)
    _send(tab, WHY)
    expect(tab.get_by_text("is yours now")).to_be_visible()


def test_it_survives_a_new_sign_in_in_another_tab_as_well(people: People, browse: Any, held: str) -> None:
    tab = _person(people, browse, "bob", held).tab
    tab.get_by_label("Reason").fill(WHY)
    other = tab.context.new_page()
    _sign_out(other)
    _sign_in(other, people.bob.email)
    expect(other.get_by_role("button", name="Sign out")).to_be_visible()
    _send(tab, WHY)
    expect(tab.get_by_text("press the button once more")).to_be_visible()
    expect(tab.get_by_label("Reason")).to_have_value(WHY)
    _send(tab, WHY)
    expect(tab.get_by_text("is yours now")).to_be_visible()


def test_another_person_who_signs_in_there_gets_nothing_of_it(people: People, browse: Any, held: str) -> None:
    tab = _person(people, browse, "bob", held).tab
    tab.get_by_label("Reason").fill(WHY)
    _sign_out(tab.context.new_page())
    _send(tab, WHY)
    _sign_in(tab, people.alice.email)
    expect(tab.get_by_label("Reason")).to_have_value("")
    assert WHY not in tab.content()
    _sign_out(tab)
    tab.goto(held)
    _sign_in(tab, people.bob.email)  # and it was forgotten, not only hidden
    expect(tab.get_by_label("Reason")).to_have_value("")


def test_a_page_of_somebody_who_signed_out_keeps_nothing_for_who_came_after(
    people: People, browse: Any, held: str
) -> None:
    """Alice signs in and out in another tab before Bob's old page is sent: its safety token is not hers."""
    tab = _person(people, browse, "bob", held).tab
    tab.get_by_label("Reason").fill(WHY)
    other = tab.context.new_page()
    _sign_out(other)
    other.goto(held)
    _sign_in(other, people.alice.email)
    expect(other.get_by_label("Reason")).to_have_value("")
    _sign_out(other)
    _send(tab, WHY)
    expect(tab.get_by_role("heading", level=1)).to_have_text("This page was open for too long")
    other.goto(held)
    _sign_in(other, people.alice.email)
    expect(other.get_by_label("Reason")).to_have_value("")
    assert WHY not in other.content()
