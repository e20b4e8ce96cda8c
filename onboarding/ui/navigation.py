"""The addresses that every page links to: service navigation and footer.

Who may open a page is decided by its view; here a link is only offered or not.
"""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import get_script_prefix


@dataclass(frozen=True)
class Item:
    """One link of the navigation; `current`: this very page, `active`: a page below it."""

    title: str
    url: str
    current: bool
    active: bool


TASKS, OPS, CHECK, HELP = "", "ops/", "check/", "help/"
FOOTER = (("About this portal", "help/about/"), ("Help", "help/"), ("Accessibility", "help/accessibility/"))
_BELOW_OPS = ("ops/", "companies/add/")
_BELOW_TASKS = ("companies/", "onboardings/", "handovers/", "tasks/")


def navigation_items(request: HttpRequest) -> tuple[Item, ...]:
    """What the person of this request is offered; nothing but help for those who are not signed in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        wanted = [("Help", HELP)]
    else:
        wanted = [("Your tasks", TASKS), ("Ops board", OPS), ("Check a file", CHECK), ("Help", HELP)]
        if not getattr(user, "is_ops", False):
            wanted.remove(("Ops board", OPS))
    here = request.path_info.removeprefix("/")
    return tuple(_item(title, path, here) for title, path in wanted)


def _item(title: str, path: str, here: str) -> Item:
    of_ops = here.startswith(_BELOW_OPS)
    below = {TASKS: here.startswith(_BELOW_TASKS) and not of_ops, OPS: of_ops}.get(
        path, here.startswith(path)
    )
    current = here == path
    return Item(title, get_script_prefix() + path, current, below and not current)


def footer_links() -> tuple[tuple[str, str], ...]:
    """(title, address) pairs of the footer."""
    return tuple((title, get_script_prefix() + path) for title, path in FOOTER)
