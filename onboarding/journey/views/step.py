"""One step's page, and the two ways to move it: doing it, and ending its wait with evidence.

What the page shows is put together in step_page.py; the other verbs are in verbs.py, what leaves the vault in files.py.
"""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from certs.findings import InvalidArtifact
from onboarding.journey import assignment, guards, progress
from onboarding.journey.access import Access, build_access, get_step, read_access
from onboarding.journey.forms import form_to_confirm, step_form
from onboarding.journey.forms.base import ConfirmForm, PlainForm, StepForm
from onboarding.journey.forms.confirm import OursForm
from onboarding.journey.forms.differences import DifferencesForm
from onboarding.journey.forms.plain import ProblemForm, SendBackForm
from onboarding.journey.models import StepRecord
from onboarding.journey.page_files import PageFiles
from onboarding.journey.steps import State
from onboarding.journey.views import form_recovery
from onboarding.journey.views.page_actions import Sent
from onboarding.journey.views.step_page import build_step_page, build_wait_panel
from onboarding.journey.views.way_memory import read_wanted, remember
from onboarding.people.access import find_role, memberships_of, person
from onboarding.people.decisions import require
from onboarding.people.models import Membership
from onboarding.ui.post_only import posted_from
from onboarding.ui.sent_forms import keeps_typed, lead_back, restore_form


def _list_forms(slug: str, **_: Any) -> list[type[PlainForm]]:
    return [*form_recovery.form_classes(slug), OursForm]


@keeps_typed(by=_list_forms)
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """GET shows the step; POST checks the form and does the step."""
    user = person(request)
    record = get_step(user, code, slug)
    if request.method == "POST":
        return _submit(request, read_access(user, record.onboarding), record)
    memberships = memberships_of(user)
    access = build_access(user, record.onboarding, find_role(memberships, record.onboarding.company_id))
    return render_step(request, access, record, memberships=memberships)


@keeps_typed(by=_list_forms)
@posted_from("journey:step", "code", "slug", may_see=get_step)
def confirm(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """End the step's wait with evidence."""
    user = person(request)
    record = get_step(user, code, slug)
    access = read_access(user, record.onboarding)
    require(guards.may_act(access, record))
    form_class = form_to_confirm(record)
    if form_class is None or _is_stale(request, record):
        return _moved_meanwhile(request, record)
    require(guards.may_confirm(access, record))
    form = form_class(request.POST, request.FILES, record=record, user=user)
    if not form.is_valid():
        return _answer_error(request, access, record, Sent(confirm_form=form))
    return _confirmed(request, access, record, form)


def _confirmed(request: HttpRequest, access: Access, record: StepRecord, form: ConfirmForm) -> HttpResponse:
    try:
        progress.confirm(
            record,
            actor=person(request),
            effect=form.send,
            seen_on=form.seen_on(),
            note=form.cleaned_data.get("note", ""),
            file=form.file(),
        )
    except InvalidArtifact as invalid:
        form.add_findings_of(invalid, form.fault_field)
        return _answer_error(request, access, record, Sent(confirm_form=form))
    except progress.AlreadyMoved as moved:
        return _moved_meanwhile(request, moved.record)
    return _onwards(request, record, "Confirmed. Thank you.")


def _submit(request: HttpRequest, access: Access, record: StepRecord) -> HttpResponse:
    require(guards.may_act(access, record))
    form_class = step_form(record.definition)
    if form_class is None or record.state != State.OPEN or _is_stale(request, record):
        return _moved_meanwhile(request, record)
    require(guards.may_submit(access, record))
    if request.POST.get("action") == "draft":
        return _save_draft(request, record)
    form = form_class(request.POST, request.FILES, record=record, user=access.user)
    if not form.is_valid():
        return _answer_error(request, access, record, Sent(form=form))
    if record.definition.check_answers:
        if request.POST.get("action") == "change":
            return render_step(request, access, record, Sent(form=form))
        ticks = DifferencesForm(
            form.differences(), request.POST if request.POST.get("action") == "send" else None
        )
        if not ticks.is_valid():
            return _check_answers(request, record, form, ticks)
    return _submitted(request, access, record, form)


def _submitted(request: HttpRequest, access: Access, record: StepRecord, form: StepForm) -> HttpResponse:
    try:
        progress.submit(record, actor=person(request), effect=form.send)
    except InvalidArtifact as invalid:
        form.add_findings_of(invalid, form.fault_field)
        return _answer_error(request, access, record, Sent(form=form))
    except progress.AlreadyMoved as moved:
        return _moved_meanwhile(request, moved.record)
    return _onwards(request, record, f"Saved: {record.definition.title}.")


def _check_answers(
    request: HttpRequest, record: StepRecord, form: StepForm, ticks: DifferencesForm
) -> HttpResponse:
    rows = [{"key": key, "value": value} for _, section in form.sections() for key, value in section]
    posted = form_recovery.draftable(record.slug, request.POST).items()
    context = {
        "record": record,
        "onboarding": record.onboarding,
        "account_api": settings.PORTAL.account_api,
        "posted": posted,
        "sections": [{"title": "", "rows": rows}],
        "form": ticks,
    }
    return render(request, "journey/check_answers.html", context, status=422 if ticks.is_bound else 200)


def _save_draft(request: HttpRequest, record: StepRecord) -> HttpResponse:
    draft = form_recovery.draftable(record.slug, request.POST)
    if not assignment.save_draft(record, draft):
        return _moved_meanwhile(request, record)
    messages.success(
        request, "Your draft is kept, except secrets and files. Whoever does this step next sees it."
    )
    return redirect("journey:step", record.onboarding.code, record.slug)


def _is_stale(request: HttpRequest, record: StepRecord) -> bool:
    """Whether the page that sends this showed an older state of the step."""
    return request.POST.get("version", str(record.version)) != str(record.version)


def _moved_meanwhile(request: HttpRequest, record: StepRecord) -> HttpResponse:
    """409: who moved it and when, what was typed, and the way on. Whoever moved it may have ended a right as well."""
    fresh = get_step(person(request), record.onboarding.code, record.slug)
    done_by = guards.describe_done_already(fresh)
    sent = Sent(
        kept=form_recovery.draftable(fresh.slug, request.POST),
        refusal_title=done_by or "This was not done",
        refused=f"“{fresh.definition.title}” {guards.describe_state(fresh)}. What you sent changed nothing.",
        rows=form_recovery.as_rows(fresh.slug, request.POST),
    )
    return render_step(request, read_access(person(request), fresh.onboarding), fresh, sent, status=409)


def _onwards(request: HttpRequest, record: StepRecord, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("journey:journey", record.onboarding.code)


def _answer_error(request: HttpRequest, access: Access, record: StepRecord, sent: Sent) -> HttpResponse:
    """To the step's page with what is wrong; the page at once where a file or a secret was sent."""
    form = sent.form or sent.confirm_form
    return (form and lead_back(request, form)) or render_step(request, access, record, sent, status=422)


def _restore(request: HttpRequest, access: Access, record: StepRecord) -> Sent:
    """What was sent from this page before and not taken, as far as this person can still do it."""
    about: dict[str, Any] = {"record": record, "user": access.user}
    act, end = step_form(record.definition), form_to_confirm(record)
    return Sent(
        form=restore_form(request, act, **about) if act and guards.may_submit(access, record) else None,
        confirm_form=restore_form(request, end, **about)
        if end and guards.may_confirm(access, record)
        else None,
        problem_form=restore_form(request, ProblemForm, record=record),
        send_back_form=restore_form(request, SendBackForm, record=record),
    )


def render_step(
    request: HttpRequest,
    access: Access,
    record: StepRecord,
    sent: Sent | None = None,
    *,
    status: int = 200,
    memberships: list[Membership] | None = None,
) -> HttpResponse:
    """The step's page. The layout knows no steps: it wants the form, for the title, and the company one is in.

    It wants the reader's memberships as well, and reads them itself where they were not read for the rights.
    """
    sent = sent or _restore(request, access, record)
    wanted = sent.wanted or read_wanted(request, record)
    page = build_step_page(access, record, replace(sent, wanted=wanted))
    if page.ways and page.ways.closed:
        status = 409
    elif page.ways and wanted.way:
        remember(request, record, wanted.way)
    context = {
        "page": page,
        "form": page.actions.refused_form,
        "company": page.onboarding.company,
        "memberships": memberships,
    }
    return render(request, f"journey/steps/{record.slug}.html", context, status=status)


@require_safe
def now(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """The wait's panel alone, for the page that refreshes itself; a moved step reloads the whole page."""
    record = get_step(person(request), code, slug)
    if request.GET.get("version") != str(record.version) or record.state != State.WAITING:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    access = read_access(person(request), record.onboarding)
    panel = build_wait_panel(access, record, PageFiles(record.onboarding))
    return render(request, "journey/partials/wait.html", {"wait": panel})
