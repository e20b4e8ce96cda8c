"""Forms of the technical steps: API credentials, CSR, PFX and the upload to the DIP.

What is right or wrong about an artefact is decided in certs/; here it only becomes an error on a page.
"""

from typing import Any, ClassVar

from django import forms
from django.core.validators import RegexValidator

from certs import credentials, csr, pfx
from certs.findings import Fault
from certs.models import SigningRequest
from onboarding.journey import artefacts
from onboarding.journey.forms import in_browser
from onboarding.journey.forms.base import StepForm, long_ago, today
from onboarding.journey.forms.in_browser import NOT_MADE, BrowserCsrField, BrowserPfxField, WithBrowserKey
from onboarding.journey.models import StepRecord
from onboarding.journey.progress import Submission
from onboarding.look.fields import DatePartsField, UploadField
from onboarding.look.widgets import Checkboxes, Radios

Origin = SigningRequest.Origin
NO_AUTOFILL = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}


class CredentialsForm(StepForm):
    """API key and secret, from the CSV that Atlas gives or pasted (R32 to R37)."""

    unkept = frozenset({"csv", "api_key", "api_secret"})
    fault_field = "way"

    name = forms.CharField(
        label="Familiar name of the credential",
        max_length=64,
        help_text="The name you gave in Atlas. You need it again to get the certificate, and Atlas cannot rename it.",
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
        label="How do you bring the API key and secret?",
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
        except Fault as fault:
            self._place(fault, data.get("way") == "csv")
        return data

    def _place(self, fault: Fault, in_csv: bool) -> None:
        """Each error at the field that it is about."""
        for each in fault.findings:
            of_secret = "API secret" in each.seen and "API key" not in each.seen
            self.add_fault(Fault([each]), "csv" if in_csv else "api_secret" if of_secret else "api_key")
        self.findings = fault.findings

    def effect(self, record: StepRecord) -> Submission:
        """Key and secret go into the vault; the last four digits of the key stay readable."""
        case = record.onboarding
        stored = credentials.store(case.company_id, case.pk, self.credentials, self.cleaned_data["name"])
        facts = {"credential_id": str(stored.pk), "name": stored.name, "key_last4": stored.key_last4}
        return Submission(facts=facts, answers={"name": stored.name})


class CsrForm(WithBrowserKey, StepForm):
    """The certificate signing request: made by the portal, or brought (R38 to R46)."""

    unkept = frozenset({"csr_file", "browser_csr"})
    fault_field = "csr_text"

    way = forms.ChoiceField(
        label="Who makes the key?",
        choices=[
            ("portal", "The portal makes the key and the CSR"),
            ("own", "We make the key ourselves, with OpenSSL or Azure Key Vault"),
            ("browser", "Make it in this browser"),
        ],
        widget=Radios(
            hints={
                "portal": "The private key is kept encrypted here and destroyed after the upload to the DIP.",
                "own": "The portal sees the CSR only. The private key never leaves you.",
                "browser": "Nothing to install. The key stays in this browser; the portal gets the CSR only.",
            },
            reveals={"own": ("csr_text", "csr_file"), "browser": ("browser_csr",)},
            scripted=("browser",),
        ),
    )
    csr_text = forms.CharField(
        label="Paste the CSR",
        required=False,
        max_length=20000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "class": "app-mono", **NO_AUTOFILL}),
        help_text="From -----BEGIN CERTIFICATE REQUEST----- to the END line. Never paste the private key.",
    )
    csr_file = UploadField(
        label="Or choose the CSR file", required=False, accept=(".csr", ".pem", ".txt", ".req")
    )
    browser_csr = BrowserCsrField()

    def clean(self) -> dict[str, Any] | None:
        """An own CSR must be there and pass its checks."""
        data = super().clean() or {}
        self.given = artefacts.given(data, "csr_text", "csr_file")
        if data.get("way") == "own" and "csr_file" not in self.errors:
            check_csr(self, self.given)
        if data.get("way") == "browser":
            self.fault_field = "browser_csr"
            self.given = str(data.get("browser_csr") or "").encode()
            check_csr(self, self.given, "browser_csr", NOT_MADE)
        return data

    def effect(self, record: StepRecord) -> Submission:
        """Store the own CSR, or ask the worker for a key."""
        if self.cleaned_data["way"] == "portal":
            return Submission(answers={"way": "portal"}, waits=True)
        way = self.cleaned_data["way"]
        return Submission(facts=accept_csr(record, self.given, Origin(way)), answers={"way": way})


def check_csr(
    form: Any, given: bytes, field: str = "csr_text", missing: str = "Paste the CSR or choose its file."
) -> None:
    """Put what is wrong with a CSR onto the form."""
    if not given.strip():
        form.add_error(field, missing)
        return
    try:
        reading = csr.read(given)
    except Fault as fault:
        form.add_fault(fault, field)
        return
    if not reading.ok:
        form.add_fault(Fault(reading.findings), field)


def accept_csr(record: StepRecord, given: bytes, origin: Origin = Origin.OWN) -> dict[str, Any]:
    """Store a CSR whose key we do not hold. Returns the step's facts; raises Fault."""
    case = record.onboarding
    return artefacts.csr_facts(csr.accept(case.company_id, case.pk, given, origin))


class PfxForm(WithBrowserKey, StepForm):
    """The PKCS#12 bundle: built here if the portal holds the key, else brought (R51 to R53)."""

    unkept = frozenset({"pfx", "browser_pfx"})
    fault_field = "pfx"

    PORTAL, OWN = ("portal", "The portal builds it"), ("own", "We bring the PFX that we built")
    BROWSER = ("browser", "Build it in this browser, which has the key")
    way = forms.ChoiceField(
        label="Who builds the PFX?",
        choices=[PORTAL, OWN, BROWSER],
        widget=Radios(reveals={"own": ("pfx", "keep"), "browser": ("browser_pfx",)}, scripted=("browser",)),
    )
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
        held, kept = (
            is_so(self.record.onboarding) for is_so in (artefacts.holds_key, artefacts.made_in_browser)
        )
        ways = [self.PORTAL] * held + [self.OWN] + [self.BROWSER] * kept
        self.fields["way"].choices = ways  # type: ignore[attr-defined]
        if ways == [self.OWN]:
            self.initial.setdefault("way", "own")

    def clean(self) -> dict[str, Any] | None:
        """A brought PFX must be there, open, and belong to the certificate."""
        data = super().clean() or {}
        if data.get("way") == "browser" and "browser_pfx" not in self.errors:
            in_browser.check_pfx(self, self.record, data.get("browser_pfx"))
        if data.get("way") != "own" or "pfx" in self.errors:
            return data
        self.given = data["pfx"].read() if data.get("pfx") else b""
        if not self.given:
            self.add_error("pfx", "Choose the PFX file.")
            return data
        try:
            artefacts.check_pfx(self.record.onboarding, self.given)
        except Fault as fault:
            self.add_fault(fault, "pfx")
        return data

    def effect(self, record: StepRecord) -> Submission:
        """Store what may be kept of an own PFX, or ask the worker to build one."""
        if self.cleaned_data["way"] == "portal":
            return Submission(answers={"way": "portal"}, waits=True)
        if self.cleaned_data["way"] == "browser":
            self.fault_field = "browser_pfx"
            facts = in_browser.note_pfx(record, self.cleaned_data["browser_pfx"])
            return Submission(facts=facts, answers={"way": "browser"})
        keep = self.cleaned_data.get("keep") != "forget"
        return Submission(facts=accept_pfx(record, self.given, keep=keep), answers={"way": "own"})


def accept_pfx(record: StepRecord, given: bytes, *, keep: bool) -> dict[str, Any]:
    """Check and store an own PFX. Returns the step's facts; raises Fault."""
    case = record.onboarding
    bundle = pfx.accept_upload(case.company_id, case.pk, given, artefacts.the_certificate(case), keep=keep)
    return artefacts.bundle_facts(bundle)


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
