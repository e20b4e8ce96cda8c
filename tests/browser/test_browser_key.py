"""The key made in the browser: made, reloaded, backed up, used for the PFX, forgotten; and never sent.

The other ways to a key are in test_three_people.py and test_other_ways.py.
"""

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from playwright.sync_api import Page, expect

from certs.models import Bundle, Secret, SigningRequest
from tests.browser import browser_key, computer
from tests.browser.browser_key import (
    IN_BROWSER,
    PASSPHRASE,
    Ears,
    build_other_kinds,
    fetch,
    load_backup,
    make_key,
    require_contents,
    status,
)
from tests.browser.page_assertions import DESKTOP, refused_by_the_policy, too_wide, violations
from tests.browser.page_setup import PageSetup
from tests.browser.person import Person, take_way
from tests.certs import x509_factories
from tests.journey import step_actions

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def setup(settings) -> PageSetup:
    """An onboarding at the step `csr`, at the addresses that the portal really has."""
    setup = PageSetup(settings)
    setup.start()
    setup.bring_to("csr")
    return setup


@pytest.fixture
def tess(setup: PageSetup, browse: Callable[..., Page]) -> Person:
    person = Person(setup.people.tess, browse())
    person.sign_in(setup.path("csr"))
    return person


def send_csr(tab: Page, setup: PageSetup) -> SigningRequest:
    tab.get_by_role("button", name="Save and continue").click()
    expect(tab.get_by_role("alert").first).to_contain_text("Saved")
    return SigningRequest.objects.get(case_id=setup.onboarding.pk)


def certify(setup: PageSetup, request: SigningRequest) -> None:
    """An authority signs what the browser asked for; Bob brings the certificate."""
    public = x509.load_pem_x509_csr(request.csr_pem.encode()).public_key()
    assert isinstance(public, RSAPublicKey)
    issuer = x509_factories.intermediate()
    pem = x509_factories.pem_of(x509_factories.issue(public, issuer)) + x509_factories.pem_of(
        issuer.certificate
    )
    step_action = replace(
        step_actions.step_action("certificate", waits=True), data=lambda: {"certificate_text": pem.decode()}
    )
    step_actions.perform(setup.onboarding, setup.people, step_action)


def open_backup(file: Path) -> RSAPrivateKey:
    """As OpenSSL opens it, with the passphrase."""
    words = ["openssl", "pkey", "-in", file, "-passin", "stdin"]
    done = subprocess.run(words, input=f"{PASSPHRASE}\n".encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    key = load_pem_private_key(done.stdout, None)
    assert isinstance(key, RSAPrivateKey)
    return key


def test_the_whole_way_with_a_reload_ends_in_a_pfx_that_openssl_opens_and_sends_no_key(
    setup, tess, tmp_path
) -> None:
    tab, ears = tess.tab, Ears(tess.tab)
    make_key(tab)
    key = open_backup(fetch(tab, "Save the encrypted backup", tmp_path))
    tab.reload()
    expect(tab.get_by_text("The key is in this browser since")).to_be_visible()
    request = send_csr(tab, setup)
    assert request.origin == SigningRequest.Origin.BROWSER
    assert request.key is None
    certify(setup, request)
    tab.goto(setup.path("pfx"))
    take_way(tab, IN_BROWSER)
    build_other_kinds(tab, key, tmp_path)
    tab.get_by_label("Passphrase of the key").fill(PASSPHRASE)
    pfx = fetch(tab, "Build the PFX", tmp_path)
    expect(status(tab)).to_contain_text("given to your browser to save")
    assert refused_by_the_policy(tab) == []
    tab.get_by_role("button", name="Save and continue").click()
    expect(tab.get_by_role("alert").first).to_contain_text("Saved")
    require_contents(pfx, key)
    _noted(setup, pfx)
    _nothing_sent(ears, key, pfx)


def _noted(setup: PageSetup, pfx: Path) -> None:
    """The portal knows that it was made, and has neither the key nor the file."""
    assert setup.record("pfx").state == "done"
    bundle = Bundle.objects.get(case_id=setup.onboarding.pk)
    digest = hashes.Hash(hashes.SHA256())
    digest.update(pfx.read_bytes())
    assert bundle.sha256 == digest.finalize().hex()
    assert bundle.source == Bundle.Source.BROWSER
    assert bundle.secret is None
    assert not Secret.objects.filter(purpose__in=("private-key", "pfx", "pfx-password")).exists()


def _nothing_sent(ears: Ears, key: RSAPrivateKey, pfx: Path) -> None:
    posted = b"".join(ears.posted)
    assert b"BEGIN CERTIFICATE REQUEST" in posted  # so the ears do hear
    assert ears.holds(key.public_key().public_numbers().n.to_bytes(512, "big"))
    for secret in (*browser_key.secret_numbers(key), browser_key.key_der(key)[600:], pfx.read_bytes()[100:]):
        assert not ears.holds(secret)
    assert PASSPHRASE.encode() not in b"".join(ears.heard)
    assert b"st%C3%A4ple" not in posted


def test_another_browser_says_that_the_key_is_elsewhere_and_takes_its_backup(
    setup, tess, browse, tmp_path
) -> None:
    make_key(tess.tab)
    backup = fetch(tess.tab, "Save the encrypted backup", tmp_path)
    certify(setup, send_csr(tess.tab, setup))
    other = Person(setup.people.tess, browse())
    other.sign_in(setup.path("pfx"))
    other.take_way(IN_BROWSER)
    expect(other.part.get_by_text("The key is not in this browser")).to_be_visible()
    other.press("Save and continue")
    expect(other.tab.locator("[data-part=error]")).to_contain_text("Build the PFX first")
    load_backup(other.tab, backup)
    expect(status(other.tab)).to_have_text("The key is in this browser now.", timeout=30_000)
    other.tab.get_by_label("Passphrase of the key").fill("wrong " + PASSPHRASE)
    other.press("Build the PFX")
    expect(other.tab.locator("[data-part=error]")).to_contain_text("does not open this key")
    other.tab.get_by_label("Passphrase of the key").fill(PASSPHRASE)
    computer.openssl_opens(fetch(other.tab, "Build the PFX", tmp_path))


def test_the_key_is_forgotten_only_after_a_second_question(tess) -> None:
    tab = tess.tab
    make_key(tab)
    tess.press("Delete the key from this browser")
    tess.press("No, keep it")
    tab.reload()
    expect(tab.get_by_text("The key is in this browser since")).to_be_visible()
    tess.press("Delete the key from this browser")
    tess.press("Yes, delete the key")
    expect(status(tab)).to_have_text("The key is no longer in this browser.")
    tab.reload()
    expect(tab.get_by_role("button", name="Make the key")).to_be_visible()
    tess.press("Save and continue")
    expect(tab.locator("[data-part=error]")).to_contain_text("Make the key first")


@pytest.mark.parametrize("answer", ["new Promise(() => {})", "Promise.reject(new TypeError('no'))"])
def test_a_browser_that_asks_before_it_promises_to_keep_still_keeps_the_key(tess, answer: str) -> None:
    asked = f"StorageManager.prototype.persist = () => {{ window.asked = true; return {answer} }}"
    tess.tab.add_init_script(asked)
    tess.tab.reload()
    make_key(tess.tab)
    assert tess.tab.evaluate("window.asked") is True
    tess.tab.reload()
    expect(tess.tab.get_by_text("The key is in this browser since")).to_be_visible()


def locked(key: RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    """As OpenSSL writes it under the passphrase."""
    how = BestAvailableEncryption(PASSPHRASE.encode())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how).decode()


def cut(text: str, size: int) -> str:
    """The backup with so many characters of its base64 missing at the end."""
    first, *lines, last = text.splitlines()
    return f"{first}\n{''.join(lines).rstrip('=')[:-size]}\n{last}\n"


WORDS_FOR = {
    "an EC key": (lambda: locked(x509_factories.ec_key()), "is no RSA key, which the DIP asks for"),
    "a short key": (lambda: locked(x509_factories.rsa_key(bits=2048)), "does not have 4096 bits"),
    "a certificate": (
        lambda: x509_factories.pem_of(x509_factories.leaf()).decode(),
        "This is no backup of a key",
    ),
    "cut base64": (lambda: cut(locked(x509_factories.rsa_key()), 1), "This backup is damaged"),
    "cut bytes": (lambda: cut(locked(x509_factories.rsa_key()), 40), "This backup is damaged"),
    "a foreign character": (
        lambda: locked(x509_factories.rsa_key()).replace("MII", "M\u2026I"),
        "This backup is damaged",
    ),
    "no end": (lambda: locked(x509_factories.rsa_key())[:900], "This backup is damaged"),
}


def test_a_backup_that_cannot_be_used_has_words_of_its_own(tess, tmp_path) -> None:
    error, said = tess.tab.locator("[data-part=error]"), {}
    tess.take_way(IN_BROWSER)
    for name, (content, words) in WORDS_FOR.items():
        file = tmp_path / "backup.pem"
        file.write_text(content(), "utf-8")
        tess.tab.reload()
        load_backup(tess.tab, file)
        expect(error).not_to_have_text("", timeout=30_000)
        said[name] = words if words in error.inner_text() else error.inner_text()
    assert said == {name: words for name, (_, words) in WORDS_FOR.items()}


def test_enter_on_the_backup_file_opens_the_chooser(tess, tmp_path) -> None:
    tab = tess.tab
    tab.on(
        "filechooser", lambda _: None
    )  # from now on; to be told only of the next one may come too late for a key
    take_way(tab, IN_BROWSER)
    tab.get_by_text("Load a key from its backup").click()
    tab.get_by_label("Backup file").focus()
    expect(tab.get_by_label("Backup file")).to_be_focused()
    with tab.expect_file_chooser() as chooser:
        tab.keyboard.press("Enter")
    assert chooser.value.element.get_attribute("data-field") == "backup"
    expect(tab.locator("[data-part=error]")).to_have_text("")


def test_without_scripts_the_way_says_so_and_the_others_work(setup, browse) -> None:
    tess = Person(setup.people.tess, browse(java_script_enabled=False))
    tess.sign_in(setup.path("csr"))
    expect(tess.part).to_contain_text("JavaScript is off in this browser or did not load")
    tess.take_way(IN_BROWSER)
    expect(tess.part).to_contain_text("Making the key in the browser needs JavaScript, which is off")
    tess.take_way("OpenSSL", "Linux")
    expect(tess.part.get_by_label("Paste the CSR")).to_be_visible()


def wrong(tab: Page) -> list[str]:
    """What axe, the content policy or a phone finds wrong with the panel as it is now."""
    found = [*violations(tab), *refused_by_the_policy(tab), *too_wide(tab)]
    tab.set_viewport_size({"width": DESKTOP, "height": 900})
    return found


def test_nothing_is_wrong_with_the_panel_in_any_state(setup, tess) -> None:
    tab, found = tess.tab, {}
    take_way(tab, IN_BROWSER)
    tab.get_by_text("Load a key from its backup").click()
    tess.press("Make the key")
    found["to be made, without a passphrase"] = wrong(tab)
    make_key(tab)
    tess.press("Delete the key from this browser")
    found["made, to be forgotten?"] = wrong(tab)
    request = send_csr(tab, setup)
    tab.goto(setup.path("csr"))
    expect(tab.get_by_text("The key is in this browser since")).to_be_visible()
    found["sent"] = wrong(tab)
    certify(setup, request)
    tab.goto(setup.path("pfx"))
    take_way(tab, IN_BROWSER)
    found["to be used"] = wrong(tab)
    tab.evaluate("indexedDB.deleteDatabase('certificate-onboarding')")
    tab.reload()
    take_way(tab, IN_BROWSER)
    expect(tess.part.get_by_text("The key is not in this browser")).to_be_visible()
    found["cleared"] = wrong(tab)
    assert {state: faults for state, faults in found.items() if faults} == {}


def test_with_the_keyboard_alone_the_key_is_made_and_the_form_not_sent_too_early(setup, tess) -> None:
    tab, keys = tess.tab, tess.tab.keyboard
    take_way(tab, IN_BROWSER)
    expect(tab.get_by_label("Passphrase", exact=True)).to_be_visible()  # the page's script listens
    tab.get_by_label("Passphrase", exact=True).focus()
    keys.type(PASSPHRASE)
    keys.press("Enter")
    expect(tab.locator("[data-part=error]")).to_contain_text("The two passphrases differ")
    tab.get_by_label("Passphrase once more").focus()
    keys.type(PASSPHRASE)
    keys.press("Enter")
    expect(status(tab)).to_contain_text("The key is made", timeout=browser_key.KEY_TAKES)
    expect(tab.get_by_role("button", name="Save the encrypted backup")).to_be_focused()
    assert setup.record("csr").state == "open"
