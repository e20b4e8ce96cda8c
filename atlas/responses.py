"""One answer of Atlas, and the judgement: is it what was asked for, or which error does it stand for?
Not here: how it came over the wire.
"""

import re
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TypeVar

from atlas.errors import AtlasError, NotReady, RateLimited, Refused, Rejected, Unexpected, Unreachable
from atlas.json_parsing import parse_as, parse_json
from atlas.redaction import shorten

T = TypeVar("T")
LONGEST_PAUSE = 86_400.0  # seconds; nobody means a Retry-After of more than a day


@dataclass(frozen=True, slots=True)
class Response:
    """Status, headers (in any case) and the whole body; `secrets` are those that the request held."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def parse(self, kind: type[T]) -> T:
        """The body as a record or a tuple of records; Unexpected if it is not, or does not say that it is JSON."""
        media_type = _media_type(self)
        if media_type != "application/json":
            raise Unexpected(f"JSON was due, {shorten(media_type, 60) or 'no media type'} came")
        return parse_as(kind, self.body, self.secrets)


def require_status(response: Response, expected: Collection[int]) -> Response:
    """The answer, if its status is one of `expected`; else the error that it stands for is raised."""
    if response.status in expected:
        return response
    raise _error_for(response)


def _error_for(response: Response) -> AtlasError:
    problem = _parse_problem(response)
    description, errors = problem or ("", {})
    match response.status:
        case 202:
            return NotReady(description)
        case 429 | 503:
            return RateLimited(retry_after(response.headers.get("Retry-After", "")), description)
        case 401 | 403:
            return Refused(description, response.status)
        case 502 | 504:
            return Unreachable("the server in front of it answered that it is away.", True)
        case status if 400 <= status < 500 and problem:
            return Rejected(status, description, errors)
    return Unexpected(_describe(response))


def _parse_problem(response: Response) -> tuple[str, dict[str, str]] | None:
    """Description and details of an error body (HVCA API document 2.1), or None if the body is not one."""
    # Errors are problem+json, a 202 is plain JSON; anything else comes from a box on the way to Atlas.
    if _media_type(response) not in ("application/problem+json", "application/json"):
        return None
    try:
        body = parse_json(response.body)
    except Unexpected:
        return None
    if not isinstance(body, dict) or not isinstance(body.get("description"), str):
        return None
    errors = body.get("errors")
    details = errors if isinstance(errors, dict) else {}
    return shorten(body["description"], 300, response.secrets), {
        shorten(kind, 100, response.secrets): shorten(detail, 300, response.secrets)
        for kind, detail in list(details.items())[:20]
        if isinstance(detail, str)
    }


def retry_after(value: str) -> float | None:
    """Seconds from a Retry-After header (RFC 9110 section 10.2.3): a number or a date; else None."""
    if re.fullmatch(r"\d{1,9}", value.strip(), re.ASCII):
        return min(float(value), LONGEST_PAUSE)
    try:
        due = parsedate_to_datetime(value).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError, OSError):
        return None
    return min(max(0.0, due - time.time()), LONGEST_PAUSE)


def _media_type(response: Response) -> str:
    return response.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _describe(response: Response) -> str:
    text = response.body[:4000].decode("utf-8", "replace")
    said = shorten(text, 120, response.secrets)
    # The address of a redirect is left out: it may carry what the request carried.
    return f"status {response.status}" + (f" with {said!r}" if said else " without a body")
