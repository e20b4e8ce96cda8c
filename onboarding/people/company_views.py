"""Ops correct a company's details, and the address of a Primary Certificate Admin who never came.

What is written is in company_details.py and primary_address.py; adding a company is in views.py.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from onboarding.people import company_details, primary_address
from onboarding.people.access import company_for, person
from onboarding.people.company_details import Details
from onboarding.people.decisions import PermissionRefused, StateConflict
from onboarding.people.forms import AddressForm, DetailsForm
from onboarding.people.models import Company
from onboarding.people.reauthentication import require_recent_login
from onboarding.ui.sent_forms import fill_form, keeps_typed, render_form


def _get_company(request: HttpRequest, slug: str, what: str) -> Company:
    """Raises Http404 for a stranger, PermissionRefused for the company's own people."""
    company = company_for(person(request), slug)
    if not person(request).is_ops:
        raise PermissionRefused(f"Only ops {what}. Write to the people who run this portal.")
    return company


@keeps_typed(DetailsForm)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Name, number and country; what somebody else saved meanwhile is shown, and not lost."""
    company = _get_company(request, slug, "correct the company's name and number")
    stored = Details.of(company)
    initial = {"name": stored.name, "number": stored.number, "country": stored.country}
    form = fill_form(request, DetailsForm, initial=initial)
    if request.method == "POST" and form.is_valid():
        details, read = Details(**form.cleaned_data), request.POST.get("read", "")
        try:
            changed = company_details.change_details(company, details, read=read, actor=person(request))
        except StateConflict as refusal:
            form.add_error("name", refusal.sentence)
        else:
            messages.success(request, _describe_change(details, changed))
            return redirect("ops:company", slug)
    fault = company_details.find_number_fault(company)
    context = {"company": company, "form": form, "read": stored.version, "fault": fault}
    return render_form(request, "people/edit_company.html", context)


def _describe_change(details: Details, changed: bool) -> str:
    if not changed:
        return "Nothing was changed."
    return f"{details.name}, company number {details.number}, is saved."


@keeps_typed(AddressForm)
@require_http_methods(["GET", "HEAD", "POST"])
@require_recent_login
def correct_address(request: HttpRequest, slug: str) -> HttpResponse:
    """The new address and a tick; or why it cannot be corrected here, and what to do instead."""
    company = _get_company(request, slug, "correct this address")
    primary = primary_address.get_primary(company)
    obstacle = primary_address.find_obstacle(company, primary)
    if obstacle and request.method == "POST":
        raise StateConflict(obstacle)
    form = fill_form(request, AddressForm)
    if request.method == "POST" and form.is_valid():
        try:
            primary_address.correct_address(company, form.cleaned_data["email"], actor=person(request))
        except StateConflict as refusal:
            form.add_error("email", refusal.sentence)
        else:
            messages.success(
                request,
                f"The address is corrected. A new welcome email goes to {form.cleaned_data['email']}; the older link "
                "does not work any more.",
            )
            return redirect("ops:company", slug)
    context = {"company": company, "primary": primary, "form": form, "obstacle": obstacle}
    return render_form(request, "people/correct_address.html", context)
