"""Finds an API key and an API secret by their shape, 16 and 40 hex digits, wherever they stand in a text.

JSON, env files, YAML, Markdown, labels above their values, formulas, one column, lines broken by a console. What a CSV
says by its columns is read in csv_table.py; what is wrong with a value is said in credentials.py.
"""

import re
from dataclasses import dataclass, field

from django.views.decorators.debug import sensitive_variables

LONGEST = 64 * 1024  # characters
_HEX = r"(?<![0-9A-Za-z])[0-9A-Fa-f]{%d}(?![0-9A-Za-z])"
_KEY, _SECRET = re.compile(_HEX % 16), re.compile(_HEX % 40)
_CUT = re.compile(r"(?<![0-9A-Za-z.:-])[0-9]{11,15}(?![0-9A-Za-z.:-])")
_FORMULA = re.compile(r"=\s{0,3}[\"'\u201c]{1,2}\s{0,3}$")
# Other things of those lengths: fingerprints and names that programs print.
_NEITHER = re.compile(
    r"(?:thumbprint|fingerprint|hash|sha-?1|x5t|serial|commit|kid|etag|identifier)\W{0,8}(?:\(\w+\))?\W{0,6}$",
    re.I,
)
_LABEL = re.compile(r"(?:api|hvca|atlas|globalsign)?[\s_.-]{0,3}(key|secret)(?![a-z])", re.I)
_VALUE = re.compile(
    r"(?:[\s\"'`*:=>|\u201c\u201d\u2018\u2019\\-]|&quot;){1,40}([^\s,;|\"'`*<>{}\u201c\u201d\u2018\u2019\\]{6,80})"
)
_WORDS = re.compile(r"(?:api|hvca|atlas|globalsign)?[\s_.-]{0,3}(?:key|secret)s?", re.I)


@dataclass(frozen=True)
class Pair:
    """A key and a secret as they stand; `is_formula` if a spreadsheet's formula is around one of them."""

    api_key: str = field(repr=False)
    api_secret: str = field(repr=False)
    is_formula: bool = False


@sensitive_variables()
def find_pair(text: str) -> Pair | None:
    """The one key and the one secret in `text`; None if either is missing or there are several.

    If the labels say that the long one is the key and the short one the secret, they are given so.
    """
    if len(text) > LONGEST:
        return None
    for form in (text, _unwrapped(text)):
        keys, secrets = _distinct(_KEY, form), _distinct(_SECRET, form)
        if len(keys) == len(secrets) == 1:
            (key, key_at), (secret, secret_at) = keys.popitem(), secrets.popitem()
            formula = any(_FORMULA.search(form[max(0, at - 8) : at]) for at in (key_at, secret_at))
            if _label_before(form, key_at) == "secret" and _label_before(form, secret_at) == "key":
                return Pair(secret, key, formula)
            return Pair(key, secret, formula)
    return None


@sensitive_variables()
def has_several(text: str) -> bool:
    """Whether there is more than one key or more than one secret in `text`."""
    return len(_distinct(_KEY, text)) > 1 or len(_distinct(_SECRET, text)) > 1


@sensitive_variables()
def find_labelled(text: str) -> Pair | None:
    """What stands behind or under the labels for key and secret, whatever it looks like; None if one has nothing."""
    if len(text) > LONGEST:
        return None
    found: dict[str, str] = {}
    for label in _LABEL.finditer(text):
        value = _VALUE.match(text, label.end())
        if value and not _WORDS.fullmatch(value[1]):
            found.setdefault(label[1].lower(), value[1])
    return Pair(found["key"], found["secret"]) if {"key", "secret"} <= set(found) else None


@sensitive_variables()
def lost_digits(text: str) -> bool:
    """Whether a whole secret stands beside a number of nearly the key's length: a spreadsheet has cut the key."""
    for form in (text, _unwrapped(text)):
        if (
            len(_distinct(_SECRET, form)) == 1
            and not _distinct(_KEY, form)
            and len(_distinct(_CUT, form)) == 1
        ):
            return True
    return False


@sensitive_variables()
def _distinct(shape: re.Pattern[str], text: str) -> dict[str, int]:
    """Each value of that shape and where it stands first."""
    found: dict[str, int] = {}
    for match in shape.finditer(text):
        if not _NEITHER.search(text[max(0, match.start() - 40) : match.start()]):
            found.setdefault(match[0], match.start())
    return found


def _label_before(text: str, at: int) -> str:
    labels = list(_LABEL.finditer(text[max(0, at - 60) : at]))
    return labels[-1][1].lower() if labels else ""


@sensitive_variables()
def _unwrapped(text: str) -> str:
    """The lines joined: what a console broke in two is whole again, and labels are no part of their values."""
    return _WORDS.sub(" ", "".join(line.strip(" \t\r>|") for line in text.split("\n")))
