"""The briefing for reception and the switchboard, to be printed: who will be rung for, and what to do then.

When the call comes is said on the pages of the steps.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onboarding.journey.access import get_onboarding
from onboarding.journey.definitions import StepSlug
from onboarding.journey.models import Onboarding
from onboarding.journey.steps import BY_SLUG
from onboarding.people.access import person


@require_safe
def briefing(request: HttpRequest, code: str) -> HttpResponse:
    """With the name and the number of the registration, or with room for them before it is filled in."""
    onboarding = get_onboarding(person(request), code)
    now = BY_SLUG.get(onboarding.current_step) if onboarding.is_active else None
    context = {"onboarding": onboarding, "contact": _get_contact(onboarding), "now": now}
    return render(request, "journey/briefing.html", context)


def _get_contact(onboarding: Onboarding) -> dict[str, str]:
    """Whom GlobalSign will ask for: `name`, `job_title`, `phone`; empty before the registration."""
    registration = onboarding.steps.filter(slug=StepSlug.REGISTER)
    answers: dict[str, str] = registration.values_list("answers", flat=True).first() or {}
    return answers
