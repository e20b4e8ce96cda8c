"""The team page: who belongs to a company, in which role, and what the roles may do.

Inviting and changing roles is not here; the company's page with its onboardings is in desk/.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from onboarding.people.access import company_for, person, role_in
from onboarding.people.models import ADMINS, Role
from onboarding.people.words import ROLE_WORDS


@require_GET
def team(request: HttpRequest, slug: str) -> HttpResponse:
    """People and roles; thin cover is said in words (at least two admins of a kind are advised)."""
    user = person(request)
    company = company_for(user, slug)
    members = list(company.memberships.select_related("user"))
    members.sort(key=lambda m: (list(Role).index(Role(m.role)), m.user.name))
    admins = sum(m.role in ADMINS for m in members)
    return render(
        request,
        "people/team.html",
        {
            "company": company,
            "members": members,
            "thin_cover": admins < 2,
            "role": role_in(user, company),
            "roles": [{"key": role.label, "value": ROLE_WORDS[role]} for role in Role],
        },
    )
