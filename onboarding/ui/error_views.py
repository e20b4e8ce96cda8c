"""Error pages that need code: an old safety token, and a database or Redis that does not answer.

The other ones need none: Django renders templates/4xx.html and 500.html itself.
"""

import sys
from collections.abc import Iterator
from enum import StrEnum

import psycopg
from django.conf import settings
from django.core.exceptions import TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views import defaults
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import OutOfMemoryError, ReadOnlyError
from redis.exceptions import TimeoutError as RedisTimeoutError

RETRY_AFTER = 30  # seconds
# PostgreSQL's manual, appendix A: connection exceptions, and a server that ends, starts or has no connection to spare.
UNAVAILABLE_CODES = ("08", "57P01", "57P02", "57P03", "57P05", "53300")
REDIS_UNAVAILABLE = (RedisConnectionError, RedisTimeoutError, OutOfMemoryError, ReadOnlyError)


class UnavailableService(StrEnum):
    """A service without which a page cannot be answered."""

    DATABASE = "database"
    REDIS = "redis"


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 with a page that says how to go on; `reason` is Django's and stays in the log."""
    request.csrf_refused = True  # type: ignore[attr-defined]  # for the security log
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """503 with Retry-After when a service is away, else 500.

    As Django's handler500 it answers for every layer: views, templates, sessions and middleware.
    """
    service = find_unavailable_service(sys.exc_info()[1])
    return _unavailable(service) if service else defaults.server_error(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, unless the database is behind it: Django calls a session that could not be saved a bad request."""
    service = find_unavailable_service(exception)
    if service is None and isinstance(exception, TooManyFilesSent):
        most = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        return HttpResponse(render_to_string("400.html", {"most_files": most}), status=400)
    return _unavailable(service) if service else defaults.bad_request(request, exception)


def find_unavailable_service(error: BaseException | None) -> UnavailableService | None:
    """The service that did not answer, if that is the cause; None for an error of ours, such as bad SQL."""
    for each in _causes(error):
        if isinstance(each, psycopg.Error) and _is_connection(each):
            return UnavailableService.DATABASE
        if isinstance(each, REDIS_UNAVAILABLE):
            return UnavailableService.REDIS
    return None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what led to it."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _is_connection(error: psycopg.Error) -> bool:
    """Whether the server could not be asked. What it refuses itself has a code (SQLSTATE), and not one of these."""
    if error.sqlstate:
        return error.sqlstate.startswith(UNAVAILABLE_CODES)
    return isinstance(error, psycopg.OperationalError) or "connection" in str(error)


def _unavailable(service: UnavailableService) -> HttpResponse:
    """Rendered without request, so without the database."""
    page = render_to_string("503.html", {"away": str(service)})
    return HttpResponse(page, status=503, headers={"Retry-After": RETRY_AFTER, "Cache-Control": "no-store"})
