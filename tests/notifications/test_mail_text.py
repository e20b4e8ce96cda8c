"""What people typed, as emails show it: readable, in one line where it is a name, and with nothing to click on."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from onboarding.notifications.templatetags.mail_text import NAME_LENGTH, as_name, as_text


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Dr. Ann O’Neill", "Dr. Ann O’Neill"),
        ("J.R.R. Tolkien", "J.R.R. Tolkien"),
        ("Ann\r\nBcc: x\x00\x1b[31m", "Ann Bcc: x [31m"),
        ("Pay at https://evil.example/x now", "Pay at https evil. example/x now"),
        ("bob@one.example", "bob@one.example"),
        ("a" * 150, "a" * (NAME_LENGTH - 1) + "…"),
        ("\u202eevil", "evil"),
    ],
)
def test_a_name_is_one_short_line_without_a_link(typed: str, shown: str) -> None:
    assert as_name(typed) == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Please do the CSR.\r\nThanks, Bob", "Please do the CSR.\nThanks, Bob"),
        ("See https://evil.example/x?y=1 first", "See https: //evil[.]example/x?y=1 first"),
        ("www.evil.example", "www[.]evil[.]example"),
        ("evil.example/sign-in", "evil[.]example/sign-in"),
        ("Ask bob@one.example, version 3.2", "Ask bob@one.example, version 3.2"),
        ("a\x07b", "a b"),
    ],
)
def test_a_note_keeps_its_words_and_loses_its_links(typed: str, shown: str) -> None:
    assert as_text(typed) == shown


TYPED = re.compile(
    r"(\.name|reason|answer|note|who_agrees|\bwhy|actor|from_user|to_user|receiver|invited_by)$"
)


def test_no_email_prints_a_name_or_a_note_as_it_was_typed() -> None:
    """Names of companies are the exception: ops write them, and subjects carry them too."""
    found = []
    for path in sorted((Path(settings.BASE_DIR) / "templates" / "notifications").rglob("body.*")):
        for shown in re.findall(r"{{ *(.*?) *}}", path.read_text()):
            what, *filters = shown.split("|")
            typed = TYPED.search(what) and not what.endswith("company.name")
            if typed and not {"as_name", "as_text"} & set(filters):
                found.append(f"{path.parent.name}/{path.name}: {shown}")
    assert found == []
