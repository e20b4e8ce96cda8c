"""Whom the organisation's sign-in (OpenID Connect) lets in: people known or invited here, by a verified address.

Who the provider is and how it is asked is said in config/oidc.py and done by allauth.
"""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import render

from certs import clock
from onboarding.people.models import Invitation, User

# Microsoft Entra sends no email_verified; xms_edov says that the organisation owns the address's domain
# (learn.microsoft.com, "Migrate away from using email claims for user identification or authorization").
PROOFS = ("email_verified", "xms_edov")
TRUE_VALUES = (True, 1, "1", "true", "True")


class OrganisationAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """The portal's answers to allauth's questions about the organisation's sign-in."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the person: linked before, or by the verified address. Nobody else comes in."""
        # The session is a new one once the person is signed in: receivers.py keeps it there.
        request.provider_proved_at = read_proof_time(sociallogin.account.extra_data)  # type: ignore[attr-defined]
        if sociallogin.is_existing:
            return
        address = verified_address(sociallogin.account.extra_data)
        with transaction.atomic():
            user = _known(address) or _invited(address, sociallogin.account.extra_data)
            if user is not None:
                sociallogin.connect(request, user)
        if user is None:
            raise ImmediateHttpResponse(render(request, "socialaccount/unknown.html", status=403))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Nobody signs up by themselves, wherever they come from."""
        return False


def verified_address(said: dict[str, Any]) -> str:
    """The email address, in lower case, if the provider vouches for it; else nothing."""
    parts = [part for part in (said.get("id_token"), said.get("userinfo")) if isinstance(part, dict)]
    for part in parts or [said]:
        address = part.get("email")
        if isinstance(address, str) and any(part.get(proof) in TRUE_VALUES for proof in PROOFS):
            return address.strip().lower()
    return ""


def read_proof_time(said: dict[str, Any]) -> float | None:
    """When the person showed the provider who they are (`auth_time`, seconds since 1970), where the ID token says it.

    A provider says it where `max_age` is asked for (OpenID Connect Core 1.0, sections 2 and 3.1.2.1).
    """
    id_token = said.get("id_token")
    moment = id_token.get("auth_time") if isinstance(id_token, dict) else None
    return float(moment) if isinstance(moment, int | float) and not isinstance(moment, bool) else None


def _known(address: str) -> User | None:
    return User.objects.filter(email=address).first() if address else None


def _invited(address: str, said: dict[str, Any]) -> User | None:
    """An invited person gets an account without a password; the invitation itself they still accept or not."""
    open_ones = Invitation.objects.unanswered().filter(email=address, expires_at__gt=clock.now())
    if not address or not open_ones.exists():
        return None
    name = " ".join(str((said.get("userinfo") or said.get("id_token") or said).get("name") or "").split())
    return User.objects.create_user(address, None, name=name[:150] or address)
