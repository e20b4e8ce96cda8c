"""The form of “We have registered already”: how far the company is in Atlas, its account there, and what was seen.

Where the account API is set, Atlas is asked before anything is taken: the account must be of this company.
"""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator

from atlas.account_types import Account, IdentityProfileStatus
from atlas.errors import AtlasError, Rejected
from certs import clock
from onboarding.journey import atlas_accounts
from onboarding.journey.definitions import StepSlug
from onboarding.journey.forms.base import NO_AUTOFILL, EvidenceForm, at_noon, long_ago, today
from onboarding.journey.polling.client import NoAccount, get_account_api
from onboarding.journey.registered_already import HowFar
from onboarding.ui.fields import DatePartsField
from onboarding.ui.widgets import Radios

NUMBER = RegexValidator(
    r"^[\w.-]+$", "Enter the number as Atlas shows it: letters, digits, hyphens and full stops."
)


class RegisteredForm(EvidenceForm):
    """What a person of the company, or ops, saw in Atlas, and when. registered_already.declare() makes the moves."""

    how_far = forms.ChoiceField(label="How far are you in Atlas?", choices=HowFar.choices, widget=Radios())
    account = forms.CharField(
        label="Atlas account number",
        max_length=64,
        validators=[NUMBER],
        help_text="In Atlas: the profile icon at the top right, then Account Settings.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", **NO_AUTOFILL}),
    )
    profile = forms.CharField(
        label="Identity profile number",
        required=False,
        max_length=64,
        validators=[NUMBER],
        help_text="Only if you have sent the identity profile. In Atlas: Identity Profiles.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", **NO_AUTOFILL}),
    )
    seen = DatePartsField(
        label="When did you see this in Atlas?",
        what="the date you saw it",
        not_after=today,
        not_before=long_ago,
    )
    field_order = ["how_far", "account", "profile", "seen", "note", "evidence_file"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].label = "What did you see?"
        self.fields["note"].required = True
        self.fields[
            "note"
        ].help_text = "For example: the dashboard of One Energy Ltd. Never type a password or a secret."

    def clean(self) -> dict[str, Any]:
        """Ask Atlas for the account and the profile, where the portal can."""
        typed = super().clean() or {}
        self.checked = False
        if settings.PORTAL.account_api and "account" in typed and "how_far" in typed:
            self._ask_atlas(typed)
        return typed

    def _ask_atlas(self, typed: dict[str, Any]) -> None:
        try:
            account = self._find_account(typed["account"])
            if account is None:
                # The same sentence for a number that does not exist and for one of another company.
                company = self.record.onboarding.company
                own = atlas_accounts.describe_own(company)
                self.add_error(
                    "account",
                    f"Atlas shows no account {typed['account']} of {company.name}. Check the number. {own}",
                )
            elif typed["how_far"] == HowFar.PROFILE:
                self._find_profile(account, typed)
            self.checked = account is not None
        except (AtlasError, NoAccount):
            self.add_error(None, atlas_accounts.NO_ANSWER)

    def _find_account(self, number: str) -> Account | None:
        try:
            found = get_account_api().account(number)
        except Rejected:
            return None
        return next(iter(atlas_accounts.find_own([found], self.record.onboarding.company)), None)

    def _find_profile(self, account: Account, typed: dict[str, Any]) -> None:
        profiles = [
            each.identity_profile_id
            for each in get_account_api().identity_profiles(account.account_id)
            if each.status != IdentityProfileStatus.REJECTED
        ]
        if typed.get("profile") in profiles:
            return
        if not typed.get("profile") and len(profiles) == 1:
            typed["profile"] = profiles[0]
        elif not profiles:
            self.add_error(
                "how_far", "Atlas shows no identity profile of this account that GlobalSign has not rejected."
            )
        else:
            shown = ", ".join(profiles)
            self.add_error(
                "profile", f"Enter one of the identity profiles that Atlas shows for this account: {shown}."
            )

    def seen_on(self) -> datetime:
        """Noon of the day that was named."""
        return min(at_noon(self.cleaned_data["seen"]), clock.now())

    def facts_by_step(self) -> dict[str, dict[str, Any]]:
        """What later steps read, by the step's slug. Only what Atlas has confirmed is an account to ask about."""
        typed = self.cleaned_data
        facts = {StepSlug.REGISTER: {"account_id" if self.checked else "account_told": typed["account"]}}
        if typed["how_far"] == HowFar.PROFILE and typed.get("profile"):
            facts |= {StepSlug.IDENTITY_PROFILE: {"identity_profile_id": typed["profile"]}}
        return {str(slug): each for slug, each in facts.items()}
