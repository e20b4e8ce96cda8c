"""The lists beside the board: certificates that end soon, emails that did not arrive."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onboarding.dashboards.board import expiring, undelivered
from onboarding.dashboards.board.links import Refused, keep_query, send_lines
from onboarding.people.access import person, require_ops
from onboarding.ui.csv_files import stream_lines
from onboarding.ui.keyset import UnknownMark


@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    """Every company's certificates that end within 30, 60 or 90 days, those that end first at the top."""
    user = person(request)
    require_ops(user)
    form = expiring.CertificateFilterForm(request.GET)
    context: dict[str, object] = {"form": form, "query": keep_query(request.GET, form)}
    try:
        found = expiring.find_ending(user, form)
        page = expiring.cut_page(user, found, request.GET.get("after", ""))
    except (Refused, UnknownMark) as refused:
        context |= {"unknown_mark": isinstance(refused, UnknownMark)}
        return render(request, "dashboards/expiring.html", context, status=400)
    context |= {"page": page, "is_first": not request.GET.get("after"), "days": form.days}
    return render(request, "dashboards/expiring.html", context)


@require_safe
def certificates_file(request: HttpRequest) -> HttpResponseBase:
    """The same list, whole, as CSV."""
    user = person(request)
    require_ops(user)
    form = expiring.CertificateFilterForm(request.GET)
    try:
        found = expiring.find_ending(user, form)
    except Refused:
        return render(request, "dashboards/expiring.html", {"form": form}, status=400)
    return send_lines(stream_lines(expiring.HEADINGS, expiring.list_cells(user, found)), "certificates.csv")


@require_safe
def emails(request: HttpRequest) -> HttpResponse:
    """Emails that did not arrive, were held back, or wait, the oldest first."""
    user = person(request)
    require_ops(user)
    kind = undelivered.read_kind(request.GET.get("kind", ""))
    context: dict[str, object] = {"kind": kind, "kinds": undelivered.KINDS}
    try:
        page = undelivered.cut_page(user, kind, request.GET.get("after", ""))
    except UnknownMark:
        return render(request, "dashboards/undelivered.html", {**context, "unknown_mark": True}, status=400)
    return render(
        request,
        "dashboards/undelivered.html",
        {**context, "page": page, "is_first": not request.GET.get("after")},
    )
