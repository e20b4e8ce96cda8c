"""What people typed, as e-mails show it: readable, in one line where it is a name, and with nothing to click on."""

import pytest

from onboarding.notices.templatetags.mail_text import NAME_LENGTH, as_name, as_text


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
