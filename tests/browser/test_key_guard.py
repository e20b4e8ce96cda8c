"""A private key that is pasted, typed, dropped or chosen is stopped in the page: nothing of it is sent.

That the portal refuses one that reaches it all the same is tested in tests/journeys/test_bad_input.py.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from playwright.sync_api import Page, expect

from tests.browser.browser_key import Ears
from tests.browser.eyes import shown_though_hidden, too_wide, violations
from tests.browser.hands import Person
from tests.browser.stage import Stage
from tests.certs import makers
from tests.journeys import deeds

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


def key_as(encoding: Encoding, form: PrivateFormat = PrivateFormat.PKCS8) -> bytes:
    return makers.rsa_key().private_bytes(encoding, form, NoEncryption())


FILES = {
    "key.pem": lambda: key_as(Encoding.PEM),
    "old.key": lambda: key_as(Encoding.PEM, PrivateFormat.TraditionalOpenSSL),
    "pkcs8.der": lambda: key_as(Encoding.DER),
    "pkcs1.der": lambda: key_as(Encoding.DER, PrivateFormat.TraditionalOpenSSL),
    "windows.txt": lambda: key_as(Encoding.PEM).decode().encode("utf-16"),
    "bundle.pfx": deeds.pfx,
}


@pytest.fixture
def tess(settings, browse: Callable[..., Page]) -> Person:
    """At the form of the step `csr`."""
    stage = Stage(settings)
    stage.start()
    stage.bring_to("csr")
    person = Person(stage.people.tess, browse())
    person.sign_in(stage.path("csr"))
    person.choose("We make the key ourselves")
    return person


def test_a_key_that_is_pasted_or_dropped_does_not_reach_the_box(tess) -> None:
    box = tess.part.get_by_label(CSR_BOX)
    for how in (PASTE, DROP):
        tess.tab.reload()
        tess.choose("We make the key ourselves")
        assert box.evaluate(how, key_as(Encoding.PEM).decode()) is False
        expect(tess.part).to_contain_text(STOPPED)
        expect(box).to_have_value("")
    assert [*violations(tess.tab), *shown_though_hidden(tess.tab), *too_wide(tess.tab)] == []
    assert box.evaluate(PASTE, deeds.csr().decode()) is True


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
    box.evaluate("(box, text) => { box.value = text }", bare)  # as an extension might, without an event
    tess.press("Save and continue")
    expect(box).to_have_value("")
    expect(box).to_be_focused()
    assert ears.posted == []


@pytest.mark.parametrize("name", FILES)
def test_a_file_with_a_key_is_let_go_and_never_sent(tess, tmp_path: Path, name: str) -> None:
    ears, file = Ears(tess.tab), tmp_path / name
    file.write_bytes(FILES[name]())
    tess.bring("Or choose the CSR file", file)
    expect(tess.part).to_contain_text(STOPPED)
    assert tess.tab.locator("[name=csr_file]").evaluate("(field) => field.files.length") == 0
    assert ears.posted == []


def test_what_is_no_key_is_sent_as_before(tess, tmp_path: Path) -> None:
    file = tmp_path / "own.csr"
    file.write_bytes(deeds.csr())
    tess.bring("Or choose the CSR file", file)
    tess.press("Save and continue")
    expect(tess.tab.get_by_role("alert").first).to_contain_text("Saved")
