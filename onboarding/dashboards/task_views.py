"""Your tasks: the first page with all lists, and a page for each list with search, filters and pages.

What the lists hold is decided in task_index.py.
"""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from onboarding.dashboards.starting import find_starts
from onboarding.dashboards.task_filters import TaskFilters
from onboarding.dashboards.task_index import TaskIndex, read_index
from onboarding.dashboards.task_lines import Section
from onboarding.dashboards.task_lists import MOST_ROWS, show_first_rows
from onboarding.dashboards.task_rows import build_rows
from onboarding.journey.access import find_only_onboarding
from onboarding.journey.damage import describe_damage
from onboarding.journey.models import Onboarding
from onboarding.people.access import company_for, person
from onboarding.people.company_details import find_number_fault

PAGE_ROWS = 50


@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """Your tasks. Ops land on the board; whose whole work is in one journey lands on that journey."""
    user = person(request)
    index = read_index(user)
    if user.is_ops and not index.memberships:
        return redirect("dashboards:board")
    only = None if "stay" in request.GET else _find_only_journey(index)
    if only is not None:
        return redirect("journey:journey", only.code)
    lists = show_first_rows(index)
    under_way = index.companies_under_way
    starts = find_starts([each for each in index.memberships if each.company_id not in under_way])
    own = [each for each in starts if each.is_own]
    only_start = starts[0] if lists.is_empty and len(starts) == len(own) == 1 else None
    company = company_for(user, only_start.company.slug) if only_start else None
    context = {
        "lists": lists,
        "memberships": index.memberships,
        "starts": starts,
        "only_start": only_start,
        "company": company,
        "number_fault": find_number_fault(company) if company else "",
        "damaged": describe_damage(lists.damaged, "step"),
    }
    return render(request, "dashboards/tasks.html", context)


def _find_only_journey(index: TaskIndex) -> Onboarding | None:
    """None as well where an offer waits for an answer: that is given here, and not on the journey."""
    if len(index.memberships) > 1 or len(index.places) > 1 or index.lists[Section.OFFERED]:
        return None
    only = find_only_onboarding(index.user)
    elsewhere = only is None or {each.company_id for each in index.memberships} - {only.company_id}
    return None if elsewhere else only


@require_safe
def task_list(request: HttpRequest, section: str) -> HttpResponse:
    """One list, whole, in pages."""
    if section not in set(Section):
        raise Http404
    filters = TaskFilters.read(request.GET)
    index = read_index(person(request), searched=bool(filters.text))
    wanted = Section(section)
    lines = index.lists[wanted]
    page = Paginator([line for line in lines if filters.match(line)], PAGE_ROWS).get_page(
        request.GET.get("page")
    )
    rows, damaged = build_rows(index, [(wanted, line) for line in page])
    context = {
        "section": wanted,
        "rows": [row for _, row in rows],
        "page": page,
        "total": len(lines),
        "filters": filters,
        "may_filter": len(lines) > MOST_ROWS,
        "choices": filters.list_choices(lines),
        "memberships": index.memberships,
        "damaged": describe_damage(index.damaged + damaged, "step"),
    }
    return render(request, "dashboards/task_list.html", context)
