"""The form of the step `api-credentials`.

What is right or wrong about a key and its secret is decided in certs/credentials.py.
"""

from typing import Any

from django import forms
from django.core.validators import RegexValidator

from certs import credentials
from certs.findings import InvalidArtifact, Part
from onboarding.journey.forms.base import NO_AUTOFILL, StepForm
from onboarding.journey.models import StepRecord
from onboarding.journey.progress import Submission
from onboarding.ui.fields import UploadField
from onboarding.ui.widgets import Radios


class CredentialsForm(StepForm):
    """API key and secret, from the CSV that Atlas gives or pasted (R32 to R37)."""

    undraftable = frozenset({"csv", "api_key", "api_secret"})
    fault_field = "way"

    name = forms.CharField(
        label="Familiar name of the credential",
        max_length=64,
        help_text="The name you gave in Atlas.",
        validators=[
            RegexValidator(r"\S", "Enter the name you gave the credential in Atlas."),
            RegexValidator(
                r"[0-9A-Fa-f]{16}",
                "This holds the API key or the API secret, not the name you gave the credential in Atlas.",
                inverse_match=True,
            ),
        ],
        widget=forms.TextInput(attrs=NO_AUTOFILL),
    )
    way = forms.ChoiceField(
        label="How do you want to give the API key and secret?",
        choices=[("csv", "The CSV file that Atlas gave me"), ("paste", "Copy and paste")],
        initial="csv",
        widget=Radios(reveals={"csv": ("csv",), "paste": ("api_key", "api_secret")}),
    )
    csv = UploadField(label="CSV file", required=False, accept=(".csv", ".txt"))
    api_key = forms.CharField(
        label="API key",
        required=False,
        max_length=400,
        widget=forms.PasswordInput(attrs=NO_AUTOFILL),
        help_text="16 characters, digits and letters A to F.",
    )
    api_secret = forms.CharField(
        label="API secret",
        required=False,
        max_length=400,
        widget=forms.PasswordInput(attrs=NO_AUTOFILL),
        help_text="40 characters, digits and letters A to F.",
    )

    def clean(self) -> dict[str, Any] | None:
        """Read what was brought; every fault is an error at its field."""
        data = super().clean() or {}
        if "csv" in self.errors:
            return data
        try:
            if data.get("way") == "csv":
                self.credentials = credentials.read_csv(data["csv"].read() if data.get("csv") else b"")
            else:
                self.credentials = credentials.read_pasted(
                    data.get("api_key", ""), data.get("api_secret", "")
                )
        except InvalidArtifact as invalid:
            self._place(invalid, data.get("way") == "csv")
        return data

    def _place(self, invalid: InvalidArtifact, in_csv: bool) -> None:
        """Each error at the field that it is about."""
        for each in invalid.findings:
            field = "api_secret" if each.about is Part.API_SECRET else "api_key"
            self.add_findings_of(InvalidArtifact([each]), "csv" if in_csv else field)
        self.findings = invalid.findings

    def effect(self, record: StepRecord) -> Submission:
        """Key and secret go into the vault; the last four digits of the key stay readable."""
        case = record.onboarding
        stored = credentials.store(case.company_id, case.pk, self.credentials, self.cleaned_data["name"])
        facts = {"credential_id": str(stored.pk), "name": stored.name, "key_last4": stored.key_last4}
        return Submission(facts=facts, answers={"name": stored.name})
