"""The second factor: from whom it is demanded and since when, and how its secrets are kept.

How a code or a passkey is checked is allauth's business; holding people back is journey/middleware.py's.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Min, Q
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from certs import clock, vault
from certs.models import Secret
from certs.signals import answers
from onboarding.people import signals
from onboarding.people.access import person
from onboarding.people.decisions import PermissionRefused
from onboarding.people.models import Role, User

STORED, DRAFT = (
    Secret.Purpose.SECOND_FACTOR.value,
    Secret.Purpose.SECOND_FACTOR_DRAFT.value,
)  # purposes in the vault
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
DATA = ("secret", "seed")  # where an authenticator names its secret in the vault
NEXT_PAGE = "page_after_second_factor"  # in the session


@dataclass(frozen=True)
class Demand:
    """A second factor is still to be set up, by then."""

    until: datetime

    @property
    def is_due(self) -> bool:
        """The time is over: nothing else can be done before it is set up."""
        return self.until <= clock.now()


def _as_member(user: User) -> datetime | None:
    found: datetime | None = user.memberships.exclude(role=Role.READER).aggregate(at=Min("since"))["at"]
    return found


def _as_ops(user: User) -> datetime | None:
    return user.created_at if user.is_ops else None


def _may_change_since(user: User) -> datetime | None:
    """Since when this person may change something, as far as this room and those above know; None: nothing."""
    above = answers(signals.access_start_requested, User, user=user)
    return min(filter(None, (_as_member(user), _as_ops(user), *above)), default=None)


def find_demand(request: HttpRequest) -> Demand | None:
    """What this person must still do; None when they have a second factor or need none."""
    user = person(request)
    if not settings.PORTAL.demands_second_factor or has_second_factor(user) or _is_vouched_for(request, user):
        return None
    since = _may_change_since(user)
    return Demand(since + timedelta(days=settings.PORTAL.second_factor_grace_days)) if since else None


class NoSecondFactor(PermissionRefused):
    """A secret is asked for by somebody who has still to set one up: a 403 page that leads there and back."""


def require_second_factor(request: HttpRequest) -> None:
    """Raise NoSecondFactor before a secret leaves to somebody without one, where it is demanded; no days of grace here.

    The page is remembered, and shown as the way on once a second factor is set up.
    """
    user = person(request)
    if not settings.PORTAL.demands_second_factor or has_second_factor(user) or _is_vouched_for(request, user):
        if NEXT_PAGE in request.session:
            del request.session[NEXT_PAGE]
        return
    request.session[NEXT_PAGE] = request.path_info
    raise NoSecondFactor(
        "Secrets leave the portal only to people who show two proofs at the sign-in, and you have not set up the "
        "second one yet. Set it up now, it takes two minutes; then you come back here."
    )


def has_second_factor(user: User) -> bool:
    """Whether a code app, a passkey or a security key is set up (recovery codes alone are none)."""
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())


def is_first(factor: Authenticator) -> bool:
    """Whether this one, just set up, is the first second factor of its owner."""
    return (
        factor.type in FACTORS
        and Authenticator.objects.filter(user=factor.user, type__in=FACTORS).count() == 1
    )


def _is_vouched_for(request: HttpRequest, user: User) -> bool:
    """Whether the organisation's sign-in was used, and the operator says that it asks for a second factor itself."""
    ways = {record["method"] for record in get_authentication_records(request, user)}
    return bool(settings.PORTAL.oidc_second_factor) and "socialaccount" in ways


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """The portal's answers to allauth's questions: names, sentences, and secrets in the vault."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This code or key is not right: it may be too old, used already or removed. "
        "Try again, or use another way.",
        "cannot_generate_recovery_codes": "Recovery codes stand in for a code app or a passkey. "
        "Set up one of these first.",
    }

    def _get_site_name(self) -> str:
        return str(settings.MFA_TOTP_ISSUER)

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002  # allauth's signature
        """What a new key is called until its owner says otherwise."""
        return f"Key {Authenticator.objects.filter(user=user, type=type).count() + 1}"

    @sensitive_variables()
    def encrypt(self, text: str) -> str:
        """Keep a secret in the vault; the answer is the name under which it lies there."""
        return seal_secret(person(context.request), STORED, text)

    @sensitive_variables()
    def decrypt(self, encrypted_text: str) -> str:
        """Open what encrypt() kept, for the one person whose authenticator names it."""
        return open_secret(encrypted_text, _find_owner(encrypted_text))


@sensitive_variables()
def seal_secret(user: User, purpose: str, text: str) -> str:
    """Seal a secret of this person's; the answer names it."""
    sealed = vault.seal(purpose=purpose, company_id=user.pk, record_id=user.pk, plaintext=text.encode())
    return str(sealed.pk)


@sensitive_variables()
def open_secret(name: str, user: User | None) -> str:
    """Open what was sealed for this person under this name. Raises VaultError, also for somebody else's secret."""
    own = Secret.objects.filter(record_id=user.pk) if user else Secret.objects.none()
    secret = own.filter(pk=name, purpose__in=(STORED, DRAFT)).first()
    if secret is None:
        raise vault.VaultError("This secret is not kept any more.")
    return vault.open_secret(secret).decode()


def _find_owner(name: str) -> User | None:
    """Whose authenticator names this secret; None when it is nobody's, or more than one person's.

    Before an authenticator is stored (recovery codes being made) it is the person's who is signed in.
    """
    naming = Q(*((f"data__{key}", name) for key in DATA), _connector=Q.OR)
    users = list(User.objects.filter(pk__in=Authenticator.objects.filter(naming).values("user"))[:2])
    if not users and context.request.user.is_authenticated:
        return person(context.request)
    return users[0] if len(users) == 1 else None


def find_secret_owner(secret: Secret) -> tuple[str, UUID, UUID] | None:
    """The person whose second factor this secret is, for the vault's maintenance; None for other secrets."""
    person_id = secret.record_id
    if secret.purpose == STORED:
        factors = Authenticator.objects.filter(user=person_id)
        found = any(str(secret.pk) == str(each.data.get(key)) for each in factors for key in DATA)
    else:
        found = secret.purpose == DRAFT and User.objects.filter(pk=person_id).exists()
    return (secret.purpose, person_id, person_id) if found else None


def destroy_drafts(user: User) -> None:
    """Secrets of code apps that were begun and not finished."""
    vault.destroy_all(Secret.objects.filter(purpose=DRAFT, record_id=user.pk))


def destroy_secrets(authenticator: Authenticator) -> None:
    """Destroy what the vault keeps of an authenticator that is no more."""
    names = [UUID(authenticator.data[key]) for key in DATA if key in authenticator.data]
    vault.destroy_all(Secret.objects.filter(pk__in=names, purpose=STORED))
