"""Deadlines of one onboarding, for ops: pausing them with a reason, and how long each step may take in its company."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from onboarding.journey.access import get_onboarding, read_company_times
from onboarding.journey.deadlines import pauses
from onboarding.journey.deadlines.step_times import CompanyTimes, get_times, get_usual_times
from onboarding.journey.deadlines.time_changes import change_times
from onboarding.journey.forms.deadlines import TimesForm
from onboarding.journey.forms.plain import ReasonForm
from onboarding.journey.models import Onboarding
from onboarding.journey.steps import BY_SLUG, STEPS
from onboarding.people.access import person, require_ops
from onboarding.people.models import User
from onboarding.ui.post_only import posted_from
from onboarding.ui.sent_forms import fill_form, keeps_typed, render_form


def _find(user: User, code: str) -> Onboarding:
    """The onboarding, for ops; for everybody else there is nothing here (404)."""
    require_ops(user)
    return get_onboarding(user, code)


@keeps_typed(ReasonForm)
@require_http_methods(["GET", "HEAD", "POST"])
def deadlines(request: HttpRequest, code: str) -> HttpResponse:
    """GET shows the times and the pauses, POST pauses the deadlines of this onboarding."""
    user = person(request)
    onboarding = _find(user, code)
    form = fill_form(request, ReasonForm)
    if request.method == "POST" and form.is_valid():
        pauses.pause_onboarding(onboarding, actor=user, reason=form.cleaned_data["reason"])
        messages.success(request, "The deadlines are paused. Nobody is reminded until you let them go on.")
        return redirect("journey:deadlines", code)
    open_pauses = list(pauses.find_pauses(onboarding).select_related("started_by"))
    context = {
        "onboarding": onboarding,
        "form": form,
        "pauses": open_pauses,
        "is_own_pause": any(pause.onboarding_id for pause in open_pauses),
        "rows": _list_rows(onboarding),
    }
    return render_form(request, "journey/deadlines.html", context)


@posted_from("journey:deadlines", "code", may_see=_find)
def resume(request: HttpRequest, code: str) -> HttpResponse:
    """Let the deadlines of this onboarding go on."""
    user = person(request)
    pauses.resume_onboarding(_find(user, code), actor=user)
    messages.success(
        request, "The deadlines go on. Those that were ahead are later by the time of the pause."
    )
    return redirect("journey:deadlines", code)


@keeps_typed(TimesForm)
@require_http_methods(["GET", "HEAD", "POST"])
def step_times(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Change how long a step may take in the company of this onboarding."""
    user = person(request)
    onboarding = _find(user, code)
    times = get_times(slug, read_company_times(onboarding))
    shown = {**times._asdict(), "seen_usual": times.usual, "seen_latest": times.latest}
    form = fill_form(request, TimesForm, initial=shown)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        change_times(onboarding.company, slug, form.times, seen=form.seen, actor=user, reason=reason)
        messages.success(request, f"“{BY_SLUG[slug].title}” has new times in {onboarding.company}.")
        return redirect("journey:deadlines", code)
    context = {
        "onboarding": onboarding,
        "definition": BY_SLUG[slug],
        "usual_times": get_usual_times(slug),
        "form": form,
    }
    return render_form(request, "journey/step_times.html", context)


def _list_rows(onboarding: Onboarding) -> list[dict[str, Any]]:
    company_times = read_company_times(onboarding)
    return [_row(onboarding, step.slug, company_times) for step in STEPS]


def _row(onboarding: Onboarding, slug: str, company_times: CompanyTimes) -> dict[str, Any]:
    times = get_times(slug, company_times)
    value = f"Usually {times.usual}, at the latest {times.latest} working days."
    if changed := company_times.get(slug):
        usual = get_usual_times(slug)
        value += f" Elsewhere {usual.usual} and {usual.latest}. The reason: {changed['reason']}"
    return {
        "key": BY_SLUG[slug].title,
        "value": value,
        "url": reverse("journey:step-times", args=[onboarding.code, slug]),
        "about": f"the times of “{BY_SLUG[slug].title}”",
    }
