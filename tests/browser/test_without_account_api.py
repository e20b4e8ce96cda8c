"""The same three people where the portal knows no account API: what they saw and pasted is all it has.

Key, CSR and PFX are made with the very commands that the pages show, in the bash of the test's machine.
"""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.computer import credentials_in, fingerprint_of, openssl_opens, run
from tests.browser.person import AtlasTab, Person

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("workers"),
]

ATLAS_PASSWORD = "only Alice knows this"
REGISTRATION = {
    "Full name of the Primary Certificate Admin": "Alice Test",
    "Job title": "Head of Data",
    "Who can read this mailbox?": "Alice only",
    "Direct telephone number": "020 7946 0018",
    "Who has been told to expect GlobalSign's call?": "The front desk",
}
AT_ATLAS = {
    "Company name": "One Energy Ltd",
    "Company number (optional)": "01111111",
    "Name": "Alice Test",
    "Job title": "Head of Data",
    "Direct telephone": "020 7946 0018",
}
ADDRESS = {
    "Profile name": "DIP",
    "Registered address: street": "1 Quay Street",
    "Town or city": "Bristol",
    "Postcode": "BS1 4SB",
    "Main telephone number of the company": "0117 496 0000",
}
ADDRESS_AT_ATLAS = {
    "Profile name": "DIP",
    "Registered street address": "1 Quay Street",
    "Town or city": "Bristol",
    "Postcode": "BS1 4SB",
    "Telephone": "0117 496 0000",
}
CREDENTIAL = "dip_one"


@pytest.mark.parametrize(
    "keep",
    [
        pytest.param(True, marks=pytest.mark.nightly),
        False,
    ],  # with the account API every run has it kept by the portal
    ids=["the portal keeps the PFX", "the company keeps the PFX"],
)
def test_three_people_with_their_own_eyes_and_tools(three, without_api, tmp_path, keep) -> None:
    alice, bob, tess = three
    alice.sign_in()
    alice.start_onboarding()
    _register(alice, without_api.pages_url)
    atlas = _accept_invitation(alice)
    _pay_nothing(alice, atlas)
    _request_identity(alice, atlas, bob)
    bob.sign_in()
    _confirm_verification(bob, tmp_path)
    bob.open_step("api-credentials")
    at_atlas = AtlasTab.of(bob)
    given = _paste_credentials(bob, at_atlas, tmp_path)
    tess.sign_in()
    _make_csr(tess, tmp_path)
    _get_certificate(bob, at_atlas, tmp_path)
    pfx = _build_pfx(tess, tmp_path, keep)
    _prove(bob, given, tmp_path, keep)
    _upload(bob, pfx, keep)
    _look_at_the_result(alice, tess, pfx)


def _register(alice: Person, atlas: str) -> None:
    """On GlobalSign's page first, then here with the same answers."""
    page = AtlasTab(alice.tab.context.new_page())
    page.tab.goto(f"{atlas}/register")
    page.fill({**AT_ATLAS, "Email address": alice.user.email})
    page.press("Submit")
    expect(page.tab.get_by_role("heading", level=1)).to_have_text("Thank you for registering")
    page.tab.close()
    alice.open_step("register")
    alice.fill({**REGISTRATION, "Email address for vetting": alice.user.email})
    alice.choose("This person is a current full-time employee")
    alice.date("When did you submit GlobalSign's form?")
    _check_and_confirm(alice)


def _check_and_confirm(person: Person) -> None:
    person.press("Check your answers")
    person.press("Confirm")
    expect(person.tab.get_by_role("alert")).to_contain_text("Saved")


def _confirmed(person: Person) -> None:
    """The form that ends a wait is sent, and is believed."""
    person.press("Confirm")
    expect(person.tab.get_by_role("alert")).to_contain_text("Confirmed")


def _saved(person: Person) -> None:
    person.press("Save and continue")
    expect(person.tab.get_by_role("alert")).to_contain_text("Saved")


def _accept_invitation(alice: Person) -> AtlasTab:
    alice.open_step("invitation")
    expect(alice.tab.get_by_role("main")).to_contain_text("This portal cannot see it by itself")
    atlas = AtlasTab.of(alice)
    atlas.has_mail("invited to Atlas")
    alice.date("When did the confirmation email")
    alice.date("When did the invitation")
    _confirmed(alice)
    atlas.accept_invitation(ATLAS_PASSWORD)
    alice.open_step("invitation")
    alice.date("When did you accept the invitation?")
    alice.fill({"Who set the Atlas password?": "Alice Test"})
    _saved(alice)
    return atlas


def _pay_nothing(alice: Person, atlas: AtlasTab) -> None:
    atlas.set_payment_method()
    alice.open_step("payment-method")
    alice.date("When did you set the payment method?")
    _saved(alice)
    atlas.accept_quote()
    alice.open_step("quote")
    alice.date("When did the email come?")
    _confirmed(alice)
    alice.open_step("quote")
    alice.fill({"Amount on the quotation, in pounds": "0.00"})
    alice.choose("I ticked the quotation", "I ticked the Master Services Agreement")
    alice.date("When did you accept it?")
    _saved(alice)


def _request_identity(alice: Person, atlas: AtlasTab, bob: Person) -> None:
    atlas.wait_until("Request Identity Profile", "To do")
    alice.open_step("identity-profile")
    alice.date("When did you see the tile ready?")
    _confirmed(alice)
    atlas.open("Request Identity Profile")
    atlas.fill(ADDRESS_AT_ATLAS)
    atlas.press("Submit identity profile")
    alice.open_step("identity-profile")
    alice.fill(ADDRESS)
    alice.date("When did you submit the identity profile in Atlas?")
    _check_and_confirm(alice)
    atlas.wait_until("Request Identity Profile", "Done")
    atlas.has_mail("has been verified")
    atlas.add_user(bob.user)


def _confirm_verification(bob: Person, folder: Path) -> None:
    """With the email as evidence, which can be opened again."""
    letter = folder / "verification.eml"
    letter.write_text("Subject: verified\n\nYour identity is verified.\n")
    bob.open_step("verification")
    bob.date("When did the verification email come?")
    bob.choose("Active")
    bob.fill({"Note (optional)": "V. Etting wrote."})
    bob.bring("The email or a screenshot", letter)
    _confirmed(bob)
    bob.open_step("verification")
    expect(bob.tab.get_by_role("complementary").or_(bob.tab.locator("main"))).to_contain_text(
        "V. Etting wrote."
    )
    kept = bob.fetch(bob.tab.get_by_role("link", name="verification.eml"), folder / "again")
    assert kept.read_bytes() == letter.read_bytes()


def _paste_credentials(bob: Person, atlas: AtlasTab, folder: Path) -> dict[str, str]:
    given = credentials_in(atlas.make_credentials(CREDENTIAL, folder))
    bob.open_step("api-credentials")
    bob.fill({"Familiar name of the credential": CREDENTIAL})
    bob.choose("Copy and paste")
    bob.fill({"API key": given["API Key"], "API secret": given["API Secret"]})
    _saved(bob)
    return given


def _make_csr(tess: Person, folder: Path) -> None:
    """The command of the page in bash; the CSR pasted, the key kept."""
    tess.open_step("csr")
    tess.take_way("OpenSSL", "Linux")
    run(tess.copy("make-csr"), folder)
    (csr,) = folder.glob("*.csr")
    tess.fill({"Paste the CSR": csr.read_text()})
    _saved(tess)


def _get_certificate(bob: Person, atlas: AtlasTab, folder: Path) -> None:
    """By hand in Atlas, with the CSR that the portal gives back."""
    bob.open_step("certificate")
    expect(bob.tab.get_by_role("main")).to_contain_text("This needs a person")
    csr = bob.fetch(bob.tab.get_by_role("link", name="Download the CSR"), folder / "bob")
    atlas.open("Generate mTLS Certificates")
    atlas.choose("Directly via the API", CREDENTIAL)
    atlas.fill({"CSR": csr.read_text()})
    atlas.press("Continue")
    pem = atlas.the_certificate()
    bob.fill({"Paste the certificate": pem})
    _confirmed(bob)


def _build_pfx(tess: Person, folder: Path, keep: bool) -> Path:
    """Certificate and command from the page, the key from the folder."""
    tess.open_step("pfx")
    tess.take_way("OpenSSL", "Linux")
    tess.fetch(tess.tab.get_by_role("link", name="Download the certificate").first, folder)
    run(tess.copy("make-pfx"), folder)
    (pfx,) = folder.glob("*.pfx")
    tess.tab.get_by_text("Check it on your own computer first").click()
    run(tess.copy("check-pfx"), folder)
    openssl_opens(pfx)
    tess.choose("Yes, keep it" if keep else "No, check it and forget it")
    tess.bring("PFX file", pfx)
    _saved(tess)
    return pfx


def _prove(bob: Person, given: dict[str, str], folder: Path, keep: bool) -> None:
    """The portal signs in with what it keeps; otherwise Bob does, and pastes what the command printed."""
    if not keep:
        bob.open_step("proof")
        expect(bob.tab.get_by_role("main")).to_contain_text("This needs a person")
        printed = run(bob.copy("prove"), folder, typed=f"{given['API Key']}\n{given['API Secret']}\n")
        assert given["API Secret"] not in printed
        bob.fill({"Paste what the command printed": printed})
        _confirmed(bob)
    bob.wait_until("proof", "Done")
    bob.open_step("proof")
    where = "this portal" if keep else "the company's own computer"
    assert bob.facts()["Signed in from"] == where


def _upload(bob: Person, pfx: Path, keep: bool) -> None:
    bob.open_step("dip-upload")
    bob.follow("Download the PFX")
    bob.sign_in_afresh()
    if keep:
        button = bob.tab.get_by_role("button", name="Download the PFX without a password")
        assert bob.fetch(button, pfx.parent / "bob").read_bytes() == pfx.read_bytes()
    else:
        expect(bob.tab.get_by_role("main")).to_contain_text("The portal holds no PFX here")
    bob.open_step("dip-upload")
    bob.date("When did the DIP say “Added successfully”?")
    bob.choose("The CSV with key and secret", "Copies of the PFX and the private key")
    _saved(bob)


def _look_at_the_result(alice: Person, tess: Person, pfx: Path) -> None:
    alice.sees_that_it_is_complete()
    tess.open_step("proof")
    expect(tess.tab.get_by_role("main")).to_contain_text("This bundle works.")
    assert fingerprint_of(pfx) == tess.facts()["SHA-256 fingerprint of the certificate"]
    openssl_opens(pfx)
