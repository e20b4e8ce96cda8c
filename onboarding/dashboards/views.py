"""A company's page.

The ops board is in board/, Your tasks are in task_views.py.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from onboarding.journey.access import list_onboardings
from onboarding.journey.damage import describe_damage, show_readable
from onboarding.journey.deadlines import holds
from onboarding.journey.models import Onboarding
from onboarding.journey.steps import BY_SLUG, State
from onboarding.people.access import (
    company_for,
    find_role,
    list_members,
    memberships_of,
    person,
)
from onboarding.people.company_details import find_number_fault
from onboarding.people.models import ADMINS, Role
from onboarding.people.welcome_links import is_newcomer
from onboarding.team import absence

MOST_NOTES = 10  # of ops to the company


@require_safe
def company(request: HttpRequest, slug: str) -> HttpResponse:
    """A company: its onboardings, its people, starting one."""
    user = person(request)
    found = company_for(user, slug)
    onboardings = list_onboardings(found)
    lines, damaged = show_readable(onboardings, _onboarding_line)
    memberships, members = memberships_of(user), list_members(found)
    role = find_role(memberships, found.pk)
    open_in = {each.environment for each in onboardings if each.is_active}
    return render(
        request,
        "dashboards/company.html",
        {
            "company": found,
            "onboardings": lines,
            "damaged": describe_damage(damaged),
            "may_start": role in ADMINS and not found.archived_at,
            "hold": holds.find_hold(found) if found.on_hold_since else None,
            "notes": list(found.notes.filter(audience="company").select_related("by")[:MOST_NOTES]),
            "away": absence.describe_absences(found).values(),
            "free": [choice[0] for choice in Onboarding.Environment.choices if choice[0] not in open_in],
            "may_edit": user.is_ops,
            "number_fault": find_number_fault(found) if user.is_ops or role in ADMINS else "",
            "newcomer": next(
                (m.user for m in members if m.role == Role.PRIMARY and is_newcomer(m.user)), None
            ),
            "members": members,
            "memberships": memberships,
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
