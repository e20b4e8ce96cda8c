"""Evidence in Chromium: what people really make is taken, what hides in a name is refused with nothing typed lost.

What is refused, and what becomes of a file, is in tests/attacks/test_evidence.py.
"""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from certs.evidence.inspection import inspect
from tests.browser.page_setup import PageSetup
from tests.browser.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bob(settings: Any, browse: Callable[..., Page]) -> Person:
    """At the wait for the verification."""
    setup = PageSetup(settings)
    setup.start()
    setup.bring_to("verification")
    person = Person(setup.people.bob, browse())
    person.sign_in(setup.path("verification"))
    return person


def test_a_zip_called_mail_is_refused_on_the_page_and_what_was_typed_stays(
    bob: Person, tmp_path: Path
) -> None:
    with zipfile.ZipFile(packed := io.BytesIO(), "w") as archive:
        archive.writestr("words.txt", "hello")
    wrong, right = tmp_path / "mail.pdf", tmp_path / "right.pdf"
    wrong.write_bytes(packed.getvalue())
    right.write_bytes(bob.tab.pdf())
    bob.date("When did the verification email come?")
    bob.choose("Active")
    bob.fill({"Note (optional)": "V. Etting wrote."})
    bob.bring("The email or a screenshot", wrong)
    bob.tab.get_by_role("button", name="Confirm").click()
    expect(bob.tab.get_by_role("alert").first).to_contain_text("This is an archive or an Office document.")
    expect(bob.tab.get_by_label("Note (optional)")).to_have_value("V. Etting wrote.")
    expect(bob.tab.get_by_label("Active", exact=True)).to_be_checked()
    expect(bob.tab.get_by_label("Day")).not_to_have_value("")
    bob.bring("The email or a screenshot", right)
    bob.tab.get_by_role("button", name="Confirm").click()
    expect(bob.tab.get_by_text("Confirmed. Thank you.")).to_be_visible()


def test_what_chromium_prints_and_photographs_is_evidence(bob: Person) -> None:
    tab = bob.tab
    assert inspect(tab.pdf(print_background=True, outline=True, tagged=True)) == "pdf"
    assert inspect(tab.screenshot(full_page=True)) == "png"
    assert inspect(tab.screenshot(type="jpeg", quality=80)) == "jpeg"
