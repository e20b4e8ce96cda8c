"""Addresses that only take posts, and the page that holds their button: whoever comes there otherwise is led to it.

So it is after Back, a reload, a typed address, and a sign-in that leads back to where somebody was.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import redirect
from django.urls import Resolver404, ResolverMatch, resolve, reverse

View = Callable[..., HttpResponse]
SENT = "sent"  # in a page's query: which of what was sent before it shows (sent_forms.py)


def posted_from(
    page: str | Callable[[dict[str, Any]], str],
    *keys: str,
    may_see: Callable[..., object] | None = None,
    by_query: bool = False,
) -> Callable[[View], View]:
    """For a view that takes posts only: GET and HEAD lead to `page`, the name of an address, and change nothing.

    `keys` are those values of the view's own address that the page's address has. `may_see` is the page's access
    function: called with the person and these values it raises what a stranger gets, so that nobody is led anywhere by
    guessing. With `by_query` it gets the query as well, where the page's choice stands in it.
    """

    def get_address(request: HttpRequest, values: dict[str, Any]) -> str:
        name = page if isinstance(page, str) else page(values)
        return with_query(reverse(name, args=[values[key] for key in keys]), request.GET)

    def mark(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, **values: Any) -> HttpResponse:
            if request.method == "POST":
                return view(request, **values)
            if request.method not in ("GET", "HEAD"):
                return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
            if may_see is not None:
                query = [request.GET] if by_query else []
                may_see(request.user, *(values[key] for key in keys), *query)
            return redirect(get_address(request, values))

        wrapped.get_page_address = get_address  # type: ignore[attr-defined]  # as login_required marks its views
        return wrapped

    return mark


def find_page(request: HttpRequest) -> str:
    """The page from which this was posted, with its query: another one where this address takes posts only."""
    match = find_match(request)
    get_address = getattr(match.func, "get_page_address", None) if match else None
    if match and get_address:
        return str(get_address(request, match.kwargs))
    return with_query(request.path, request.GET)


def find_match(request: HttpRequest) -> ResolverMatch | None:
    """The view behind this address; None where there is none. A post may be done under another's address (allauth)."""
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None


def with_query(address: str, query: QueryDict, sent: str = "") -> str:
    """The address with this query, and with the name of what it is to show of what was sent; without an older one."""
    parts = query.copy()
    parts.pop(SENT, None)
    if sent:
        parts[SENT] = sent
    return f"{address}?{parts.urlencode()}" if parts else address
