"""Forms by which a person ends a wait with evidence: the other witness beside the worker.

What they saw, when, and if they like a file of it.
"""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import TextChoices

from certs import certificate, clock, proof, signing
from certs.findings import InvalidArtifact
from onboarding.journey import case_files, sending
from onboarding.journey.forms.base import NO_AUTOFILL, ConfirmForm, at_noon, long_ago, today
from onboarding.journey.forms.keys import NOT_KEPT, read_csr, store_csr, store_pfx
from onboarding.journey.models import StepRecord
from onboarding.journey.polling.portal import proof_facts
from onboarding.journey.progress import Submission
from onboarding.ui.fields import DatePartsField, UploadField
from onboarding.ui.uploads import pasted_or_uploaded
from onboarding.ui.widgets import Radios


class _Dated(ConfirmForm):
    """Evidence with one date, of the field named by `dated`."""

    dated = "seen"

    def seen_on(self) -> datetime:
        """Noon of the day that was named."""
        return min(at_noon(self.cleaned_data[self.dated]), clock.now())

    def effect(self, record: StepRecord) -> Submission:
        """The dates, as facts."""
        dates = {
            name: str(value)
            for name, value in self.cleaned_data.items()
            if isinstance(self.fields[name], DatePartsField)
        }
        return Submission(facts=dates)


class WaitOverForm(_Dated):
    """The wait is over: an email came, or a thing was seen."""

    seen = DatePartsField(
        label="When did the email come?", what="the date of the email", not_after=today, not_before=long_ago
    )
    field_order = ["seen", "note", "evidence_file"]


class ArrivedForm(_Dated):
    """What the portal was to send has reached Atlas, as its pages or an email show."""

    seen = DatePartsField(
        label="When did you see in Atlas, or in an email from GlobalSign, that it has arrived?",
        what="the date you saw it",
        not_after=today,
        not_before=long_ago,
    )
    field_order = ["seen", "note", "evidence_file"]


class OursForm(_Dated):
    """What Atlas has is what was to be sent: the step goes on with it, and nothing is sent (problems/vetting.py)."""

    submit_text = "It is ours"
    seen = DatePartsField(
        label="When did you see in Atlas, or in an email from GlobalSign, that it is yours?",
        what="the date you saw it",
        not_after=today,
        not_before=long_ago,
    )
    atlas_id = forms.ChoiceField(label="Which one is yours?", widget=forms.RadioSelect)
    field_order = ["atlas_id", "seen", "note", "evidence_file"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["atlas_id"].choices = [(each, each) for each in sending.list_candidates(self.record)]  # type: ignore[attr-defined]

    def clean_atlas_id(self) -> str:
        """What is not the company's own cannot be chosen, whoever says so."""
        chosen: str = self.cleaned_data["atlas_id"]
        if fault := sending.explain_foreign(self.record, chosen):
            raise forms.ValidationError(fault)
        return chosen

    def effect(self, record: StepRecord) -> Submission:
        """Atlas's id is what proves the step; the intent remembers it, as if Atlas had answered."""
        adopted = sending.adopt(record, self.cleaned_data["atlas_id"])
        return Submission(facts={**super().effect(record).facts, **adopted})


class TileForm(_Dated):
    """The Request Identity tile is ready (R25, T21)."""

    seen = DatePartsField(
        label="When did you see the tile ready?",
        what="the date you saw it",
        not_after=today,
        not_before=long_ago,
    )
    field_order = ["seen", "note", "evidence_file"]


class MailsForm(_Dated):
    """Both emails have come (R16)."""

    dated = "invitation_on"
    confirmation_on = DatePartsField(
        label="When did the confirmation email with the 12 steps come?",
        what="the date of the confirmation email",
        not_after=today,
        not_before=long_ago,
    )
    invitation_on = DatePartsField(
        label="When did the invitation to the Atlas portal come?",
        what="the date of the invitation",
        not_after=today,
        not_before=long_ago,
    )
    field_order = ["confirmation_on", "invitation_on", "note", "evidence_file"]


class ProfileSeen(TextChoices):
    """What a person sees in Atlas of the identity profile."""

    ACTIVE = "active", "Active"
    PROCESSED = "processed", "Processed"
    QUEUED = "queued", "Queued for Vetting"


class VerifiedForm(_Dated):
    """The verification email has come (R28, A14)."""

    dated = "verified_on"
    verified_on = DatePartsField(
        label="When did the verification email come?",
        what="the date of the verification email",
        not_after=today,
        not_before=long_ago,
    )
    atlas_status = forms.ChoiceField(
        label="What does Atlas show for the identity profile?",
        choices=ProfileSeen.choices,
        widget=Radios(
            hints={ProfileSeen.PROCESSED.value: "The first check is finished, the release is still to come."}
        ),
    )
    field_order = ["verified_on", "atlas_status", "note", "evidence_file"]

    def clean_atlas_status(self) -> str:
        """Only an active profile can carry credentials (R29)."""
        status = str(self.cleaned_data["atlas_status"])
        if status != ProfileSeen.ACTIVE:
            raise forms.ValidationError(
                "The profile is not released yet. Wait until Atlas shows Active: credentials made before that find no "
                "identity to choose."
            )
        return status


class OwnCsrForm(ConfirmForm):
    """An own CSR after all, while the portal is still to make its key."""

    undraftable = frozenset({"csr_file", "evidence_file"})
    one_of = frozenset({"csr_text", "csr_file"})
    fault_field = "csr_text"
    csr_text = forms.CharField(
        label="Paste your own CSR instead",
        required=False,
        max_length=20000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "class": "app-mono", **NO_AUTOFILL}),
    )
    csr_file = UploadField(
        label="Or choose the CSR file", required=False, accept=(".csr", ".pem", ".txt", ".req")
    )
    field_order = ["csr_text", "csr_file", "note", "evidence_file"]

    def clean(self) -> dict[str, Any] | None:
        """It must be there and pass its checks."""
        data = super().clean() or {}
        if "csr_file" not in self.errors:
            self.reading = read_csr(self, pasted_or_uploaded(data, "csr_text", "csr_file"))
        return data

    def effect(self, record: StepRecord) -> Submission:
        """Store it."""
        return Submission(facts=store_csr(record, self.reading))


class CertificateForm(ConfirmForm):
    """The certificate that Atlas shows, pasted or as a file (R50)."""

    undraftable = frozenset({"certificate_file", "evidence_file"})
    one_of = frozenset({"certificate_text", "certificate_file"})
    fault_field = "certificate_text"
    certificate_text = forms.CharField(
        label="Paste the certificate",
        required=False,
        max_length=40000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "class": "app-mono", **NO_AUTOFILL}),
        help_text="From -----BEGIN CERTIFICATE----- to the END line.",
    )
    certificate_file = UploadField(
        label="Or choose the file", required=False, accept=(".cer", ".crt", ".pem", ".txt")
    )
    field_order = ["certificate_text", "certificate_file", "note", "evidence_file"]

    def clean(self) -> dict[str, Any] | None:
        """It must be there, pass its checks, and belong to the CSR."""
        data = super().clean() or {}
        content = pasted_or_uploaded(data, "certificate_text", "certificate_file")
        if "certificate_file" in self.errors:
            return data
        if not content.strip():
            self.add_error("certificate_text", "Paste the certificate or choose its file.")
            return data
        try:
            self.reading = case_files.read_certificate(self.record.onboarding, content)
        except InvalidArtifact as invalid:
            self.add_findings_of(invalid, "certificate_text")
        return data

    def effect(self, record: StepRecord) -> Submission:
        """Store it, matched to its CSR."""
        case = record.onboarding
        stored = certificate.store(
            case.company_id, case.pk, self.reading, case_files.require_signing_request(case)
        )
        signing.close_open(case.pk, "a person brought the certificate")
        return Submission(facts=case_files.certificate_facts(stored))


class OwnPfxForm(ConfirmForm):
    """An own PFX after all, while the portal is still to build one."""

    undraftable = frozenset({"pfx", "evidence_file"})
    fault_field = "pfx"
    pfx = UploadField(label="Your own PFX file instead", accept=(".pfx", ".p12"))
    field_order = ["pfx", "note", "evidence_file"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not settings.PORTAL.portal_keys:
            self.fields["pfx"].help_text = NOT_KEPT

    def clean(self) -> dict[str, Any] | None:
        """It must open and belong to the certificate."""
        data = super().clean() or {}
        self.content = data["pfx"].read() if data.get("pfx") else b""
        try:
            if self.content:
                self.reading = case_files.read_pfx(self.record.onboarding, self.content)
        except InvalidArtifact as invalid:
            self.add_findings_of(invalid, "pfx")
        return data

    def effect(self, record: StepRecord) -> Submission:
        """Store it."""
        return Submission(facts=store_pfx(record, self.content, self.reading, keep=True))


class ProofForm(ConfirmForm):
    """The answer of the command that signs in to Atlas on the company's own computer."""

    undraftable = frozenset({"answer", "evidence_file"})
    answer = forms.CharField(
        label="Paste what the command printed",
        max_length=200000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "class": "app-mono", **NO_AUTOFILL}),
        help_text="It holds Atlas's validation policy and no secret.",
    )
    fault_field = "answer"
    field_order = ["answer", "note", "evidence_file"]

    def clean_answer(self) -> str:
        """It must be Atlas's validation policy."""
        text = str(self.cleaned_data["answer"])
        try:
            wanted = case_files.require_certificate(self.record.onboarding).sha256
            self.proof = proof.read_answer(text, wanted)
        except InvalidArtifact as invalid:
            self.add_findings_of(invalid, "answer")
        return text

    def effect(self, record: StepRecord) -> Submission:
        """What the answer proves."""
        return Submission(facts=proof_facts(self.proof, "the company's own computer"))
