"""Receivers of signing in, passwords and second factors: the security log, known browsers, letters to the owner.

Refused pages are dashboards/security_middleware.py's.
"""

from typing import Any
from uuid import UUID

from allauth.account import signals as account_signals
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver
from django.http import HttpRequest

from certs.models import Secret
from certs.signals import secret_not_opened, secret_owner_requested
from onboarding.audit.chain import record_event
from onboarding.audit.event_names import EventName
from onboarding.audit.security_log import Outcome, SecurityEvent, log_event
from onboarding.people import (
    account_emails,
    last_person,
    reauthentication,
    second_factor,
    session_limits,
    spent_codes,
)
from onboarding.people.access import find_account_id
from onboarding.people.models import User
from onboarding.ui import sent_forms

FACTOR_EMAILS = {
    Authenticator.Type.TOTP: ("totp_activated", "totp_deactivated"),
    Authenticator.Type.WEBAUTHN: ("webauthn_added", "webauthn_removed"),
}


@receiver(user_logged_in)
def signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    """All questions of the sign-in are answered."""
    session_limits.start(request.session)
    reauthentication.note_provider_proof(request)
    sent_forms.forget_others(request.session, str(user.pk))
    last_person.note_earlier_pages(request, user)
    records = get_authentication_records(request, user)
    _make_known(request, user, second=_passed_second(records))
    ways = [str(way.get("type") or way["method"]) for way in records]
    log_event(SecurityEvent.SIGNED_IN, Outcome.SUCCESS, user_id=user.pk, detail=" ".join(ways))


@receiver(user_login_failed)
def sign_in_failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """A wrong password. What was typed stays out; whose account it is, if anybody's, goes in.

    The account is looked up whether or not there is one, so the answer takes as long for both.
    """
    user_id = find_account_id(str(credentials.get("email", "")))
    user = getattr(request, "user", None)
    again = user is not None and user.is_authenticated
    event = SecurityEvent.REAUTHENTICATION_FAILED if again else SecurityEvent.SIGN_IN_FAILED
    log_event(event, Outcome.FAILURE, user_id=user_id, detail="password")


@receiver(authentication_failed)
def code_failed(user: User, authenticator: Authenticator, reauthentication: bool = False, **_: Any) -> None:
    """A wrong code, after the right password or before a secret."""
    event = SecurityEvent.REAUTHENTICATION_FAILED if reauthentication else SecurityEvent.SECOND_FACTOR_FAILED
    log_event(event, Outcome.FAILURE, user_id=user.pk, detail="code")


@receiver(account_signals.authentication_step_completed)
def reauthenticated(user: User, method: str, **more: Any) -> None:
    """Somebody signed in has shown again that it is them."""
    if more.get("reauthenticated"):
        way = str(more.get("type") or method)
        log_event(SecurityEvent.REAUTHENTICATED, Outcome.SUCCESS, user_id=user.pk, detail=way)


@receiver(user_logged_out)
def signed_out(request: HttpRequest, user: User | None, **_: Any) -> None:
    """By the person, or because the session's time was over."""
    ended = getattr(request, "session_ended_by", None)
    if user is not None:
        event = SecurityEvent.SESSION_ENDED if ended else SecurityEvent.SIGNED_OUT
        log_event(event, Outcome.SUCCESS, user_id=user.pk, detail=str(ended or ""))


@receiver(account_signals.password_changed)
@receiver(account_signals.password_set)
def password_changed(request: HttpRequest, user: User, **_: Any) -> None:
    """By its owner, who knew the old one or had none."""
    _make_known(request, user, second=_passed_second(get_authentication_records(request, user)))
    log_event(SecurityEvent.PASSWORD_CHANGED, Outcome.SUCCESS, user_id=user.pk)


@receiver(account_signals.password_reset)
def password_reset(request: HttpRequest, user: User, **_: Any) -> None:
    """By somebody who reads the account's mail."""
    _make_known(request, user, second=False)
    log_event(SecurityEvent.PASSWORD_RESET, Outcome.SUCCESS, user_id=user.pk)


@receiver(secret_not_opened)
def vault_failed(secret: Secret, **_: Any) -> None:
    """A stored secret was changed or moved, or its key is missing."""
    is_persons = secret.purpose in (second_factor.STORED, second_factor.DRAFT)
    log_event(
        SecurityEvent.VAULT_FAILED,
        Outcome.FAILURE,
        user_id=secret.record_id if is_persons else None,
        company_id=None if is_persons else secret.company_id,
        detail=secret.purpose,
    )


def _passed_second(records: list[dict[str, Any]]) -> bool:
    """Whether a code, a recovery code or a key was among the answers."""
    return any(record["method"] == "mfa" for record in records)


def _make_known(request: HttpRequest, user: User, *, second: bool) -> None:
    """KnownBrowserMiddleware reads it when the answer is ready."""
    request.known_user, request.known_second = user, second  # type: ignore[attr-defined]


@receiver(pre_save, sender=Authenticator)
def second_factor_saving(sender: Any, instance: Authenticator, **_: Any) -> None:
    """A new factor: the code that sets it up is spent by it."""
    if instance.pk is None:
        spent_codes.mark_activation_code_spent(instance, context.request)


@receiver(post_save, sender=Authenticator)
def second_factor_added(sender: Any, instance: Authenticator, created: bool, **_: Any) -> None:
    """It is recorded, its owner told, and what was begun and not finished is destroyed."""
    if created:
        second_factor.destroy_drafts(instance.user)
        if second_factor.is_first(instance):
            _end_other_sessions(instance.user)
        _record_factor(EventName.SECOND_FACTOR_ADDED, instance)


@receiver(post_delete, sender=Authenticator)
def second_factor_removed(sender: Any, instance: Authenticator, **_: Any) -> None:
    """Its secrets go with it; it is recorded, and its owner told."""
    second_factor.destroy_secrets(instance)
    _record_factor(EventName.SECOND_FACTOR_REMOVED, instance)


def _end_other_sessions(user: User) -> None:
    """They were begun with one proof, and whoever else knows the password may have one."""
    request = context.request
    key = request.session.session_key if request else None
    others = [each for each in UserSession.objects.purge_and_list(user) if each.session_key != key]
    for session in others:
        session.end()
    ended = len(others)
    if request and ended:
        where = "1 other browser" if ended == 1 else f"{ended} other browsers"
        messages.info(request, f"You are signed out in {where}, where you had shown one proof only.")


def _record_factor(name: EventName, factor: Authenticator) -> None:
    added, removed = FACTOR_EMAILS.get(Authenticator.Type(factor.type), ("", ""))
    letter = added if name == EventName.SECOND_FACTOR_ADDED else removed
    with transaction.atomic():
        record_event(name, company=None, actor=factor.user, data={"kind": str(factor.type)})
        if letter:  # recovery codes come and go with a factor, and allauth_urls.py tells of new ones
            account_emails.queue_to_owner(factor.user, f"mfa/email/{letter}")


@receiver(secret_owner_requested)
def second_factor_owner(secret: Secret, **_: Any) -> tuple[str, UUID, UUID] | None:
    """The person whose second factor this secret is, for the vault's maintenance; None for other secrets."""
    return second_factor.find_secret_owner(secret)
