"""Text that must not be kept: a private key, or what has the shape of an API secret, typed where others will read it.

What is wrong with a key or a credential in its right place is decided in certs/.
"""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from certs.decoding import contains_secret
from certs.private_key_detection import contains_private_key

_KEY_ALONE = re.compile(r"\s*[0-9A-Fa-f]{16}\s*")


def holds_any_secret(text: str) -> bool:
    """Whether a private key or something like an API secret (40 hexadecimal digits) is in it, or it is an API key."""
    if _KEY_ALONE.fullmatch(text):
        return True
    return contains_secret(text) or contains_private_key(text.encode(errors="replace"))


def refuse_secrets(text: str) -> None:
    """A validator for fields that others read and the history keeps. Raises ValidationError."""
    if holds_any_secret(text):
        raise ValidationError(
            "This holds a private key or something like an API secret, so it was not kept. Take it out: others can "
            "read this, and the history keeps it."
        )


class ForgetfulForm(forms.Form):
    """A form that does not show a secret again, not even to who has just typed it into the wrong box."""

    def full_clean(self) -> None:
        """As Django does; then, if the form is to be emptied again, every box with a secret is emptied."""
        super().full_clean()
        if self.is_bound and self.errors:
            content: Any = self.data  # a QueryDict, or a plain dict
            emptied = content.copy()
            for name in [each for each, value in emptied.items() if holds_any_secret(str(value))]:
                emptied[name] = ""
            self.data = emptied
