"""The components that many pages have, drawn by functions: buttons, links, times, boxes.

A template for each takes several times as long (docs/decisions/0013-markup-by-functions.md); rarer ones are templates,
in templates/components. Which tag draws what stands in templatetags/ui.py, where a page finds them.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.utils.html import format_html
from django.utils.safestring import SafeString

from onboarding.ui import formatting
from onboarding.ui.remembered_markup import remember_markup
from onboarding.ui.wait_progress import Wait

NOTHING = SafeString()
_BUTTON = (
    '<button type="submit"{id} class="govuk-button{style_class}" data-module="govuk-button" '
    'data-prevent-double-click="true"{name}>{text}</button>'
)
_BUTTON_LINK = (
    '<a href="{}" role="button" draggable="false" class="govuk-button{}" data-module="govuk-button">{}</a>'
)
_POST = '<form class="app-inline-form" method="post" action="{}" novalidate>\n{}\n{}\n{}\n</form>'
_HIDDEN = '<input type="hidden" name="{}" value="{}">'
_COPY = '<button type="button" class="govuk-button govuk-button--secondary app-copy" data-copy="{}" hidden>{}</button>'
_PRINT = '<button type="button" class="govuk-button govuk-button--secondary app-no-print" data-print hidden>{}</button>'
_BACK = '<nav aria-label="Back">\n<a href="{}" class="govuk-back-link">{}</a>\n</nav>'
_CRUMBS = (
    '<nav class="govuk-breadcrumbs" aria-label="Breadcrumb">\n'
    '<ol class="govuk-breadcrumbs__list">\n{}</ol>\n</nav>'
)
_CRUMB = (
    '<li class="govuk-breadcrumbs__list-item">\n<a class="govuk-breadcrumbs__link" href="{}">{}</a>\n</li>\n'
)
_CRUMB_HERE = '<li class="govuk-breadcrumbs__list-item" aria-current="page">{}</li>\n'
_WARNING = (
    '<div class="govuk-warning-text">\n<span class="govuk-warning-text__icon" aria-hidden="true">!</span>\n'
    '<strong class="govuk-warning-text__text">\n<span class="govuk-visually-hidden">Warning</span>\n{}\n'
    "</strong>\n</div>"
)
_DETAILS = (
    '<details class="govuk-details"{}>\n<summary class="govuk-details__summary">\n'
    '<span class="govuk-details__summary-text">{}</span>\n</summary>\n'
    '<div class="govuk-details__text">{}</div>\n</details>'
)
_NOW = (
    '<section class="app-now app-now--{kind}" aria-labelledby="{id}">\n<p class="app-now__kind">{kind_text}</p>\n'
    '<h{level} class="app-now__heading" id="{id}">{heading}</h{level}>\n<div class="app-now__body">{content}</div>\n'
    "{action}</section>"
)
_WAIT = (
    '<div class="app-wait{}">\n<svg class="app-wait__bar" viewBox="0 0 1000 28" preserveAspectRatio="none" '
    'aria-hidden="true" focusable="false">\n'
    '<rect class="app-wait__track" x="0" y="8" width="1000" height="14"></rect>\n'
    '<rect class="app-wait__gone" x="0" y="8" width="{}" height="14"></rect>\n{}</svg>\n<p>{}</p>\n</div>'
)
_AGO = '<time class="app-ago" datetime="%s" tabindex="0">%s<span class="app-ago__exact">%s</span></time>'
_WAIT_MARK = '<rect class="app-wait__usual" x="{}" y="2" width="6" height="26"></rect>\n'


# Words and times


@remember_markup
def draw_tag(text: str, colour: str) -> SafeString:
    """A word in a coloured box."""
    return format_html('<strong class="govuk-tag govuk-tag--{}">{}</strong>', colour, text)


def draw_state(state: object) -> SafeString:
    """The state of a step; raises KeyError for one that does not exist."""
    return draw_tag(formatting.state_text(state), formatting.state_colour(state))


def draw_time(moment: date) -> SafeString:
    """A moment in full, readable by machines."""
    machine = formatting.iso(moment) if isinstance(moment, datetime) else moment.isoformat()
    return format_html('<time datetime="{}">{}</time>', machine, formatting.when(moment))


def draw_ago(moment: datetime) -> SafeString:
    """A moment relative to now, with the exact one."""
    local = formatting.localize(moment)  # what is said of it is digits and our own words: nothing to escape
    return SafeString(_AGO % (local.isoformat(), formatting.ago(moment), formatting.when(local)))


def draw_wait(wait: Wait) -> SafeString:
    """The bar of a wait, and what it says in words."""
    state = " app-wait--late" if wait.late else " app-wait--over" if wait.over else ""
    mark = NOTHING if wait.usual is None else format_html(_WAIT_MARK, wait.usual_mark)
    return format_html(_WAIT, state, wait.gone, mark, wait.sentence)


# Boxes


def draw_details(content: str, summary: str, *, is_open: bool) -> SafeString:
    """Text that unfolds under its summary."""
    return format_html(_DETAILS, " open" if is_open else "", summary, content)


def draw_inset(content: str) -> SafeString:
    """Text set apart by a line at its left."""
    return format_html('<div class="govuk-inset-text">{}</div>', content)


def draw_warning(content: str) -> SafeString:
    """Bold text with an exclamation mark."""
    return format_html(_WARNING, content)


def draw_now(content: str, *, action: SafeString, **about: str | int) -> SafeString:
    """What happens now; `about`: kind, kind_text, heading, level, id."""
    wrapped = format_html('<div class="app-now__action">\n{}\n</div>\n', action) if action else NOTHING
    return format_html(_NOW, content=content, action=wrapped, **about)


# Ways to go on


@remember_markup
def draw_submit(text: str, style: str, name: str, value: str, button_id: str) -> SafeString:
    """The button that sends a form."""
    return format_html(
        _BUTTON,
        id=format_html(' id="{}"', button_id) if button_id else NOTHING,
        style_class=format_html(" govuk-button--{}", style) if style else NOTHING,
        name=format_html(' name="{}" value="{}"', name, value) if name else NOTHING,
        text=text,
    )


def draw_post_button(
    url: str, text: str, style: str, button_id: str, token: str, hidden: Mapping[str, str]
) -> SafeString:
    """A form with nothing but a button."""
    values = SafeString("".join(format_html(_HIDDEN, name, value) for name, value in hidden.items()))
    given = format_html(_HIDDEN, "csrfmiddlewaretoken", token) if token else NOTHING
    return format_html(_POST, url, given, values, draw_submit(text, style, "", "", button_id))


def draw_button_link(url: str, text: str, style: str) -> SafeString:
    """A link that looks like a button."""
    return format_html(_BUTTON_LINK, url, f" govuk-button--{style}" if style else NOTHING, text)


def draw_back_link(url: str, text: str) -> SafeString:
    """The way back."""
    return format_html(_BACK, url, text)


def draw_breadcrumbs(crumbs: Iterable[tuple[str, str]]) -> SafeString:
    """The way down to the page; a title without an address is the page itself."""
    drawn = (
        format_html(_CRUMB, url, title) if url else format_html(_CRUMB_HERE, title) for title, url in crumbs
    )
    return format_html(_CRUMBS, SafeString("".join(drawn)))


@remember_markup
def draw_print_button(text: str) -> SafeString:
    """Opens the browser's print dialogue."""
    return format_html(_PRINT, text)


# Copying


def draw_copy_button(target: str, text: str) -> SafeString:
    """Copies the text of the element that the selector finds."""
    return format_html(_COPY, target, text)


def draw_copyable(value: str, label: str, element_id: str) -> SafeString:
    """A value with its copy button."""
    button = draw_copy_button(f"#{element_id}", label)
    return format_html(
        '<span class="app-copyable"><code id="{}">{}</code> {}\n</span>', element_id, value, button
    )
