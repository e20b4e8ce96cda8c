"""Several offers at once: look at the chosen ones, accept them, read what came of each.

The chosen ones stand in the address of both pages, so that a sign-in on the way loses none. What is done is in
chosen_offers.py.
"""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from onboarding.handover import rules
from onboarding.handover.access import offers_for
from onboarding.handover.chosen_offers import MOST_AT_ONCE, accept_each
from onboarding.handover.models import Offer
from onboarding.people.access import person
from onboarding.people.decisions import Reason, require
from onboarding.people.models import User
from onboarding.ui.post_only import posted_from


def _read_chosen(user: User, query: QueryDict) -> list[Offer]:
    """The chosen offers in the order of the choice. Raises Http404, and PermissionRefused for who is not asked."""
    try:
        pks = list(dict.fromkeys(UUID(each) for each in query.getlist("offer")))
    except ValueError:
        raise Http404 from None
    found = offers_for(user, pks[: MOST_AT_ONCE + 1])
    for offer in found:
        decision = rules.may_answer(user, offer)
        if decision.reason == Reason.PERMISSION:
            require(decision)
    return found


@require_safe
def chosen(request: HttpRequest) -> HttpResponse:
    """Before they are accepted: whose step each is, who offered it, until when, and which cannot be accepted."""
    user = person(request)
    found = _read_chosen(user, request.GET)
    if complaint := _find_complaint(found):
        return _choose_again(request, complaint)
    can_be = [offer for offer in found if rules.may_answer(user, offer)]
    context = {
        "offers": can_be,
        "refused": [(offer, rules.describe_offer(offer)) for offer in found if offer not in can_be],
        "query": request.GET.urlencode(),
    }
    return render(request, "handover/chosen.html", context)


@posted_from("offers:chosen", may_see=_read_chosen, by_query=True)
def accept_chosen(request: HttpRequest) -> HttpResponse:
    """Accept them and say what came of each; 409 when nothing was accepted."""
    user = person(request)
    found = _read_chosen(user, request.GET)
    if complaint := _find_complaint(found):
        return _choose_again(request, complaint)
    results = accept_each(found, actor=user)
    accepted = [each for each in results if not each.refusal]
    context = {"accepted": accepted, "refused": [each for each in results if each.refusal]}
    return render(request, "handover/chosen_accepted.html", context, status=200 if accepted else 409)


def _find_complaint(found: list[Offer]) -> str:
    if not found:
        return "Choose at least one of the offers."
    return f"Choose at most {MOST_AT_ONCE} offers at once." if len(found) > MOST_AT_ONCE else ""


def _choose_again(request: HttpRequest, complaint: str) -> HttpResponse:
    messages.error(request, complaint)
    return redirect("dashboards:task-list", "offered")
