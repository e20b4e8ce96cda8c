"""Taking, releasing and taking back: one move and a redirect each.

The rules are in claims.py and journey/guards.py.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from onboarding.handover import claims
from onboarding.journey import guards
from onboarding.journey.access import get_step, read_access
from onboarding.journey.forms.plain import ReasonForm
from onboarding.people.access import person
from onboarding.people.decisions import require
from onboarding.ui.post_only import posted_from
from onboarding.ui.sent_forms import fill_form, keeps_typed, render_form


@posted_from("journey:step", "code", "slug", may_see=get_step)
def claim(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Hold a step that nobody holds."""
    record = claims.claim(get_step(person(request), code, slug), actor=person(request))
    messages.success(request, f"“{record.definition.title}” is yours now. The others see that you have it.")
    return redirect("journey:step", code, slug)


@keeps_typed(ReasonForm)
@require_http_methods(["GET", "HEAD", "POST"])
def reassign(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Ask for the reason that both will see, then take the step from its assignee."""
    user = person(request)
    record = get_step(user, code, slug)
    require(guards.may_reassign(read_access(user, record.onboarding), record))
    form = fill_form(request, ReasonForm)
    if request.method == "POST" and form.is_valid():
        claims.reassign(record, actor=user, reason=form.cleaned_data["reason"])
        messages.success(
            request, f"“{record.definition.title}” is yours now. {record.assignee} is told, with your reason."
        )
        return redirect("journey:step", code, slug)
    context = {"record": record, "onboarding": record.onboarding, "form": form}
    return render_form(request, "handover/reassign.html", context)


@posted_from("journey:step", "code", "slug", may_see=get_step)
def unclaim(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Give a step back to the team."""
    record = claims.unclaim(get_step(person(request), code, slug), actor=person(request))
    messages.success(request, f"“{record.definition.title}” is back with the team. Your draft stays with it.")
    access = read_access(person(request), record.onboarding)  # from outside it has ended with the step
    return redirect("/?stay") if access.is_outside else redirect("journey:step", code, slug)
