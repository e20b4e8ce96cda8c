"""Alice, Bob and Tess walk all twelve steps with their own browsers, the portal's workers and the stand-in Atlas.

The portal knows the account API here; without it see test_without_account_api.py.
"""

import re
from pathlib import Path

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.computer import credentials_in, fingerprint_of, openssl_opens
from tests.browser.person import AtlasTab, Person, reload_until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("with_api", "own_address", "workers"),
]

ATLAS_PASSWORD = "only Alice knows this"


def test_three_people_with_the_account_api(three, tmp_path) -> None:
    alice, bob, tess = three
    alice.sign_in()
    bob.sign_in()
    alice.start_onboarding()
    _take_and_give_back(alice, bob)
    _register(alice)
    _at_atlas(alice, bob)
    _request_identity(alice)
    given = _bring_credentials(bob, tmp_path)
    _make_key_and_pfx(tess)
    _prove(tess)
    _upload(bob, given, tmp_path)
    _look_at_the_result(alice, tess, tmp_path / "downloads")


def _take_and_give_back(alice: Person, bob: Person) -> None:
    """Everybody sees who has a step; what Bob may not do he is told."""
    alice.open_step("register")
    alice.press("Take this step")
    expect(alice.tab.get_by_role("alert")).to_contain_text("is yours now")
    bob.open_step("register")
    expect(bob.tab.get_by_role("main")).to_contain_text(
        "Alice Test (Primary Certificate Admin) holds it since"
    )
    expect(bob.tab.get_by_role("main")).to_contain_text("Only the Primary Certificate Admin may do this.")
    expect(bob.part).to_have_count(0)
    alice.press("Give it back to the team")
    expect(alice.tab.get_by_role("main")).to_contain_text("is back with the team")


def _register(alice: Person) -> None:
    alice.open_step("register")
    alice.fill(
        {
            "Full name of the Primary Certificate Admin": "Alice Test",
            "Job title": "Head of Data",
            "Email address for vetting": alice.user.email,
            "Who can read this mailbox?": "Alice only",
            "Direct telephone number": "020 7946 0018",
            "Who has been told to expect GlobalSign's call?": "The front desk",
        }
    )
    alice.choose("This person is a current full-time employee")
    _check_and_send(alice, "Head of Data")


def _check_and_send(person: Person, shown: str) -> None:
    """Check your answers, and change nothing."""
    person.press("Check your answers")
    expect(person.tab.get_by_role("heading", level=1)).to_contain_text("Check your answers")
    expect(person.tab.get_by_role("main")).to_contain_text(shown)
    person.press("Send to Atlas")
    expect(person.tab.get_by_role("alert")).to_contain_text("Saved")


def _at_atlas(alice: Person, bob: Person) -> None:
    """In Atlas, in a tab beside; the portal sees each act by itself."""
    alice.wait_until("invitation", "To do")
    alice.open_step("invitation")
    atlas = AtlasTab.of(alice)
    atlas.accept_invitation(ATLAS_PASSWORD)
    alice.wait_until("payment-method", "To do")
    atlas.set_payment_method()
    alice.wait_until("quote", "To do")
    atlas.accept_quote()
    alice.wait_until("identity-profile", "To do")
    atlas.add_user(bob.user)


def _request_identity(alice: Person) -> None:
    alice.open_step("identity-profile")
    alice.fill(
        {
            "Profile name": "DIP",
            "Registered address: street": "1 Quay Street",
            "Town or city": "Bristol",
            "Postcode": "BS1 4SB",
            "Main telephone number of the company": "0117 496 0000",
        }
    )
    _check_and_send(alice, "One Energy Ltd")
    alice.wait_until("verification", "Done")


def _bring_credentials(bob: Person, folder: Path) -> dict[str, str]:
    """Bob makes the API credentials in Atlas and brings their CSV. What the CSV holds."""
    bob.wait_until("api-credentials", "To do")
    bob.open_step("api-credentials")
    file = AtlasTab.of(bob).make_credentials("dip_one", folder)
    bob.fill({"Familiar name of the credential": "dip_one"})
    bob.bring("CSV file", file)
    bob.press("Save and continue")
    expect(bob.tab.get_by_role("alert")).to_contain_text("Saved: Create API credentials.")
    given = credentials_in(file)
    bob.open_step("api-credentials")
    assert bob.facts()["API key ends in"] == given["API Key"][-4:]
    return given


def _make_key_and_pfx(tess: Person) -> None:
    """Tess is called by email; the portal makes key, certificate and PFX for her."""
    tess.sign_in(then=_link_in_a_letter(tess, "Create the CSR"))
    expect(tess.tab.get_by_role("heading", level=1)).to_have_text("Create the CSR")
    tess.take_way("This portal makes it")
    tess.press("Save and continue")
    tess.wait_until("certificate", "Done")
    tess.open_step("pfx")
    tess.press("Take this step")
    tess.take_way("This portal builds it")
    tess.press("Save and continue")


def _link_in_a_letter(person: Person, title: str) -> str:
    """The address in the email that says who has to act."""
    found: list[str] = []

    def came() -> bool:
        mine = [letter for letter in mail.outbox if letter.to == [person.user.email]]
        found.extend(
            re.findall(r"https?://\S+", str(one.body))[0] for one in mine if title in str(one.subject)
        )
        return bool(found)

    reload_until(came, f"an email to {person.user.email} about “{title}”")
    return found[0]


def _prove(tess: Person) -> None:
    tess.wait_until("proof", "Done")
    tess.open_step("proof")
    expect(tess.tab.get_by_role("main")).to_contain_text("This bundle works. The portal signed in to Atlas")
    facts = tess.facts()
    assert f"{timezone.localdate():%Y}" in facts["Signed in to Atlas on"]
    assert facts["Signed in from"] == "this portal"
    for name in ("SHA-256 of the public key", "SHA-256 fingerprint of the certificate"):
        assert re.fullmatch(r"[0-9a-f]{64}", facts[name])


def _upload(bob: Person, given: dict[str, str], folder: Path) -> None:
    """A fresh sign-in, then the secrets: once, and the same as Atlas gave; then the DIP says yes."""
    bob.open_step("dip-upload")
    bob.follow("Show the API key and secret once")
    bob.sign_in_afresh()
    bob.press("Show them once")
    assert bob.facts() == {"API key": given["API Key"], "API secret": given["API Secret"]}
    bob.open_step("dip-upload")
    bob.follow("Download the PFX")
    button = bob.tab.get_by_role("button", name="Download the PFX without a password")
    bob.fetch(button, folder / "downloads", "bundle.pfx")
    bob.open_step("dip-upload")
    bob.date("When did the DIP say “Added successfully”?")
    bob.choose("The CSV with key and secret", "Copies of the PFX and the private key")
    bob.press("Save and continue")


def _look_at_the_result(alice: Person, tess: Person, folder: Path) -> None:
    alice.sees_that_it_is_complete()
    tess.open_step("proof")
    proven = tess.facts()["SHA-256 fingerprint of the certificate"]
    assert fingerprint_of(folder / "bundle.pfx") == proven
    openssl_opens(folder / "bundle.pfx")
