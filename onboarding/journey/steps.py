"""THE TABLE: twelve steps in the order of the programme's guidance, and what is true of each.

No models, no database and no moves here; a new step is a new row (and the pieces that checks.py then demands).
"""

from datetime import timedelta

from onboarding.journey.definitions import PRIMARY_ONLY, Actor, Stage, State, Step, Wait, Witness
from onboarding.people.models import ADMINS, TECHNICAL

__all__ = [
    "BY_SLUG",
    "ORDER",
    "PRIMARY_ONLY",
    "STEPS",
    "Actor",
    "Stage",
    "State",
    "Step",
    "Wait",
    "Witness",
    "get_definition",
    "list_dependants",
    "list_stage",
    "list_unlocked_by",
]


def _minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def _hours(count: int) -> timedelta:
    return timedelta(hours=count)


def _sending(poller: str, what: str) -> Wait:
    return Wait(poller, Actor.PORTAL, what, _minutes(1), _hours(1), "ArrivedForm")


STEPS: tuple[Step, ...] = (
    Step(
        "register",
        Stage.VETTING,
        "Register with GlobalSign Atlas",
        PRIMARY_ONLY,
        "in the DIP and on GlobalSign's registration page",
        form="RegisterForm",
        after=_sending("send_registration", "the registration to reach Atlas"),
        check_answers=True,
    ),
    Step(
        "invitation",
        Stage.VETTING,
        "Accept the Atlas invitation",
        PRIMARY_ONLY,
        "in your mailbox and in the Atlas portal",
        needs=("register",),
        form="InvitationForm",
        before=Wait(
            "poll_invitation_emails",
            Actor.ATLAS,
            "the two e-mails from GlobalSign",
            _minutes(30),
            _hours(24),
            "MailsForm",
        ),
        watch="poll_invitation",
        back_to=("register",),
    ),
    Step(
        "payment-method",
        Stage.QUOTE,
        "Set a payment method",
        PRIMARY_ONLY,
        "in the Atlas portal",
        needs=("invitation",),
        form="PaymentMethodForm",
        watch="poll_payment_method",
    ),
    Step(
        "quote",
        Stage.QUOTE,
        "Accept the £0 quote",
        PRIMARY_ONLY,
        "in the Atlas portal",
        needs=("payment-method",),
        form="QuoteForm",
        before=Wait("poll_quotation", Actor.GLOBALSIGN, "the quotation e-mail", _minutes(30), _hours(24)),
        watch="poll_quote",
        back_to=("payment-method",),
    ),
    Step(
        "identity-profile",
        Stage.IDENTITY,
        "Request the identity profile",
        PRIMARY_ONLY,
        "in the Atlas portal",
        needs=("quote",),
        form="IdentityProfileForm",
        before=Wait(
            "poll_identity_tile",
            Actor.ATLAS,
            "the Request Identity tile to turn ready",
            _minutes(30),
            _hours(24),
            "TileForm",
        ),
        after=_sending("send_identity_profile", "the identity profile to reach Atlas"),
        check_answers=True,
    ),
    Step(
        "verification",
        Stage.IDENTITY,
        "Pass GlobalSign's verification",
        ADMINS,
        "by telephone and e-mail",
        needs=("identity-profile",),
        before=Wait(
            "poll_vetting", Actor.GLOBALSIGN, "GlobalSign's vetting", _hours(24), _hours(72), "VerifiedForm"
        ),
        back_to=("identity-profile",),
    ),
    Step(
        "api-credentials",
        Stage.CREDENTIALS,
        "Create API credentials",
        ADMINS,
        "in the Atlas portal",
        needs=("verification",),
        form="CredentialsForm",
    ),
    Step(
        "csr",
        Stage.CSR,
        "Create the CSR",
        TECHNICAL,
        "here, on your own computer or in Azure Key Vault",
        needs=("identity-profile",),
        form="CsrForm",
        after=Wait(
            "make_key",
            Actor.PORTAL,
            "the CSR",
            _minutes(1),
            _hours(1),
            "OwnCsrForm",
            needs_account_api=False,
        ),
    ),
    Step(
        "certificate",
        Stage.CSR,
        "Get the mTLS certificate",
        ADMINS,
        "in the Atlas portal",
        needs=("api-credentials", "csr"),
        before=Wait(
            "order_certificate",
            Actor.ATLAS,
            "the mTLS certificate",
            _minutes(5),
            _hours(24),
            "CertificateForm",
        ),
        back_to=("csr", "api-credentials"),
    ),
    Step(
        "pfx",
        Stage.PFX,
        "Build the PFX",
        TECHNICAL,
        "here, on your own computer or in Azure Key Vault",
        needs=("certificate",),
        form="PfxForm",
        after=Wait(
            "build_pfx",
            Actor.PORTAL,
            "the PFX",
            _minutes(1),
            _hours(1),
            "OwnPfxForm",
            needs_account_api=False,
        ),
        back_to=("certificate", "csr"),
    ),
    Step(
        "proof",
        Stage.PFX,
        "Prove that the bundle works",
        TECHNICAL,
        "here, or on your own computer",
        needs=("pfx",),
        before=Wait(
            "prove",
            Actor.PORTAL,
            "the test sign-in to Atlas",
            _minutes(1),
            _hours(1),
            "ProofForm",
            needs_account_api=False,
        ),
        back_to=("pfx", "api-credentials", "csr"),
    ),
    Step(
        "dip-upload",
        Stage.PFX,
        "Upload to the DIP",
        ADMINS,
        "in the DIP",
        needs=("proof",),
        form="DipUploadForm",
        back_to=("pfx", "api-credentials"),
    ),
)

BY_SLUG: dict[str, Step] = {definition.slug: definition for definition in STEPS}
ORDER: dict[str, int] = {definition.slug: place for place, definition in enumerate(STEPS)}


def get_definition(slug: str) -> Step:
    """The row of this slug. Raises KeyError."""
    return BY_SLUG[slug]


def list_unlocked_by(slug: str) -> tuple[Step, ...]:
    """The rows that need this one."""
    return tuple(definition for definition in STEPS if slug in definition.needs)


def list_dependants(slug: str) -> tuple[Step, ...]:
    """Every row that rests on this one, near or far, in order."""
    resting = {slug}
    for definition in STEPS:
        if resting.intersection(definition.needs):
            resting.add(definition.slug)
    return tuple(definition for definition in STEPS if definition.slug in resting and definition.slug != slug)


def list_stage(stage: Stage) -> tuple[Step, ...]:
    """The rows of a stage, in order."""
    return tuple(definition for definition in STEPS if definition.stage == stage)
