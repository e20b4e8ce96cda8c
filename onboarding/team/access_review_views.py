"""The review of users: the list, one decision per page, Atlas users typed in, the end.

What may be written is in access_review.py.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from onboarding.people.access import company_for, person, require_admin, role_in
from onboarding.people.decisions import StateConflict
from onboarding.people.models import ADMINS, Role
from onboarding.team import access_review
from onboarding.team.access import newest_review, review_line_for
from onboarding.team.forms import AtlasUserForm, DecisionForm
from onboarding.team.models import AccessReview
from onboarding.ui.post_only import posted_from
from onboarding.ui.sent_forms import fill_form, keeps_typed, render_form


@keeps_typed(AtlasUserForm)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest review; a post adds a user of Atlas to it."""
    user = person(request)
    company = company_for(user, slug)
    if request.method == "POST":
        require_admin(user, company)
    found = newest_review(company)
    form = fill_form(request, AtlasUserForm)
    if request.method == "POST" and form.is_valid():
        try:
            access_review.add_atlas_user(_require_review(found), **form.cleaned_data, actor=user)
        except StateConflict as refusal:
            form.add_error("email", refusal.sentence)
        else:
            return redirect("team:review", slug)
    role = role_in(user, company)
    context = {
        "company": company,
        "review": found,
        "lines": list(found.lines.select_related("decided_by")) if found else [],
        "still_here": access_review.list_still_present(found) if found else [],
        "form": form,
        "may_decide": role in ADMINS,
        "may_finish": role == Role.PRIMARY,
    }
    return render_form(request, "team/review.html", context)


@posted_from("team:review", "slug", may_see=company_for)
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin, with everybody who has access here."""
    user = person(request)
    access_review.start(company_for(user, slug), actor=user)
    return redirect("team:review", slug)


@keeps_typed(DecisionForm)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One person in one system: keep or remove, and why."""
    user = person(request)
    company = company_for(user, slug)
    require_admin(user, company)
    line = review_line_for(company, pk)
    form = fill_form(request, DecisionForm, initial={"decision": line.decision, "why": line.why})
    if request.method == "POST" and form.is_valid():
        access_review.decide(line, **form.cleaned_data, actor=user)
        return redirect("team:review", slug)
    context = {"company": company, "line": line, "form": form}
    return render_form(request, "team/decide.html", context)


@posted_from("team:review", "slug", may_see=company_for)
def finish(request: HttpRequest, slug: str) -> HttpResponse:
    """Close it; the record stays."""
    user = person(request)
    company = company_for(user, slug)
    access_review.finish(_require_review(newest_review(company)), actor=user)
    messages.success(request, "The review is finished and stays on record.")
    return redirect("team:review", slug)


def _require_review(found: AccessReview | None) -> AccessReview:
    if found is None:
        raise StateConflict("No review is under way. Start one first.")
    return found
