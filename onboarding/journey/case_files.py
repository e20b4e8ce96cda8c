"""What the journey knows of a case's artefacts: which CSR, certificate, PFX and credential its steps rest on.

The steps' facts name the rows; certs/ makes and checks them, polling/portal.py asks Atlas for them.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db.models import Model
from django.views.decorators.debug import sensitive_variables

from certs import certificate, csr, pfx, signing
from certs.certificate import CertificateReading
from certs.findings import InvalidArtifact
from certs.findings.catalogue import finding
from certs.findings.codes import FindingCode
from certs.models import ApiCredential, Bundle, Certificate, SigningRequest
from certs.pfx_reading import PfxReading
from certs.secret_destruction import destroy_replaced
from certs.vault import VaultError
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.problems.codes import ProblemCode
from onboarding.journey.steps import StepSlug, Witness

Row = TypeVar("Row", bound=Model)


def _get_named(model: type[Row], onboarding: Onboarding, slug: str, fact: str) -> Row | None:
    """The row that a step's facts name."""
    facts = onboarding.steps.filter(slug=slug).values_list("facts", flat=True).first() or {}
    if fact not in facts:
        return None
    return model._default_manager.filter(pk=UUID(facts[fact]), case_id=onboarding.pk).first()


def get_signing_request(onboarding: Onboarding) -> SigningRequest | None:
    """The CSR that the step `csr` rests on."""
    return _get_named(SigningRequest, onboarding, StepSlug.CSR, "signing_request_id")


def get_certificate(onboarding: Onboarding) -> Certificate | None:
    """The certificate that the step `certificate` rests on."""
    return _get_named(Certificate, onboarding, StepSlug.CERTIFICATE, "certificate_id")


def get_credential(onboarding: Onboarding) -> ApiCredential | None:
    """The API credential that the step `api-credentials` rests on."""
    return _get_named(ApiCredential, onboarding, StepSlug.API_CREDENTIALS, "credential_id")


class KeptCredential(NamedTuple):
    """An API credential that was carried over: it lives on in Atlas, and its secret was destroyed here."""

    name: str
    key_last4: str


def get_kept_credential(onboarding: Onboarding) -> KeptCredential | None:
    """What is known of it, where the step `api-credentials` rests on one of an earlier onboarding."""
    found = onboarding.steps.filter(slug=StepSlug.API_CREDENTIALS, witness=Witness.CARRIED_OVER)
    facts = found.values_list("facts", flat=True).first()
    return KeptCredential(str(facts.get("name")), str(facts.get("key_last4"))) if facts else None


def get_bundle(onboarding: Onboarding) -> Bundle | None:
    """The PFX that the step `pfx` rests on."""
    return _get_named(Bundle, onboarding, StepSlug.PFX, "bundle_id")


def get_stored_bundle(onboarding: Onboarding) -> Bundle | None:
    """That PFX, if the file itself is kept and not destroyed."""
    bundle = get_bundle(onboarding)
    return bundle if bundle and bundle.secret and not bundle.secret.destroyed_at else None


@sensitive_variables()
def read_stored_pfx(onboarding: Onboarding) -> bytes:
    """The kept PFX itself, for the one that passes it on. Raises VaultError when none is kept."""
    bundle = get_stored_bundle(onboarding)
    if bundle is None or bundle.secret is None:
        raise VaultError("The portal holds no PFX of this onboarding.")
    return pfx.content_of(bundle)


def require_signing_request(onboarding: Onboarding) -> SigningRequest:
    """The CSR; raises InvalidArtifact with a sentence when there is none."""
    return _require(get_signing_request(onboarding))


def require_certificate(onboarding: Onboarding) -> Certificate:
    """The certificate; raises InvalidArtifact with a sentence when there is none."""
    return _require(get_certificate(onboarding))


def _require(row: Row | None) -> Row:
    if row is None:
        raise InvalidArtifact([finding(FindingCode.REVEAL_GONE)])
    return row


def read_certificate(onboarding: Onboarding, data: bytes) -> CertificateReading:
    """Read a pasted certificate and match it to the case's CSR. Raises InvalidArtifact; nothing is stored."""
    reading = certificate.read(data)
    certificate.require_fit(reading, require_signing_request(onboarding))
    return reading


@sensitive_variables()
def read_pfx(onboarding: Onboarding, data: bytes) -> PfxReading:
    """Open a brought PFX and match it to the case's key. Raises InvalidArtifact; nothing is stored.

    It waits for another process (pfx_reader_client.py): never called in a transaction.
    """
    reading = pfx.read(data)
    pfx.require_fit(reading, require_certificate(onboarding))
    return reading


OWNERS = ("signing_request_id", "credential_id", "bundle_id")


def discard(onboarding: Onboarding, records: Iterable[StepRecord]) -> None:
    """What is to be made again is not kept: its secrets are destroyed, and an order that is under way is closed."""
    facts = [record.facts for record in records]
    if onboarding.steps.filter(problem_code=ProblemCode.KEY_EXPOSED).exists():
        csr.mark_exposed(onboarding.pk, [each[OWNERS[0]] for each in facts if OWNERS[0] in each])
    destroy_replaced(onboarding.pk, [each[name] for each in facts for name in OWNERS if name in each])
    signing.close_open(onboarding.pk, "an earlier step is done again")


def csr_facts(request: SigningRequest) -> dict[str, Any]:
    """What proves a CSR."""
    return {
        "signing_request_id": str(request.pk),
        "origin": request.get_origin_display(),
        "public_key_sha256": request.public_key_sha256,
    }


def certificate_facts(issued: Certificate) -> dict[str, Any]:
    """What proves a certificate."""
    return {
        "certificate_id": str(issued.pk),
        "serial": issued.serial,
        "not_before": issued.not_before.isoformat(),
        "not_after": issued.not_after.isoformat(),
        "certificate_sha256": issued.sha256,
    }


def bundle_facts(bundle: Bundle) -> dict[str, Any]:
    """What proves a PFX."""
    return {
        "bundle_id": str(bundle.pk),
        "bundle_sha256": bundle.sha256,
        "flavour": pfx.PfxEncryption(bundle.encryption).label,
        "held": bundle.secret is not None,
    }
