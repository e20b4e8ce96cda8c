"""What people do in each step, as the real forms want it, when the portal knows no account API.

A step action is one form: the step's own, or the one that ends its wait. How pages are pressed is in form_client.py.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from certs.pfx_encryption import PfxEncryption, build
from onboarding.journey import progress
from onboarding.journey.definitions import PRIMARY_ONLY, Step
from onboarding.journey.forms import confirm_form, step_form
from onboarding.journey.forms.base import ConfirmForm, StepForm
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.steps import get_definition as definition_of
from onboarding.people.models import ADMINS
from tests.atlas.response_samples import POLICY
from tests.certs import x509_factories
from tests.people_fixtures import People, step

API_KEY = "0123456789ABCDEF"
API_SECRET = "0123456789abcdef0123456789abcdef01234567"
CSV = f"API Key,API Secret\r\n{API_KEY},{API_SECRET}\r\n".encode()


def day(name: str, on: date | None = None) -> dict[str, str]:
    """The three boxes of a date; yesterday unless said otherwise."""
    on = on or timezone.localdate() - timedelta(days=1)
    return {f"{name}_day": str(on.day), f"{name}_month": str(on.month), f"{name}_year": str(on.year)}


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content)


@cache
def csr() -> bytes:
    """A right CSR, of the run's one RSA 4096 key."""
    return x509_factories.csr_pem()


@cache
def certificate() -> bytes:
    """A certificate for it, with its issuer."""
    return x509_factories.pem_of(x509_factories.leaf()) + x509_factories.pem_of(
        x509_factories.intermediate().certificate
    )


@cache
def pfx() -> bytes:
    """The PFX of both, without a password."""
    chain = [x509_factories.intermediate().certificate]
    return build(x509_factories.rsa_key(), x509_factories.leaf(), chain, PfxEncryption.PASSWORDLESS, None)


def answer() -> str:
    """What the command of the step `proof` prints."""
    digest = x509_factories.leaf().fingerprint(hashes.SHA256()).hex(":").upper()
    return f"sha256 Fingerprint={digest}\n{json.dumps(POLICY)}\n"


def registration(email: str = "vetting@one.example") -> dict[str, Any]:
    """The answers of the step `register`."""
    return {
        "name": "Alice Test",
        "job_title": "Head of Data",
        "email": email,
        "mailbox_readers": "Alice and Bob",
        "phone": "020 7946 0018",
        "reception_briefed": "The front desk",
        "full_time_employee": "on",
    }


def organisation(email: str = "vetting@one.example") -> dict[str, Any]:
    """The answers of the step `identity-profile`."""
    return {
        "profile_name": "DIP",
        "organization": "One Energy Ltd",
        "company_number": "01111111",
        "street_address": "1 Quay Street",
        "locality": "Bristol",
        "postal_code": "BS1 4SB",
        "country": "GB",
        "phone": "0117 496 0000",
        "contact_name": "Alice Test",
        "contact_job_title": "Head of Data",
        "contact_email": email,
    }


@dataclass(frozen=True)
class StepAction:
    """One form filled in: the step's own, or (`waits`) the one that ends its wait. `then`: the state afterwards."""

    slug: str
    data: Callable[[], dict[str, Any]]
    waits: bool = False
    then: str = "done"
    files: dict[str, Callable[[], bytes]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """For the list of tests."""
        return f"{self.slug}, the wait" if self.waits else self.slug

    @property
    def definition(self) -> Step:
        """The table's row."""
        return definition_of(self.slug)

    def path(self, onboarding: Onboarding) -> str:
        """Where the form is sent."""
        return f"/onboardings/{onboarding.code}/{self.slug}/{'confirm/' if self.waits else ''}"

    def filled(self) -> dict[str, Any]:
        """Everything that the form sends, files included."""
        return {**self.data(), **{name: upload(f"{name}.bin", make()) for name, make in self.files.items()}}

    def doer(self, people: People) -> Any:
        """Somebody whose role just suffices."""
        if self.definition.who == PRIMARY_ONLY:
            return people.alice
        return people.bob if self.definition.who == ADMINS else people.tess


STEP_ACTIONS: tuple[StepAction, ...] = (
    StepAction("register", lambda: {**registration(), **day("submitted_on")}),
    StepAction("invitation", lambda: {**day("confirmation_on"), **day("invitation_on")}, True, "open"),
    StepAction("invitation", lambda: {**day("accepted_on"), "accepted_by": "Alice Test"}),
    StepAction("payment-method", lambda: day("set_on")),
    StepAction("quote", lambda: day("seen"), True, "open"),
    StepAction("quote", lambda: {"amount": "0.00", "quotation": "on", "msa": "on", **day("accepted_on")}),
    StepAction("identity-profile", lambda: day("seen"), True, "open"),
    StepAction("identity-profile", lambda: {**organisation(), **day("submitted_on")}),
    StepAction(
        "verification", lambda: {**day("verified_on"), "atlas_status": "active", "note": "GS-1"}, True
    ),
    StepAction("api-credentials", lambda: {"name": "dip", "way": "csv"}, files={"csv": lambda: CSV}),
    StepAction("csr", lambda: {"way": "own", "csr_text": csr().decode()}),
    StepAction("certificate", lambda: {"certificate_text": certificate().decode()}, True),
    StepAction("pfx", lambda: {"way": "own", "keep": "forget"}, files={"pfx": pfx}),
    StepAction("proof", lambda: {"answer": answer()}, True),
    StepAction("dip-upload", lambda: {**day("uploaded_on"), "copies": ["csv", "pfx"]}),
)


def step_action(slug: str, *, waits: bool = False) -> StepAction:
    """The action of this step."""
    return next(each for each in STEP_ACTIONS if each.slug == slug and each.waits == waits)


def perform(onboarding: Onboarding, people: People, each: StepAction) -> StepRecord:
    """Do it with the step's own form and move, without a page."""
    record, user = step(onboarding, each.slug), each.doer(people)
    files = {name: upload(name, make()) for name, make in each.files.items()}
    if each.waits:
        wait_form: Any = confirm_form(record.wait)
        form: ConfirmForm = wait_form(each.data(), files, record=record, user=user)
        assert form.is_valid(), form.errors
        return progress.confirm(record, actor=user, effect=form.send, seen_on=form.seen_on())
    act_form: Any = step_form(record.definition)
    act: StepForm = act_form(each.data(), files, record=record, user=user)
    assert act.is_valid(), act.errors
    return progress.submit(record, actor=user, effect=act.send)


def bring_to(onboarding: Onboarding, people: People, to: StepAction) -> StepRecord:
    """Do everything before this action."""
    records = StepRecord.objects.filter(onboarding=onboarding)
    for each in STEP_ACTIONS[: STEP_ACTIONS.index(to)]:
        if records.exclude(state="done").filter(slug=each.slug).exists():
            perform(onboarding, people, each)
    return step(onboarding, to.slug)
