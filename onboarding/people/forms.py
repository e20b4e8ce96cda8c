"""Forms about companies and people.

What a valid form does is in company_creation.py, invitations.py and the verbs beside them.
"""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from certs import clock
from onboarding.look.fields import AddressField, DatePartsField, LineField
from onboarding.look.widgets import Radios
from onboarding.people.models import Membership, ReviewLine, Role, User
from onboarding.people.retention import LONGEST
from onboarding.people.role_descriptions import ROLE_DESCRIPTIONS

ROLE_HINTS = {str(role): words for role, words in ROLE_DESCRIPTIONS.items()}


RESERVED_NAMES = ("the portal", "the operator")  # how records and e-mails call what is no person


def validate_person_name(name: str) -> None:
    """A name that records cannot be misread by. Raises ValidationError with a sentence."""
    if set(name) & set("<>"):
        raise ValidationError("Enter the name without < and >.")
    if " ".join(name.split()).casefold() in RESERVED_NAMES:
        raise ValidationError("This name stands for the portal itself. Enter the name of a person.")


class CompanyForm(forms.Form):
    """A new company and its Primary Certificate Admin."""

    name = LineField(
        label="Registered company name",
        max_length=160,
        help_text="As in the register of companies, not a trading name.",
        validators=[RegexValidator(r"[A-Za-z0-9]", "Enter a name with at least one letter or digit.")],
    )
    number = forms.CharField(label="Company number", max_length=20)
    admin_name = LineField(
        label="Full name of the Primary Certificate Admin",
        max_length=100,
        validators=[validate_person_name],
        help_text="A current full-time employee of the company. GlobalSign vets this person.",
    )
    admin_email = AddressField(
        label="Their e-mail address", max_length=254, help_text="The invitation to this portal goes there."
    )


class InviteForm(forms.Form):
    """Whom to invite, and in which role."""

    email = AddressField(
        label="E-mail address",
        max_length=254,
        help_text="The invitation goes there, and only this address can accept it.",
    )
    role = forms.ChoiceField(label="Role", widget=Radios(hints=ROLE_HINTS), choices=Role.choices[1:])


class JoinForm(forms.Form):
    """The account of somebody new: a name and a password."""

    name = LineField(
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


class RoleForm(forms.Form):
    """Another role for a member."""

    role = forms.ChoiceField(label="New role", widget=Radios(hints=ROLE_HINTS), choices=Role.choices[1:])


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


class AbsenceForm(forms.Form):
    """From when to when somebody is away, and who stands in."""

    first_day = DatePartsField(label="First day away", what="the first day away")
    last_day = DatePartsField(label="Last day away", what="the last day away", not_before=clock.today)
    deputy = forms.ChoiceField(label="Who stands in for you?", required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, deputies: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deputies = {str(user.pk): user for user in deputies}
        choices = [(pk, user.name) for pk, user in self.deputies.items()]
        self.fields["deputy"].choices = [*choices, ("", "Nobody")]  # type: ignore[attr-defined]

    def clean_deputy(self) -> User | None:
        """The person behind the choice."""
        return self.deputies.get(self.cleaned_data["deputy"])


class SuccessorForm(forms.Form):
    """Who is to become Primary Certificate Admin, and why."""

    successor = forms.ChoiceField(label="Who becomes Primary Certificate Admin?", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Reason",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The company's Certificate Admins can read it.",
    )

    def __init__(self, *args: Any, members: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {str(member.user_id): member.user for member in members}
        choices = [(str(m.user_id), f"{m.user.name}, {m.get_role_display()}") for m in members]
        self.fields["successor"].choices = choices  # type: ignore[attr-defined]

    def clean_successor(self) -> User:
        """The person behind the choice."""
        return self.members[self.cleaned_data["successor"]]


class AgreeForm(forms.Form):
    """What a new Primary Certificate Admin confirms (R12, R15)."""

    employee = forms.BooleanField(
        label="I am a current full-time employee of the company.",
        error_messages={
            "required": "GlobalSign accepts only a current full-time employee. If you are not, say no."
        },
    )
    mailbox = forms.BooleanField(
        label="I can read the mailbox that the company gave or will give to GlobalSign.",
        error_messages={"required": "GlobalSign writes to that mailbox. Get access first, then agree."},
    )


class AtlasUserForm(forms.Form):
    """A user as Atlas shows them."""

    name = LineField(label="Name in Atlas", max_length=150)
    email = AddressField(label="E-mail address in Atlas", max_length=254)
    role = LineField(label="Role in Atlas", max_length=60, required=False, help_text="For example Admin.")


class DecisionForm(forms.Form):
    """Keep or remove, and why."""

    decision = forms.ChoiceField(
        label="What is to happen?", widget=forms.RadioSelect, choices=ReviewLine.Decision.choices
    )
    why = forms.CharField(
        label="Why?", max_length=300, help_text="For example: runs the production system. It stays on record."
    )
