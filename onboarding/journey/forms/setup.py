"""Forms of the first five steps: what the Primary Certificate Admin does with GlobalSign and in Atlas.

Keys, credentials and the upload are in keys.py.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from onboarding.journey.forms import differences
from onboarding.journey.forms.base import StepForm, long_ago, today
from onboarding.journey.forms.differences import Difference
from onboarding.journey.models import StepRecord
from onboarding.journey.progress import Submission
from onboarding.journey.steps import StepSlug
from onboarding.people.access import find_primary
from onboarding.people.company_details import complete_number, find_number_fault
from onboarding.ui import validators
from onboarding.ui.fields import CountryField, DatePartsField, PhoneField, SingleLineField
from onboarding.ui.secret_text import refuse_secrets

NUMBER_HINT = "8 characters, as Companies House shows them, like 01234567 or SC123456."


def _day(label: str, what: str, **kwargs: Any) -> DatePartsField:
    return DatePartsField(label=label, what=what, not_after=today, not_before=long_ago, **kwargs)


class _ByHand(StepForm):
    """A step that a worker sends to Atlas where the account API is set, and that a person reports otherwise.

    `by_hand` names the fields that only the second way asks for.
    """

    by_hand: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if settings.PORTAL.account_api:
            for name in self.by_hand:
                del self.fields[name]

    def effect(self, record: StepRecord) -> Submission:
        """The answers travel to Atlas with a worker, or are on record as done by hand."""
        return Submission(answers=self.plain_answers(), facts=self.facts(), waits=settings.PORTAL.account_api)

    def facts(self) -> dict[str, Any]:
        """What proves a submission made by hand."""
        return (
            {"submitted_on": str(self.cleaned_data["submitted_on"])} if "submitted_on" in self.fields else {}
        )


class RegisterForm(_ByHand):
    """Registration on GlobalSign's MHHS page (R8 to R15)."""

    by_hand = ("submitted_on",)

    name = forms.CharField(label="Full name of the Primary Certificate Admin", max_length=100)
    job_title = forms.CharField(label="Job title", max_length=100)
    email = forms.EmailField(
        label="Email address for vetting",
        help_text="A shared company mailbox is allowed if you can read it.",
    )
    mailbox_readers = forms.CharField(
        label="Who can read this mailbox?",
        max_length=200,
        validators=[refuse_secrets],
        help_text="Name everybody. Whoever opens the Atlas invitation first could set its password.",
    )
    phone = PhoneField(
        label="Direct telephone number",
        max_length=40,
        help_text="A direct line or mobile, not the switchboard.",
    )
    reception_briefed = forms.CharField(
        label="Who has been told to expect GlobalSign's call?",
        max_length=200,
        validators=[refuse_secrets],
        help_text="Reception or switchboard. The call comes unannounced.",
    )
    full_time_employee = forms.BooleanField(
        label="This person is a current full-time employee of the company",
        error_messages={
            "required": "GlobalSign only verifies a current full-time employee of the company. Contractors, "
            "part-time staff and staff of a DCP do not pass. Choose another person, or tick this if it is true."
        },
    )
    submitted_on = _day("When did you submit GlobalSign's form?", "the date you submitted the form")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        primary = find_primary(self.record.onboarding.company_id)
        if primary is not None:  # as ops named the person, and the number that the person entered since
            known = {"name": primary.name, "email": primary.email, "phone": primary.direct_line}
            self.initial = {**known, **self.initial}

    def differences(self) -> list[Difference]:
        """What GlobalSign stumbles over: no person, or an address that is not the company's."""
        name, email = self.cleaned_data["name"], self.cleaned_data["email"]
        return [*differences.check_person(name), *differences.check_email(email)]


class InvitationForm(StepForm):
    """Accepting the invitation to Atlas and setting a password (R19, T14)."""

    accepted_on = _day("When did you accept the invitation?", "the date you accepted the invitation")
    accepted_by = forms.CharField(
        label="Who set the Atlas password?",
        max_length=150,
        validators=[refuse_secrets],
        help_text="It must be the Primary Certificate Admin, nobody else who reads the mailbox.",
    )

    def effect(self, record: StepRecord) -> Submission:
        """The date and the person."""
        return Submission(
            facts={"accepted_on": str(self.cleaned_data["accepted_on"])}, answers=self.plain_answers()
        )


class PaymentMethodForm(StepForm):
    """Setting a payment method that is never charged (R21)."""

    set_on = _day("When did you set the payment method?", "the date you set it")

    def effect(self, record: StepRecord) -> Submission:
        """The date."""
        return Submission(facts={"set_on": str(self.cleaned_data["set_on"])}, answers=self.plain_answers())


class QuoteForm(StepForm):
    """Accepting the zero-pound quotation and the Master Services Agreement (R22 to R24)."""

    amount = forms.DecimalField(
        label="Amount on the quotation, in pounds",
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=2,
        help_text="It must be 0.00.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "decimal"}),
    )
    quotation = forms.BooleanField(label="I ticked the quotation in Atlas")
    msa = forms.BooleanField(label="I ticked the Master Services Agreement (MSA) in Atlas")
    accepted_on = _day("When did you accept it?", "the date you accepted the quotation")

    def clean_amount(self) -> Decimal:
        """Only a quotation of zero pounds is the right one."""
        amount = Decimal(self.cleaned_data["amount"])
        if amount != 0:
            raise forms.ValidationError(
                "The quotation for the DIP is always £0.00. Do not accept this one: it belongs to another product. "
                "Report the problem “The quotation is not £0” below, and write to GlobalSign."
            )
        return amount

    def effect(self, record: StepRecord) -> Submission:
        """Date and amount."""
        facts = {"accepted_on": str(self.cleaned_data["accepted_on"]), "amount": "0.00"}
        return Submission(facts=facts, answers=self.plain_answers())


class IdentityProfileForm(_ByHand):
    """The organisation data that GlobalSign verifies; it cannot be edited after submission (R26)."""

    by_hand = ("submitted_on",)

    profile_name = forms.CharField(
        label="Profile name", max_length=60, help_text="For you to recognise it in Atlas."
    )
    organization = SingleLineField(
        label="Registered company name",
        max_length=160,
        help_text="Exactly as in the register of companies, not a trading name.",
    )
    company_number = SingleLineField(
        label="Company number",
        max_length=20,
        help_text=NUMBER_HINT,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "spellcheck": "false"}),
    )
    street_address = SingleLineField(label="Registered address: street", max_length=160)
    locality = SingleLineField(label="Town or city", max_length=80)
    one_of = frozenset({"postal_code"})  # demanded by its country, and not optional for nearly everybody
    postal_code = SingleLineField(
        label="Postcode",
        max_length=12,
        required=False,
        help_text="Leave it empty only if the country has none.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "spellcheck": "false"}),
    )
    country = CountryField(label="Country", initial=validators.UNITED_KINGDOM)
    phone = PhoneField(label="Main telephone number of the company", max_length=40)
    contact_name = forms.CharField(label="Full name of the Primary Certificate Admin", max_length=100)
    contact_job_title = forms.CharField(label="Job title", max_length=100)
    contact_email = forms.EmailField(label="Email address")
    submitted_on = _day("When did you submit the identity profile in Atlas?", "the date you submitted it")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        company = self.record.onboarding.company
        self.registered = self._from_registration()
        self.number_fault = find_number_fault(company)
        self.initial = {
            **self.registered,
            "organization": company.name,
            "company_number": "" if self.number_fault else company.number,
            "country": company.country,
            **self.initial,
        }
        if self.number_fault:
            self.fields[
                "company_number"
            ].help_text = f"{self.number_fault} Enter the right one. {NUMBER_HINT}"

    def effect(self, record: StepRecord) -> Submission:
        """As for every step of its kind; a company that had no number here has this one from now on."""
        sent, company = self.cleaned_data, record.onboarding.company
        complete_number(company, sent["company_number"], sent["country"], actor=self.user)
        return super().effect(record)

    def _from_registration(self) -> dict[str, Any]:
        first = (
            self.record.onboarding.steps.filter(slug=StepSlug.REGISTER)
            .values_list("answers", flat=True)
            .first()
            or {}
        )
        names = {"contact_name": "name", "contact_job_title": "job_title", "contact_email": "email"}
        return {here: first[there] for here, there in names.items() if there in first}

    def clean(self) -> dict[str, Any]:
        """Number and postcode are written as the company's country writes them."""
        typed = super().clean() or {}
        country = typed.get("country")
        if country and "postal_code" in typed:
            self._clean_one(
                "postal_code", lambda: validators.normalize_postcode(typed["postal_code"], country)
            )
        if country == validators.UNITED_KINGDOM and "company_number" in typed:
            self._clean_one(
                "company_number", lambda: validators.normalize_company_number(typed["company_number"])
            )
        return typed

    def _clean_one(self, field: str, normalize: Callable[[], str]) -> None:
        try:
            self.cleaned_data[field] = normalize()
        except ValidationError as error:
            self.add_error(field, error)

    def differences(self) -> list[Difference]:
        """From the company on record, from the registration, and from what GlobalSign usually accepts."""
        sent, company, registered = self.cleaned_data, self.record.onboarding.company, self.registered
        name, email = sent["contact_name"], sent["contact_email"]
        return [
            *differences.compare_company_name(sent["organization"], company.name, sent["country"]),
            *differences.compare_company_number(sent["company_number"], company.number, sent["country"]),
            *differences.compare_with_registration("name", name, str(registered.get("contact_name", ""))),
            *differences.compare_with_registration(
                "email address", email, str(registered.get("contact_email", ""))
            ),
            *differences.check_person(name),
            *differences.check_email(email),
        ]

    def clean_contact_name(self) -> str:
        """The employee of the registration, whom GlobalSign verifies by this profile; spelt otherwise is no other."""
        named = str(self.registered.get("contact_name", ""))
        name = str(self.cleaned_data["contact_name"])
        if named and not {*named.casefold().split()} & {*name.casefold().split()}:
            raise forms.ValidationError(
                f"The registration names {named}, and GlobalSign verifies that person by this profile. Name the same "
                "person here."
            )
        return name
