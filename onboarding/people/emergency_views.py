"""The pages of the emergency invitation: a company's requests, asking, agreeing, stopping; all open ones for ops.

What then happens is in emergency.py, who may in emergency_rules.py.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from onboarding.people import emergency, emergency_rules
from onboarding.people.access import company_for, emergencies_of, emergency_for, open_emergencies, person
from onboarding.people.decisions import StateConflict
from onboarding.people.emergency_forms import EmergencyForm
from onboarding.people.emergency_models import EmergencyInvitation
from onboarding.people.models import Company, User
from onboarding.people.reauthentication import require_recent_login
from onboarding.ui.formatting import when
from onboarding.ui.sent_forms import fill_form, keeps_typed, render_form


@require_safe
def emergencies(request: HttpRequest, slug: str) -> HttpResponse:
    """A company's requests, with what this person may do about each; members and ops."""
    user = person(request)
    company = company_for(user, slug)
    rows = [_row(user, each) for each in emergencies_of(company)]
    context = {
        "company": company,
        "open": [row for row in rows if row["may_stop"] or row["emergency"].is_open],
        "ended": [row for row in rows if not (row["may_stop"] or row["emergency"].is_open)],
        "hidden": company.emergencies.count() - len(rows),
        **_how(company),
    }
    return render(request, "people/emergencies.html", context)


def _row(user: User, found: EmergencyInvitation) -> dict[str, Any]:
    return {
        "emergency": found,
        "company": found.company,
        "may_agree": emergency_rules.may_agree(user, found),
        "may_stop": emergency_rules.may_stop(user, found),
        "who_agrees": emergency_rules.who_agrees(found.company),
    }


def _how(company: Company) -> dict[str, Any]:
    """How an emergency invitation would go just now."""
    return {
        "second": emergency_rules.second_for(company),
        "who_agrees": emergency_rules.who_agrees(company),
        "hours": int(emergency_rules.waiting_time().total_seconds() // 3600),
    }


@keeps_typed(EmergencyForm)
@require_http_methods(["GET", "HEAD", "POST"])
@require_recent_login
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ops name an address and a reason; nothing is sent to it before somebody else agrees."""
    user = person(request)
    company = company_for(user, slug)
    emergency_rules.require_may_ask(user)
    form = fill_form(request, EmergencyForm)
    if request.method == "POST" and form.is_valid() and _asked(form, company, user):
        messages.success(
            request, f"Asked. {emergency_rules.who_agrees(company)} Everybody in the company is told."
        )
        return redirect("people:emergencies", slug)
    context = {"company": company, "form": form, **_how(company)}
    return render_form(request, "people/emergency_ask.html", context)


def _asked(form: EmergencyForm, company: Company, user: User) -> bool:
    try:
        emergency.ask(company, form.cleaned_data["email"], reason=form.cleaned_data["reason"], actor=user)
    except StateConflict as refusal:
        form.add_error("email", refusal.sentence)
    return not form.errors


@require_http_methods(["GET", "HEAD", "POST"])
@require_recent_login
def agree(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """The second person reads what it means, and says yes."""
    user = person(request)
    company = company_for(user, slug)
    found = emergency_for(company, pk)
    if request.method == "POST":
        agreed = emergency.agree(found, actor=user)
        sent = agreed.status == EmergencyInvitation.Status.SENT
        at = f"goes out on {when(agreed.goes_out_at)}" if agreed.goes_out_at and not sent else "is sent"
        messages.success(request, f"You agreed. The invitation to {agreed.email} {at}.")
        return redirect("people:emergencies", slug)
    if found.is_open:
        emergency_rules.require_may_agree(user, found)
    context = {"company": company, **_row(user, found), **_how(company)}
    return render(request, "people/emergency_agree.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Anybody of the company stops it, without showing again who they are: it must be quick."""
    user = person(request)
    company = company_for(user, slug)
    found = emergency_for(company, pk)
    if request.method == "POST":
        emergency.stop(found, actor=user)
        messages.success(request, f"Stopped. {found.email} cannot join by this any more. Everybody is told.")
        return redirect("people:emergencies", slug)
    return render(request, "people/emergency_stop.html", {"company": company, **_row(user, found)})


@require_safe
def every(request: HttpRequest) -> HttpResponse:
    """Every open request of the installation, for ops."""
    user = person(request)
    rows = [_row(user, each) for each in open_emergencies(user)]
    return render(request, "people/emergencies_of_all.html", {"rows": rows})
