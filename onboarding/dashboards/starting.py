"""What somebody reads whose company has no onboarding yet: who starts it, what to have ready, what UIT is.

Starting one is the journey's business (journey/views/pages.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from onboarding.journey.access import find_companies_with_onboardings
from onboarding.journey.models import Onboarding
from onboarding.people.access import company_for, find_primaries, person, require_admin
from onboarding.people.company_details import find_number_fault
from onboarding.people.models import ADMINS, Company, Membership, Role, User

PRODUCTION = Onboarding.Environment.PRODUCTION


@dataclass(frozen=True)
class Start:
    """One company without an onboarding, for one of its people; `company` has no more than name and slug."""

    company: Company
    role: str
    primary: User | None

    @property
    def is_own(self) -> bool:
        """Whether it is this person's to start."""
        return self.role == Role.PRIMARY

    @property
    def may_start(self) -> bool:
        """Whether this person can start it in the other's place."""
        return self.role in ADMINS


def find_starts(memberships: Sequence[Membership]) -> list[Start]:
    """Those of a person's companies in which nothing has begun, or all was withdrawn; not the archived ones."""
    begun = find_companies_with_onboardings([each.company_id for each in memberships])
    waiting = [m for m in memberships if m.company_id not in begun and not m.company.archived_at]
    primaries = find_primaries([each.company_id for each in waiting]) if waiting else {}
    return [Start(each.company, each.role, primaries.get(each.company_id)) for each in waiting]


@require_safe
def confirm_production(request: HttpRequest, slug: str) -> HttpResponse:
    """What production means, before a Certificate Admin starts it in a company that has no onboarding yet.

    Where there is one, the page of journey/views/start.py says what is carried over from it.
    """
    user = person(request)
    company = company_for(user, slug)
    require_admin(user, company)
    if company.onboardings.exclude(status=Onboarding.Status.WITHDRAWN).exists():
        address = reverse("dashboards:start", args=[slug])
        return redirect(f"{address}?{urlencode({'environment': PRODUCTION.value})}")
    context = {"company": company, "number_fault": find_number_fault(company)}
    return render(request, "dashboards/start_production.html", context)
