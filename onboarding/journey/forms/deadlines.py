"""How long a step may take in one company, as ops type it."""

from typing import Any

from django import forms

from onboarding.journey.deadlines.step_times import MOST_DAYS
from onboarding.journey.definitions import Times
from onboarding.journey.forms.plain import ReasonForm

ORDER = "The latest time cannot be before the usual time. Enter {usual} or more."


def _days(label: str, help_text: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=MOST_DAYS,
        help_text=help_text,
        error_messages={
            "required": "Enter a number of working days.",
            "invalid": "Enter a whole number of working days, such as 3.",
            "min_value": "Enter 1 or more working days.",
            "max_value": f"Enter {MOST_DAYS} or fewer working days.",
        },
    )


class TimesForm(ReasonForm):
    """Usual and latest time in working days, and why; `seen_...` are the times that the page showed."""

    usual = _days("Usual time, in working days", "Then whoever has the step is reminded.")
    latest = _days(
        "Latest time, in working days", "Then all Certificate Admins are told, and the step is stuck."
    )
    seen_usual = forms.IntegerField(widget=forms.HiddenInput)
    seen_latest = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ["usual", "latest", "reason"]

    def clean(self) -> dict[str, Any]:
        """The latest time is no earlier than the usual one."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        usual, latest = found.get("usual"), found.get("latest")
        if usual and latest and latest < usual:
            self.add_error("latest", ORDER.format(usual=usual))
        return found

    @property
    def times(self) -> Times:
        """What was typed, of a valid form."""
        return Times(self.cleaned_data["usual"], self.cleaned_data["latest"])

    @property
    def seen(self) -> Times:
        """What the page showed."""
        return Times(self.cleaned_data["seen_usual"], self.cleaned_data["seen_latest"])
