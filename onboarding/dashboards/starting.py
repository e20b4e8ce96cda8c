"""What somebody reads whose company has no onboarding yet: who starts it, what to have ready, what UIT is.

Starting one is the journey's business (journey/views/pages.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from onboarding.journey.access import find_companies_with_onboardings
from onboarding.journey.models import Onboarding
from onboarding.people.access import company_for, find_primaries, person, require_admin
from onboarding.people.company_details import find_number_fault
from onboarding.people.models import ADMINS, Company, Membership, Role, User

UIT, PRODUCTION = Onboarding.Environment.UIT, Onboarding.Environment.PRODUCTION


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
    """Those of a person's companies in which nothing has begun, or all was withdrawn."""
    begun = find_companies_with_onboardings([each.company_id for each in memberships])
    waiting = [each for each in memberships if each.company_id not in begun]
    primaries = find_primaries([each.company_id for each in waiting]) if waiting else {}
    return [Start(each.company, each.role, primaries.get(each.company_id)) for each in waiting]


@require_safe
def confirm_production(request: HttpRequest, slug: str) -> HttpResponse:
    """What production means and how far UIT is, before a Certificate Admin starts it."""
    user = person(request)
    company = company_for(user, slug)
    require_admin(user, company)
    onboardings = list(company.onboardings.order_by("-started_at"))
    if any(each.environment == PRODUCTION and each.is_active for each in onboardings):
        return redirect("dashboards:company", slug)
    kept = [each for each in onboardings if each.status != Onboarding.Status.WITHDRAWN]
    uit = next((each for each in kept if each.environment == UIT), None)
    context = {"company": company, "uit": uit, "number_fault": find_number_fault(company)}
    return render(request, "dashboards/start_production.html", context)
