"""The key that a browser of the company makes and keeps: what its panel is told, and what comes back from it.

The key itself never comes here, only a CSR and, later, a proof that a PFX was built with it. The scripts are in
static/src/bundles/.
"""

import base64
import binascii
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from certs import pfx
from certs.findings import InvalidArtifact
from certs.findings.catalogue import finding
from certs.findings.codes import FindingCode
from certs.findings.openssl_commands import SUBJECT
from certs.proof_of_possession import BuiltPfx
from onboarding.journey import case_files
from onboarding.journey.definitions import KeyUse
from onboarding.journey.models import StepRecord
from onboarding.journey.page_files import PageFiles
from onboarding.journey.step_commands import get_file_names
from onboarding.journey.steps import State, StepSlug
from onboarding.ui.widgets import BrowserKey

NOT_MADE = "Make the key in this browser first, or choose another way."
NOT_PROVEN = str(finding(FindingCode.PFX_NOT_PROVEN))
_BUILT = re.compile(r"([0-9a-f]{64}) ([A-Za-z0-9+/=]{600,1000})")


class BrowserCsrField(forms.CharField):
    """The CSR that this browser made, put in by its script."""

    def __init__(self) -> None:
        super().__init__(label="Key in this browser", required=False, max_length=20000, widget=BrowserKey())


class BrowserPfxField(forms.CharField):
    """That this browser built the PFX: cleans to BuiltPfx, or None if nothing was built."""

    def __init__(self) -> None:
        super().__init__(label="PFX in this browser", required=False, max_length=2000, widget=BrowserKey())

    def clean(self, value: Any) -> BuiltPfx | None:
        """Raises ValidationError for what our script never sends."""
        text = super().clean(value)
        if not text:
            return None
        found = _BUILT.fullmatch(text)
        try:
            return BuiltPfx(found[1], base64.b64decode(found[2], validate=True)) if found else _refuse()
        except binascii.Error:
            return _refuse()


def _refuse() -> BuiltPfx:
    raise ValidationError(NOT_PROVEN)


def words(record: StepRecord) -> str:
    """What the browser signs begins with this: the purpose, and the one onboarding for which it counts."""
    return f"certificate-onboarding: PFX built\n{record.onboarding.code}"


def check_pfx(form: Any, record: StepRecord, built: BuiltPfx | None) -> None:
    """Put onto the form that nothing was built, or that it was built with another key."""
    if built is None:
        form.add_error("browser_pfx", "Build the PFX in this browser first, or choose another way.")
        return
    try:
        certificate = case_files.require_certificate(record.onboarding)
    except InvalidArtifact as invalid:  # the step was sent back since the page was loaded
        form.add_findings_of(invalid, "browser_pfx")
        return
    if not pfx.is_proven(certificate, built, words(record)):
        form.add_error("browser_pfx", NOT_PROVEN)


def note_pfx(record: StepRecord, built: BuiltPfx) -> dict[str, Any]:
    """Note a PFX that we have not seen. Returns the step's facts; raises InvalidArtifact if its proof does not hold."""
    case = record.onboarding
    noted = pfx.record_browser_bundle(
        case.company_id, case.pk, case_files.require_certificate(case), built, words(record)
    )
    return case_files.bundle_facts(noted)


class WithBrowserKey:
    """A form with such a panel; the pack's template reads `browser_key`."""

    record: StepRecord
    case_files: PageFiles

    @property
    def browser_key(self) -> dict[str, str] | None:
        """What the panel's script has to know."""
        return panel(self.record, self.case_files)


def panel(record: StepRecord, files: PageFiles) -> dict[str, str] | None:
    """What the panel's script has to know on this step's page, or None where the page has no panel."""
    mode = _mode(record, files)
    if mode is None:
        return None
    onboarding = record.onboarding
    request = files.signing_request
    return {
        "mode": mode,
        "code": onboarding.code,
        "subject": SUBJECT,
        "words": words(record),
        "stem": get_file_names(record, files).stem,
        "fingerprint": request.public_key_sha256 if request and mode != "make" else "",
        "certificate": reverse("journey:certificate-file", args=[onboarding.code]) if mode == "build" else "",
        "csr_page": reverse("journey:step", args=[onboarding.code, StepSlug.CSR]),
    }


def _mode(record: StepRecord, files: PageFiles) -> str | None:
    use, state = record.definition.key, record.state
    if use is KeyUse.MAKES and state == State.OPEN:
        return "make"
    builds = use is KeyUse.BUILDS and state in (State.OPEN, State.DONE)
    keeps = use is KeyUse.KEEPS or (use is KeyUse.MAKES and state == State.DONE)
    if not (builds or keeps) or not files.made_in_browser:
        return None
    return "build" if builds else "keep"
