"""The addresses of a step's ways: the choice of all, and each way by itself. They show, and change nothing.

A way's form is sent to the step itself (step.py).
"""

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from onboarding.journey.access import get_step, read_access
from onboarding.journey.views.page_actions import Sent
from onboarding.journey.views.step import render_step
from onboarding.journey.views.way_memory import read_wanted
from onboarding.people.access import person


@require_safe
def ways(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """All ways of a step to choose from, whatever was chosen before."""
    record = get_step(person(request), code, slug)
    if not record.definition.ways:
        return redirect("journey:step", code, slug)
    wanted = replace(read_wanted(request, record), lists=True)
    return render_step(request, read_access(person(request), record.onboarding), record, Sent(wanted=wanted))


@require_safe
def way(request: HttpRequest, code: str, slug: str, name: str) -> HttpResponse:
    """One way of a step; 409 with a sentence and the choice where it is not there."""
    record = get_step(person(request), code, slug)
    found = next((each for each in record.definition.ways if each.name == name), None)
    if found is None:
        raise Http404
    wanted = replace(read_wanted(request, record), way=found)
    return render_step(request, read_access(person(request), record.onboarding), record, Sent(wanted=wanted))
