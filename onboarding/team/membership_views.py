"""Changing a role and leaving: show what the person holds, ask, one verb, redirect.

What happens to the steps is in membership_changes.py.
"""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from onboarding.journey.models import StepRecord
from onboarding.people.access import admins_who_can_act, company_for, member_for, person, require_admin
from onboarding.people.models import ADMINS, Role
from onboarding.people.reauthentication import require_recent_login
from onboarding.team import membership_changes
from onboarding.team.forms import RoleForm
from onboarding.ui.sent_forms import fill_form, keeps_typed, render_form


@keeps_typed(RoleForm)
@require_http_methods(["GET", "HEAD", "POST"])
@require_recent_login
def change_role(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Give a member another role."""
    user = person(request)
    company = company_for(user, slug)
    require_admin(user, company)
    member = member_for(company, pk)
    form = fill_form(request, RoleForm, initial={"role": member.role})
    if request.method == "POST" and form.is_valid():
        role = Role(form.cleaned_data["role"])
        back = membership_changes.change_role(member, role, actor=user)
        messages.success(request, f"{member.user} is a {role.label} now. {_returned(back)}")
        return redirect("team:team", slug)
    context = {
        "company": company,
        "member": member,
        "form": form,
        "assigned_steps": membership_changes.list_steps_to_return(member, None),
        "last_but_one": _last_but_one(member.role, len(admins_who_can_act(company))),
    }
    return render_form(request, "team/role.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require_recent_login
def remove(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """End a membership: a Certificate Admin somebody's, everybody their own."""
    user = person(request)
    company = company_for(user, slug)
    member = member_for(company, pk)
    membership_changes.require_removable(member, user)
    if request.method == "POST":
        back = membership_changes.remove_member(member, actor=user)
        self_removed = user.pk == member.user_id
        who = "You have" if self_removed else f"{member.user} has"
        messages.success(request, f"{who} left {company.name}. {_returned(back)}")
        return redirect("dashboards:tasks") if self_removed else redirect("team:team", slug)
    context = {
        "company": company,
        "member": member,
        "assigned_steps": membership_changes.list_steps_to_return(member, None),
        "is_me": user.pk == member.user_id,
        "last_but_one": _last_but_one(member.role, len(admins_who_can_act(company))),
    }
    return render(request, "team/remove.html", context)


def _returned(back: list[StepRecord]) -> str:
    if not back:
        return "No step was in their hands."
    titles = ", ".join(f"“{record.definition.title}”" for record in back)
    return f"Back with the team: {titles}."


def _last_but_one(role: str, admins: int) -> bool:
    return role in ADMINS and admins == 2
