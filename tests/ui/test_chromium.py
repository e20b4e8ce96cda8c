"""Chromium looks at the gallery, the error pages and the account pages: axe, strict CSP, small screens, behaviour.

The words on the pages are tested in test_pages.py.
"""

from importlib import resources

import pytest
from playwright.sync_api import Page, expect

from tests.people_fixtures import PASSWORD

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("gallery"),
    pytest.mark.django_db(transaction=True),
]

AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WATCH = """window.refused = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.refused.push(event.violatedDirective + " " + event.blockedURI);
});"""
STRANGER = {
    "/components/": 200,
    "/form/": 200,
    "/form/?wrong": 200,
    "/refuse/": 403,
    "/nothing-here/": 404,
    "/too-many/": 429,
    "/accounts/login/": 200,
    "/accounts/signup/": 200,
    "/accounts/password/reset/": 200,
    "/accounts/password/reset/done/": 200,
    "/accounts/password/reset/key/1-wrong/": 409,
    "/accounts/inactive/": 200,
}
OWN = [
    f"/accounts/{page}"
    for page in ("", "2fa/", "sessions/", "logout/", "password/change/", "reauthenticate/", "email/")
]


@pytest.fixture
def tab(page: Page) -> Page:
    """A tab that remembers what the content security policy refused."""
    page.add_init_script(WATCH)
    return page


def _complaints(tab: Page) -> list[str]:
    """Everything wrong with the page as it stands: axe, refusals of the policy, a page wider than its window."""
    tab.evaluate(AXE)
    found = tab.evaluate("(tags) => axe.run({runOnly: {type: 'tag', values: tags}})", TAGS)
    wide = tab.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    broken = [f"{rule['id']}: {rule['nodes'][0]['html']}" for rule in found["violations"]]
    return broken + tab.evaluate("window.refused") + ["wider than the window"] * wide


@pytest.mark.parametrize("address", STRANGER)
def test_a_page_is_accessible_obeys_the_strict_policy_and_fits_its_window(tab, live_server, address) -> None:
    response = tab.goto(live_server.url + address)
    assert response.status == STRANGER[address]
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for width in (1280, 320):
        tab.set_viewport_size({"width": width, "height": 900})
        assert (width, _complaints(tab)) == (width, [])


def test_the_pages_of_ones_account_are_accessible_too(tab, live_server, people) -> None:
    tab.set_viewport_size({"width": 320, "height": 900})
    tab.goto(live_server.url + "/accounts/login/")
    tab.get_by_label("Email").fill(people.alice.email)
    tab.get_by_label("Password", exact=True).fill(PASSWORD)
    tab.route(
        "**/",
        lambda route: (
            route.fulfill(body="signed in")
            if route.request.url.endswith(f"{live_server.url}/")
            else route.continue_()
        ),
    )
    tab.get_by_role("button", name="Sign in", exact=True).click()
    found = {}
    for address in OWN:
        tab.goto(live_server.url + address)
        found[address] = _complaints(tab)
    assert found == {address: [] for address in OWN}


def test_each_link_of_the_error_summary_puts_the_focus_into_its_field(tab, live_server) -> None:
    tab.goto(live_server.url + "/form/?wrong")
    expect(tab.locator(".govuk-error-summary")).to_be_focused()
    links = tab.locator(".govuk-error-summary a")
    for number in range(links.count()):
        target = links.nth(number).get_attribute("href")
        links.nth(number).click()
        expect(tab.locator(target)).to_be_focused()


def test_a_field_shows_only_while_its_choice_is_made(tab, live_server) -> None:
    tab.goto(live_server.url + "/form/")
    field = tab.get_by_label("Which tool?")
    expect(field).to_be_hidden()
    tab.get_by_label("With our own tool").first.check()
    expect(field).to_be_visible()
    tab.get_by_label("In this browser").first.check()
    expect(field).to_be_hidden()


def test_copying_puts_the_text_into_the_clipboard_and_says_so(tab, live_server) -> None:
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.goto(live_server.url + "/components/")
    tab.get_by_role("button", name="Copy the code").click()
    expect(tab.get_by_role("status")).to_have_text("Copied")
    assert tab.evaluate("navigator.clipboard.readText()") == "NW7K-42QD"


def test_without_scripts_every_field_and_every_command_is_there(browser, live_server) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(live_server.url + "/form/")
    expect(tab.get_by_label("Which tool?")).to_be_visible()
    tab.goto(live_server.url + "/components/")
    for title in ("bash", "PowerShell"):
        expect(tab.get_by_role("heading", name=title).first).to_be_visible()
    expect(tab.get_by_role("button", name="Copy")).to_have_count(0)
    context.close()


def test_paper_shows_the_steps_and_leaves_out_buttons_and_menus(tab, live_server) -> None:
    tab.goto(live_server.url + "/components/")
    tab.emulate_media(media="print")
    expect(tab.get_by_text("Accept the quotation")).to_be_visible()
    expect(tab.locator(".app-ago__exact")).to_be_visible()
    for part in (".govuk-service-navigation", ".app-footer", ".govuk-breadcrumbs"):
        expect(tab.locator(part)).to_be_hidden()
    assert tab.locator(".govuk-button:visible").count() == 0
