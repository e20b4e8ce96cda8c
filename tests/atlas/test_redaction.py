"""What is taken out of text before a person or a log sees it.
Not here: errors and records that must hold no secret; see test_parsing and test_json_parsing.
"""

import pytest

from atlas.redaction import redact, shorten


@pytest.mark.parametrize(
    "secret",
    [
        "0123456789abcdef",
        "0123456789ABCDEF0123456789abcdef01234567",
        "eyJhbGciOiJkaXIifQ..iv.text.tag",
        "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj",
    ],
)
def test_what_looks_like_a_secret_is_hidden(secret: str) -> None:
    assert secret[4:12] not in redact(f'{{"x": "{secret}"}}')


def test_prose_and_field_names_are_not_hidden() -> None:
    text = 'subject_dn.jurisdiction_of_incorporation_state_or_province_name: is required, "example.com."'
    assert shorten(text) == text


def test_a_secret_that_the_length_limit_would_cut_in_two_is_hidden_whole() -> None:
    assert "secret" not in shorten("a" * 195 + "my-secret", 200, ["my-secret"])


def test_text_for_people_has_no_control_characters() -> None:
    assert shorten("a\r\nb\x1b[31mc\u202e\ud800d") == "a b [31mc d"
