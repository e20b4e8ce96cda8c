"""Small pieces of HTML for the stand-in pages: escaping, the frame of a page, forms.

What a page says lives in the pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from werkzeug.wrappers import Response

BANNER = "Stand-in for GlobalSign Atlas - for demonstration and tests only"
POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


class Html(str):
    """Text that is markup already; everything else is escaped on its way into markup."""

    __slots__ = ()


def h(template: str, **values: object) -> Html:
    """Fill a template in the manner of `str.format`; values are escaped unless they are Html."""
    safe = {name: value if isinstance(value, Html) else escape(str(value)) for name, value in values.items()}
    return Html(template.format(**safe))


def join(parts: Iterable[Html]) -> Html:
    """Pieces of markup, one per line."""
    return Html("\n".join(parts))


@dataclass
class Form:
    """What a person typed, and what was wrong with it (field name -> reason; "" is the form as a whole)."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


_PAGE = """<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} - stand-in Atlas</title>
<link rel="stylesheet" href="/sandbox.css">
</head>
<body>
<header><p class="banner" id="banner">{banner}</p>
<div class="bar"><a class="home" href="/">Atlas</a>{who}</div></header>
<main id="main">
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""
_WHO = """<form class="sign-out" method="post" action="/sign-out"><span id="signed-in-as">{email}</span>
<button id="sign-out" type="submit" class="plain">Sign out</button></form>"""


def page(title: str, body: Html, email: str = "", status: int = 200) -> Response:
    """A whole page; `email` says who is signed in."""
    who = h(_WHO, email=email) if email else Html("")
    response = Response(
        h(_PAGE, title=title, banner=BANNER, who=who, body=body), status, mimetype="text/html"
    )
    response.headers["Content-Security-Policy"] = POLICY
    return response


def problems(form: Form, labels: Mapping[str, str]) -> Html:
    """The errors of a form, above it, each with a link to its field."""
    if not form.errors:
        return Html("")
    items = join(_problem(name, reason, labels) for name, reason in form.errors.items())
    return h(
        '<div class="errors" id="errors" role="alert"><h2>There is a problem</h2><ul>{items}</ul></div>',
        items=items,
    )


def _problem(name: str, reason: str, labels: Mapping[str, str]) -> Html:
    if name not in labels:
        return h("<li>{reason}</li>", reason=reason)
    return h('<li><a href="#{name}">{label}: {reason}</a></li>', name=name, label=labels[name], reason=reason)


def text_field(form: Form, name: str, label: str, *, kind: str = "text", hint: str = "") -> Html:
    """A labelled line of text. Its id is its name."""
    return h(
        '<div class="field"><label for="{name}">{label}</label>{hint}'
        '<input id="{name}" name="{name}" type="{kind}" value="{value}"{described}></div>',
        name=name,
        label=label,
        kind=kind,
        value="" if kind == "password" else form.values.get(name, ""),
        hint=_hint(name, hint),
        described=_described(form, name, hint),
    )


def text_area(form: Form, name: str, label: str, *, hint: str = "") -> Html:
    """A labelled box for several lines."""
    return h(
        '<div class="field"><label for="{name}">{label}</label>{hint}'
        '<textarea id="{name}" name="{name}" rows="10" spellcheck="false"{described}>\n{value}</textarea></div>',
        name=name,
        label=label,
        value=form.values.get(name, ""),
        hint=_hint(name, hint),
        described=_described(form, name, hint),
    )


def _hint(name: str, hint: str) -> Html:
    return h('<p class="hint" id="{name}-hint">{hint}</p>', name=name, hint=hint) if hint else Html("")


def _described(form: Form, name: str, hint: str) -> Html:
    described = h(' aria-describedby="{name}-hint"', name=name) if hint else Html("")
    return Html(described + (' aria-invalid="true"' if name in form.errors else ""))


def read_only(name: str, label: str, value: str, rows: int) -> Html:
    """A labelled box to copy from."""
    return h(
        '<div class="field"><label for="{name}">{label}</label>'
        '<textarea id="{name}" rows="{rows}" readonly spellcheck="false">\n{value}</textarea></div>',
        name=name,
        label=label,
        value=value,
        rows=rows,
    )


@dataclass(frozen=True)
class Choice:
    """A radio button or a checkbox: the value that is sent, the words beside it."""

    value: str
    label: str
    checked: bool = False


def choices(kind: str, name: str, legend: str, options: Sequence[Choice]) -> Html:
    """A group of radio buttons or checkboxes; the id of each is the name, a hyphen, and its value."""
    items = join(_choice(kind, name, option) for option in options)
    return h(
        '<fieldset id="{name}"><legend>{legend}</legend>{items}</fieldset>',
        name=name,
        legend=legend,
        items=items,
    )


def _choice(kind: str, name: str, option: Choice) -> Html:
    return h(
        '<div class="choice"><input id="{id}" name="{name}" type="{kind}" value="{value}"{checked}>'
        '<label for="{id}">{label}</label></div>',
        id=f"{name}-{option.value}".replace(" ", "-"),
        name=name,
        kind=kind,
        value=option.value,
        label=option.label,
        checked=Html(" checked") if option.checked else Html(""),
    )


def form_of(action: str, button_id: str, button: str, *parts: Html) -> Html:
    """A form that is posted, with one button."""
    return h(
        '<form method="post" action="{action}" novalidate>{parts}'
        '<button id="{button_id}" type="submit">{button}</button></form>',
        action=action,
        parts=join(parts),
        button_id=button_id,
        button=button,
    )


def hidden(name: str, value: str) -> Html:
    """A value that travels with a form."""
    return h('<input type="hidden" name="{name}" value="{value}">', name=name, value=value)


def para(text: str, name: str = "") -> Html:
    """A paragraph, with an id if it has a name."""
    return h('<p id="{name}">{text}</p>', name=name, text=text) if name else h("<p>{text}</p>", text=text)


def link(href: str, text: str, name: str) -> Html:
    """A link in a line of its own."""
    return h('<p><a id="{name}" href="{href}">{text}</a></p>', name=name, href=href, text=text)


def facts(rows: Mapping[str, object]) -> Html:
    """Names and values."""
    items = join(h("<dt>{name}</dt><dd>{value}</dd>", name=name, value=value) for name, value in rows.items())
    return h("<dl>{items}</dl>", items=items)
