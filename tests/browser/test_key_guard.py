"""A private key that is pasted, typed, dropped or chosen is stopped in the page: nothing of it is sent.

That the portal refuses one that reaches it all the same is tested in tests/journey/test_bad_input.py.
"""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings as portal
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Page, expect

from onboarding.ui.fields import UploadField
from tests.browser.browser_key import Ears
from tests.browser.page_assertions import shown_though_hidden, too_wide, violations
from tests.browser.page_setup import PageSetup
from tests.browser.person import Person
from tests.certs import x509_factories
from tests.certs.test_private_key_detection_in_browser import GIVEN
from tests.journey import step_actions

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STOPPED = "so it was stopped in this page and not sent"
CSR_BOX = "Paste the CSR"
PASTE = """(box, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  const event = new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true});
  return box.dispatchEvent(event);
}"""
DROP = """(box, text) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.setData("text/plain", text);
  return box.dispatchEvent(new DragEvent("drop", {dataTransfer, bubbles: true, cancelable: true}));
}"""

# As a script or an extension might, and a browser that brings a form back: without an event.
CHOOSE = """(field, [name, content]) => {
  const chosen = new DataTransfer();
  chosen.items.add(new File([Uint8Array.from(atob(content), (byte) => byte.charCodeAt(0))], name));
  field.files = chosen.files;
}"""


def key_as(encoding: Encoding, form: PrivateFormat = PrivateFormat.PKCS8) -> bytes:
    return x509_factories.rsa_key().private_bytes(encoding, form, NoEncryption())


FILES = {
    "key.pem": lambda: key_as(Encoding.PEM),
    "old.key": lambda: key_as(Encoding.PEM, PrivateFormat.TraditionalOpenSSL),
    "pkcs8.der": lambda: key_as(Encoding.DER),
    "pkcs1.der": lambda: key_as(Encoding.DER, PrivateFormat.TraditionalOpenSSL),
    "windows.txt": lambda: key_as(Encoding.PEM).decode().encode("utf-16"),
    "bundle.pfx": step_actions.pfx,
}


@pytest.fixture
def tess(settings, browse: Callable[..., Page]) -> Person:
    """At the form of the step `csr`."""
    setup = PageSetup(settings)
    setup.start()
    setup.bring_to("csr")
    person = Person(setup.people.tess, browse())
    person.sign_in(setup.path("csr"))
    person.take_way("OpenSSL")
    return person


def test_a_key_that_is_pasted_or_dropped_does_not_reach_the_box(tess) -> None:
    box = tess.part.get_by_label(CSR_BOX)
    for how in (PASTE, DROP):
        tess.tab.reload()
        assert box.evaluate(how, key_as(Encoding.PEM).decode()) is False
        expect(tess.part).to_contain_text(STOPPED)
        expect(box).to_have_value("")
    assert [*violations(tess.tab), *shown_though_hidden(tess.tab), *too_wide(tess.tab)] == []
    assert box.evaluate(PASTE, step_actions.csr().decode()) is True


def test_the_page_that_checks_files_takes_no_key_either(tess) -> None:
    tess.tab.goto("/check/")
    tess.tab.get_by_label("Paste the text").fill(key_as(Encoding.PEM).decode())
    expect(tess.tab.get_by_role("main")).to_contain_text(STOPPED)
    assert [*violations(tess.tab), *shown_though_hidden(tess.tab), *too_wide(tess.tab)] == []


def test_a_key_that_is_typed_is_taken_out_of_the_box_and_never_sent(tess) -> None:
    ears, box = Ears(tess.tab), tess.part.get_by_label(CSR_BOX)
    bare = "".join(key_as(Encoding.PEM).decode().splitlines()[1:-1])
    for text in (key_as(Encoding.PEM).decode(), bare):
        box.fill(text)
        expect(tess.part).to_contain_text(STOPPED)
        expect(box).to_have_value("")
    box.evaluate("(box, text) => { box.value = text }", bare)  # without an event
    tess.press("Save and continue")
    expect(box).to_have_value("")
    expect(box).to_be_focused()
    assert ears.posted == []


def test_what_stood_in_the_box_before_the_key_stays_there(tess) -> None:
    ears, box, before = Ears(tess.tab), tess.part.get_by_label(CSR_BOX), "Dear Ops,\nthis is what we have:\n"
    box.press_sequentially(before)
    tess.tab.keyboard.insert_text(key_as(Encoding.PEM).decode())
    expect(tess.part).to_contain_text(STOPPED)
    expect(box).to_have_value(before)
    box.press_sequentially("no")
    expect(tess.part).not_to_contain_text(STOPPED)
    box.evaluate("(box, text) => { box.value += text }", key_as(Encoding.PEM).decode())
    tess.press("Save and continue")
    expect(tess.part).to_contain_text(STOPPED)
    expect(box).to_have_value(before + "no")
    assert ears.posted == []


def test_what_a_script_put_into_the_box_stays_there_too(tess) -> None:
    box = tess.part.get_by_label(CSR_BOX)
    box.evaluate("(box) => { box.value = 'kept' }")
    box.press("End")
    tess.tab.keyboard.insert_text(key_as(Encoding.PEM).decode())
    expect(tess.part).to_contain_text(STOPPED)
    expect(box).to_have_value("kept")


def test_ordinary_sentences_about_keys_stay_in_the_box(tess) -> None:
    box = tess.part.get_by_label(CSR_BOX)
    for sentence in GIVEN["ordinary"]:
        assert box.evaluate(PASTE, sentence) is True
        box.fill(sentence)
        expect(box).to_have_value(sentence)
    box.fill("")
    box.press_sequentially(GIVEN["ordinary"][0])
    expect(box).to_have_value(GIVEN["ordinary"][0])
    expect(tess.part.locator("[data-key-guard]")).to_have_count(0)


def test_a_key_wrapped_twice_in_base64_does_not_reach_the_box(tess) -> None:
    twice = base64.encodebytes(base64.encodebytes(key_as(Encoding.DER))).decode()
    assert tess.part.get_by_label(CSR_BOX).evaluate(PASTE, twice) is False
    expect(tess.part).to_contain_text(STOPPED)


@pytest.mark.parametrize("name", FILES)
def test_a_file_with_a_key_is_let_go_as_soon_as_it_is_chosen(tess, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(FILES[name]())
    tess.bring("Or choose the CSR file", file)
    expect(tess.part).to_contain_text(STOPPED)
    assert files_in(tess.tab) == 0


@pytest.mark.parametrize("name", FILES)
def test_a_file_with_a_key_is_never_sent(tess, name: str) -> None:
    ears = Ears(tess.tab)
    put_file(tess.tab, name, FILES[name]())
    tess.press("Save and continue")
    expect(tess.part).to_contain_text(STOPPED)
    assert files_in(tess.tab) == 0
    assert ears.posted == []


def put_file(tab: Page, name: str, content: bytes) -> None:
    """Into the field for the CSR; nobody is told."""
    given = [name, base64.b64encode(content).decode()]
    tab.locator("[name=csr_file]").evaluate(CHOOSE, given)
    assert files_in(tab) == 1


def files_in(tab: Page) -> int:
    """How many the field for the CSR would send."""
    found: int = tab.locator("[name=csr_file]").evaluate("(field) => field.files.length")
    return found


@pytest.mark.parametrize("size", [portal.UPLOAD_LIMIT + 1, 3 * portal.UPLOAD_LIMIT])
@pytest.mark.parametrize("takes_key", [False, True])
def test_a_file_that_the_portal_would_not_take_is_never_sent(tess, size: int, takes_key: bool) -> None:
    ears, content = Ears(tess.tab), key_as(Encoding.PEM).rjust(size)
    with pytest.raises(ValidationError) as refused:
        UploadField().clean(SimpleUploadedFile("own.csr", content))
    if takes_key:
        tess.tab.locator("[name=csr_file]").evaluate("(field) => { field.dataset.takesKey = '' }")
    put_file(tess.tab, "own.csr", content)
    tess.press("Save and continue")
    expect(tess.part.locator("[data-key-guard]")).to_have_text(refused.value.messages[0])
    assert files_in(tess.tab) == 0
    put_file(tess.tab, "own.csr", content)
    tess.tab.locator("[name=csr_file]").dispatch_event("change")
    expect(tess.part.locator("[data-key-guard]")).to_have_text(refused.value.messages[0])
    assert files_in(tess.tab) == 0
    assert ears.posted == []


def test_a_file_as_large_as_the_portal_takes_is_looked_at_to_its_end(tess) -> None:
    ears = Ears(tess.tab)
    put_file(tess.tab, "own.csr", key_as(Encoding.PEM).rjust(portal.UPLOAD_LIMIT))
    tess.press("Save and continue")
    expect(tess.part).to_contain_text(STOPPED)
    assert ears.posted == []


def test_a_file_as_large_as_the_portal_takes_is_sent(tess) -> None:
    put_file(tess.tab, "own.csr", step_actions.csr().rjust(portal.UPLOAD_LIMIT))
    tess.press("Save and continue")
    expect(tess.tab.get_by_role("alert").first).to_contain_text("Saved")


def test_what_is_no_key_is_sent_as_before(tess, tmp_path: Path) -> None:
    file = tmp_path / "own.csr"
    file.write_bytes(step_actions.csr())
    tess.bring("Or choose the CSR file", file)
    tess.press("Save and continue")
    expect(tess.tab.get_by_role("alert").first).to_contain_text("Saved")
