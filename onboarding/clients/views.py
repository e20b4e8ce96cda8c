"""The list of clients and its export.

What the list holds is decided in client_list.py.
"""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onboarding.clients.access import list_clients
from onboarding.clients.client_list import build_all_rows, build_client_list, narrow
from onboarding.clients.csv_export import stream_csv
from onboarding.clients.forms import FilterForm
from onboarding.people.access import person


@require_safe
def clients(request: HttpRequest) -> HttpResponse:
    """Onboardings of other companies in which this person has steps."""
    return render(request, "clients/clients.html", build_client_list(person(request), request.GET))


@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The same list, whole, as CSV."""
    found = narrow(list_clients(person(request)), FilterForm(request.GET))
    lines = stream_csv(build_all_rows(found))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="clients.csv"'
    return answer
