"""The list of companies, its file, and the filters that somebody keeps.

What may stand in the address is in filters.py; a company's own page is in views.py.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from onboarding.audit.security_log import Outcome, SecurityEvent, log_event
from onboarding.journey.damage import describe_damage
from onboarding.ops import saved_views
from onboarding.ops.access import list_saved_views
from onboarding.ops.company_list import RowPage, read_page, read_place, write_place
from onboarding.ops.csv_export import stream_csv
from onboarding.ops.filters import AFTER, BEFORE, FilterForm, Sort, describe_query
from onboarding.ops.forms import SaveViewForm
from onboarding.ops.row_queries import MOST_COUNTED, Cut
from onboarding.people.access import person, require_ops
from onboarding.people.decisions import StateConflict
from onboarding.ui.keyset import UnknownMark
from onboarding.ui.post_only import posted_from
from onboarding.ui.sent_forms import fill_form, keeps_typed, render_form

MOVED_ON = (
    "The place in the list that the address names is not known, or belongs to other filters. Show the list from its "
    "beginning: your filters are kept."
)

NOT_KEPT = "These filters cannot be kept, as the list does not know all of them. Go back to the list and choose again."


@require_safe
def companies(request: HttpRequest) -> HttpResponse:
    """One page of rows; what the address says and nobody understands is said with 400, and kept."""
    user = person(request)
    require_ops(user)
    form, query = FilterForm(request.GET), describe_query(request.GET)
    page, sort = RowPage([]), Sort.NAME
    cut = _read_cut(request, form, query)
    moved_on = MOVED_ON in form.non_field_errors()
    if form.is_valid() and not form.errors:
        page, sort = read_page(form.chosen, cut), form.chosen.sort
    views = list_saved_views(user)
    context = {
        "form": form,
        "page": page,
        "rows": page.rows,
        "damaged": describe_damage(page.damaged),
        "total": page.total,
        "is_more": page.total > MOST_COUNTED,
        "most_counted": MOST_COUNTED,
        "query": query,
        "again": query if moved_on else "",  # filters that nobody understands would be refused again
        "previous": write_place(page.before, sort, query),
        "next": write_place(page.after, sort, query),
        "is_further": cut.place is not None,
        "views": views,
        "view": next((each for each in views if each.query == query), None),
        "save_form": fill_form(request, SaveViewForm),
    }
    return render(request, "ops/companies.html", context, status=400 if form.errors else 200)


def _read_cut(request: HttpRequest, form: FilterForm, query: str) -> Cut:
    """Where the address goes on; what it names and is no place in this list is added to the form's errors."""
    after, before = (request.GET.get(name, "") for name in (AFTER, BEFORE))
    if not (after or before) or not form.is_valid():
        return Cut()
    try:
        if after and before:
            raise UnknownMark
        return Cut(read_place(after or before, form.chosen.sort, query), backwards=bool(before))
    except UnknownMark:
        form.add_error(None, MOVED_ON)
        return Cut()


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The same list, whole, as CSV; without filters that nobody understands there is none."""
    require_ops(person(request))
    form = FilterForm(request.GET)
    if not form.is_valid():
        return companies(request)
    answer = StreamingHttpResponse(stream_csv(form.chosen), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="companies.csv"'
    log_event(SecurityEvent.LIST_EXPORTED, Outcome.SUCCESS, detail="companies")
    return answer


@keeps_typed(SaveViewForm)
@posted_from("ops:companies", may_see=require_ops)
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the filters of this address under a name."""
    user = person(request)
    require_ops(user)
    query = describe_query(request.GET)
    form = fill_form(request, SaveViewForm)
    if form.is_valid() and not FilterForm(request.GET).is_valid():
        form.add_error(None, NOT_KEPT)
    elif form.is_valid():
        try:
            made = saved_views.save_view(user, form.cleaned_data["name"], query)
        except StateConflict as refusal:
            form.add_error("name", refusal.sentence)
        else:
            messages.success(request, f"“{made.name}” is saved. Only you see it.")
    if form.errors:
        return render_form(request, "ops/save_view.html", {"form": form, "query": query})
    return redirect(f"{reverse('ops:companies')}?{query}")


@posted_from("ops:companies", may_see=require_ops)
def delete_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget one of one's own."""
    user = person(request)
    require_ops(user)
    name = saved_views.delete_view(user, pk)
    messages.success(request, f"“{name}” is deleted." if name else "It was deleted before.")
    return redirect("ops:companies")
