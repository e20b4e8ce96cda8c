"""The rows from the API credentials to the upload: what the DIP gets, and the proof that it works."""

from datetime import timedelta

from onboarding.journey.definitions import (
    Actor,
    Download,
    Fact,
    KeyUse,
    Lacking,
    LateAdvice,
    ManualEnd,
    PagePart,
    Place,
    Stage,
    Step,
    StepSlug,
    Times,
    Wait,
)
from onboarding.journey.lasting import BY_CHOICE
from onboarding.journey.problems.codes import ProblemCode
from onboarding.journey.steps.ways import CSR_WAYS, PFX_WAYS
from onboarding.people.models import ADMINS, TECHNICAL


def _own_work(poller: str, what: str, confirm: str, manual_end: ManualEnd | None = None) -> Wait:
    """A wait for what the portal does by itself, without the account API."""
    usual, limit = timedelta(minutes=1), timedelta(hours=1)
    return Wait(
        poller, Actor.PORTAL, what, usual, limit, confirm, needs_account_api=False, manual_end=manual_end
    )


STEPS: tuple[Step, ...] = (
    Step(
        StepSlug.API_CREDENTIALS,
        Stage.CREDENTIALS,
        "Create API credentials",
        ADMINS,
        "in the Atlas portal",
        times=Times(usual=1, latest=3),
        facts=(
            Fact("credential_id"),
            Fact("name", "Familiar name"),
            Fact("key_last4", "API key ends in", proof="API key ends in {}."),
        ),
        needs=(StepSlug.VERIFICATION,),
        form="CredentialsForm",
        results=(Download.CREDENTIALS,),
        first_action="Sign in to Atlas yourself before you start: the secret is shown once, to whoever presses the "
        "button.",
        act="Create API credentials in Atlas",
        place=Place.ATLAS,
        lasts=BY_CHOICE,
    ),
    Step(
        StepSlug.CSR,
        Stage.CSR,
        "Create the CSR",
        TECHNICAL,
        "here, on your own computer or in Azure Key Vault",
        times=Times(usual=3, latest=5),
        facts=(
            Fact("signing_request_id"),
            Fact("origin", "Key made by"),
            Fact("tool"),
            Fact("key_vault_name", "Name in Azure Key Vault"),
            Fact("public_key_sha256", "SHA-256 of the public key", proof="Public key SHA-256 {:.16}…"),
        ),
        needs=(StepSlug.IDENTITY_PROFILE,),
        form="CsrForm",
        ways=CSR_WAYS,
        after=_own_work("make_key", "the CSR", "OwnCsrForm"),
        results=(Download.CSR,),
        key=KeyUse.MAKES,
        commands="list_csr_commands",
        first_action="Open the step and choose where the key is made. The page recommends one way and says why.",
    ),
    Step(
        StepSlug.CERTIFICATE,
        Stage.CSR,
        "Get the mTLS certificate",
        ADMINS,
        "in the Atlas portal",
        times=Times(usual=1, latest=3),
        facts=(
            Fact("certificate_id"),
            Fact("serial", "Serial number", proof="Certificate serial {}."),
            Fact("not_before", "Valid from"),
            Fact("not_after", "Valid until"),
            Fact("certificate_sha256", "SHA-256 fingerprint of the certificate"),
        ),
        needs=(StepSlug.API_CREDENTIALS, StepSlug.CSR),
        before=Wait(
            "order_certificate",
            Actor.ATLAS,
            "the mTLS certificate",
            timedelta(minutes=5),
            timedelta(hours=24),
            "CertificateForm",
            manual_end=ManualEnd(
                Lacking.ACCOUNT_API,
                "A Certificate Admin gets the certificate in Atlas and brings it here.",
            ),
            late=LateAdvice(
                "Do not order a second certificate. Look in Atlas whether it is there.",
                ProblemCode.CERTIFICATE_LATE,
                "What to do when the certificate is late",
            ),
        ),
        back_to=(StepSlug.CSR, StepSlug.API_CREDENTIALS),
        inputs=(Download.CSR,),
        results=(Download.CERTIFICATE,),
        key=KeyUse.KEEPS,
        page_parts=frozenset({PagePart.FAMILIAR_NAME, PagePart.CHAIN}),
        place_by_hand=Place.ATLAS,
    ),
    Step(
        StepSlug.PFX,
        Stage.PFX,
        "Build the PFX",
        TECHNICAL,
        "here, on your own computer or in Azure Key Vault",
        times=Times(usual=2, latest=5),
        facts=(
            Fact("bundle_id"),
            Fact("bundle_sha256", "SHA-256 of the PFX", proof="PFX with SHA-256 {:.16}…"),
            Fact("flavour", "Encryption of the PFX"),
            Fact("held", "Kept here, encrypted"),
        ),
        needs=(StepSlug.CERTIFICATE,),
        form="PfxForm",
        ways=PFX_WAYS,
        after=_own_work("build_pfx", "the PFX", "OwnPfxForm"),
        back_to=(StepSlug.CERTIFICATE, StepSlug.CSR),
        inputs=(Download.CERTIFICATE,),
        results=(Download.PFX,),
        key=KeyUse.BUILDS,
        page_parts=frozenset({PagePart.CHAIN}),
        commands="list_pfx_commands",
        first_action="Open the step: it recommends the way that fits where the key is.",
    ),
    Step(
        StepSlug.PROOF,
        Stage.PFX,
        "Prove that the bundle works",
        TECHNICAL,
        "here, or on your own computer",
        times=Times(usual=1, latest=3),
        facts=(
            Fact("public_key_sha256", "SHA-256 of the public key"),
            Fact("serial", "Serial number"),
            Fact("certificate_sha256", "SHA-256 fingerprint of the certificate"),
            Fact("proved_at", "Signed in to Atlas on", proof="Signed in to Atlas with it."),
            Fact("proved_by", "Signed in from"),
            Fact("policy", "Validation policy"),
            Fact("quota", "Certificates left in the quota"),
        ),
        needs=(StepSlug.PFX,),
        before=_own_work(
            "prove",
            "the test sign-in to Atlas",
            "ProofForm",
            ManualEnd(
                Lacking.PFX,
                "Your company keeps its own PFX, so somebody of yours runs the test sign-in and brings its answer.",
            ),
        ),
        back_to=(StepSlug.PFX, StepSlug.API_CREDENTIALS, StepSlug.CSR),
        results=(Download.PFX,),
        page_parts=frozenset({PagePart.CARRIED}),
        commands="list_proof_commands",
        done_template="journey/partials/proven.html",
        first_action="Open the step: it says whether the portal signs in by itself, or which command you run.",
    ),
    Step(
        StepSlug.DIP_UPLOAD,
        Stage.PFX,
        "Upload to the DIP",
        ADMINS,
        "in the DIP",
        times=Times(usual=2, latest=5),
        facts=(
            Fact(
                "uploaded_on",
                "Accepted by the DIP on",
                proof="The DIP said “Added successfully” on {}.",
                is_day=True,
            ),
        ),
        needs=(StepSlug.PROOF,),
        form="DipUploadForm",
        back_to=(StepSlug.PFX, StepSlug.API_CREDENTIALS),
        inputs=(Download.PFX, Download.CREDENTIALS),
        page_parts=frozenset({PagePart.CARRIED}),
        first_action="Sign in to the DIP yourself and look whether you can open the page for the upload.",
        act="Upload the PFX to the DIP",
        place=Place.DIP,
    ),
)
