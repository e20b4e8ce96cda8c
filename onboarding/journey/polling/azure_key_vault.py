"""The pollers that work in a company's own Azure Key Vault: make the request, merge the certificate, export the PFX.

Each is safe to run twice: what lies in the vault under a submission's name is found again, never made again.
"""

from cryptography import x509
from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from certs import chain_completion, csr, pfx
from certs.azure_identity import portal_identity
from certs.azure_key_vault import AzureKeyVault, AzureKeyVaultUnavailable
from certs.certificate import load_chain
from certs.findings import InvalidArtifact
from certs.findings.azure_key_vault_instructions import NAME
from certs.findings.codes import FindingCode
from certs.models import Bundle, Certificate, SigningRequest
from certs.pfx_reading import PfxReading
from certs.vault import VaultError
from onboarding.journey import case_files
from onboarding.journey.locking import step_lock
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.outcomes import Done, Failed, NotYet, Outcome
from onboarding.journey.polling.client import get_facts
from onboarding.journey.problems.codes import ProblemCode
from onboarding.journey.steps import StepSlug

WAY = "key-vault"
GONE = "This portal is not connected to your key vault any more. Go on there by hand, and upload the result here."

# F13: a request that waits in the vault for ever is in nobody's way, and its owner should know whose it is.
LEFT = "If a request was left in the vault, its name is {name}: the vault's owner can delete it there."


def get_address(onboarding: Onboarding) -> str | None:
    """The company's key vault, if an operator has connected one (KEY_VAULTS); nobody else can name one."""
    found: str | None = settings.PORTAL.key_vaults.get(onboarding.company.slug)
    return found


def get_key_name(onboarding: Onboarding) -> str | None:
    """Under which name the case's key lies in the company's vault; None where the portal did not ask for it."""
    return get_facts(onboarding, StepSlug.CSR).get("key_vault_name")


def make_request(record: StepRecord) -> Outcome:
    """Have the vault make the key, and take its CSR; the key never leaves the vault here."""
    onboarding = record.onboarding
    assert record.submitted_at is not None
    name = f"{NAME}-{onboarding.code.lower()}-{record.submitted_at:%Y%m%d%H%M%S}"
    try:
        der = _vault(onboarding).request(name)
        made = csr.accept(onboarding.company_id, onboarding.pk, der, SigningRequest.Origin.AZURE_KEY_VAULT)
    except AzureKeyVaultUnavailable as away:
        return NotYet(because=str(away))
    except InvalidArtifact as invalid:
        return Failed(ProblemCode.KEY_VAULT_REFUSED, f"{invalid} {LEFT.format(name=name)}")
    except _NotConnected:
        return Failed(ProblemCode.KEY_VAULT_REFUSED, f"{GONE} {LEFT.format(name=name)}")
    return Done({**case_files.csr_facts(made), "key_vault_name": name})


def export_pfx(record: StepRecord) -> Outcome:
    """Merge the certificate, then take the PFX out, which is kept sealed for the test sign-in and the download."""
    failed = ProblemCode.KEY_VAULT_MERGE_FAILED
    try:
        if (kept := _kept(record)) is None:
            certificate = _merged(record)
            failed = ProblemCode.KEY_VAULT_EXPORT_FAILED
            kept = _exported(record, certificate)
    except AzureKeyVaultUnavailable as away:
        return NotYet(because=str(away))
    except (InvalidArtifact, VaultError) as invalid:
        if isinstance(invalid, InvalidArtifact) and FindingCode.PFX_BUSY in invalid.codes:
            return NotYet(because="other PFX files are being opened just now")
        return Failed(failed, str(invalid))
    except _NotConnected:
        return Failed(failed, GONE)
    return Done(case_files.bundle_facts(kept))


class _NotConnected(Exception):
    """An operator took the connection away while the step waited."""


def _vault(onboarding: Onboarding) -> AzureKeyVault:
    url = get_address(onboarding)
    if url is None:
        raise _NotConnected
    return AzureKeyVault(url, portal_identity(), settings.PORTAL.key_vault_root)


def _named(onboarding: Onboarding) -> str:
    if (name := get_key_name(onboarding)) is None:
        raise _NotConnected
    return name


def _merged(record: StepRecord) -> Certificate:
    """The case's certificate, which now is in the vault too. No transaction is open while the vault is asked."""
    onboarding, vault = record.onboarding, _vault(record.onboarding)
    name, certificate = (
        _named(onboarding),
        chain_completion.complete_chain(case_files.require_certificate(onboarding)),
    )
    leaf = x509.load_pem_x509_certificate(certificate.pem.encode())
    vault.merge(name, leaf, load_chain(certificate.chain_pem))
    return certificate


@sensitive_variables()
def _exported(record: StepRecord, certificate: Certificate) -> Bundle:
    """Of two workers one stores what both got. It is read before the step's row is locked (pfx_reader_client.py)."""
    onboarding = record.onboarding
    content = _vault(onboarding).export(_named(onboarding))
    reading = pfx.read(content)
    with step_lock(record):
        return _kept(record) or _keep(onboarding, content, reading, certificate)


@sensitive_variables()
def _keep(onboarding: Onboarding, content: bytes, reading: PfxReading, certificate: Certificate) -> Bundle:
    source = Bundle.Source.AZURE_KEY_VAULT
    return pfx.store(
        onboarding.company_id,
        onboarding.pk,
        content,
        reading,
        certificate,
        keep=settings.PORTAL.portal_keys,
        source=source,
    )


def _kept(record: StepRecord) -> Bundle | None:
    return Bundle.objects.filter(
        case_id=record.onboarding_id,
        source=Bundle.Source.AZURE_KEY_VAULT,
        created_at__gte=record.submitted_at,
    ).first()
