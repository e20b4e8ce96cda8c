"""Forms of the technical steps: CSR, PFX and the upload to the DIP. API credentials are in credentials.py.

What is right or wrong about an artefact is decided in certs/; here it only becomes an error on a page.
"""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from certs import csr, pfx
from certs.csr import CsrReading
from certs.findings import InvalidArtifact
from certs.models import SigningRequest
from certs.pfx_reading import PfxReading
from onboarding.journey import case_files
from onboarding.journey.forms import in_browser
from onboarding.journey.forms.base import NO_AUTOFILL, StepForm, long_ago, today
from onboarding.journey.forms.in_browser import NOT_MADE, BrowserCsrField, BrowserPfxField, WithBrowserKey
from onboarding.journey.forms.ways import WayForm
from onboarding.journey.models import StepRecord
from onboarding.journey.polling import azure_key_vault
from onboarding.journey.progress import Submission
from onboarding.ui.fields import DatePartsField, UploadField
from onboarding.ui.uploads import pasted_or_uploaded
from onboarding.ui.widgets import Checkboxes, Radios

Origin = SigningRequest.Origin
NOT_KEPT = "The portal checks it and forgets it: it keeps no private keys."


class CsrForm(WithBrowserKey, WayForm):
    """The certificate signing request: made by the portal, or brought (R38 to R46)."""

    undraftable = frozenset({"csr_file", "browser_csr"})
    one_of = frozenset({"csr_text", "csr_file"})
    fault_field = "csr_text"

    csr_text = forms.CharField(
        label="Paste the CSR",
        required=False,
        max_length=20000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "app-mono", **NO_AUTOFILL}),
        help_text="From -----BEGIN CERTIFICATE REQUEST----- to the END line. Never paste the private key.",
    )
    csr_file = UploadField(
        label="Or choose the CSR file", required=False, accept=(".csr", ".pem", ".txt", ".req")
    )
    browser_csr = BrowserCsrField()

    def clean(self) -> dict[str, Any] | None:
        """An own CSR must be there and pass its checks."""
        data = super().clean() or {}
        if data.get("way") == "own" and "csr_file" not in self.errors:
            self.reading = read_csr(self, pasted_or_uploaded(data, "csr_text", "csr_file"))
        if data.get("way") == "browser":
            self.fault_field = "browser_csr"
            made = str(data.get("browser_csr") or "").encode()
            self.reading = read_csr(self, made, "browser_csr", NOT_MADE)
        return data

    def effect(self, record: StepRecord) -> Submission:
        """Store the own CSR, or ask the worker for a key."""
        way, answers = self.cleaned_data["way"], self.way_answers()
        if way in ("portal", azure_key_vault.WAY):
            return Submission(answers=answers, waits=True)
        facts = store_csr(record, self.reading, Origin(way))
        return Submission(facts={**facts, "tool": answers["tool"]}, answers=answers)


def read_csr(
    form: Any, content: bytes, field: str = "csr_text", missing: str = "Paste the CSR or choose its file."
) -> CsrReading | None:
    """Read a CSR, and put what is wrong with it onto the form; None if it cannot be read."""
    if not content.strip():
        form.add_error(field, missing)
        return None
    try:
        reading = csr.read(content)
    except InvalidArtifact as invalid:
        form.add_findings_of(invalid, field)
        return None
    if not reading.ok:
        form.add_findings_of(InvalidArtifact(reading.findings), field)
    return reading


def store_csr(record: StepRecord, reading: CsrReading | None, origin: Origin = Origin.OWN) -> dict[str, Any]:
    """Store the CSR that a valid form has read, whose key we do not hold.

    Returns the step's facts; raises InvalidArtifact.
    """
    assert reading is not None
    case = record.onboarding
    return case_files.csr_facts(csr.store(case.company_id, case.pk, reading, origin))


class PfxForm(WithBrowserKey, WayForm):
    """The PKCS#12 bundle: built here if the portal holds the key, else brought (R51 to R53)."""

    undraftable = frozenset({"pfx", "browser_pfx"})
    one_of = frozenset({"pfx", "keep"})
    fault_field = "pfx"

    pfx = UploadField(
        label="PFX file",
        required=False,
        accept=(".pfx", ".p12"),
        help_text="Without a password, as the DIP wants it.",
    )
    keep = forms.ChoiceField(
        label="May the portal keep it, encrypted, for the test sign-in?",
        required=False,
        initial="keep",
        choices=[
            ("keep", "Yes, keep it until the upload to the DIP"),
            ("forget", "No, check it and forget it"),
        ],
        widget=Radios(
            hints={
                "keep": "The portal then proves by itself that the bundle signs in to Atlas.",
                "forget": "You run one command on your computer for the proof and paste its answer.",
            }
        ),
    )

    browser_pfx = BrowserPfxField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not settings.PORTAL.portal_keys and "keep" in self.fields:
            self._keep_nothing()

    def _keep_nothing(self) -> None:
        """Operators have forbidden that private keys stay here, and a PFX holds one."""
        del self.fields["keep"]
        self.fields["pfx"].help_text = f"{self.fields['pfx'].help_text} {NOT_KEPT}"

    def clean(self) -> dict[str, Any] | None:
        """A brought PFX must be there, open, and belong to the certificate."""
        data = super().clean() or {}
        if data.get("way") == "browser" and "browser_pfx" not in self.errors:
            in_browser.check_pfx(self, self.record, data.get("browser_pfx"))
        if data.get("way") != "own" or "pfx" in self.errors:
            return data
        self.content = data["pfx"].read() if data.get("pfx") else b""
        if not self.content:
            self.add_error("pfx", "Choose the PFX file.")
            return data
        try:
            self.reading = case_files.read_pfx(self.record.onboarding, self.content)
        except InvalidArtifact as invalid:
            self.add_findings_of(invalid, "pfx")
        return data

    def effect(self, record: StepRecord) -> Submission:
        """Store what may be kept of an own PFX, or ask the worker to build one."""
        way, answers = self.cleaned_data["way"], self.way_answers()
        if way in ("portal", azure_key_vault.WAY):
            return Submission(answers=answers, waits=True)
        if way == "browser":
            self.fault_field = "browser_pfx"
            facts = in_browser.note_pfx(record, self.cleaned_data["browser_pfx"])
            return Submission(facts=facts, answers=answers)
        keep = self.cleaned_data.get("keep") != "forget"
        facts = store_pfx(record, self.content, self.reading, keep=keep)
        return Submission(facts=facts, answers=answers)


@sensitive_variables()
def store_pfx(record: StepRecord, content: bytes, reading: PfxReading, *, keep: bool) -> dict[str, Any]:
    """Store an own PFX, `content`, as the form has read it; the file itself only if `keep` and operators allow it.

    The onboarding's row is locked now, so nothing is opened again. Returns the step's facts; raises InvalidArtifact.
    """
    case, keep = record.onboarding, keep and settings.PORTAL.portal_keys
    certificate = case_files.require_certificate(case)
    bundle = pfx.store(case.company_id, case.pk, content, reading, certificate, keep=keep)
    return case_files.bundle_facts(bundle)


class DipUploadForm(StepForm):
    """The upload of key, secret and PFX to the DIP, and what was done with the copies (A32, A33, T8)."""

    COPIES: ClassVar[list[tuple[str, str]]] = [
        ("csv", "The CSV with key and secret is deleted or in a secret store"),
        ("pfx", "Copies of the PFX and the private key are deleted or in a secret store"),
    ]

    uploaded_on = DatePartsField(
        label="When did the DIP say “Added successfully”?",
        what="the date the DIP accepted the upload",
        not_after=today,
        not_before=long_ago,
    )
    copies = forms.MultipleChoiceField(
        label="What became of the copies on your computers?",
        choices=COPIES,
        widget=Checkboxes(),
        error_messages={"required": "Put away or delete every copy of the secrets first, then tick both."},
    )

    def clean_copies(self) -> list[str]:
        """Both kinds of copies have to be dealt with."""
        ticked: list[str] = self.cleaned_data["copies"]
        if len(ticked) < len(self.COPIES):
            raise forms.ValidationError("Put away or delete every copy of the secrets first, then tick both.")
        return ticked

    def effect(self, record: StepRecord) -> Submission:
        """The date."""
        return Submission(
            facts={"uploaded_on": str(self.cleaned_data["uploaded_on"])}, answers=self.plain_answers()
        )
