"""Text that must not be kept: a private key, or what has the shape of an API secret, typed where others will read it.

What is wrong with a key or a credential in its right place is decided in certs/.
"""

from django.core.exceptions import ValidationError

from certs.decoding import holds_secret
from certs.guard import holds_private_key


def holds_any_secret(text: str) -> bool:
    """Whether a private key or something like an API secret (40 hexadecimal digits) is in it."""
    return holds_secret(text) or holds_private_key(text.encode(errors="replace"))


def refuse_secrets(text: str) -> None:
    """A validator for fields that others read and the history keeps. Raises ValidationError."""
    if holds_any_secret(text):
        raise ValidationError(
            "This holds a private key or something like an API secret, so it was not kept. Take it out: others can "
            "read this, and the history keeps it."
        )
