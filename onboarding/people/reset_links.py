"""The link to choose a new password: made anew whenever it is needed, and never stored.

What opening it does is allauth's.
"""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from onboarding.people.models import User


def make_reset_link(user: User) -> str:
    """The absolute address on which this person chooses a new password; it works until the password changes."""
    words = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return f"{settings.PORTAL.base_url}{reverse('account_reset_password_from_key', kwargs=words)}"
