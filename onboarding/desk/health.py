"""Machine checks: is the process alive, can it do its work?

No detail is told to strangers.
"""

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET
from redis.exceptions import RedisError


@login_not_required
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_GET
def readyz(request: HttpRequest) -> HttpResponse:
    """Database and cache answer too; 503 otherwise."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        cache.set("readyz", 1, timeout=5)
    except (DatabaseError, RedisError, OSError):
        return HttpResponse("not ready", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")
