"""One step's page, and the two ways to move it: doing it, and ending its wait with evidence.

The other verbs are in verbs.py; what leaves the vault is in files.py.
"""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from certs.findings import InvalidArtifact
from onboarding.journey import assignment, case_files, evidence, guards, progress
from onboarding.journey.access import get_step, is_outside
from onboarding.journey.forms import form_to_confirm, in_browser, step_form
from onboarding.journey.forms.base import ConfirmForm, StepForm
from onboarding.journey.forms.plain import ProblemForm, SendBackForm
from onboarding.journey.models import StepRecord
from onboarding.journey.polling import azure_key_vault
from onboarding.journey.polling.client import get_facts
from onboarding.journey.problems import PROBLEMS
from onboarding.journey.status_text import (
    WHO,
    describe_manual_end,
    describe_proof,
    describe_status,
    describe_who_mends,
)
from onboarding.journey.step_commands import list_commands
from onboarding.journey.steps import BY_SLUG, State
from onboarding.journey.views import form_recovery
from onboarding.journey.views.chain import describe_chain
from onboarding.journey.views.fact_labels import list_facts
from onboarding.journey.views.now import describe_now
from onboarding.people.access import person
from onboarding.people.decisions import require


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """GET shows the step; POST checks the form and does the step."""
    record = get_step(person(request), code, slug)
    if request.method != "POST":
        return _page(request, record)
    return _submit(request, record)


@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """End the step's wait with evidence. GET (after a sign-in) leads back to the step."""
    user = person(request)
    record = get_step(user, code, slug)
    if request.method == "GET":
        return redirect("journey:step", code, slug)
    require(guards.may_act(user, record))
    form_class = form_to_confirm(record)
    if form_class is None or _is_stale(request, record):
        return _moved_meanwhile(request, record)
    require(guards.may_confirm(user, record))
    form = form_class(request.POST, request.FILES, record=record, user=user)
    if not form.is_valid():
        return _page(request, record, status=422, confirm=form)
    return _confirmed(request, record, form)


def _confirmed(request: HttpRequest, record: StepRecord, form: ConfirmForm) -> HttpResponse:
    try:
        progress.confirm(
            record,
            actor=person(request),
            effect=form.effect,
            seen_on=form.seen_on(),
            note=form.cleaned_data.get("note", ""),
            file=form.file(),
        )
    except InvalidArtifact as invalid:
        form.add_findings_of(invalid, form.fault_field)
        return _page(request, record, status=422, confirm=form)
    except progress.AlreadyMoved as moved:
        return _moved_meanwhile(request, moved.record)
    return _onwards(request, record, "Confirmed. Thank you.")


def _submit(request: HttpRequest, record: StepRecord) -> HttpResponse:
    user = person(request)
    require(guards.may_act(user, record))
    form_class = step_form(record.definition)
    if form_class is None or record.state != State.OPEN or _is_stale(request, record):
        return _moved_meanwhile(request, record)
    require(guards.may_submit(user, record))
    if request.POST.get("action") == "draft":
        return _save_draft(request, record)
    form = form_class(request.POST, request.FILES, record=record, user=user)
    if not form.is_valid():
        return _page(request, record, status=422, form=form)
    if record.definition.check_answers and request.POST.get("action") != "send":
        back_to_form = request.POST.get("action") == "change"
        return _page(request, record, form=form) if back_to_form else _check_answers(request, record, form)
    return _submitted(request, record, form)


def _submitted(request: HttpRequest, record: StepRecord, form: StepForm) -> HttpResponse:
    try:
        progress.submit(record, actor=person(request), effect=form.effect)
    except InvalidArtifact as invalid:
        form.add_findings_of(invalid, form.fault_field)
        return _page(request, record, status=422, form=form)
    except progress.AlreadyMoved as moved:
        return _moved_meanwhile(request, moved.record)
    return _onwards(request, record, f"Saved: {record.definition.title}.")


def _check_answers(request: HttpRequest, record: StepRecord, form: StepForm) -> HttpResponse:
    rows = [{"key": key, "value": value} for _, section in form.sections() for key, value in section]
    posted = form_recovery.draftable(record.slug, request.POST).items()
    context = {**_about(request, record), "posted": posted, "sections": [{"title": "", "rows": rows}]}
    return render(request, "journey/check_answers.html", context)


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
    """409: who moved it and when, what was typed, and the way on."""
    fresh = get_step(person(request), record.onboarding.code, record.slug)
    refused = f"“{fresh.definition.title}” {guards.describe_state(fresh)}. What you sent changed nothing."
    kept = form_recovery.draftable(fresh.slug, request.POST)
    rows = form_recovery.as_rows(fresh.slug, request.POST)
    return _page(request, fresh, status=409, typed_data=kept, refused=refused, typed=rows)


def _onwards(request: HttpRequest, record: StepRecord, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("journey:journey", record.onboarding.code)


def _about(request: HttpRequest, record: StepRecord) -> dict[str, Any]:
    return {
        "record": record,
        "definition": record.definition,
        "onboarding": record.onboarding,
        "outside": is_outside(person(request), record),
        "account_api": settings.PORTAL.account_api,
        "portal_keys": settings.PORTAL.portal_keys,
        "vault_connected": bool(azure_key_vault.get_address(record.onboarding)),
        "portal": settings.PORTAL,
        "commands": list_commands(record),
        "contact": _contact(record),
        "familiar_name": get_facts(record.onboarding, "api-credentials").get("name", ""),
        "who_acts": f"{WHO[record.wait.on]} has to act." if record.wait else "",
        "by_hand": describe_manual_end(record),
        "browser_key": in_browser.panel(record),
        "holds_key": record.slug == "pfx" and case_files.is_key_stored(record.onboarding),
        "by_hand_kind": "yours" if guards.may_confirm(person(request), record) else "theirs",
    }


def _shape(record: StepRecord) -> dict[str, bool]:
    """Which parts the page has: guidance only while somebody can follow it, nothing to do once it is withdrawn."""
    moving = record.onboarding.is_active and record.state in (State.OPEN, State.WAITING)
    return {
        "closed": record.onboarding.status == record.onboarding.Status.WITHDRAWN
        and record.state != State.DONE,
        "moving": moving,
        "guided": moving and not (record.state == State.WAITING and record.submitted_at),
    }


def _contact(record: StepRecord) -> dict[str, str]:
    """Whom GlobalSign will ask for, for the reception's briefing."""
    if record.slug not in ("register", "verification"):
        return {}
    answers = record.onboarding.steps.filter(slug="register").values_list("answers", flat=True).first()
    return answers or {}


def _page(
    request: HttpRequest,
    record: StepRecord,
    *,
    status: int = 200,
    form: StepForm | None = None,
    confirm: ConfirmForm | None = None,
    typed_data: dict[str, str] | None = None,
    **more: Any,
) -> HttpResponse:
    user = person(request)
    kept = typed_data or form_recovery.restore(request, record.onboarding.code, record.slug)
    context = {
        **_about(request, record),
        **_shape(record),
        "now": describe_now(record, user) if record.state not in (State.DONE, State.LOCKED) else None,
        "sentence": describe_status(record, user, primary=bool(guards.may_act(user, record))),
        "proof": describe_proof(record),
        "facts": list_facts(record),
        "chain_note": describe_chain(record),
        "problem": PROBLEMS.get(record.problem_code) if record.state == State.PROBLEM else None,
        "who_mends": describe_who_mends(record, user) if record.state == State.PROBLEM else "",
        "evidence": evidence.list_of_record(record),
        "needs": [BY_SLUG[slug] for slug in record.definition.needs],
        **_verbs(record, user, kept, form, confirm),
        **more,
    }
    return render(request, f"journey/steps/{record.slug}.html", context, status=status)


def _verbs(
    record: StepRecord, user: Any, kept: dict[str, str], form: StepForm | None, confirm: ConfirmForm | None
) -> dict[str, Any]:
    """What this person can do here now, each with its form."""
    act, wait_form = step_form(record.definition), form_to_confirm(record)
    if form is None and act and guards.may_submit(user, record):
        form = act(initial=initial_of(act, record, kept), record=record, user=user)
    if confirm is None and wait_form and guards.may_confirm(user, record):
        confirm = wait_form(initial=initial_of(wait_form, record, kept), record=record, user=user)
    troubles = record.state in (State.OPEN, State.WAITING) and guards.may_report_problem(user, record)
    back = any(guards.may_send_back(user, record, to) for to in record.definition.back_to)
    return {
        "form": form,
        "confirm_form": confirm,
        "refusal": guards.may_act(user, record).sentence,
        "may_claim": bool(guards.may_claim(user, record)),
        "may_reassign": bool(guards.may_reassign(user, record)),
        "may_unclaim": bool(guards.may_unclaim(user, record)) and record.state != State.DONE,
        "may_send_anew": bool(guards.may_send_anew(user, record)),
        "may_reopen": bool(guards.may_reopen(user, record)),
        "send_back_form": _send_back_form(record) if back else None,
        "problem_form": ProblemForm(record=record) if troubles else None,
    }


def _send_back_form(record: StepRecord) -> SendBackForm:
    problem = PROBLEMS.get(record.problem_code)
    return SendBackForm(record=record, initial={"to": problem.back_to if problem else None})


def initial_of(form: type[Any], record: StepRecord, kept: dict[str, str]) -> dict[str, Any]:
    """A form's first values: what was typed before, else what was sent before (after a problem).

    A kept date is three typed parts; its widget takes it as (day, month, year).
    """
    source = kept or record.draft or record.answers
    found: dict[str, Any] = {name: source[name] for name in form.base_fields if name in source}
    for name in form.base_fields:
        parts = [source.get(f"{name}_{part}") for part in ("day", "month", "year")]
        if any(parts):
            found[name] = [part or "" for part in parts]
    return found


@require_GET
def now(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """The wait's panel alone, for the page that refreshes itself; a moved step reloads the whole page."""
    record = get_step(person(request), code, slug)
    if request.GET.get("version") != str(record.version) or record.state != State.WAITING:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "journey/partials/wait.html", _about(request, record))
