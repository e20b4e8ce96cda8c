"""The link of an invitation: made anew from the row whenever it is needed, and stored only as a hash.

What opening it does is in inviting.py.
"""

from base64 import urlsafe_b64encode
from hashlib import sha256

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from onboarding.people.models import Invitation


def key_of(token: str) -> str:
    """What is kept of a link's token: a hash, fit for a session."""
    return sha256(token.encode()).hexdigest()


def link_of(invitation: Invitation) -> str:
    """The address that the newest e-mail leads to."""
    return f"{settings.PORTAL.base_url}{reverse('invitations:open', args=[token_of(invitation)])}"


def token_of(invitation: Invitation) -> str:
    """What stands in the link: made from the invitation and the number of the e-mail."""
    what = f"{invitation.pk}:{invitation.sent_count}"
    digest = salted_hmac("onboarding.people.invitation", what, algorithm="sha256").digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
