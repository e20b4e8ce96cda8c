"""Forms about companies and people.

What a valid form does is in company_creation.py, invitations.py and the verbs beside them.
"""

import unicodedata
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from onboarding.people.models import Role, User
from onboarding.people.retention import LONGEST
from onboarding.people.role_descriptions import ROLE_DESCRIPTIONS
from onboarding.people.telephone import LENGTH as TELEPHONE_LENGTH
from onboarding.ui.fields import CountryField, LowercaseEmailField, PhoneField, SingleLineField
from onboarding.ui.validators import UNITED_KINGDOM, normalize_company_number
from onboarding.ui.widgets import Radios

ROLE_HINTS = {str(role): words for role, words in ROLE_DESCRIPTIONS.items()}


RESERVED_NAMES = ("the portal", "the operator")  # how records and emails call what is no person


def validate_person_name(name: str) -> None:
    """A name that records cannot be misread by. Raises ValidationError with a sentence."""
    if set(name) & set("<>"):
        raise ValidationError("Enter the name without < and >.")
    if " ".join(name.split()).casefold() in RESERVED_NAMES:
        raise ValidationError("This name stands for the portal itself. Enter the name of a person.")


class DetailsForm(forms.Form):
    """What a company is called and numbered, and where it is registered."""

    name = SingleLineField(
        label="Registered company name",
        max_length=160,
        help_text="As in the register of companies, not a trading name.",
        validators=[RegexValidator(r"[A-Za-z0-9]", "Enter a name with at least one letter or digit.")],
    )
    country = CountryField(
        label="Country in which the company is registered",
        initial=UNITED_KINGDOM,
        error_messages={"required": "Choose a country."},
    )
    number = SingleLineField(
        label="Company number",
        max_length=20,
        help_text="In the United Kingdom 8 characters, as Companies House shows them, like 01234567 or SC123456. The "
        "number of another country is kept as you enter it.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "spellcheck": "false"}),
    )

    def clean_name(self) -> str:
        """Without letters that only look different: two companies must not be told apart by them (NFKC)."""
        return unicodedata.normalize("NFKC", self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        """A number of the United Kingdom has its 8 characters; another country's is not checked."""
        typed = super().clean() or {}
        if "number" in typed and typed.get("country") == UNITED_KINGDOM:
            try:
                typed["number"] = normalize_company_number(typed["number"])
            except ValidationError as error:
                self.add_error("number", error)
        return typed


class CompanyForm(DetailsForm):
    """A new company and its Primary Certificate Admin."""

    admin_name = SingleLineField(
        label="Full name of the Primary Certificate Admin",
        max_length=100,
        validators=[validate_person_name],
        help_text="A current full-time employee of the company. GlobalSign vets this person.",
    )
    admin_email = LowercaseEmailField(
        label="Their email address", max_length=254, help_text="The welcome email goes there."
    )


class AddressForm(forms.Form):
    """Another address for a Primary Certificate Admin who never came."""

    email = LowercaseEmailField(
        label="Correct email address",
        max_length=254,
        help_text="Of the same person, at the company. The new welcome email goes there.",
    )
    confirmed = forms.BooleanField(
        label="The company has told me this address, and I have checked its spelling",
        error_messages={"required": "Tick this when you have checked the address with the company."},
    )


class InviteForm(forms.Form):
    """Whom to invite, and in which role."""

    email = LowercaseEmailField(
        label="Email address",
        max_length=254,
        help_text="The invitation goes there, and only this address can accept it.",
    )
    role = forms.ChoiceField(label="Role", widget=Radios(hints=ROLE_HINTS), choices=Role.choices[1:])


class JoinForm(forms.Form):
    """The account of somebody new: a name and a password."""

    name = SingleLineField(
        label="Your full name",
        max_length=150,
        validators=[validate_person_name],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password1 = forms.CharField(
        label="Choose a password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 12 characters. Three random words are good.",
    )
    password2 = forms.CharField(
        label="The same password again",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        """Both passwords are the same, and good enough for this person."""
        typed = super().clean() or {}
        first, second = typed.get("password1"), typed.get("password2")
        if first and second and first != second:
            self.add_error("password2", "The two passwords are not the same. Type them again.")
        elif first:
            try:
                validate_password(first, User(email=self.email, name=typed.get("name", "")))
            except ValidationError as error:
                self.add_error("password1", error)
        return typed


class TelephoneForm(forms.Form):
    """One's own numbers, by which others reach one; both may be empty."""

    telephone = PhoneField(
        label="Telephone (optional)",
        max_length=TELEPHONE_LENGTH,
        required=False,
        widget=forms.TextInput(
            attrs={"type": "tel", "autocomplete": "tel", "class": "govuk-input--width-20"}
        ),
        help_text="The number by which others reach you at work, a mobile or the switchboard.",
    )
    direct_line = PhoneField(
        label="Direct line (optional)",
        max_length=TELEPHONE_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "class": "govuk-input--width-20"}),
        help_text="If you have one. An extension goes at the end, for example 020 7946 0018 ext 12.",
    )


class RetentionForm(forms.Form):
    """For how many days secrets outlive the upload to the DIP."""

    days = forms.IntegerField(
        label="Days after the upload to the DIP",
        min_value=0,
        max_value=LONGEST,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"}),
        help_text=f"0 to {LONGEST}. With 0 they are destroyed as soon as the last step is done.",
        error_messages={
            "required": "Enter a number of days.",
            "invalid": f"Enter a whole number from 0 to {LONGEST}.",
            "min_value": f"Enter a whole number from 0 to {LONGEST}.",
            "max_value": f"Enter a whole number from 0 to {LONGEST}.",
        },
    )
