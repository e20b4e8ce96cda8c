"""What somebody should look at twice before it is sent to GlobalSign, who takes no correction: one sentence each.

Nothing here is refused: a company may be overseas, and a person may have one name. What cannot be right is an error of
its field, see onboarding/ui/validators.py.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from onboarding.ui import validators

# Providers whose addresses anybody gets; GlobalSign vets a person of a company (R12).
FREE_MAIL = frozenset({
    "aol.com", "btinternet.com", "fastmail.com", "gmail.com", "gmx.co.uk", "gmx.com", "googlemail.com",
    "hotmail.co.uk", "hotmail.com", "icloud.com", "live.co.uk", "live.com", "mail.com", "me.com", "msn.com",
    "ntlworld.com", "outlook.com", "outlook.co.uk", "proton.me", "protonmail.com", "sky.com",
    "talktalk.net", "virginmedia.com", "yahoo.co.uk", "yahoo.com", "zoho.com",
})  # fmt: skip
# How the name of a company in the United Kingdom ends (Companies Act 2006, sections 58 and 59; Limited Liability
# Partnerships Act 2000, schedule; Welsh forms included), with the kinds that need not.
_ENDINGS = re.compile(
    r"(?i)\b(limited|ltd|plc|public limited company|llp|limited liability partnership|cyf|cyfyngedig|ccc|"
    r"cwmni cyfyngedig cyhoeddus|pac|cic|community interest company|cbc|lp|limited partnership|cio|unlimited|"
    r"royal charter|society)\.?\W*$"
)
_NO_PERSON = re.compile(
    r"(?i)\b(admins?|administrators?|accounts?|certificates?|department|desk|dip|energy|group|help|info|limited|ltd|"
    r"mailbox|manager|office|operations|plc|service|support|team)\b|[0-9@]"
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing to look at: what was typed, what was expected, and what to do if the first is wrong."""

    text: str

    @property
    def key(self) -> str:
        """What a tick sends: it counts for this sentence only, not for one about another value."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]


class DifferencesForm(forms.Form):
    """One tick for each difference. Valid without any if there are none; a tick of another sentence does not count."""

    def __init__(self, found: Sequence[Difference], data: Any = None) -> None:
        super().__init__(data)
        for each in found:
            wrong = {
                "required": f"Tick this if what you entered is right, or choose “Change something”: {each.text}"
            }
            field = forms.BooleanField(
                label=f"{each.text} I have checked it: what I entered is right.", error_messages=wrong
            )
            self.fields[f"difference-{each.key}"] = field


def compare_company_name(typed: str, on_record: str, country: str) -> Iterator[Difference]:
    """The registered name beside the one that this portal knows the company by, and how such names end here."""
    if _plain(typed) != _plain(on_record):
        yield Difference(f"The company is called “{on_record}” in this portal. You entered “{typed}”.")
    if country == validators.UNITED_KINGDOM and not _ENDINGS.search(typed):
        yield Difference(
            f"“{typed}” does not end in Limited, Ltd, PLC or LLP. The registered name of nearly every company does."
        )


def compare_company_number(typed: str, on_record: str, country: str) -> Iterator[Difference]:
    """The number beside the company's own here, which may be missing or of no known form."""
    known = on_record.strip()
    if known and _numbered(typed, country) != _numbered(known, country):
        yield Difference(f"This portal has company number {known} for the company. You entered {typed}.")
    if country != validators.UNITED_KINGDOM:
        name = validators.country_name(country)
        yield Difference(
            f"The company is registered in {name}. The portal cannot check a company number of that country."
        )


def check_person(name: str) -> Iterator[Difference]:
    """GlobalSign rings a person and asks for them by name (R15)."""
    if _NO_PERSON.search(name) or len(name.split()) < 2:
        yield Difference(
            f"“{name}” does not look like the full name of a person. GlobalSign asks for a person by name."
        )


def check_email(address: str) -> Iterator[Difference]:
    """An address that anybody can have does not show that somebody works for the company."""
    domain = address.rpartition("@")[2].lower()
    if domain in FREE_MAIL:
        yield Difference(
            f"{address} is an address of {domain}, which anybody can have. GlobalSign expects one of the company."
        )


def compare_with_registration(what: str, typed: str, registered: str) -> Iterator[Difference]:
    """A value beside the one of the registration: GlobalSign looks at both."""
    if registered and _plain(typed) != _plain(registered):
        yield Difference(f"The registration has the {what} “{registered}”. You entered “{typed}”.")


def _plain(text: str) -> str:
    """As one reads it: no matter the case, the blanks, the full stops, or whether Limited is written out."""
    words = re.sub(r"[.,]", "", " ".join(text.casefold().split()))
    return re.sub(r"\blimited\b", "ltd", words.replace("&", "and"))


def _numbered(number: str, country: str) -> str:
    """A number as it is written today; one of another country or of no known form in one spelling."""
    if country == validators.UNITED_KINGDOM:
        with suppress(ValidationError):
            return validators.normalize_company_number(number)
    return " ".join(number.split()).casefold()
