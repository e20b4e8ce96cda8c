"""One page before an onboarding starts: what is carried over from an earlier one, what is done again, and the button.

`/companies/<slug>/start/?environment=uit|production`, with `&after=CODE` of one certain earlier onboarding. What is
carried over is decided in carry_over.py; a company that has nothing to carry over starts at once.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from onboarding.journey import carry_over, guards
from onboarding.journey.access import get_onboarding, get_step, read_access
from onboarding.journey.carry_over import Obstacle, Plan
from onboarding.journey.models import Onboarding
from onboarding.journey.status_text import describe_proof
from onboarding.journey.steps import Step
from onboarding.people.access import company_for, person, require_admin
from onboarding.people.decisions import StateConflict
from onboarding.people.models import Company, User
from onboarding.ui.formatting import day
from onboarding.ui.sent_forms import fill_form, keeps_typed, render_form
from onboarding.ui.widgets import Radios

CARRY, FIRST_STEP = "carry", "first-step"  # what a person has confirmed on the page
KEEP, NEW = "keep", "new"
HINTS = {
    KEEP: "The step is carried over. Somebody of yours who has the secret runs the test sign-in on their own computer, "
    "and the upload to the DIP takes the secret from your own store.",
    NEW: "You make it in Atlas, as the first time, and bring it here; the portal runs the test sign-in. The old one "
    "stays in Atlas until somebody deletes it there.",
}


class StartForm(forms.Form):
    """The one question of a renewal: what becomes of the API credential, whose secret is not here any more."""

    credential = forms.ChoiceField(
        label="What do you want to do with the API credential?",
        choices=[(KEEP, "Keep it: we have its secret"), (NEW, "Make a new one")],
        widget=Radios(hints=HINTS),
        error_messages={
            "required": "Choose “Keep it” only if your company has the API secret; otherwise choose “Make a new one”."
        },
    )


class PlainStartForm(forms.Form):
    """Nothing to choose."""


@keeps_typed(StartForm, PlainStartForm)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """GET shows what a start would do, POST starts. Who comes without an environment is led to the company's page."""
    user = person(request)
    company = company_for(user, slug)
    if request.method != "POST" and "environment" not in request.GET:
        return redirect("dashboards:company", slug)
    require_admin(user, company)
    environment = request.GET.get("environment") or request.POST.get("environment", "")
    if environment not in Onboarding.Environment.values:
        raise BadRequest("Choose one of the environments on the company's page.")
    if already := carry_over.find_open(company, environment):
        return _lead_to(request, already)
    after = _find_after(user, company, request.GET.get("after") or request.POST.get("after", ""))
    plan = carry_over.make_plan(company, environment, after)
    confirmed = request.POST.get("confirmed", "") if request.method == "POST" else ""
    if plan.source is None:
        if environment == Onboarding.Environment.PRODUCTION and not confirmed:
            return redirect("dashboards:start-production", slug)
        if request.method == "POST":
            return _start(request, plan, after, keep=False, anew=False)
    if request.method == "POST" and confirmed not in (CARRY, FIRST_STEP):
        return redirect(_address(request, plan, after))
    return _show_or_start(request, plan, after, confirmed)


def _find_after(user: User, company: Company, code: str) -> Onboarding | None:
    """The onboarding to carry over from, as the address names it. Raises Http404, PermissionRefused, StateConflict."""
    if not code:
        return None
    if len(code) > 20:
        raise Http404
    found = get_onboarding(user, code)
    if found.company_id != company.pk:
        raise StateConflict(
            f"{found.code} is an onboarding of {found.company.name}. Nothing of it is carried over to {company.name}. "
            f"Start from the page of {company.name}."
        )
    return found


def _show_or_start(
    request: HttpRequest, plan: Plan, after: Onboarding | None, confirmed: str
) -> HttpResponse:
    form = fill_form(request, StartForm if plan.kept else PlainStartForm)
    ready = confirmed == FIRST_STEP or (confirmed == CARRY and plan.may_carry and form.is_valid())
    if ready:
        keep = confirmed == CARRY and form.cleaned_data.get("credential") == KEEP
        return _start(request, plan, after, keep=keep, anew=confirmed == FIRST_STEP)
    context = _describe(plan, after)
    if plan.obstacle:
        return render(request, "journey/start.html", context, status=409 if request.method == "POST" else 200)
    return render_form(request, "journey/start.html", {**context, "form": form})


def _start(
    request: HttpRequest, plan: Plan, after: Onboarding | None, *, keep: bool, anew: bool
) -> HttpResponse:
    """Of two who start at once the other is led to what the first has started."""
    company, environment, user = plan.company, plan.environment, person(request)
    try:
        made = carry_over.start(
            company, environment=environment, actor=user, after=after, keep=keep, anew=anew
        )
    except StateConflict:
        if already := carry_over.find_open(company, environment):
            return _lead_to(request, already)
        raise
    messages.success(request, f"The onboarding of {company.name} has started. Its code is {made.code}.")
    first = get_step(user, made.code, made.current_step)
    if plan.source is None and guards.may_act(read_access(user, made), first):
        return redirect("journey:step", made.code, first.slug)  # who has the first step comes to it at once
    return redirect("journey:journey", made.code)


def _lead_to(request: HttpRequest, onboarding: Onboarding) -> HttpResponse:
    by = onboarding.started_by or "the portal"
    place = onboarding.get_environment_display()
    messages.info(request, f"{by} has started the onboarding in {place} already. Go on with it here.")
    return redirect("journey:journey", onboarding.code)


def _address(request: HttpRequest, plan: Plan, after: Onboarding | None) -> str:
    query = {"environment": plan.environment, **({"after": after.code} if after else {})}
    return f"{request.path}?{urlencode(query)}"


def _describe(plan: Plan, after: Onboarding | None) -> dict[str, Any]:
    """What the page shows. Where nothing is carried over, `instead` is the plan without this one: the way out."""
    instead = carry_over.make_plan(plan.company, plan.environment) if plan.obstacle and after else plan
    return {
        "plan": plan,
        "company": plan.company,
        "rows": [{"key": each.definition.title, "value": _describe_carried(each)} for each in plan.carried],
        "to_do": [{"title": each.title, "why": _explain(plan, each)} for each in plan.anew],
        "refusal": carry_over.describe_obstacle(plan),
        "instead": instead,
        "unfinished": instead.source if instead.obstacle is Obstacle.UNFINISHED else None,
        "account": _find_account(plan.source)
        if plan.source and plan.obstacle is not Obstacle.DAMAGED
        else "",
    }


def _describe_carried(record: Any) -> str:
    proof = describe_proof(record) or (f"Done on {day(record.moved_at)}." if record.moved_at else "Done.")
    until = carry_over.find_end(record.definition.lasts, record)
    return f"{proof} Valid until {day(until)}." if until else proof


def _explain(plan: Plan, definition: Step) -> str:
    """Why a step that lasts is done again; empty for one that each onboarding has of its own."""
    if plan.source is None or definition.lasts is None or definition.lasts.by_choice:
        return ""
    if definition.lasts.days:
        return f"looked at again: {plan.source.code} has no verification of the last {definition.lasts.days.days} days"
    return f"not done in {plan.source.code}"


def _find_account(source: Onboarding) -> str:
    """The number of the Atlas account that is known of an earlier onboarding; empty for none."""
    facts = [each.facts for each in source.steps.all() if isinstance(each.facts, dict)]
    known = (each.get("account_id") or each.get("account_told") for each in facts)
    return next((str(each) for each in known if each), "")
