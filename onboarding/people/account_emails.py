"""Letters about somebody's own sign-in: put into the outbox in the transaction of what they tell of.

allauth would send them itself, afterwards: with the mail server away the change would stand and nobody be told.
"""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from django.db import transaction

from certs import clock
from onboarding.notifications.outbox import RESET_LINK, queue_password_reset, queue_plain_email
from onboarding.people.models import User

AGENT_LENGTH = 200  # characters of what a browser says about itself


def queue_to_owner(user: User, template: str, **extra: Any) -> None:
    """Tell the owner of an account what was done to it, from where and when; `template` as allauth names them."""
    adapter, request = get_adapter(), context.request
    values = {"timestamp": clock.now(), "request": request, "user": user, "email": user.email, **extra}
    if request is not None:
        agent = adapter.get_http_user_agent(request)[:AGENT_LENGTH]
        values |= {"ip": adapter.get_client_ip(request), "user_agent": agent}
    mail = adapter.render_mail(template, user.email, values)
    queue_plain_email(to=user, subject=mail.subject, text=mail.body, about=template)


def queue_reset_link(address: str) -> None:
    """Queue the link to choose a new password, whether or not anybody has an account at the address."""
    values = {"password_reset_url": RESET_LINK, "email": address}
    mail = get_adapter().render_mail("account/email/password_reset_key", address, values)
    queue_password_reset(address=address, subject=mail.subject, text=mail.body)


def set_password(user: User, password: str) -> None:
    """The password and the letter about it: both or neither."""
    template = _password_template(user)
    user.set_password(password)
    with transaction.atomic():
        user.save(update_fields=["password"])
        queue_to_owner(user, template)


def _password_template(user: User) -> str:
    if not user.has_usable_password():
        return "account/email/password_set"
    request = context.request
    owner = request is not None and request.user.is_authenticated and request.user.pk == user.pk
    return f"account/email/password_{'changed' if owner else 'reset'}"
