"""Makes text from the wire fit to be read by people: secrets out, control characters out, length bounded.
Not here: what is logged; the transport logs no text from the wire at all.
"""

import re
from collections.abc import Iterable

HIDDEN = "[hidden]"

# Long unbroken runs are tokens, keys and digests: an API key is 16 hex digits, a secret 40, a token a JWE
# (HVCA API document 2.1), a PEM line 64 base64 characters. Prose and field names have no such runs.
_HEX = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{16,}(?![0-9A-Za-z])")
_TOKEN = re.compile(r"eyJ[\w.+/=-]+", re.ASCII)
_LONG = re.compile(r"[\w+/=-]{32,}", re.ASCII)
_DIGIT = re.compile(r"[0-9]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` without any of `secrets` and without anything that looks like one."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, HIDDEN)
    return _LONG.sub(_hide_random, _TOKEN.sub(HIDDEN, _HEX.sub(HIDDEN, text)))


def _hide_random(run: re.Match[str]) -> str:
    # The longest field names of a validation policy are long runs too, but hold no digit.
    return HIDDEN if _DIGIT.search(run[0]) else run[0]


def shorten(text: str, limit: int = 200, secrets: Iterable[str] = ()) -> str:
    """`text` redacted, on one line and at most `limit` characters long."""
    # Redaction first: a secret cut in two by the limit would no longer be known as one.
    plain = _CONTROL.sub(" ", redact(text[: limit * 20], secrets)).strip()
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"
