"""A company's page, the ops board.

What the board holds is decided in board.py; Your tasks are in task_views.py.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from onboarding.dashboards import board as ops_board
from onboarding.journey.damage import describe_damage, show_readable
from onboarding.journey.models import Onboarding
from onboarding.journey.steps import BY_SLUG, Stage, State
from onboarding.people import holds
from onboarding.people.access import (
    company_for,
    list_members,
    open_emergencies,
    person,
    require_ops,
    role_in,
)
from onboarding.people.company_details import find_number_fault
from onboarding.people.models import ADMINS, Role
from onboarding.people.welcome_links import is_newcomer
from onboarding.questions.access import list_to_answer
from onboarding.team import absence

MOST_NOTES = 10  # of ops to the company
MOST_QUESTIONS = 10  # on the board; the rest are on the page of all


@require_safe
def company(request: HttpRequest, slug: str) -> HttpResponse:
    """A company: its onboardings, its people, starting one."""
    user = person(request)
    found = company_for(user, slug)
    onboardings = list(found.onboardings.order_by("-started_at"))
    lines, damaged = show_readable(onboardings, _onboarding_line)
    role, members = role_in(user, found), list_members(found)
    open_in = {each.environment for each in onboardings if each.is_active}
    return render(
        request,
        "dashboards/company.html",
        {
            "company": found,
            "onboardings": lines,
            "damaged": describe_damage(damaged),
            "may_start": role in ADMINS and not found.archived_at,
            "hold": holds.find_hold(found) if found.held_since else None,
            "notes": list(found.notes.filter(audience="company").select_related("by")[:MOST_NOTES]),
            "away": absence.describe_absences(found).values(),
            "free": [choice[0] for choice in Onboarding.Environment.choices if choice[0] not in open_in],
            "may_edit": user.is_ops,
            "number_fault": find_number_fault(found) if user.is_ops or role in ADMINS else "",
            "newcomer": next(
                (m.user for m in members if m.role == Role.PRIMARY and is_newcomer(m.user)), None
            ),
            "members": members,
        },
    )


def _onboarding_line(onboarding: Onboarding) -> dict[str, object]:
    status = Onboarding.Status(onboarding.status)
    return {
        "onboarding": onboarding,
        "title": BY_SLUG[onboarding.current_step].title if onboarding.is_active else status.label,
        "state": State(onboarding.current_state) if onboarding.is_active else "",
        "url": reverse("journey:journey", args=[onboarding.code]),
    }


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The ops board."""
    user = person(request)
    require_ops(user)
    wanted, stage = request.GET.get("with", ""), request.GET.get("stage", "")
    if wanted not in ("", ops_board.TROUBLE, *ops_board.WITH) or stage not in ("", *Stage):
        raise Http404
    narrowed = bool(wanted or stage)
    rows = ops_board.list_rows(wanted, stage)
    return render(
        request,
        "dashboards/board.html",
        {
            "figures": ops_board.count_figures(),
            "stuck": [] if narrowed else ops_board.list_stuck(),
            "stages": ops_board.list_stages(),
            "rows": rows,
            "damaged": describe_damage(rows.damaged),
            "narrowed": ops_board.WITH.get(
                wanted, (f"in {stage}" if stage else "that are stuck or late", ())
            )[0]
            if narrowed
            else "",
            "system_health": ops_board.describe_system_health(),
            "emergencies": len(open_emergencies(user)),
            "questions": list_to_answer(user, MOST_QUESTIONS),
            "most_questions": MOST_QUESTIONS,
        },
    )
