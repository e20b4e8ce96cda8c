"""Lists of HVCA in pages: what the query asks for, and the headers that every list carries.

What is listed is decided by the callers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from werkzeug.wrappers import Response

from atlas.sandbox.problems import Refusal, invalid
from atlas.sandbox.routing import Call, answer_json

DEFAULT_SIZE = 100
LARGEST_SIZE = 100
_LARGEST_NUMBER = 2**53


@dataclass(frozen=True)
class Page:
    """Which part of a list is asked for; `number` counts from 1."""

    number: int
    size: int

    @property
    def offset(self) -> int:
        """How many entries lie before this page."""
        return (self.number - 1) * self.size


def page_of(query: Mapping[str, str]) -> Page:
    """`page` and `per_page` of a query. Raises Refusal 422 in the words of the live service."""
    number, size = whole(query.get("page", "1")), whole(query.get("per_page", str(DEFAULT_SIZE)))
    if not number:
        raise invalid("page")
    if size is None or not 1 <= size <= LARGEST_SIZE:
        raise Refusal(422, "per_page: must be between 1 and 100")
    return Page(number, size)


def whole(text: str) -> int | None:
    """A number of digits only; None for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) <= 16):
        return None
    return min(int(text), _LARGEST_NUMBER)


def answer_page(call: Call, prefix: str, items: list[object], total: int, page: Page) -> Response:
    """The list with `Total-Count` and `Links`; clients in the field read both on every list."""
    response = answer_json(items)
    response.headers["Total-Count"] = str(total)
    last = max(1, -(-total // page.size))
    rels = {"previous": page.number - 1, "next": page.number + 1, "last": last}
    path = call.request.path.rstrip("/").removeprefix(prefix)
    given = {
        name: call.request.args[name]
        for name in ("per_page", "from", "to", "status")
        if name in call.request.args
    }
    response.headers["Links"] = ", ".join(
        f'<{path}?{urlencode({"page": number} | given)}>; rel="{rel}"'
        for rel, number in rels.items()
        if 1 <= number <= last
    )
    return response
