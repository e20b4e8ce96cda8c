"""Adding a company, inviting to its team, choosing how long its secrets are kept.

The team page is in team/; the company's page with its onboardings is in dashboards/.
"""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from onboarding.notifications import delivery_status
from onboarding.people import invitation_rules, invitations, retention
from onboarding.people.access import company_for, invitation_for, person, require_admin, require_ops
from onboarding.people.company_creation import create_company
from onboarding.people.decisions import StateConflict
from onboarding.people.forms import CompanyForm, InviteForm, RetentionForm
from onboarding.people.models import Role
from onboarding.people.reauthentication import require_recent_login
from onboarding.ui.formatting import day
from onboarding.ui.post_only import posted_from
from onboarding.ui.sent_forms import fill_form, keeps_typed, render_form


@keeps_typed(CompanyForm)
@require_http_methods(["GET", "HEAD", "POST"])
def add_company(request: HttpRequest) -> HttpResponse:
    """Ops add a company and name its Primary Certificate Admin, who gets an email."""
    user = person(request)
    require_ops(user)
    form = fill_form(request, CompanyForm)
    if request.method == "POST" and form.is_valid():
        try:
            company = create_company(**form.cleaned_data, actor=user)
        except StateConflict as refusal:
            form.add_error("name", str(refusal))
        else:
            to = form.cleaned_data["admin_email"]
            messages.success(request, f"{company.name} is added. The welcome email goes to {to}.")
            return redirect("ops:company", company.slug)
    return render_form(request, "people/add_company.html", {"form": form})


@keeps_typed(RetentionForm)
@require_http_methods(["GET", "HEAD", "POST"])
@require_recent_login
def choose_retention(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose how long the portal keeps the company's secrets after the upload to the DIP."""
    user = person(request)
    company = company_for(user, slug)
    require_admin(user, company)
    form = fill_form(request, RetentionForm, initial={"days": company.retention_days})
    if request.method == "POST" and form.is_valid():
        days = retention.choose(company, form.cleaned_data["days"], actor=user).retention_days
        messages.success(request, f"Secrets are destroyed {days} days after the upload from now on.")
        return redirect("team:team", slug)
    context = {"company": company, "form": form}
    return render_form(request, "people/retention.html", context)


@keeps_typed(InviteForm)
@require_http_methods(["GET", "HEAD", "POST"])
@require_recent_login
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask an address to join in a role."""
    user = person(request)
    company = company_for(user, slug)
    invitation_rules.demand_may(user, company)
    form = fill_form(request, InviteForm)
    if request.method == "POST" and form.is_valid():
        email, role = form.cleaned_data["email"], Role(form.cleaned_data["role"])
        try:
            made = invitations.invite(company=company, email=email, role=role, actor=user)
        except StateConflict as refusal:
            form.add_error("email", refusal.sentence)
        else:
            waits = delivery_status.describe_new_email(made.email, company.pk)
            said = f"{made.email} is invited as {role.label}, until {day(made.expires_at)}. {waits}"
            messages.success(request, said.strip())
            return redirect("team:team", slug)
    context = {"company": company, "form": form}
    return render_form(request, "people/invite.html", context)


@posted_from("team:team", "slug", may_see=company_for)
@require_recent_login
def resend(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """A new email with a new link."""
    user = person(request)
    sent = invitations.resend(invitation_for(company_for(user, slug), pk), actor=user)
    waits = delivery_status.describe_new_email(sent.email, sent.company_id)
    said = f"A new invitation goes to {sent.email}. The older link does not work any more. {waits}"
    messages.success(request, said.strip())
    return redirect("team:team", slug)


@require_http_methods(["GET", "HEAD", "POST"])
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
        return redirect("team:team", slug)
    return render(request, "people/withdraw.html", {"company": company, "invitation": found})
