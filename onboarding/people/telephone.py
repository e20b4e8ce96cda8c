"""The address by which a telephone dials a person's number. What counts as a number is in onboarding/ui/validators.py.

The numbers are for people to ring each other: nobody checks whose they are, so they prove nothing about anybody.
"""

from functools import lru_cache

import phonenumbers

from onboarding.ui.validators import UNITED_KINGDOM

LENGTH = 40  # characters


@lru_cache(maxsize=5_000)  # a page of 50 people spends as long on this as on asking the database
def make_tel_uri(number: str) -> str:
    """The address (RFC 3966) of a number that PhoneField has taken; dialled the same from every country.

    Raises phonenumbers.NumberParseException for what is no number.
    """
    parsed = phonenumbers.parse(number, UNITED_KINGDOM)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.RFC3966)
