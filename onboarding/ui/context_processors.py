"""What every template may read without being given it: the portal's name and the navigation.

No database query happens here beyond the signed-in user that the request already carries.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from onboarding.ui import navigation

NAME = "Certificate onboarding"


def portal_context(request: HttpRequest) -> dict[str, Any]:
    """`portal` (name, environment_name, mode, oidc_name, others' addresses), `navigation` and `footer_links`."""
    facts = settings.PORTAL
    return {
        "portal": {
            "name": NAME,
            "environment_name": facts.environment_name,
            "support_url": facts.support_url,
            "support_email": facts.support_email,
            "atlas_portal_url": facts.atlas_portal_url,
            "dip_url": facts.dip_url,
            "mode": facts.mode,
            "oidc_name": facts.oidc_name if facts.oidc_issuer else "",
        },
        "navigation": navigation.navigation_items(request),
        "footer_links": navigation.footer_links(),
    }
