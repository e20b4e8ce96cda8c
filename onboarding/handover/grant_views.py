"""External access to an onboarding: shown, extended and revoked on one page.

The moves are in grants.py and, where offers end as well, in offers.py.
"""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from onboarding.handover import grants as moves
from onboarding.handover import offers
from onboarding.handover.access import grant_for, grants_page, list_other_grants
from onboarding.handover.forms import ExtendForm, end_of
from onboarding.handover.models import Grant
from onboarding.people.access import person
from onboarding.people.reauthentication import require_recent_login
from onboarding.ui.sent_forms import fill_form, keeps_typed, render_form


@require_safe
def grants(request: HttpRequest, code: str) -> HttpResponse:
    """Everybody from outside: which steps, until when, who let them in."""
    onboarding, rows = grants_page(person(request), code)
    context = {
        "onboarding": onboarding,
        "live": [row for row in rows if row.in_force],
        "ended": [row for row in rows if not row.in_force],
    }
    return render(request, "handover/grants.html", context)


@keeps_typed(ExtendForm)
@require_http_methods(["GET", "HEAD", "POST"])
@require_recent_login
def extend(request: HttpRequest, code: str, pk: UUID) -> HttpResponse:
    """Another last day, later or earlier."""
    user = person(request)
    grant = grant_for(user, code, pk)
    moves.demand_in_force(grant)
    form = fill_form(request, ExtendForm)
    if request.method != "POST" or not form.is_valid():
        context = {"grant": grant, "onboarding": grant.onboarding, "form": form}
        return render_form(request, "handover/extend.html", context)
    with transaction.atomic():
        moves.extend(grant, actor=user, until=end_of(form.cleaned_data["until"]))
    messages.success(request, f"The new date holds. {grant.user} is told.")
    return redirect("handover:grants", code)


@require_http_methods(["GET", "HEAD", "POST"])
@require_recent_login
def revoke(request: HttpRequest, code: str, pk: UUID) -> HttpResponse:
    """The access ends at once."""
    user = person(request)
    grant = grant_for(user, code, pk)
    moves.demand_in_force(grant)
    if request.method != "POST":
        return render(request, "handover/revoke.html", {"grant": grant, "onboarding": grant.onboarding})
    with transaction.atomic():
        offers.revoke(grant, actor=user)
    messages.success(request, _describe_revoked(grant))
    return redirect("handover:grants", code)


def _describe_revoked(grant: Grant) -> str:
    others = list_other_grants(grant)
    if not others:
        return f"{grant.user} cannot see anything here any more, and is told."
    left = "; ".join(each.titles() for each in others)
    return f"{grant.user} is told. Another access of theirs is still in force: {left}. Revoke it, too, if it shall end."
