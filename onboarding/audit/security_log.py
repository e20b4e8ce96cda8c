"""What happened to the portal's safety, one JSON line each, for whoever watches it (ASVS 5.0, chapter V16).

The trail that proves what happened in a company is chain.py's. Neither holds a secret, a token or what was typed.
"""

import json
import logging
from collections.abc import Callable
from enum import StrEnum
from functools import partial
from uuid import UUID

from allauth.core import context
from allauth.core.internal.httpkit import get_client_ip
from django.db import transaction
from django.http import HttpRequest

from certs import clock
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event

NAME = "portal.security"
log = logging.getLogger(NAME)


class SecurityEvent(StrEnum):
    """Every event of this log; docs/operations.md explains each (a test compares)."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SECOND_FACTOR_FAILED = "second_factor_failed"
    SIGNED_OUT = "signed_out"
    SESSION_ENDED = "session_ended"
    REAUTHENTICATED = "reauthenticated"
    REAUTHENTICATION_FAILED = "reauthentication_failed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  an event, not a password
    PASSWORD_RESET = "password_reset"  # noqa: S105  an event, not a password
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    ACCESS_REFUSED = "access_refused"
    CSRF_REFUSED = "csrf_refused"
    RATE_LIMITED = "rate_limited"
    SECRET_SHOWN = "secret_shown"  # noqa: S105  an event, not a secret
    SECRET_DOWNLOADED = "secret_downloaded"  # noqa: S105  an event, not a secret
    SECRET_SHARED = "secret_shared"  # noqa: S105  an event, not a secret
    SECRET_OPENED = "secret_opened"  # noqa: S105  an event, not a secret
    EVIDENCE_OPENED = "evidence_opened"
    LIST_EXPORTED = "list_exported"
    VAULT_FAILED = "vault_failed"


class Outcome(StrEnum):
    """How it ended."""

    SUCCESS = "success"
    FAILURE = "failure"
    REFUSED = "refused"


# What the audit trail records is told here, too, when the record is committed.
OF_AUDIT = {
    EventName.SECRET_SHOWN: SecurityEvent.SECRET_SHOWN,
    EventName.SECRET_DOWNLOADED: SecurityEvent.SECRET_DOWNLOADED,
    EventName.SECRET_SHARED: SecurityEvent.SECRET_SHARED,
    EventName.SECRET_OPENED: SecurityEvent.SECRET_OPENED,
    EventName.EVIDENCE_READ: SecurityEvent.EVIDENCE_OPENED,
    EventName.SECOND_FACTOR_ADDED: SecurityEvent.FACTOR_ADDED,
    EventName.SECOND_FACTOR_REMOVED: SecurityEvent.FACTOR_REMOVED,
}


def log_event(
    event: SecurityEvent,
    outcome: Outcome,
    *,
    user_id: UUID | None = None,
    company_id: UUID | str | None = None,
    onboarding_id: UUID | None = None,
    detail: str = "",
) -> None:
    """Write one line about the present request, or about none in a worker.

    `detail` is one of the portal's own short words, never what somebody typed. Every value is JSON in ASCII, so no
    line can be forged by a line break.
    """
    request: HttpRequest | None = context.request
    line = {
        "log": NAME,
        "event": str(event),
        "time": clock.now().isoformat(timespec="milliseconds"),
        "who": str(user_id or _signed_in(request) or "") or None,
        "where": where(request),
        "company": str(company_id) if company_id else None,
        "onboarding": str(onboarding_id) if onboarding_id else None,
        "outcome": str(outcome),
        "detail": detail or None,
        "page": page(request),
        "request": getattr(request, "request_id", None),
    }
    log.info(json.dumps(line, ensure_ascii=True))


def log_recorded_event(recorded: Event, company_id: str | None) -> None:
    """Tell what the audit trail has recorded of a secret, a file of evidence or a factor, once it is certain."""
    event = OF_AUDIT.get(EventName(recorded.name))
    if event is None:
        return
    write_line: Callable[[], None] = partial(
        log_event,
        event,
        Outcome.SUCCESS,
        user_id=recorded.actor_id,
        company_id=company_id,
        onboarding_id=recorded.onboarding_id,
        detail=recorded.data.get("what") or recorded.data.get("kind") or "",
    )
    transaction.on_commit(write_line, robust=True)


def where(request: HttpRequest | None) -> str | None:
    """The network address, as the rate limits see it: behind a proxy only what that proxy says (TRUST_PROXY)."""
    return get_client_ip(request) if request is not None else None


def page(request: HttpRequest | None) -> str | None:
    """The name of the address; the address itself may hold a token."""
    match = getattr(request, "resolver_match", None)
    return match.view_name if match else None


def _signed_in(request: HttpRequest | None) -> UUID | None:
    user = getattr(request, "user", None)
    return user.pk if user is not None and user.is_authenticated else None
