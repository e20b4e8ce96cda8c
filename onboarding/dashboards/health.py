"""Machine checks: is the process alive, can it do its work?

No detail is told to strangers.
"""

import logging

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers, else 503. Without Redis most pages work, so that it is away is a word and not a refusal."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("not ready", status=503, content_type="text/plain")
    return HttpResponse("ok" if _redis_answers() else "ok, without redis", content_type="text/plain")


def _redis_answers() -> bool:
    try:
        cache.set("readyz", 1, timeout=5)
    except (RedisError, OSError) as error:
        log.warning("Redis does not answer (%s): signing in is answered with 503.", type(error).__name__)
        return False
    return True
