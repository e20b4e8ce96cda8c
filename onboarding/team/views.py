"""The team page: people and roles, who is away, who is invited, and what to do about thin cover.

What is done from there has views of its own, here and in people/.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onboarding.notifications import delivery_status
from onboarding.people import emergency_rules
from onboarding.people.access import (
    company_for,
    emergencies_of,
    list_members,
    open_invitations,
    person,
    role_in,
)
from onboarding.people.models import ADMINS, Company, Role, User
from onboarding.people.role_descriptions import ROLE_DESCRIPTIONS
from onboarding.team import absence, coverage
from onboarding.team.access import open_change


@require_safe
def team(request: HttpRequest, slug: str) -> HttpResponse:
    """People and roles, who is away, who is invited; thin cover is said in words."""
    user = person(request)
    company = company_for(user, slug)
    role = role_in(user, company)
    context = {
        "company": company,
        "members": _list_rows(company),
        "warnings": coverage.list_warnings(company),
        "role": role,
        "may_manage": role in ADMINS,
        "invitations": _list_invitations(company, user, role),
        "change": open_change(company),
        "emergencies": [each for each in emergencies_of(company) if each.is_open],
        "absences": absence.list_planned(company),
        "roles": [{"key": each.label, "value": ROLE_DESCRIPTIONS[each]} for each in Role],
    }
    return render(request, "team/team.html", context)


def _list_invitations(company: Company, user: User, role: Role | None) -> list[dict[str, Any]]:
    """Each open invitation, and whether this person may send it again and withdraw it."""
    if role not in ADMINS and not user.is_ops:
        return []
    found = open_invitations(company)
    mails = delivery_status.describe_invitation_emails(each.pk for each in found)
    return [
        {
            "invitation": each,
            "may_resend": not company.archived_at and (role in ADMINS or emergency_rules.rests_on_two(each)),
            "may_withdraw": role in ADMINS or each.role == Role.ADMIN,
            "mail": mails.get(each.pk, ""),
        }
        for each in found
    ]


def _list_rows(company: Company) -> list[dict[str, Any]]:
    """Each member, and the sentence about being away today."""
    away, settling = absence.describe_absences(company), emergency_rules.settling_members(company)
    return [
        {
            "member": member,
            "away": away.get(member.user_id, ""),
            "is_primary": member.role == Role.PRIMARY,
            "settled_at": settling.get(member.user_id),
        }
        for member in list_members(company)
    ]
