"""Filters for what people typed, as emails show it: readable, and nothing to click on.

The texts themselves are in templates/notifications/; pages show the same words as they were typed.
"""

import re

from django import template

register = template.Library()

NAME_LENGTH = 60  # characters: longer than any person's name, too short for a message
_ADDRESS = re.compile(r"\S*://\S*|\bwww\.\S+|\b[\w-]+(?:\.[\w-]+)+/\S*", re.IGNORECASE)

_HOST = re.compile(r"(?<=\w)\.(?=\w\w)")  # evil.example is a link to many mail programs, “Dr. Ann” is not


@register.filter
def as_name(value: object) -> str:
    """A name in one line, cut to NAME_LENGTH, in which no mail program finds a link."""
    words = _printable(str(value)).replace("://", " ").split()
    line = " ".join(word if "@" in word else _HOST.sub(". ", word) for word in words)
    return line if len(line) <= NAME_LENGTH else line[: NAME_LENGTH - 1].rstrip() + "…"


@register.filter
def as_text(value: object) -> str:
    """A note as it was typed, its lines kept; addresses of pages are written so that nothing can be clicked on."""
    lines = str(value).replace("\r\n", "\n").split("\n")
    return "\n".join(_ADDRESS.sub(_broken, _printable(line)) for line in lines)


def _printable(line: str) -> str:
    return "".join(each if each.isprintable() else " " for each in line)


def _broken(found: re.Match[str]) -> str:
    return found.group().replace("://", ": //").replace(".", "[.]")
