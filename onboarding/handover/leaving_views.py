"""Changing a role and leaving: show what the person holds, ask, one verb, redirect.

What happens to the steps is in leaving.py.
"""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from onboarding.handover import leaving
from onboarding.journey.models import StepRecord
from onboarding.people import cover
from onboarding.people.access import company_for, member_for, person, require_admin
from onboarding.people.forms import RoleForm
from onboarding.people.models import ADMINS, Role
from onboarding.people.reauthentication import require_recent_login


@require_http_methods(["GET", "POST"])
@require_recent_login
def change_role(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Give a member another role."""
    user = person(request)
    company = company_for(user, slug)
    require_admin(user, company)
    member = member_for(company, pk)
    form = RoleForm(request.POST or None, initial={"role": member.role})
    if request.method == "POST" and form.is_valid():
        role = Role(form.cleaned_data["role"])
        back = leaving.change_role(member, role, actor=user)
        messages.success(request, f"{member.user} is a {role.label} now. {_returned(back)}")
        return redirect("people:team", slug)
    context = {
        "company": company,
        "member": member,
        "form": form,
        "held": leaving.returned_by(member, None),
        "last_but_one": _last_but_one(member.role, len(cover.admins_who_can_act(company))),
    }
    return render(request, "people/role.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@require_recent_login
def remove(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """End a membership: a Certificate Admin somebody's, everybody their own."""
    user = person(request)
    company = company_for(user, slug)
    member = member_for(company, pk)
    leaving.demand_removable(member, user)
    if request.method == "POST":
        back = leaving.remove(member, actor=user)
        self_removed = user.pk == member.user_id
        who = "You have" if self_removed else f"{member.user} has"
        messages.success(request, f"{who} left {company.name}. {_returned(back)}")
        return redirect("desk:desk") if self_removed else redirect("people:team", slug)
    context = {
        "company": company,
        "member": member,
        "held": leaving.returned_by(member, None),
        "is_me": user.pk == member.user_id,
        "last_but_one": _last_but_one(member.role, len(cover.admins_who_can_act(company))),
    }
    return render(request, "people/remove.html", context)


def _returned(back: list[StepRecord]) -> str:
    if not back:
        return "No step was in their hands."
    titles = ", ".join(f"“{record.definition.title}”" for record in back)
    return f"Back with the team: {titles}."


def _last_but_one(role: str, admins: int) -> bool:
    return role in ADMINS and admins == 2
