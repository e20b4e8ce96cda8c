"""The links that an email gets in the moment in which it is sent: of an invitation, of a welcome, to a new password.

How such a link is made is in invitation_links.py, welcome_links.py and reset_links.py.
"""

from typing import Any

from django.dispatch import receiver

from onboarding.notifications.models import OutboxEmail
from onboarding.notifications.outbox import PASSWORD_RESET, WELCOME
from onboarding.notifications.signals import LateLink, link_needed
from onboarding.people.invitation_links import make_link
from onboarding.people.models import Invitation, User
from onboarding.people.reset_links import make_reset_link
from onboarding.people.welcome_links import is_newcomer, make_welcome_link


@receiver(link_needed)
def make_invitation_link(*, email: OutboxEmail, **_: Any) -> LateLink | None:
    """The invitation's link; None for another email, or if there is no such invitation any more."""
    if email.invitation_id is None:
        return None
    invitation = Invitation.objects.filter(pk=email.invitation_id).first()
    if invitation is None:
        return None
    is_open = invitation.accepted_at is None and invitation.withdrawn_at is None
    return LateLink(invitation.email, make_link(invitation), is_open)


@receiver(link_needed)
def make_password_link(*, email: OutboxEmail, **_: Any) -> LateLink | None:
    """The link for whoever has an account at the email's address; None if nobody has, and for another email."""
    if not email.key.startswith((PASSWORD_RESET, WELCOME)):
        return None
    user = User.objects.filter(email=email.address, is_active=True).first() if email.address else None
    if user is None:
        return None
    # Who has come meanwhile gets a usual link.
    is_welcome = email.key.startswith(WELCOME) and is_newcomer(user)
    return LateLink(user.email, make_welcome_link(user) if is_welcome else make_reset_link(user))
