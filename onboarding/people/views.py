"""The team page, and adding a company.

The company's page with its onboardings is in desk/.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from onboarding.people.access import company_for, in_order_of_roles, person, require_ops, role_in
from onboarding.people.forms import CompanyForm
from onboarding.people.founding import Taken, found_company
from onboarding.people.models import ADMINS, Role
from onboarding.people.words import ROLE_WORDS


@require_GET
def team(request: HttpRequest, slug: str) -> HttpResponse:
    """People and roles; thin cover is said in words (at least two admins of a kind are advised)."""
    user = person(request)
    company = company_for(user, slug)
    members = in_order_of_roles(company)
    admins = sum(m.role in ADMINS for m in members)
    return render(
        request,
        "people/team.html",
        {
            "company": company,
            "members": members,
            "thin_cover": admins < 2,
            "role": role_in(user, company),
            "roles": [{"key": role.label, "value": ROLE_WORDS[role]} for role in Role],
        },
    )


@require_http_methods(["GET", "POST"])
def add_company(request: HttpRequest) -> HttpResponse:
    """Ops add a company and name its Primary Certificate Admin, who gets an e-mail."""
    user = person(request)
    require_ops(user)
    form = CompanyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            company = found_company(**form.cleaned_data, actor=user)
        except Taken as taken:
            form.add_error("name", str(taken))
        else:
            to = form.cleaned_data["admin_email"]
            messages.success(request, f"{company.name} is added. An e-mail to {to} says how to sign in.")
            return redirect("desk:company", company.slug)
    return render(request, "people/add_company.html", {"form": form}, status=422 if form.errors else 200)
