"""The organisation's OpenID Connect provider in the words of django-allauth.

What the environment may say is in env.py; whom a provider's word lets in, in onboarding/people/oidc.py.
"""

from typing import Any

from config.env import Portal

PROVIDER = "organisation"  # a part of the addresses that the provider is told about; it must stay


def oidc_provider(portal: Portal) -> dict[str, Any]:
    """One provider, or none."""
    if not portal.oidc_issuer or portal.oidc_client_secret is None:
        return {"APPS": []}
    app = {
        "provider_id": PROVIDER,
        "name": portal.oidc_name,
        "client_id": portal.oidc_client_id,
        "secret": portal.oidc_client_secret.get_secret_value(),
        "settings": {"server_url": portal.oidc_issuer.rstrip("/")},
    }
    return {"APPS": [app], "OAUTH_PKCE_ENABLED": True}
