"""A form whose safety check (CSRF) failed: nothing is done, and the person's own typing is not lost by it.

The page that says why is ui/error_views.py's.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from onboarding.people import last_person
from onboarding.people.access import person
from onboarding.ui import error_views, sent_forms
from onboarding.ui.post_only import find_page

PRESS_AGAIN = (
    "You signed in again after this page was opened, so nothing was sent. What you typed is kept, except secrets and "
    "files: look at it and press the button once more."
)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Back to the form with what was typed, if the same person had it open before signing in again; else 403."""
    if last_person.is_from_earlier_page(request) and sent_forms.keep_for_sign_in(
        request, str(person(request).pk)
    ):
        messages.info(request, PRESS_AGAIN)
        return redirect(find_page(request))
    return error_views.csrf_failure(request, reason)
