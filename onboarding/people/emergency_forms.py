"""The form by which ops ask for an emergency invitation.

What a valid form does is in emergency.py.
"""

from django import forms

from onboarding.ui.fields import LowercaseEmailField
from onboarding.ui.secret_text import ForgetfulForm, refuse_secrets


class EmergencyForm(ForgetfulForm):
    """Whom ops want to invite, and why."""

    email = LowercaseEmailField(
        label="Email address of the future Certificate Admin",
        max_length=254,
        help_text="A person of the company. Once it is agreed, only this address can accept the invitation.",
    )
    reason = forms.CharField(
        label="Why can the company not invite this person itself?",
        max_length=500,
        validators=[refuse_secrets],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Everybody in the company and all of ops read it. Say also how you made sure who asks. "
        "Never type a password or a secret.",
        error_messages={"required": "Give a reason; the others decide by it."},
    )
