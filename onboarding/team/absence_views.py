"""One's own absence from a company: enter it with a deputy, end it.

The rules are in absence.py.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from onboarding.people.access import company_for, person, role_in
from onboarding.people.decisions import PermissionRefused, RequestRefused
from onboarding.people.models import Company, Role, User
from onboarding.team import absence as absences
from onboarding.team.access import absence_for
from onboarding.team.forms import AbsenceForm
from onboarding.ui.post_only import posted_from
from onboarding.ui.sent_forms import fill_form, keeps_typed, render_form


@keeps_typed(AbsenceForm)
@require_http_methods(["GET", "HEAD", "POST"])
def absence(request: HttpRequest, slug: str) -> HttpResponse:
    """When one is away, and who stands in."""
    user = person(request)
    company = company_for(user, slug)
    if role_in(user, company) is None:
        raise PermissionRefused(f"You are not a member of {company.name}, so you cannot be away from it.")
    form = fill_form(request, AbsenceForm, deputies=absences.list_possible_deputies(user, company))
    if request.method == "POST" and form.is_valid() and _enter(form, company, user):
        messages.success(request, "Your absence is entered. The team page shows it, and your deputy is told.")
        return redirect("team:absence", slug)
    context = {
        "company": company,
        "form": form,
        "mine": [row for row in absences.list_planned(company) if row.user_id == user.pk],
        "is_primary": role_in(user, company) == Role.PRIMARY,
    }
    return render_form(request, "team/absence.html", context)


def _enter(form: AbsenceForm, company: Company, user: User) -> bool:
    typed = form.cleaned_data
    try:
        absences.enter_absence(company, user, typed["first_day"], typed["last_day"], typed["deputy"])
    except RequestRefused as refusal:
        form.add_error(None, refusal.sentence)
    return not form.errors


@posted_from("team:team", "slug", may_see=company_for)
def end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take an absence away: back earlier, or entered by mistake."""
    user = person(request)
    found = absence_for(company_for(user, slug), pk)
    absences.end_absence(found, actor=user)
    messages.success(request, "The absence is ended.")
    return redirect("team:team", slug)
