"""“We have registered already”: one form on the first steps, for the Primary Certificate Admin and for ops.

What it does is in registered_already.py, what it asks Atlas in forms/registered.py.
"""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from onboarding.journey import guards, registered_already
from onboarding.journey.access import get_onboarding, list_steps, read_access
from onboarding.journey.forms.registered import RegisteredForm
from onboarding.people.access import person
from onboarding.people.decisions import require
from onboarding.ui.sent_forms import fill_form, keeps_typed, render_form


@keeps_typed(RegisteredForm)
@require_http_methods(["GET", "HEAD", "POST"])
def registered(request: HttpRequest, code: str) -> HttpResponse:
    """GET asks what the person saw in Atlas, POST puts it on record. Atlas is asked before anything is written."""
    user = person(request)
    onboarding = get_onboarding(user, code)
    records = {record.slug: record for record in list_steps(onboarding)}
    require(guards.may_declare(read_access(user, onboarding), records))
    form = fill_form(request, RegisteredForm, record=next(iter(records.values())), user=user)
    if request.method == "POST" and form.is_valid():
        begun = registered_already.declare(
            onboarding,
            actor=user,
            how_far=form.cleaned_data["how_far"],
            facts=form.facts_by_step(),
            seen_on=form.seen_on(),
            note=form.cleaned_data["note"],
            file=form.file(),
        )
        messages.success(request, f"That is on record. {registered_already.describe_search(begun)}".strip())
        return redirect("journey:journey", onboarding.code)
    context = {"onboarding": onboarding, "form": form, "account_api": settings.PORTAL.account_api}
    return render_form(request, "journey/registered.html", context)
