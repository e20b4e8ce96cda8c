"""The pages of what happened: the list with its filters, its two files, and a week."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onboarding.dashboards.activity import event_lines, week
from onboarding.dashboards.activity.filters import AFTER, ActivityForm
from onboarding.dashboards.board.links import keep_query, send_lines
from onboarding.people.access import person, require_ops
from onboarding.ui.csv_files import stream_lines
from onboarding.ui.keyset import UnknownMark

JSON_LINES = "application/jsonl"


@require_safe
def activity(request: HttpRequest) -> HttpResponse:
    """What happened, the newest first."""
    user = person(request)
    require_ops(user)
    form = ActivityForm(request.GET, user)
    context: dict[str, object] = {"form": form, "query": keep_query(request.GET, form)}
    if not form.is_valid():
        return render(request, "dashboards/activity.html", context, status=400)
    try:
        page = event_lines.cut_page(user, form.find_events(), request.GET.get(AFTER, ""))
    except UnknownMark:
        return render(request, "dashboards/activity.html", {**context, "unknown_mark": True}, status=400)
    return render(
        request, "dashboards/activity.html", {**context, "page": page, "is_first": not request.GET.get(AFTER)}
    )


@require_safe
def activity_csv(request: HttpRequest) -> HttpResponseBase:
    """The same list, whole, as CSV."""
    return _send(request, "csv")


@require_safe
def activity_json(request: HttpRequest) -> HttpResponseBase:
    """The same list, whole, as JSON Lines: what a program needs to prove the chain."""
    return _send(request, "jsonl")


def _send(request: HttpRequest, ending: str) -> HttpResponseBase:
    user = person(request)
    require_ops(user)
    form = ActivityForm(request.GET, user)
    if not form.is_valid():
        context = {"form": form, "query": keep_query(request.GET, form)}
        return render(request, "dashboards/activity.html", context, status=400)
    found = form.find_events()
    if ending == "csv":
        return send_lines(
            stream_lines(event_lines.HEADINGS, event_lines.list_cells(user, found)), "activity.csv"
        )
    return send_lines(event_lines.list_json(found), "activity.jsonl", JSON_LINES)


@require_safe
def one_week(request: HttpRequest) -> HttpResponse:
    """The last week that is over, or the week of the day in the address."""
    user = person(request)
    require_ops(user)
    asked = request.GET.get("day", "")
    monday = week.read_monday(asked) if asked else week.find_last_monday()
    if monday is None:
        return render(request, "dashboards/week.html", {"asked": asked[:40]}, status=400)
    return render(request, "dashboards/week.html", {"week": week.build_week(user, monday)})
