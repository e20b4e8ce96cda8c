"""Adding a company.

The team's pages are in team_views.py; the company's page with its onboardings is in desk/.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from onboarding.people.access import person, require_ops
from onboarding.people.company_creation import create_company
from onboarding.people.decisions import StateConflict
from onboarding.people.forms import CompanyForm


@require_http_methods(["GET", "POST"])
def add_company(request: HttpRequest) -> HttpResponse:
    """Ops add a company and name its Primary Certificate Admin, who gets an e-mail."""
    user = person(request)
    require_ops(user)
    form = CompanyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            company = create_company(**form.cleaned_data, actor=user)
        except StateConflict as refusal:
            form.add_error("name", str(refusal))
        else:
            to = form.cleaned_data["admin_email"]
            messages.success(request, f"{company.name} is added. An e-mail to {to} says how to sign in.")
            return redirect("desk:company", company.slug)
    return render(request, "people/add_company.html", {"form": form}, status=422 if form.errors else 200)
