"""The team page: people, roles, absences, invitations; inviting, sending again, withdrawing.

Changing a role and removing somebody are in handover/leaving_views.py, because their steps go back to the team.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from onboarding.look.words import day
from onboarding.notices import delivery
from onboarding.people import absence, cover, emergency_rules, invitation_rules, invitations, retention
from onboarding.people.access import (
    company_for,
    emergencies_of,
    invitation_for,
    list_members,
    open_change,
    open_invitations,
    person,
    require_admin,
    role_in,
)
from onboarding.people.decisions import StateConflict
from onboarding.people.forms import InviteForm, RetentionForm
from onboarding.people.models import ADMINS, Company, Role, User
from onboarding.people.reauthentication import require_recent_login
from onboarding.people.role_descriptions import ROLE_DESCRIPTIONS


@require_GET
def team(request: HttpRequest, slug: str) -> HttpResponse:
    """People and roles, who is away, who is invited; thin cover is said in words."""
    user = person(request)
    company = company_for(user, slug)
    role = role_in(user, company)
    context = {
        "company": company,
        "members": _rows(company),
        "warnings": cover.warnings(company),
        "role": role,
        "may_manage": role in ADMINS,
        "invitations": _invitations(company, user, role),
        "change": open_change(company),
        "emergencies": [each for each in emergencies_of(company) if each.is_open],
        "absences": absence.planned_in(company),
        "roles": [{"key": each.label, "value": ROLE_DESCRIPTIONS[each]} for each in Role],
    }
    return render(request, "people/team.html", context)


def _invitations(company: Company, user: User, role: Role | None) -> list[dict[str, Any]]:
    """Each open invitation, and whether this person may send it again and withdraw it."""
    if role not in ADMINS and not user.is_ops:
        return []
    found = open_invitations(company)
    mails = delivery.of_invitations(found)
    return [
        {
            "invitation": each,
            "may_resend": role in ADMINS or emergency_rules.rests_on_two(each),
            "may_withdraw": role in ADMINS or each.role == Role.ADMIN,
            "mail": mails.get(each.pk, ""),
        }
        for each in found
    ]


def _rows(company: Company) -> list[dict[str, Any]]:
    """Each member, and the sentence about being away today."""
    away = absence.sentences(company)
    return [
        {
            "member": member,
            "away": away.get(member.user_id, ""),
            "is_primary": member.role == Role.PRIMARY,
            "settled_at": emergency_rules.settled_at(member.user, company),
        }
        for member in list_members(company)
    ]


@require_http_methods(["GET", "POST"])
@require_recent_login
def keep(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose how long the portal keeps the company's secrets after the upload to the DIP."""
    user = person(request)
    company = company_for(user, slug)
    require_admin(user, company)
    form = RetentionForm(request.POST or None, initial={"days": company.retention_days})
    if request.method == "POST" and form.is_valid():
        days = retention.choose(company, form.cleaned_data["days"], actor=user).retention_days
        messages.success(request, f"Secrets are destroyed {days} days after the upload from now on.")
        return redirect("people:team", slug)
    context = {"company": company, "form": form}
    return render(request, "people/retention.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@require_recent_login
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask an address to join in a role."""
    user = person(request)
    company = company_for(user, slug)
    invitation_rules.demand_may(user, company)
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email, role = form.cleaned_data["email"], Role(form.cleaned_data["role"])
        try:
            made = invitations.invite(company=company, email=email, role=role, actor=user)
        except StateConflict as refusal:
            form.add_error("email", refusal.sentence)
        else:
            waits = delivery.of_what_was_written(made.email, company)
            said = f"{made.email} is invited as {role.label}, until {day(made.expires_at)}. {waits}"
            messages.success(request, said.strip())
            return redirect("people:team", slug)
    context = {"company": company, "form": form}
    return render(request, "people/invite.html", context, status=422 if form.errors else 200)


@require_POST
@require_recent_login
def resend(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """A new e-mail with a new link."""
    user = person(request)
    sent = invitations.resend(invitation_for(company_for(user, slug), pk), actor=user)
    waits = delivery.of_what_was_written(sent.email, sent.company)
    said = f"A new invitation goes to {sent.email}. The older link does not work any more. {waits}"
    messages.success(request, said.strip())
    return redirect("people:team", slug)


@require_http_methods(["GET", "POST"])
@require_recent_login
def withdraw(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Ask, then make the link stop working."""
    user = person(request)
    company = company_for(user, slug)
    found = invitation_for(company, pk)
    invitation_rules.demand_may_withdraw(user, found)
    if request.method == "POST":
        invitations.withdraw(found, actor=user)
        messages.success(
            request, f"The invitation to {found.email} is withdrawn. Its link does not work any more."
        )
        return redirect("people:team", slug)
    return render(request, "people/withdraw.html", {"company": company, "invitation": found})
