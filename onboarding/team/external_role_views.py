"""The receiver's roles in other systems: say that somebody added them there, or let the portal do it in Atlas.

What is written is in external_roles.py.
"""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from onboarding.handover import rules
from onboarding.handover.access import offer_for
from onboarding.handover.models import Offer
from onboarding.journey.models import StepRecord
from onboarding.people.access import person
from onboarding.people.reauthentication import require_recent_login
from onboarding.team import external_roles
from onboarding.team.models import ExternalRoleCheck
from onboarding.ui.post_only import posted_from


@posted_from("offers:offer", "pk", may_see=offer_for)
def confirm_external_role(request: HttpRequest, pk: UUID, system: str) -> HttpResponse:
    """Somebody of the company has seen to the receiver's role in another system."""
    if system not in ExternalRoleCheck.System:
        raise Http404
    external_roles.confirm_role(_offer_for_admin(request, pk), system, actor=person(request))
    messages.success(request, "Noted, with your name and the time.")
    return redirect("offers:offer", pk)


@posted_from("offers:offer", "pk", may_see=offer_for)
def add_in_atlas(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let the portal add the receiver in Atlas."""
    return _add_in_atlas(request, _offer_for_admin(request, pk))


@require_recent_login
def _add_in_atlas(request: HttpRequest, offer: Offer) -> HttpResponse:
    external_roles.add_in_atlas(offer, actor=person(request))
    messages.success(request, "They are a user in Atlas. GlobalSign sends them an email.")
    return redirect("offers:offer", offer.pk)


def _offer_for_admin(request: HttpRequest, pk: UUID) -> Offer:
    """The offer, for the admins who can see to the other systems. Raises PermissionRefused."""
    found = offer_for(person(request), pk)
    rules.require_may_let_in(person(request), StepRecord(onboarding=found.onboarding))
    return found
