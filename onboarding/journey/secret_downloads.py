"""The few ways by which a secret leaves the vault to a person: who may, once, audited, told to the other admins.

certs/vault.py decrypts; the views require the fresh sign-in, and `require_second_factor` a second factor that exists
and the time after an emergency invitation.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest

from certs import credentials, one_time_grants, pfx
from certs.credentials import Credentials
from certs.evidence import files
from certs.evidence.file_types import fitting_name
from certs.findings import InvalidArtifact
from certs.findings.codes import FindingCode
from certs.models import Bundle
from certs.pfx import PfxEncryption
from certs.vault import VaultError
from onboarding.audit.chain import record_event
from onboarding.audit.event_names import EventName
from onboarding.journey import case_files, emails
from onboarding.journey.models import Evidence, Onboarding
from onboarding.journey.steps import StepSlug
from onboarding.people import emergency_rules, second_factor
from onboarding.people.access import person, role_in
from onboarding.people.decisions import PermissionRefused, StateConflict
from onboarding.people.models import ADMINS, TECHNICAL, Company, Role, User
from onboarding.ui.formatting import when


def require_admin(user: User, onboarding: Onboarding) -> None:
    """Certificate Admins only (R32); raises PermissionRefused."""
    _require(user, onboarding, ADMINS, "a Certificate Admin")


def require_technical(user: User, onboarding: Onboarding) -> None:
    """Those who may build the PFX; raises PermissionRefused."""
    _require(user, onboarding, TECHNICAL, "a Certificate Admin or a technician")


def require_member(user: User, onboarding: Onboarding) -> None:
    """Members of the company only: ops never see what the company's people brought. Raises PermissionRefused."""
    _require(user, onboarding, frozenset(Role), "a member")


def _require(user: User, onboarding: Onboarding, roles: frozenset[Role], who: str) -> None:
    if role_in(user, onboarding.company) not in roles:
        raise PermissionRefused(
            f"Only {who} of {onboarding.company.name} may do this. Ops never see a secret."
        )


def require_second_factor(request: HttpRequest, company: Company) -> None:
    """Before any secret leaves: a second factor exists where one is demanded, and the others had time to react.

    Raises RequestRefused.
    """
    second_factor.require_second_factor(request)
    emergency_rules.require_settled(person(request), company)


def open_evidence(user: User, row: Evidence) -> tuple[str, bytes]:
    """(name with the ending of its kind, content) of a file that somebody brought, each time on record.

    Raises PermissionRefused for whoever is no member, RequestRefused with a sentence once the file was destroyed.
    """
    onboarding = row.record.onboarding
    require_member(user, onboarding)
    if row.stored_file is None:
        raise StateConflict("There is no file with this evidence.")
    try:
        content = files.content_of(row.stored_file)
    except VaultError as error:
        gone = row.stored_file.secret.destroyed_at
        raise StateConflict(_destroyed(gone) if gone else f"The file cannot be opened. {error}") from None
    with transaction.atomic():
        record_event(
            EventName.EVIDENCE_READ,
            company=onboarding.company,
            actor=user,
            onboarding_id=onboarding.pk,
            step=row.record.slug,
            data={"file": row.file_name},
        )
    return fitting_name(row.file_name, row.file_kind), content


def _destroyed(at: datetime) -> str:
    return f"This file was destroyed on {when(at)}, with the onboarding's secrets. Its name and fingerprint stay."


def show_credentials(request: HttpRequest, onboarding: Onboarding) -> Credentials:
    """API key and secret, once per fresh sign-in. Raises RequestRefused when shown already or no longer kept."""
    require_second_factor(request, onboarding.company)
    stored, user = case_files.get_credential(onboarding), person(request)
    if stored is None or stored.secret.destroyed_at:
        raise StateConflict("The portal does not keep the API key and secret any more, or never had them.")
    grant_id = credentials.grant_reveal(stored, user.pk, _this_sign_in(request)).pk
    with transaction.atomic():
        try:
            shown = credentials.reveal_once(grant_id, user.pk)
        except InvalidArtifact as invalid:
            raise _refuse_repeat(invalid) from None
        _record_event(
            EventName.SECRET_SHOWN, onboarding, user, StepSlug.API_CREDENTIALS, "the API key and secret"
        )
    return shown


def _this_sign_in(request: HttpRequest) -> str:
    """Names the last fresh sign-in: each is good for showing each secret once, however many ask at once."""
    methods = request.session.get("account_authentication_methods") or []
    last = max((float(method["at"]) for method in methods), default=0)
    return f"{last}" if last else f"session {request.session.session_key}"


def _refuse_repeat(invalid: InvalidArtifact, done: str = "shown") -> StateConflict:
    if FindingCode.REVEAL_GONE in invalid.codes:
        return StateConflict("The portal does not keep this any more.")
    return StateConflict(
        f"It was {done} already. In five minutes you are asked for your password again; then it can be {done} "
        "once more."
    )


def download_pfx(request: HttpRequest, onboarding: Onboarding) -> bytes:
    """The kept PFX as it is, once per fresh sign-in. Raises RequestRefused when none is held."""
    return _download(request, onboarding, "the PFX").data


def download_pem(request: HttpRequest, onboarding: Onboarding) -> bytes:
    """Private key, certificate and chain in PEM, once per fresh sign-in. Raises RequestRefused when none is held."""
    return _download(request, onboarding, "the private key and certificate", "PEM", pfx.export_pem).data


def download_open_certificates(request: HttpRequest, onboarding: Onboarding) -> bytes:
    """As download_pfx(), written with its certificates in clear."""
    rewrite = pfx.build_with_open_certificates
    return _download(request, onboarding, "the PFX with its certificates in clear", "clear", rewrite).data


def _download(
    request: HttpRequest,
    onboarding: Onboarding,
    what: str,
    form: str = "PFX",
    rewrite: pfx.Rewrite | None = None,
) -> pfx.Download:
    require_second_factor(request, onboarding.company)
    held, user = _require_stored_bundle(onboarding), person(request)
    grant = pfx.grant_download(held, user.pk, f"{_this_sign_in(request)} {form}")
    with transaction.atomic():
        try:
            download = pfx.download_once(grant.pk, user.pk, rewrite)
        except InvalidArtifact as invalid:
            raise _refuse_repeat(invalid, "downloaded") from None
        _record_event(EventName.SECRET_DOWNLOADED, onboarding, user, StepSlug.PFX, what)
    return download


def build_protected_pfx(
    request: HttpRequest, onboarding: Onboarding, encryption: PfxEncryption
) -> tuple[str, UUID]:
    """Build the PFX again with a generated password: (the password, to be shown once; the grant to fetch the file).

    Once per fresh sign-in and encryption; one that was built before and not fetched is destroyed.
    """
    require_second_factor(request, onboarding.company)
    held, user = _require_stored_bundle(onboarding), person(request)
    certificate = case_files.require_certificate(onboarding)
    asked = pfx.grant_download(held, user.pk, f"{_this_sign_in(request)} {encryption}")
    with transaction.atomic():
        try:
            one_time_grants.use_grant(asked.pk, pfx.GRANT, user.pk)
        except InvalidArtifact as invalid:
            raise _refuse_repeat(invalid, "built") from None
        pfx.destroy_undownloaded(onboarding.pk, user.pk)
        try:
            built = pfx.make(onboarding.company_id, onboarding.pk, certificate, encryption)
        except InvalidArtifact:
            raise StateConflict(
                "Your company keeps its own key, so the portal cannot build another PFX."
            ) from None
        password = pfx.download_once(pfx.grant_download(built, user.pk).pk, user.pk).password
        grant = pfx.grant_download(built, user.pk)
        _record_event(EventName.SECRET_DOWNLOADED, onboarding, user, StepSlug.PFX, "a PFX with a password")
    return password, grant.pk


def fetch_protected_pfx(request: HttpRequest, onboarding: Onboarding, grant: str) -> pfx.Download:
    """The file that build_protected_pfx() built, once; then the portal has it no more. Raises RequestRefused."""
    require_second_factor(request, onboarding.company)
    _require_stored_bundle(onboarding)
    try:
        if not pfx.is_grant_of_case(UUID(grant), onboarding.pk):
            raise InvalidArtifact([])
        return pfx.download_and_destroy(UUID(grant), person(request).pk)
    except (InvalidArtifact, ValueError):
        raise StateConflict(
            "This file was fetched already, or too much time has passed. Build it again."
        ) from None


def _require_stored_bundle(onboarding: Onboarding) -> Bundle:
    held = case_files.get_stored_bundle(onboarding)
    if held is None or onboarding.status == Onboarding.Status.WITHDRAWN:
        raise StateConflict("The portal holds no PFX of this onboarding.")
    return held


def _record_event(name: EventName, onboarding: Onboarding, user: User, slug: str, what: str) -> None:
    event = record_event(
        name,
        company=onboarding.company,
        actor=user,
        onboarding_id=onboarding.pk,
        step=slug,
        data={"what": what},
    )
    emails.queue_secret_shown(onboarding.steps.get(slug=slug), user, what, occasion=event.number)
