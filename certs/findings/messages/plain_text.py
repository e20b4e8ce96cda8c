"""A pasted text as it was before consoles, mails and chats changed it: colours, quote marks and listing numbers taken off.

Only for looking at words; PEM is repaired in certs/pem.py.
"""

import re
import unicodedata
from itertools import pairwise

MOST = 60_000  # characters looked at of the beginning and as many of the end: errors stand there
_COLOUR = re.compile(
    r"(?:\x1b|\\x1b|\\u001b|\\033|\\e|\^\[|\u241b)\[[0-9;?]{0,20}[ -/]?[@-~]|\[[0-9]{1,2}(?:;[0-9]{1,3}){0,4}m"
)
_TITLE = re.compile(r"\x1b\][^\x07\x1b]{0,300}(?:\x07|\x1b\\)|\x1b[()][A-Z0-9]|.\x08")
_MARKS = re.compile(r"(?m)^[ \t]{0,8}(?:[>|\u2502\u2503\u2551\u258c\u2506][ \t]?){1,5}")
_PROMPT = re.compile(
    r"(?m)^(?:PS [A-Za-z]:\\[^>\n]{0,120}> ?|[A-Za-z]:\\[^>\n]{0,120}>|PS> ?|"
    r"[\w.-]{1,40}@[\w.-]{1,60}[^$#%\n]{0,120}[$#%] |[$%#] (?=\S)|>>> |\.\.\. )"
)
_NUMBER = re.compile(r"[ \t]{0,8}([0-9]{1,5})(?:[:.)|\u2502]|[ \t]|$)[ \t]?")
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\r"))
_STRAIGHT = str.maketrans("\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00a0", "''''\"\"\"\" ")
_BASE64_LINE = re.compile(r"(?m)^[A-Za-z0-9+/=]{60,76}\r?$\n?")  # of a file beside the message: no words
_WRITTEN = re.compile(r"\\u([0-9a-cA-CefEF][0-9a-fA-F]{3})")
_ESCAPES = re.compile(r"\\(?:n|r|t)(?![a-z])|\\(?=[\"'])")


def strip_console(text: str) -> str:
    """`text` without colour codes, the marks of quoted lines and the numbers of a listing."""
    if "[" in text:
        text = (
            _TITLE.sub("", _COLOUR.sub("", text))
            if "\x1b" in text or "\x08" in text
            else _COLOUR.sub("", text)
        )
    text = _MARKS.sub("", _PROMPT.sub("", text.translate(_UNSEEN)))
    lines = text.split("\n")
    return "\n".join(_without_numbers(lines)) if len(lines) > 2 else text


def _without_numbers(lines: list[str]) -> list[str]:
    """A listing numbers most of its lines, each one more than the line before."""
    numbers = [match and int(match[1]) for match in map(_NUMBER.match, lines)]
    follows = sum(1 for one, two in pairwise(numbers) if one and two == one + 1)
    if follows < 2 or follows * 2 < len(lines) - 2:
        return lines
    return [
        _NUMBER.sub("", line, count=1) if number else line
        for line, number in zip(lines, numbers, strict=True)
    ]


def tidy(text: str) -> str:
    """`text` in small letters, tidied, without lines of base64; of a very long one the beginning and the end."""
    if len(text) > 2 * MOST:
        text = f"{text[:MOST]}\n{text[-MOST:]}"
    if "\\u" in text:
        text = _WRITTEN.sub(lambda match: chr(int(match[1], 16)), text)  # as JSON writes what is not ASCII
    return strip_console(_BASE64_LINE.sub("", text)).lower()


def squeeze(text: str) -> str:
    """What tidy() gave without blanks, accents and curly quotes: words broken at a line's end are whole again.

    Where there were any, the same with them follows on a line of its own.
    """
    plain = "".join((_ESCAPES.sub("", text) if "\\" in text else text).split())
    if plain.isascii():
        return plain
    straight = unicodedata.normalize("NFKD", plain.translate(_STRAIGHT))
    return "".join(c for c in straight if not unicodedata.combining(c)) + "\n" + plain
