"""A company's page for ops, and one address per verb: note, call, hold, archive, the welcome email again.

Reminding and editing are the journey's and people's. The list is in list_views.py.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from onboarding.journey.deadlines import holds
from onboarding.notifications import delivery_status
from onboarding.ops import archive as archiving
from onboarding.ops import notes
from onboarding.ops.access import company_for_ops
from onboarding.ops.company_page import build_company_page
from onboarding.ops.forms import CallForm, HoldForm, NoteForm
from onboarding.ops.models import CallResult, NoteAudience
from onboarding.people import welcome_resending
from onboarding.people.access import list_members, person
from onboarding.people.decisions import StateConflict
from onboarding.people.models import Company
from onboarding.people.reauthentication import require_recent_login
from onboarding.ui.post_only import posted_from
from onboarding.ui.sent_forms import fill_form, keeps_typed, render_form


@require_safe
def company(request: HttpRequest, slug: str) -> HttpResponse:
    """Whom to ring and why, people, notes, what happened, and what ops can do."""
    user = person(request)
    return render(request, "ops/company.html", build_company_page(user, company_for_ops(user, slug)))


@keeps_typed(NoteForm)
@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, slug: str) -> HttpResponse:
    """Write a note, for ops or for the company as well."""
    found = company_for_ops(person(request), slug)
    form = fill_form(request, NoteForm)
    if request.method == "POST" and form.is_valid():
        audience = NoteAudience(form.cleaned_data["audience"])
        notes.add_note(found, form.cleaned_data["text"], audience, actor=person(request))
        messages.success(request, "The note is kept.")
        return redirect("ops:company", slug)
    return render_form(request, "ops/note.html", {"company": found, "form": form})


@keeps_typed(CallForm)
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest, slug: str) -> HttpResponse:
    """Write down whom one rang, and what came of it."""
    found = company_for_ops(person(request), slug)
    members = list_members(found)
    form = fill_form(request, CallForm, members=members)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        rung = next((each.user for each in members if str(each.user_id) == typed["person"]), None)
        notes.add_call(found, rung, CallResult(typed["result"]), typed["text"], actor=person(request))
        messages.success(request, "The call is on record.")
        return redirect("ops:company", slug)
    return render_form(request, "ops/call.html", {"company": found, "members": members, "form": form})


@keeps_typed(HoldForm)
@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for a reason, then let deadlines and reminders rest. Who comes second is told, and keeps what was typed."""
    found = company_for_ops(person(request), slug)
    form = fill_form(request, HoldForm)
    if request.method == "POST" and form.is_valid():
        try:
            holds.hold_company(found, form.cleaned_data["reason"], actor=person(request))
        except StateConflict as refusal:
            form.add_error("reason", refusal.sentence)
        else:
            messages.success(request, f"{found.name} is on hold.")
            return redirect("ops:company", slug)
    return render_form(request, "ops/hold.html", {"company": found, "form": form})


@posted_from("ops:company", "slug", may_see=company_for_ops)
def end_hold(request: HttpRequest, slug: str) -> HttpResponse:
    """Deadlines and reminders go on."""
    found = company_for_ops(person(request), slug)
    holds.end_hold(found, actor=person(request))
    messages.success(request, f"{found.name} is no longer on hold. Deadlines and reminders go on.")
    return redirect("ops:company", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def archive(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what it does, or what is open; then do it."""
    found = company_for_ops(person(request), slug)
    if request.method == "POST":
        return _archive(request, found)
    context = {
        "company": found,
        "obstacles": archiving.list_obstacles(found),
        "codes": archiving.list_codes_to_destroy(found),
    }
    return render(request, "ops/archive.html", context)


@require_recent_login  # what is destroyed does not come back
def _archive(request: HttpRequest, found: Company) -> HttpResponse:
    count = archiving.archive_company(found, actor=person(request))
    gone = " Its stored secrets were destroyed." if count else ""
    messages.success(request, f"{found.name} is archived.{gone}")
    return redirect("ops:company", found.slug)


@posted_from("ops:company", "slug", may_see=company_for_ops)
def restore(request: HttpRequest, slug: str) -> HttpResponse:
    """Put an archived company back."""
    found = company_for_ops(person(request), slug)
    archiving.restore_company(found, actor=person(request))
    messages.success(request, f"{found.name} is in the lists again.")
    return redirect("ops:company", slug)


@posted_from("ops:company", "slug", may_see=company_for_ops)
def resend_welcome(request: HttpRequest, slug: str) -> HttpResponse:
    """The welcome email once more."""
    found = company_for_ops(person(request), slug)
    primary = welcome_resending.resend_welcome(found, actor=person(request))
    waits = delivery_status.describe_new_email(primary.email, found.pk)
    messages.success(request, f"Another welcome email goes to {primary.email}. {waits}".strip())
    return redirect("ops:company", slug)
