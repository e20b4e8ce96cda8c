"""The pollers that do a worker's own work: make the key, order and collect the certificate, build the PFX, prove it.

Each is safe to run twice: what was made for a submission is found again, never made again.
"""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from atlas.errors import Refused, Rejected
from certs import chain_completion, csr, pfx, proof, signing
from certs.credentials import load
from certs.findings import InvalidArtifact
from certs.findings.codes import FindingCode
from certs.models import ApiCredential, Bundle, SigningRequest
from certs.proof import Proof
from certs.vault import VaultError
from onboarding.journey import case_files
from onboarding.journey.locking import step_lock
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.outcomes import Done, Failed, NotYet, Outcome
from onboarding.journey.polling import azure_key_vault
from onboarding.journey.polling.client import NoAccount, find_account_id, get_account_api
from onboarding.journey.problems.codes import ProblemCode

FORBIDDEN = "This portal does not keep private keys any more. Make the key in one of the other ways."

NO_KEY = "Atlas does not list an API credential with the key that was brought"
NOT_LISTED = "Atlas lists no API credential “{}” with the end of the key that this portal knows."
SIGNING = "Atlas is signing the certificate"
NOT_ORDERED = {
    signing.Status.PLANNED: "nothing is ordered yet. The portal is about to order it",
    signing.Status.UNKNOWN: "Atlas has not confirmed the order. The portal is about to look whether it is there",
}


def make_key(record: StepRecord) -> Outcome:
    """RSA 4096 in the vault, and its CSR. A second run finds the first one's, also when both run at once."""
    if record.answers.get("way") == azure_key_vault.WAY:
        return azure_key_vault.make_request(record)
    if not settings.PORTAL.portal_keys:
        return Failed(ProblemCode.KEY_MADE_FAILED, FORBIDDEN)
    try:
        made = _made_key(record) or _keep_one(record, csr.generate_key())
    except (InvalidArtifact, VaultError) as error:
        return Failed(ProblemCode.KEY_MADE_FAILED, str(error))
    return Done(case_files.csr_facts(made))


def _made_key(record: StepRecord) -> SigningRequest | None:
    return SigningRequest.objects.filter(
        case_id=record.onboarding_id,
        origin=SigningRequest.Origin.PORTAL,
        created_at__gte=record.submitted_at,
    ).first()


@sensitive_variables()
def _keep_one(record: StepRecord, key: RSAPrivateKey) -> SigningRequest:
    """This key, unless another worker was quicker; a key takes seconds, so it was made outside the lock."""
    with step_lock(record):
        return _made_key(record) or csr.make(record.onboarding.company_id, record.onboarding_id, key)


def order_certificate(record: StepRecord) -> Outcome:
    """Intent first, then the order, then collecting: one step on at each poll (signing.py)."""
    onboarding = record.onboarding
    account = find_account_id(onboarding)
    if account is None:
        raise NoAccount
    credential_id = _atlas_id(onboarding, account) or _atlas_id_of_kept(onboarding, account)
    if credential_id is None:
        kept = case_files.get_kept_credential(onboarding)
        return (
            Failed(ProblemCode.CREDENTIAL_LOST, NOT_LISTED.format(kept.name))
            if kept
            else NotYet(because=NO_KEY)
        )
    try:
        request = case_files.require_signing_request(onboarding)
        intent = signing.plan(request, account, [credential_id], record.submission)
        issued = signing.advance(get_account_api(), intent.pk)
    except Rejected as error:
        return Failed(ProblemCode.CERTIFICATE_REFUSED, error.description)
    except InvalidArtifact as invalid:
        wrong_key = FindingCode.CERTIFICATE_OTHER_KEY in invalid.codes
        return Failed(
            ProblemCode.CERTIFICATE_MISMATCH if wrong_key else ProblemCode.CERTIFICATE_REFUSED, str(invalid)
        )
    if issued is None:
        return NotYet(because=NOT_ORDERED.get(signing.status_of(intent.pk), SIGNING))
    return Done(case_files.certificate_facts(issued))


def _atlas_id(onboarding: Onboarding, account: str) -> str | None:
    """Atlas's id of the credential that the company brought, found by its key and kept for the next poll."""
    stored = case_files.get_credential(onboarding)
    if stored is None or stored.atlas_id:
        return stored.atlas_id if stored else None
    key = load(stored).api_key.lower()
    listed = get_account_api().api_credentials(account)
    found = next((each.api_credential_id for each in listed if each.api_key.lower() == key), None)
    if found:
        ApiCredential.objects.filter(pk=stored.pk).update(atlas_id=found)
    return found


def _atlas_id_of_kept(onboarding: Onboarding, account: str) -> str | None:
    """Atlas's id of the credential that was carried over; by its name and the end of its key, all that is left here."""
    kept = case_files.get_kept_credential(onboarding)
    if kept is None:
        return None
    listed = get_account_api().api_credentials(account)
    same = [
        each
        for each in listed
        if (each.name, each.api_key[-4:].upper()) == (kept.name, kept.key_last4.upper())
    ]
    return same[0].api_credential_id if len(same) == 1 else None


def build_pfx(record: StepRecord) -> Outcome:
    """The password-less PFX of the held key. A second run finds the first one's, also when both run at once."""
    if record.answers.get("way") == azure_key_vault.WAY:
        return azure_key_vault.export_pfx(record)
    try:
        chain_completion.complete_chain(case_files.require_certificate(record.onboarding))
        with step_lock(record):
            built = _built_pfx(record)
    except (InvalidArtifact, VaultError) as error:
        return Failed(ProblemCode.PFX_BUILD_FAILED, str(error))
    return Done(case_files.bundle_facts(built))


def _built_pfx(record: StepRecord) -> Bundle:
    onboarding = record.onboarding
    certificate = case_files.require_certificate(onboarding)
    built = Bundle.objects.filter(
        case_id=onboarding.pk,
        certificate=certificate,
        source=Bundle.Source.PORTAL,
        encryption=pfx.PfxEncryption.PASSWORDLESS,
        created_at__gte=record.submitted_at,
    ).first()
    return built or pfx.make(onboarding.company_id, onboarding.pk, certificate)


def prove(record: StepRecord) -> Outcome:
    """Sign in to Atlas with PFX, key and secret, where all three are held; else only a person can."""
    onboarding = record.onboarding
    bundle, credential = case_files.get_stored_bundle(onboarding), case_files.get_credential(onboarding)
    if bundle is None or credential is None:
        missing = "the API secret" if bundle else "its own PFX"
        return NotYet(because=f"your company keeps {missing}, so the sign-in runs on your computer")
    portal = settings.PORTAL
    try:
        proven = proof.prove(bundle, credential, portal.hvca_url, portal.hvca_root)
    except (InvalidArtifact, VaultError, Refused, Rejected) as error:
        return Failed(ProblemCode.PROOF_REFUSED, str(error))
    return Done(proof_facts(proven, "this portal"))


def proof_facts(proven: Proof, where: str) -> dict[str, Any]:
    """What proves that the bundle works; what an answer did not show is left out."""
    policy = proven.policy
    lengths = ", ".join(str(length) for length in policy.allowed_lengths)
    facts = {
        "proved_at": proven.at.isoformat(),
        "proved_by": where,
        "certificate_sha256": proven.certificate_sha256,
        "public_key_sha256": proven.public_key_sha256,
        "serial": proven.serial,
        "policy": f"{policy.key_type} {lengths} bits"
        + (f", {policy.organization}" if policy.organization else ""),
        "quota": proven.quota,
    }
    return {name: value for name, value in facts.items() if value not in (None, "")}
