"""Passwords that were stolen elsewhere are not taken, where the operator has brought a list of them (ASVS 5.0, 6.2.12).

Nothing is asked over the network: the list is a file of Have I Been Pwned's form, ordered by hash. Where it comes from
is said in docs/operations.md.
"""

import hashlib
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.views.decorators.debug import sensitive_variables

SENTENCE = (
    "This password is in lists that were stolen from other sites. Choose one that you use nowhere else."
)
DIGITS = 40  # of SHA-1 in hexadecimal, at the beginning of each line


class BreachedPasswordValidator:
    """One of Django's password validators; without a list it lets everything pass."""

    @sensitive_variables()
    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError with a sentence."""
        path: Path | None = settings.PORTAL.breached_passwords
        if path is not None and is_listed(path, password):
            raise ValidationError(SENTENCE, code="password_breached")

    def get_help_text(self) -> str:
        """What people read before they choose."""
        return "Your password must not be one that was stolen from another site."


@sensitive_variables()
def is_listed(path: Path, password: str) -> bool:
    """Whether the list holds this password: some 40 short reads, whatever its size. Raises OSError."""
    # The list's own hash; it guards nothing here.
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as lines:
        low, high = 0, path.stat().st_size
        while low < high:
            middle = (low + high) // 2
            found = _hash_after(lines, middle)
            low, high = (middle + 1, high) if found and found < digest else (low, middle)
        return _hash_after(lines, low) == digest


def _hash_after(lines: IO[bytes], offset: int) -> bytes:
    """The hash of the first whole line at or after this byte (the very first line: at 0 only); empty at the end."""
    lines.seek(offset)
    if offset:
        lines.readline()
    return lines.readline()[:DIGITS].upper()
