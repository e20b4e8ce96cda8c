"""The journey as a task list, its history, starting one and withdrawing one.

One step's page is in step.py.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_safe

from certs import clock
from onboarding.journey import damage, guards, progress, slots
from onboarding.journey.access import (
    Access,
    build_access,
    get_granted_steps,
    get_onboarding,
    list_events,
    list_steps,
    read_access,
)
from onboarding.journey.forms.plain import ReasonForm
from onboarding.journey.models import StepRecord
from onboarding.journey.page_files import PageFiles, read_files
from onboarding.journey.rare_parts import find_journey, may_have
from onboarding.journey.status_text import describe_proof, describe_status, estimate_end
from onboarding.journey.steps import BY_SLUG, Actor, Stage, State
from onboarding.journey.views.completed import describe_completed
from onboarding.journey.views.event_text import describe_for_timeline, read_reasons
from onboarding.journey.views.now import describe_now
from onboarding.journey.views.who_acts import describe_who_acts
from onboarding.people import deputies
from onboarding.people.access import find_role, memberships_of, person
from onboarding.people.decisions import require
from onboarding.people.models import Role
from onboarding.ui.addresses import find_address
from onboarding.ui.sent_forms import fill_form, keeps_typed, render_form


@dataclass(frozen=True)
class _Rows:
    """What the rows of steps are made of: for whom, from which files, what other rooms add by the records' keys."""

    access: Access
    files: PageFiles | None
    notes: dict[int, SafeString]


@require_safe
def journey(request: HttpRequest, code: str) -> HttpResponse:
    """The journey: what happens now, six stages, who holds what, the likely end."""
    user = person(request)
    onboarding = find_journey(user, code)
    if onboarding is None:
        return _granted(request, get_granted_steps(user, code))
    memberships = memberships_of(user)
    stored = list_steps(onboarding)
    records = damage.leave_out_damaged(stored)
    current = next((r for r in records if r.state != State.DONE), None)
    access = build_access(user, onboarding, find_role(memberships, onboarding.company_id))
    files = PageFiles(onboarding, {record.slug: record.facts for record in stored})
    rows = _Rows(access, files, slots.collect_step_notes(records, access))
    usual, limit = estimate_end(records)
    return render(
        request,
        "journey/journey.html",
        {
            "onboarding": onboarding,
            "damaged": damage.describe_damage(len(stored) - len(records), "step"),
            "now": describe_now(access, current, files) if current else None,
            "who_acts": describe_who_acts(access, current, files) if current else None,
            "also": [describe_now(access, r, files) for r in _also(access, records, current)],
            "stages": [_stage(stage, records, rows) for stage in Stage],
            "held": [r for r in records if r.assignee_id and r.state != State.DONE],
            "range_notes": _list_range_notes(records),
            "usual_end": clock.now() + usual,
            "limit_end": clock.now() + limit,
            "may_withdraw": bool(guards.may_withdraw(access)),
            "access": access,
            "completed": None if current else describe_completed(access, files),
            "away": _describe_absences(access),
            "memberships": memberships,
            "others": [each.company for each in memberships if each.company_id != onboarding.company_id],
        },
    )


def _describe_absences(access: Access) -> list[str]:
    knows = access.sees_team and may_have(access.onboarding, "has_absences")
    return deputies.describe_absences(access.onboarding.company) if knows else []


def _list_range_notes(records: list[StepRecord]) -> list[str]:
    """Why the likely end is not known more closely: what the waits say that are still ahead."""
    ahead = (wait for r in records if r.state != State.DONE for wait in r.definition.waits)
    return [wait.range_note for wait in ahead if wait.range_note]


def _granted(request: HttpRequest, records: list[StepRecord]) -> HttpResponse:
    """What somebody from outside sees of a journey: the company's name and the steps to which they were let in."""
    files = read_files(records)
    access = read_access(person(request), records[0].onboarding)
    shown = damage.leave_out_damaged(records)
    notes = slots.collect_step_notes(shown, access)
    rows = _Rows(access, files.get(records[0].onboarding_id), notes)
    tasks = [_task(each, rows) for each in shown]
    context = {"onboarding": records[0].onboarding, "stages": [{"title": "Your steps", "steps": tasks}]}
    return render(request, "journey/granted.html", context)


def _also(access: Access, records: list[StepRecord], current: StepRecord | None) -> list[StepRecord]:
    """Other steps that this person can do already, while the current one waits."""
    return [
        r
        for r in records
        if r is not current and r.state in (State.OPEN, State.PROBLEM) and guards.may_act(access, r)
    ]


def _stage(stage: Stage, records: list[StepRecord], rows: _Rows) -> dict[str, Any]:
    mine = [r for r in records if r.definition.stage == stage]
    return {"title": stage.value, "steps": [_task(r, rows) for r in mine]}


def _task(record: StepRecord, rows: _Rows) -> dict[str, Any]:
    access = rows.access
    address = find_address("journey:step", record.onboarding.code, record.slug)
    proof = describe_proof(record) if record.state == State.DONE else ""
    sentence = describe_status(record, access.user, primary=access.role == Role.PRIMARY, files=rows.files)
    return {
        "title": record.definition.title,
        "state": record.state,
        "hint": f"{sentence} {proof}".strip(),
        "note": rows.notes.get(record.pk, ""),
        "url": None if record.state == State.LOCKED else address,
    }


@require_safe
def history(request: HttpRequest, code: str) -> HttpResponse:
    """Everything that happened in this onboarding, newest first."""
    onboarding = get_onboarding(person(request), code)
    page = Paginator(list_events(onboarding), 50).get_page(request.GET.get("page"))
    reasons = read_reasons(list(page))
    return render(
        request,
        "journey/history.html",
        {
            "onboarding": onboarding,
            "current": BY_SLUG.get(onboarding.current_step),
            # Who should look into a damaged row must be able to read its history.
            "actor": Actor(onboarding.next_actor).label if onboarding.next_actor in set(Actor) else "",
            "page": page,
            "events": [describe_for_timeline(event, reasons) for event in page],
        },
    )


@keeps_typed(ReasonForm)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for a reason and a confirmation, then end the onboarding."""
    user = person(request)
    onboarding = get_onboarding(user, code)
    require(guards.may_withdraw(read_access(user, onboarding)))
    form = fill_form(request, ReasonForm)
    if request.method == "POST" and form.is_valid():
        progress.withdraw(onboarding, actor=user, reason=form.cleaned_data["reason"])
        messages.success(request, "The onboarding is withdrawn. Its stored secrets are being destroyed.")
        return redirect("dashboards:company", onboarding.company.slug)
    return render_form(request, "journey/withdraw.html", {"onboarding": onboarding, "form": form})
