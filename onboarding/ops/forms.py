"""What ops type about a company: a view's name, a note, a call, a reason to hold it.

The filters of the list are in filters.py.
"""

from collections.abc import Sequence
from typing import Any

from django import forms

from onboarding.ops.models import CallResult, NoteAudience
from onboarding.people.models import Membership
from onboarding.ui.fields import SingleLineField
from onboarding.ui.secret_text import ForgetfulForm, refuse_secrets
from onboarding.ui.text_limits import refuse_longer
from onboarding.ui.widgets import Radios

LONGEST_NOTE, LONGEST_REASON = 2000, 500  # characters
NEVER_SECRETS = "Never type a password, a private key or a secret."


class SaveViewForm(forms.Form):
    """A name for filters that somebody wants again."""

    name = SingleLineField(
        label="Name for these filters",
        max_length=60,
        error_messages={"required": "Type a name, by which you will know these filters."},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )


class NoteForm(ForgetfulForm):
    """A note, and who reads it."""

    text = forms.CharField(
        label="Note",
        validators=[refuse_secrets, refuse_longer(LONGEST_NOTE)],
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=NEVER_SECRETS,
        error_messages={"required": "Type the note."},
    )
    audience = forms.ChoiceField(
        label="Who reads it",
        widget=Radios(),
        choices=NoteAudience.choices,
        initial=NoteAudience.OPS,
        error_messages={"required": "Choose who reads it."},
    )


class CallForm(ForgetfulForm):
    """Whom somebody of ops rang, and what came of it."""

    person = forms.ChoiceField(
        label="Whom did you ring?", widget=Radios(), error_messages={"required": "Choose whom you rang."}
    )
    result = forms.ChoiceField(
        label="What came of it?",
        widget=Radios(),
        choices=CallResult.choices,
        error_messages={"required": "Choose what came of it."},
    )
    text = forms.CharField(
        label="What was said (optional)",
        required=False,
        validators=[refuse_secrets, refuse_longer(LONGEST_NOTE)],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"Only ops read it. {NEVER_SECRETS}",
    )

    def __init__(self, *args: Any, members: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        people = [(str(each.user_id), f"{each.user}, {each.get_role_display()}") for each in members]
        field.choices = [*people, ("other", "Somebody else, or the switchboard")]


class HoldForm(ForgetfulForm):
    """Why a company rests."""

    reason = forms.CharField(
        label="Why is it put on hold?",
        validators=[refuse_secrets, refuse_longer(LONGEST_REASON)],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"The people of the company read it, too. {NEVER_SECRETS}",
        error_messages={"required": "Say why. The people of the company read it."},
    )
