"""What counts as a telephone number of a person, and the address by which a telephone dials it.

The numbers are for people to ring each other: nobody checks whose they are, so they prove nothing about anybody.
"""

import re

from django.core.exceptions import ValidationError

LENGTH = 40  # characters
FEWEST_DIGITS, MOST_DIGITS = 5, 15  # 15: ITU-T E.164; short ones are numbers of an exchange within a company
WRONG = (
    "Enter a telephone number of 5 to 15 digits, such as 020 7946 0018, +44 20 7946 0018 or 020 7946 0018 ext 12. "
    "Use digits, spaces, +, ( ) and - only."
)
_NUMBER = re.compile(r"(?P<main>\+?[0-9 ()-]+?)(?: ?(?:ext\.?|x) ?(?P<extension>[0-9]{1,7}))?", re.IGNORECASE)
_TRUNK_ZERO = "(0)"  # dialled within the country only: +44 (0)20 ... is +4420 ... from anywhere


def clean_telephone(typed: str) -> str:
    """The number as it is kept: as it was typed, with single spaces; empty stays empty. Raises ValidationError."""
    number = " ".join(typed.split())
    if number:
        _split(number)
    return number


def make_tel_uri(number: str) -> str:
    """The address (RFC 3966) of a number that clean_telephone() has taken. Raises ValidationError for others."""
    main, extension = _split(number)
    if main.startswith("+"):
        main = main.replace(_TRUNK_ZERO, "")
    dialled = "".join(letter for letter in main if letter in "+0123456789")
    return f"tel:{dialled}{';ext=' + extension if extension else ''}"


def _split(number: str) -> tuple[str, str]:
    found = _NUMBER.fullmatch(number)
    digits = re.sub(r"[^0-9]", "", found["main"]) if found else ""
    if found is None or not FEWEST_DIGITS <= len(digits) <= MOST_DIGITS:
        raise ValidationError(WRONG)
    return found["main"], found["extension"] or ""
