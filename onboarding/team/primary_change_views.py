"""Changing the Primary Certificate Admin: ops ask, the successor says yes or no.

What then happens is in primary_change.py.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from onboarding.people.access import company_for, list_members, person
from onboarding.people.decisions import PermissionRefused, StateConflict
from onboarding.people.models import Role
from onboarding.people.reauthentication import require_recent_login
from onboarding.team import primary_change
from onboarding.team.access import change_asked_of, open_change
from onboarding.team.forms import AgreeForm, SuccessorForm
from onboarding.ui.post_only import posted_from
from onboarding.ui.sent_forms import fill_form, keeps_typed, render_form


@keeps_typed(SuccessorForm)
@require_http_methods(["GET", "HEAD", "POST"])
@require_recent_login
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Ops choose the successor; while somebody is asked, the page shows that instead."""
    user = person(request)
    company = company_for(user, slug)
    if not user.is_ops:
        raise PermissionRefused("Only ops start a change of the Primary Certificate Admin. Write to them.")
    candidates = [m for m in list_members(company) if m.role == Role.ADMIN and m.user.is_active]
    form = fill_form(request, SuccessorForm, members=candidates)
    if request.method == "POST" and form.is_valid():
        successor, reason = form.cleaned_data["successor"], form.cleaned_data["reason"]
        primary_change.start(company, successor, reason=reason, actor=user)
        messages.success(request, f"{successor} is asked. Nothing changes before they agree.")
        return redirect("team:team", slug)
    context = {
        "company": company,
        "form": form,
        "change": open_change(company),
        "candidates": candidates,
        "members": list_members(company),
    }
    return render_form(request, "team/primary.html", context)


@keeps_typed(AgreeForm)
@require_http_methods(["GET", "HEAD", "POST"])
@require_recent_login
def agree(request: HttpRequest, slug: str) -> HttpResponse:
    """The successor reads what it means, confirms two facts, and is the primary."""
    user = person(request)
    company = company_for(user, slug)
    change = change_asked_of(company, user)
    form = fill_form(request, AgreeForm)
    if request.method == "POST" and form.is_valid():
        primary_change.agree(change, actor=user)
        messages.success(request, f"You are the Primary Certificate Admin of {company.name} now.")
        return redirect("team:team", slug)
    context = {"company": company, "change": change, "form": form}
    return render_form(request, "team/agree.html", context)


@posted_from("team:team", "slug", may_see=company_for)
def stop(request: HttpRequest, slug: str) -> HttpResponse:
    """The successor or a Certificate Admin says no, or ops take the question back."""
    user = person(request)
    company = company_for(user, slug)
    change = open_change(company)
    if change is None:
        raise StateConflict("Nobody is asked to become Primary Certificate Admin at the moment.")
    primary_change.stop(change, actor=user)
    messages.success(request, "The Primary Certificate Admin stays who it was.")
    return redirect("team:team", slug)
