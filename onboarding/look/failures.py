"""The answer to a form whose safety token is missing or old.

The other error pages need no code: Django renders templates/4xx.html and 500.html itself.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 with a page that says how to go on; `reason` is Django's and stays in the log."""
    request.csrf_refused = True  # type: ignore[attr-defined]  # for the security log
    return render(request, "403_csrf.html", status=403)
