"""Signing in with a browser: passkey, code app, a lost device, the keyboard alone; under the portal's strict policy.

What the server does with codes is tested in tests/people.
"""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from tests.browser.authenticator import Device
from tests.browser.page_assertions import refused_by_the_policy, violations
from tests.browser.person import Person
from tests.people.oidc_provider import running
from tests.people.totp_app import code_of
from tests.people_fixtures import PASSWORD, People

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def alice(people: People, browse: Any) -> Person:
    """Alice, signed in, on the page of her account."""
    alice = Person(people.alice, browse())
    alice.sign_in("/accounts/")
    _heading(alice.tab, "Your account")
    return alice


def _heading(tab: Page, text: str) -> None:
    expect(tab.get_by_role("heading", level=1)).to_have_text(text)
    assert (refused_by_the_policy(tab), violations(tab)) == ([], [])


def _clean(tab: Page) -> None:
    """Another browser of the same person: no cookies are left."""
    tab.context.clear_cookies()
    tab.goto("/accounts/login/")


def _add_passkey(alice: Person, name: str) -> None:
    alice.press("Two-step verification")
    _heading(alice.tab, "Two-step verification")
    alice.press("Add a passkey")
    alice.sign_in_afresh()
    _heading(alice.tab, "Add a passkey or security key")
    alice.tab.get_by_label("Name of this passkey or key").fill(name)
    alice.press("Add it")
    _heading(alice.tab, "Your recovery codes")


def _set_up_code_app(alice: Person) -> tuple[str, list[str]]:
    alice.tab.get_by_role("link", name="Set up code app").click()
    alice.sign_in_afresh()
    _heading(alice.tab, "Set up a code app")
    assert alice.tab.locator("img.app-qr").evaluate("(picture) => picture.naturalWidth > 0")
    alice.tab.get_by_text("I cannot scan the QR code").click()
    key = alice.tab.locator(".app-copyable code").inner_text()
    alice.tab.get_by_label("Code that the app shows now").fill(code_of(key))
    alice.press("Set it up")
    _heading(alice.tab, "Your recovery codes")
    return key, alice.tab.locator("#recovery-codes code").all_inner_texts()


def test_a_passkey_opens_the_portal_without_a_password(alice: Person) -> None:
    device = Device(alice.tab)
    _add_passkey(alice, "Work laptop")
    assert len(device.keys) == 1
    _clean(alice.tab)
    _heading(alice.tab, "Sign in")
    alice.press("Use a passkey")
    expect(alice.tab.get_by_role("heading", level=1)).not_to_have_text("Sign in")
    alice.tab.goto("/accounts/2fa/webauthn/")
    _heading(alice.tab, "Your passkeys and security keys")
    expect(alice.tab.get_by_role("row", name="Work laptop")).to_contain_text("Passkey")


def test_after_a_password_the_passkey_is_the_second_proof_and_the_fresh_sign_in(alice: Person) -> None:
    Device(alice.tab)
    _add_passkey(alice, "Work laptop")
    _clean(alice.tab)
    alice.sign_in("/accounts/2fa/recovery-codes/generate/")
    _heading(alice.tab, "Two-step verification")
    alice.press("Use my passkey or key")
    alice.tab.get_by_role("link", name="Use your passkey or security key").click()
    _heading(alice.tab, "Confirm it's you")
    alice.press("Use my passkey or key")
    _heading(alice.tab, "Make new recovery codes")


def test_a_passkey_that_does_not_come_is_said_in_words_and_nothing_opens(alice: Person) -> None:
    device = Device(alice.tab)
    _add_passkey(alice, "Work laptop")
    _clean(alice.tab)
    device.refuse()
    alice.press("Use a passkey")
    expect(alice.tab.get_by_role("alert")).to_contain_text("Your browser did not get a passkey or key.")
    _heading(alice.tab, "Sign in")


def test_a_passkey_that_was_removed_here_is_refused_in_words(alice: Person) -> None:
    Device(alice.tab)
    _add_passkey(alice, "Work laptop")
    Authenticator.objects.filter(type="webauthn").delete()
    _clean(alice.tab)
    alice.press("Use a passkey")
    expect(alice.tab.get_by_role("alert", name="Not done")).to_contain_text(
        "it may be too old, used already or removed"
    )
    _heading(alice.tab, "Sign in")


def test_a_code_app_is_set_up_and_asked_for(alice: Person) -> None:
    key, codes = _set_up_code_app(alice)
    assert len(codes) == 10
    alice.press("I have kept them")
    _heading(alice.tab, "Your account")
    _clean(alice.tab)
    alice.sign_in("/accounts/")
    _heading(alice.tab, "Two-step verification")
    alice.tab.get_by_label("Code", exact=True).fill("000000")
    alice.press("Sign in")
    expect(alice.tab.get_by_role("main")).to_contain_text("This code or key is not right")
    alice.tab.get_by_label("Code", exact=True).fill(code_of(key, later=1))  # the present one set the app up
    alice.press("Sign in")
    _heading(alice.tab, "Your account")


def test_whoever_lost_the_device_comes_in_with_a_recovery_code_and_sets_up_anew(alice: Person) -> None:
    device = Device(alice.tab)
    _add_passkey(alice, "Old telephone")
    codes = alice.tab.locator("#recovery-codes code").all_inner_texts()
    _clean(alice.tab)
    device.lose()
    alice.sign_in("/accounts/")
    _heading(alice.tab, "Two-step verification")
    alice.press("Use my passkey or key")
    expect(alice.tab.get_by_role("alert")).to_contain_text("use another way")
    alice.tab.get_by_text("I do not have my telephone or key").click()
    alice.tab.get_by_label("Code", exact=True).fill(codes[0])
    alice.press("Sign in")
    _heading(alice.tab, "Your account")
    expect(alice.tab.get_by_role("main")).to_contain_text("9 not used yet")
    alice.tab.get_by_role("link", name="See and change passkeys and security keys").click()
    alice.tab.get_by_role("link", name="Remove Old telephone").click()
    alice.sign_in_afresh()
    _heading(alice.tab, "Remove “Old telephone”?")
    alice.press("Remove it")
    _heading(alice.tab, "Your passkeys and security keys")
    expect(alice.tab.get_by_role("main")).to_contain_text("You have none yet.")


def test_one_signs_in_and_sets_up_a_code_app_with_the_keyboard_alone(people: People, browse: Any) -> None:
    tab: Page = browse()
    tab.goto("/accounts/2fa/")
    keys = tab.keyboard
    _tab_to(tab, "Email")
    keys.type(people.alice.email)
    _tab_to(tab, "Password")
    keys.type(PASSWORD)
    keys.press("Enter")
    _heading(tab, "Two-step verification")
    _tab_to(tab, "Set up a code app")
    keys.press("Enter")
    _heading(tab, "Confirm it's you")
    _tab_to(tab, "Password")
    keys.type(PASSWORD)
    keys.press("Enter")
    _heading(tab, "Set up a code app")
    _tab_to(tab, "I cannot scan the QR code")
    keys.press("Enter")
    key = tab.locator(".app-copyable code").inner_text()
    _tab_to(tab, "Code that the app shows now")
    keys.type(code_of(key))
    keys.press("Enter")
    _heading(tab, "Your recovery codes")
    _tab_to(tab, "I have kept them")
    keys.press("Enter")
    _heading(tab, "Your account")


def test_the_organisations_sign_in_leads_there_and_back(
    people: People, browse: Any, live_server: Any, settings: Any
) -> None:
    with running() as provider:
        provider.meets(settings, f"{live_server.url}/accounts/oidc/organisation/login/callback/")
        provider.knows("alice-at-work", email=people.alice.email, email_verified=True)
        tab: Page = browse()
        tab.goto("/accounts/")
        _heading(tab, "Sign in")
        tab.get_by_role("button", name="Sign in with Example Entra").click()
        tab.get_by_placeholder("sub").fill("alice-at-work")
        tab.get_by_role("button", name="Authorize").click()
        _heading(tab, "Your account")
        expect(tab.get_by_role("main")).to_contain_text("Sign-in with Example Entra")


NAME = """() => {
  const at = document.activeElement;
  const name = at.labels?.[0]?.textContent ?? at.textContent ?? "";
  const box = at.getBoundingClientRect();
  return [name.trim(), box.width > 0 && box.height > 0 && getComputedStyle(at).outlineStyle];
}"""


def _tab_to(tab: Page, name: str) -> None:
    """Press the tab key until something of this name has the focus, which must be seen."""
    for _ in range(40):
        tab.keyboard.press("Tab")
        found, seen = tab.evaluate(NAME)
        if found == name:
            assert seen, f"the focus on {name} is not to be seen"
            return
    raise AssertionError(f"the tab key does not come to {name}")
