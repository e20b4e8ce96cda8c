"""A company's page.

The ops board is in board/, Your tasks are in task_views.py.
"""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from certs import clock
from certs.prepared_queries import prepare_query
from onboarding.journey.access import list_onboardings
from onboarding.journey.damage import describe_damage, show_readable
from onboarding.journey.deadlines import holds
from onboarding.journey.models import Onboarding
from onboarding.journey.steps import BY_SLUG, State
from onboarding.people.access import find_role, list_members, memberships_of, person
from onboarding.people.company_details import find_number_fault
from onboarding.people.models import ADMINS, Company, Role, User
from onboarding.people.welcome_links import is_newcomer
from onboarding.team import absence

MOST_NOTES = 10  # of ops to the company
NOTES_TO_COMPANY = Q(notes__audience="company")  # the model is that of another room


@require_safe
def company(request: HttpRequest, slug: str) -> HttpResponse:
    """A company: its onboardings, its people, starting one."""
    user = person(request)
    found = _get_company(user, slug)
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
            "notes": _read_notes(found) if found.has_notes else [],
            "away": absence.describe_absences(found).values() if found.has_absences else [],
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


def _get_company(user: User, slug: str) -> Any:
    """The company, if this person may see it. Raises Http404 for anybody else.

    `has_notes` and `has_absences` say whether there is anything of these to ask for: few companies have either.
    """
    today = clock.today()
    found = _read_any_company(slug, today) if user.is_ops else _read_own_company(user.pk, slug, today)
    if not found:
        raise Http404
    return found[0]


@prepare_query
def _read_any_company(slug: str, day: date) -> QuerySet[Company]:
    return _filter_companies(User(is_ops=True), slug, day)


@prepare_query
def _read_own_company(user: UUID, slug: str, day: date) -> QuerySet[Company]:
    return _filter_companies(User(pk=user), slug, day)


def _filter_companies(user: User, slug: str, day: date) -> QuerySet[Company]:
    found, here = Company.objects.visible_to(user).filter(slug=slug), OuterRef("pk")
    return found.annotate(
        has_notes=Exists(found.filter(NOTES_TO_COMPANY, pk=here)),
        has_absences=Exists(absence.filter_absent(day).filter(company=here)),
    )


def _read_notes(company: Company) -> list[Any]:
    return list(company.notes.filter(audience="company").select_related("by")[:MOST_NOTES])


def _onboarding_line(onboarding: Onboarding) -> dict[str, object]:
    status = Onboarding.Status(onboarding.status)
    return {
        "onboarding": onboarding,
        "title": BY_SLUG[onboarding.current_step].title if onboarding.is_active else status.label,
        "state": State(onboarding.current_state) if onboarding.is_active else "",
        "url": reverse("journey:journey", args=[onboarding.code]),
    }
