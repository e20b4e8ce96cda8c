"""What happens when a second factor comes or goes: it is recorded, its owner told, and its secrets destroyed with it.

What a second factor is lives in second_factor.py.
"""

from typing import Any

from allauth.core import context
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models.signals import post_delete, post_save, pre_save

from onboarding.audit.names import EventName
from onboarding.audit.record import record as record_event
from onboarding.people import account_emails, second_factor, spent_codes

FACTOR_EMAILS = {
    Authenticator.Type.TOTP: ("totp_activated", "totp_deactivated"),
    Authenticator.Type.WEBAUTHN: ("webauthn_added", "webauthn_removed"),
}


def connect() -> None:
    """Listen; called once, when the app is ready."""
    pre_save.connect(second_factor_saving, sender=Authenticator, dispatch_uid="second factor comes")
    post_save.connect(second_factor_added, sender=Authenticator, dispatch_uid="second factor came")
    post_delete.connect(second_factor_removed, sender=Authenticator, dispatch_uid="second factor went")


def second_factor_saving(sender: Any, instance: Authenticator, **_: Any) -> None:
    if instance.pk is None:
        spent_codes.mark_activation_code_spent(instance, context.request)


def second_factor_added(sender: Any, instance: Authenticator, created: bool, **_: Any) -> None:
    if created:
        second_factor.destroy_drafts(instance.user)
        _record_event(EventName.SECOND_FACTOR_ADDED, instance)


def second_factor_removed(sender: Any, instance: Authenticator, **_: Any) -> None:
    second_factor.destroy_secrets(instance)
    _record_event(EventName.SECOND_FACTOR_REMOVED, instance)


def _record_event(name: EventName, factor: Authenticator) -> None:
    added, removed = FACTOR_EMAILS.get(Authenticator.Type(factor.type), ("", ""))
    letter = added if name == EventName.SECOND_FACTOR_ADDED else removed
    with transaction.atomic():
        record_event(name, company=None, actor=factor.user, data={"kind": str(factor.type)})
        if letter:  # recovery codes come and go with a factor, and allauth_urls.py tells of new ones
            account_emails.queue_to_owner(factor.user, f"mfa/email/{letter}")
