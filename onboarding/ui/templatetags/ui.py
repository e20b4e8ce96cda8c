"""Tags and filters for pages: status, times, panels, navigation, buttons, copying, waiting, error summary.

What many pages have is drawn by component_markup.py, the rest by templates/components. Words are in ui.formatting.
Fields are drawn by `ui_forms`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms, template
from django.contrib.messages.storage.base import Message
from django.core.paginator import Page
from django.template import Context
from django.template.loader import render_to_string
from django.utils.crypto import get_random_string
from django.utils.safestring import SafeString, mark_safe

from certs import clock
from onboarding.ui import component_markup, controls, formatting, task_list_markup, wait_progress
from onboarding.ui.addresses import find_address
from onboarding.ui.browser_names import describe_browser

register = template.Library()
register.filter("status_text", formatting.state_text)
register.filter("status_colour", formatting.state_colour)
register.filter("duration", formatting.duration)
register.filter("when", formatting.when)
register.filter("when_short", formatting.when_short)
register.filter("day", formatting.day)
register.filter("browser", describe_browser)

_KINDS = {
    "yours": "For you to do",
    "theirs": "For somebody else to do",
    "wait": "Waiting",
    "problem": "There is a problem",
    "done": "Done",
}


def _component(name: str, /, **values: Any) -> SafeString:
    # Stripped, so that a comma may follow a tag without a gap.
    return mark_safe(render_to_string(f"components/{name}.html", values).strip())  # noqa: S308  # rendered, escaped


def _fresh_id(prefix: str) -> str:
    """An id for elements that only need to find each other; pages may show the same component twice."""
    return f"{prefix}-{get_random_string(6, 'abcdefghijkmnpqrstuvwxyz')}"


# Status and time


@register.simple_tag
def tag(text: str, colour: str = "grey") -> SafeString:
    """A word in a coloured box; colour: grey, blue, light-blue, red, green, yellow or teal."""
    return component_markup.draw_tag(text, colour)


@register.simple_tag
def status_tag(state: object) -> SafeString:
    """The state of a step: locked, open, waiting, problem or done; raises KeyError for any other."""
    return component_markup.draw_state(state)


@register.simple_tag
def time(moment: date | None) -> SafeString | str:
    """A moment in full, readable by machines; nothing for None."""
    return component_markup.draw_time(moment) if moment else ""


@register.simple_tag
def ago(moment: datetime | None) -> SafeString | str:
    """A moment relative to now; the exact one shows on hover, on focus and in print."""
    return component_markup.draw_ago(moment) if moment else ""


@register.simple_tag
def wait_bar(
    since: datetime, usual: timedelta | None, limit: timedelta | None, now: datetime | None = None
) -> SafeString:
    """How long a wait has lasted against its usual length and its limit, drawn and in words."""
    return component_markup.draw_wait(wait_progress.measure_wait(since, usual, limit, now or clock.now()))


# Boxes


@register.simple_block_tag(takes_context=True)
def what_now(
    context: Context,
    content: str,
    kind: str,
    heading: str,
    action_url: str = "",
    action_text: str = "",
    action_post: bool = False,
    level: int = 2,
    id: str = "what-now",  # noqa: A002  # as in HTML
) -> SafeString:
    """The panel "what happens now"; kind: yours, theirs, wait, problem or done (KeyError otherwise)."""
    action = SafeString()
    if action_url and action_post:
        action = post_button(context, action_url, action_text, style="")
    elif action_url:
        action = button_link(action_url, action_text)
    return component_markup.draw_now(
        content, action=action, kind=kind, kind_text=_KINDS[kind], heading=heading, level=level, id=id
    )


@register.simple_block_tag
def inset(content: str) -> SafeString:
    """Text set apart by a line at its left."""
    return component_markup.draw_inset(content)


@register.simple_block_tag
def warning(content: str) -> SafeString:
    """Bold text with an exclamation mark: what cannot be undone."""
    return component_markup.draw_warning(content)


@register.simple_block_tag
def details(content: str, summary: str, open: bool = False) -> SafeString:  # noqa: A002  # as in HTML
    """Text that unfolds under its summary."""
    return component_markup.draw_details(content, summary, is_open=open)


@register.simple_block_tag
def confirmation(content: str, title: str) -> SafeString:
    """The panel of a page that says "it is done"; holds the page's h1."""
    return _component("confirmation", content=content, title=title)


@register.simple_block_tag
def empty_state(content: str, heading: str, level: int = 2) -> SafeString:
    """What stands where a list would be if there were anything in it."""
    return _component("empty_state", content=content, heading=heading, level=level)


@register.simple_block_tag
def data_table(content: str, caption: str, label: str = "", hide_caption: bool = False) -> SafeString:
    """A table (thead and tbody as content) in a region that scrolls by itself; `label` names the region.

    On a telephone each row is a card: each cell says its column by `data-label`, and roles are given by hand.
    """
    return _component(
        "data_table",
        content=content,
        caption=caption,
        label=label or caption,
        hide_caption=hide_caption,
    )


@register.simple_tag
def task_list(stages: Sequence[Mapping[str, Any]], level: int = 2) -> SafeString:
    """The steps of an onboarding in their stages, each with its status; one with an address is a link."""
    return task_list_markup.draw_task_list(stages, level)


@register.simple_tag
def finding_panel(finding: object, level: int = 3) -> SafeString:
    """One finding about a file: what was seen, why it matters, how to fix it, with commands to copy."""
    return _component("finding", finding=finding, level=level)


@register.simple_tag
def banners(messages: Iterable[Message]) -> SafeString | str:
    """What the last move had to say, one banner for each kind of message; failures first."""
    kinds: dict[str, list[Message]] = {"error": [], "success": [], "info": []}
    for message in messages or ():
        kinds.get(message.level_tag, kinds["info"]).append(message)
    shown = {kind: said for kind, said in kinds.items() if said}
    return _component("banners", kinds=shown) if shown else ""


# Ways to go on


@register.simple_tag
def back_link(url: str, text: str = "Back") -> SafeString:
    """The way back, above the page's heading."""
    return component_markup.draw_back_link(url, text)


@register.simple_tag
def breadcrumbs(*parts: str) -> SafeString:
    """Title, address, title, address, ...; a last title may stand alone for the page itself."""
    crumbs = [(parts[i], parts[i + 1] if i + 1 < len(parts) else "") for i in range(0, len(parts), 2)]
    return component_markup.draw_breadcrumbs(crumbs)


@register.simple_tag
def button_link(url: str, text: str, style: str = "") -> SafeString:
    """A link that looks like a button; style: "", secondary or warning."""
    return component_markup.draw_button_link(url, text, style)


@register.simple_tag
def submit(text: str, style: str = "", name: str = "", value: str = "") -> SafeString:
    """The button that sends a form, once even if pressed twice."""
    return component_markup.draw_submit(text, style, name, value, "")


@register.simple_tag(takes_context=True)
def post_button(
    context: Context, url: str, text: str, style: str = "secondary", button_id: str = "", **hidden: str
) -> SafeString:
    """A form of its own with nothing but a button; further keywords become hidden inputs.

    In a part of a page that refreshes itself the button needs its `button_id`: by it the keyboard's focus comes back.
    """
    token = str(context.get("csrf_token") or "")
    return component_markup.draw_post_button(url, text, style, button_id, token, hidden)


@register.simple_tag
def print_button(text: str = "Print this page") -> SafeString:
    """Opens the browser's print dialogue; hidden without JavaScript."""
    return component_markup.draw_print_button(text)


@register.simple_tag(takes_context=True)
def pagination(context: Context, page_obj: Page[Any]) -> SafeString:
    """Links to the other pages of a list; keeps the rest of the query string."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    numbers: Sequence[int | str] = list(
        page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    )
    return _component("pagination", page=page_obj, numbers=numbers, query=query.urlencode())


@register.simple_tag
def address(name: str, *values: object) -> str:
    """The address of a page, as Django's `url` has it, for values that are codes, slugs and keys."""
    return find_address(name, *values)


# Copying


@register.simple_tag
def copy_button(target: str, text: str = "Copy") -> SafeString:
    """A button that copies the text of the element that `target` (a CSS selector) finds; needs JavaScript."""
    return component_markup.draw_copy_button(target, text)


@register.simple_tag
def copyable(value: str, label: str = "Copy") -> SafeString:
    """A value with its copy button."""
    return component_markup.draw_copyable(value, label, _fresh_id("copy"))


@register.simple_tag
def command(text: str, title: str = "", level: int = 3) -> SafeString:
    """One command as it is typed, with its copy button."""
    return _component("command", text=text, title=title, level=level, id=_fresh_id("command"))


# Forms


@register.simple_tag
def error_summary(*forms_: object) -> SafeString | str:
    """What is wrong with the forms of a page, each line a link to its field; nothing if nothing is."""
    bound = [form for form in forms_ if isinstance(form, forms.BaseForm) and form.is_bound]
    found = [item for form in bound for item in controls.error_summary_items(form)]
    return _component("error_summary", items=found) if found else ""


@register.simple_tag
def has_errors(*forms_: object) -> bool:
    """Whether the page's title must begin with "Error:"."""
    return any(isinstance(form, forms.BaseForm) and form.is_bound and form.errors for form in forms_)
