"""The link of an invitation: made again from the row whenever it is needed, and stored only as a hash.

What opening it does is in invitation_link_use.py.
"""

from base64 import urlsafe_b64encode

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from onboarding.people.models import Invitation
from onboarding.people.one_time_links import hash_token

__all__ = ["hash_token", "make_link", "make_token"]


def make_link(invitation: Invitation) -> str:
    """The address that the newest email leads to."""
    return f"{settings.PORTAL.base_url}{reverse('invitations:open', args=[make_token(invitation)])}"


def make_token(invitation: Invitation) -> str:
    """What stands in the link: made from the invitation and the number of the email."""
    what = f"{invitation.pk}:{invitation.sent_count}"
    digest = salted_hmac("onboarding.people.invitation", what, algorithm="sha256").digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
