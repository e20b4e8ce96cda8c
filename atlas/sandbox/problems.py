"""Refusals, and how they look on the wire: `application/problem+json` as HVCA writes it.

When to refuse is decided elsewhere.
"""

from __future__ import annotations

import json
import secrets
import string
from collections.abc import Mapping

from werkzeug.wrappers import Response

BUSY = "Service busy, please retry later"
_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase


class Refusal(Exception):
    """The answer to a request that is not served: an HTTP status and the texts of the problem document."""

    def __init__(
        self,
        status: int,
        description: str,
        *,
        errors: Mapping[str, str] | None = None,
        kinds: Mapping[str, str] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.errors = dict(errors or {})
        self.kinds = dict(kinds or {})
        self.retry_after = retry_after
        self.incident = incident_id() if status >= 500 else None
        self.allow: str | None = None


def bad_request() -> Refusal:
    """The body is not what the call takes."""
    return Refusal(400, "Bad Request")


def unauthorized(description: str = "Unauthorized") -> Refusal:
    """The caller has not proved who it is."""
    return Refusal(401, description)


def not_found() -> Refusal:
    """There is no such thing, or not for this caller."""
    return Refusal(404, "Not Found")


def not_now(sentence: str) -> Refusal:
    """It is not the time for this move; the sentence says why."""
    return Refusal(409, sentence)


def invalid(path: str, reason: str = "invalid value") -> Refusal:
    """One field is refused: `<json path>: <reason>`."""
    return Refusal(422, f"{path}: {reason}", errors={path: reason})


def busy(retry_after: int | None = None) -> Refusal:
    """Atlas is down; `retry_after` in whole seconds."""
    return Refusal(503, BUSY, retry_after=retry_after)


def incident_id() -> str:
    """27 base-62 characters, the form that the HVCA API document 2.1 shows."""
    return "".join(secrets.choice(_BASE62) for _ in range(27))


def problem(refusal: Refusal, *, with_errors: bool = True) -> Response:
    """The refusal as a problem document.

    HVCA names a field in `description` only (`with_errors=False`), and has kinds of errors for a few refusals.
    """
    document: dict[str, object] = {"description": refusal.description}
    if refusal.incident:
        document["id"] = refusal.incident
    errors = refusal.errors if with_errors else refusal.kinds
    if errors:
        document["errors"] = errors
    response = Response(json.dumps(document), refusal.status)
    response.headers["Content-Type"] = "application/problem+json;charset=utf-8"
    decorate(response, refusal)
    return response


def decorate(response: Response, refusal: Refusal) -> None:
    """The headers that belong to some refusals."""
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    if refusal.allow:
        response.headers["Allow"] = refusal.allow
