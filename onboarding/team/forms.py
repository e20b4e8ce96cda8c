"""Forms about a team: roles, absence, another primary, the review of access.

What a valid form does is in the modules named after these.
"""

from typing import Any

from django import forms

from certs import clock
from onboarding.people.forms import ROLE_HINTS
from onboarding.people.models import Membership, Role, User
from onboarding.team.models import AccessReviewLine
from onboarding.ui.fields import DatePartsField, LowercaseEmailField, SingleLineField
from onboarding.ui.secret_text import ForgetfulForm, refuse_secrets
from onboarding.ui.widgets import Radios


class RoleForm(forms.Form):
    """Another role for a member."""

    role = forms.ChoiceField(label="New role", widget=Radios(hints=ROLE_HINTS), choices=Role.choices[1:])


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


class SuccessorForm(ForgetfulForm):
    """Who is to become Primary Certificate Admin, and why."""

    successor = forms.ChoiceField(label="Who becomes Primary Certificate Admin?", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Reason",
        max_length=500,
        validators=[refuse_secrets],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The company's Certificate Admins can read it. Never type a password or a secret.",
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

    name = SingleLineField(label="Name in Atlas", max_length=150)
    email = LowercaseEmailField(label="Email address in Atlas", max_length=254)
    role = SingleLineField(
        label="Role in Atlas", max_length=60, required=False, help_text="For example Admin."
    )


class DecisionForm(ForgetfulForm):
    """Keep or remove, and why."""

    decision = forms.ChoiceField(
        label="What is to happen?", widget=forms.RadioSelect, choices=AccessReviewLine.Decision.choices
    )
    why = forms.CharField(
        label="Why?",
        max_length=300,
        validators=[refuse_secrets],
        help_text="For example: runs the production system. It stays on record.",
    )
