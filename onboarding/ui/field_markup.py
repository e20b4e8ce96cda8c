"""How the fields of forms look, in GOV.UK Frontend's markup: label, hint, what was sent before, errors and element.

By functions, because a template for each of these parts took three quarters of a page with forms
(docs/decisions/0013-markup-by-functions.md). What a field has is said by controls.py, its element is drawn by
form_renderer.py; the template pack of crispy-forms, templates/govuk, calls `draw_field`.
"""

from collections.abc import Callable, Iterable

from django.forms.boundfield import BoundField
from django.template.defaultfilters import linebreaksbr
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from onboarding.ui.controls import Box, Choice, Control, is_revealed
from onboarding.ui.form_renderer import draw_attributes
from onboarding.ui.remembered_markup import remember_markup

_LABEL = '<label class="govuk-label govuk-label--s" for="{}">\n{}{}\n</label>'
_HINT = '<div id="{}" class="govuk-hint">{}</div>\n'
_EARLIER = '<div id="{}" class="app-earlier" data-rows><span class="app-earlier__label">Sent before:</span> {}</div>\n'
_ERROR = '<p class="govuk-error-message">\n<span class="govuk-visually-hidden">Error:</span> {}\n</p>\n'
_NOTHING, _OPTIONAL = SafeString(), SafeString(" (optional)")
_WRONG = SafeString(" govuk-form-group--error")
_INPUT = '<div class="govuk-form-group{}">\n{}\n{}\n{}\n</div>'
_FILE = (
    '<div class="govuk-form-group{}">\n{}\n{}\n'
    '<div class="govuk-file-upload-wrapper" data-module="govuk-file-upload">{}</div>\n</div>'
)
_HIDDEN_TEXT = (
    '<div class="govuk-form-group govuk-password-input{}" data-module="govuk-password-input">\n{}\n{}\n'
    '<div class="govuk-input__wrapper govuk-password-input__wrapper">\n{}\n<button type="button" '
    'class="govuk-button govuk-button--secondary govuk-password-input__toggle govuk-js-password-input-toggle" '
    'data-module="govuk-button" aria-controls="{}" aria-label="Show password" hidden>Show</button>\n</div>\n</div>'
)
_CHECKBOX = (
    '<div class="govuk-form-group{}">\n{}\n<div class="govuk-checkboxes govuk-checkboxes--small">\n'
    '<div class="govuk-checkboxes__item">\n{}\n'
    '<label class="govuk-label govuk-checkboxes__label" for="{}">{}</label>\n</div>\n</div>\n</div>'
)
_LEGEND = '<legend class="govuk-fieldset__legend govuk-fieldset__legend--s">\n{}{}\n</legend>'
_FIELDSET = (
    '<div class="govuk-form-group{}">\n<fieldset class="govuk-fieldset"{}>\n{}\n{}\n{}\n</fieldset>\n</div>'
)
_CHOICE = (
    '<div class="govuk-{kind}__item">\n<input class="govuk-{kind}__input"{attributes}>\n'
    '<label class="govuk-label govuk-{kind}__label" for="{id}">{label}</label>\n{hint}</div>\n'
)
_CHOICE_HINT = '<div id="{}_hint" class="govuk-hint govuk-{}__hint">{}</div>\n'
_REVEALED = '<div class="govuk-{kind}__conditional{hidden}" id="conditional-{id}">\n{fields}\n</div>\n'
_BOX = (
    '<div class="govuk-date-input__item">\n<div class="govuk-form-group">\n'
    '{}\n<input{} value="{}"{}>\n</div>\n</div>\n'
)


def draw_field(field: BoundField, *, placed: bool = False) -> SafeString:
    """The field; nothing where a choice of another field uncovers it, unless it is `placed` under that choice."""
    if not placed and is_revealed(field):
        return SafeString()
    control = Control(field)
    return _DRAW[control.kind](control)


def draw_hint_and_errors(control: Control) -> SafeString:
    """What stands between a field's label and its element."""
    parts = [_draw_hint(control.hint_id, control.hint)] if control.hint else []
    if control.earlier:
        parts.append(format_html(_EARLIER, control.earlier_id, linebreaksbr(control.earlier)))
    if control.errors:
        errors = _join(format_html(_ERROR, each) for each in control.errors)
        parts.append(format_html('<div id="{}">\n{}</div>\n', control.error_id, errors))
    return _join(parts)


@remember_markup
def _draw_hint(id: str, hint: str) -> SafeString:  # noqa: A002  # as in HTML
    return format_html(_HINT, id, hint)


@remember_markup
def _draw_label(id: str, label: str, optional: SafeString) -> SafeString:  # noqa: A002  # as in HTML
    return format_html(_LABEL, id, label, optional)


@remember_markup
def _draw_legend(label: str, optional: SafeString) -> SafeString:
    return format_html(_LEGEND, label, optional)


def _join(parts: Iterable[SafeString]) -> SafeString:
    return SafeString("".join(parts))


def _name_error(control: Control) -> SafeString:
    return _WRONG if control.errors else _NOTHING


def _name_optional(control: Control) -> SafeString:
    return _OPTIONAL if control.optional else _NOTHING


def _draw_labelled(control: Control, markup: str, *more: str) -> SafeString:
    label = _draw_label(control.id, control.label, _name_optional(control))
    return format_html(
        markup, _name_error(control), label, draw_hint_and_errors(control), control.html, *more
    )


def _draw_input(control: Control) -> SafeString:
    return _draw_labelled(control, _INPUT)


def _draw_file(control: Control) -> SafeString:
    return _draw_labelled(control, _FILE)


def _draw_password(control: Control) -> SafeString:
    return _draw_labelled(control, _HIDDEN_TEXT, control.id)


def _draw_checkbox(control: Control) -> SafeString:
    hint = draw_hint_and_errors(control)
    return format_html(_CHECKBOX, _name_error(control), hint, control.html, control.id, control.label)


def _draw_fieldset(control: Control, inner: SafeString, **attributes: str) -> SafeString:
    if control.described_by:
        attributes["aria-describedby"] = control.described_by
    return format_html(
        _FIELDSET,
        _name_error(control),
        draw_attributes(attributes),
        _draw_legend(control.label, _name_optional(control)),
        draw_hint_and_errors(control),
        inner,
    )


def _draw_choices(control: Control) -> SafeString:
    choices = _join(_draw_choice_and_revealed(control, each) for each in control.choices)
    return _draw_fieldset(control, format_html('<div class="govuk-{}">\n{}</div>', control.kind, choices))


def _draw_choice_and_revealed(control: Control, choice: Choice) -> SafeString:
    about = (choice.id, control.field.html_name, choice.value, choice.label, choice.hint)
    drawn = _draw_choice(control.kind, *about, choice.selected, choice.disabled, bool(choice.reveal))
    return drawn + _draw_revealed(control, choice) if choice.reveal else drawn


@remember_markup
def _draw_choice(
    kind: str,
    id: str,  # noqa: A002  # as in HTML
    name: str,
    value: str,
    label: str,
    hint: str,
    is_selected: bool,
    is_disabled: bool,
    reveals: bool,
) -> SafeString:
    attributes = {
        "id": id,
        "name": name,
        "type": "radio" if kind == "radios" else "checkbox",
        "value": value,
        "checked": is_selected,
        "disabled": is_disabled,
        "data-reveals": f"conditional-{id}" if reveals else False,
        "aria-describedby": f"{id}_hint" if hint else False,
    }
    return format_html(
        _CHOICE,
        kind=kind,
        attributes=draw_attributes(attributes),
        id=id,
        label=label,
        hint=format_html(_CHOICE_HINT, id, kind, hint) if hint else "",
    )


def _draw_revealed(control: Control, choice: Choice) -> SafeString:
    return format_html(
        _REVEALED,
        kind=control.kind,
        hidden="" if choice.selected else f" govuk-{control.kind}__conditional--hidden",
        id=choice.id,
        fields=_join(draw_field(each, placed=True) for each in choice.reveal),
    )


def _draw_date(control: Control) -> SafeString:
    boxes = _join(_draw_box(control, each) for each in control.boxes)
    inner = format_html('<div class="govuk-date-input" id="{}">\n{}</div>', control.id, boxes)
    return _draw_fieldset(control, inner, role="group")


def _draw_box(control: Control, box: Box) -> SafeString:
    about = {"class": box.classes, "id": box.id, "name": box.name, "type": "text"}
    rest = {"autocomplete": "off", "inputmode": "numeric", "disabled": control.field.field.disabled}
    label = _draw_box_label(box.id, box.label)
    return format_html(_BOX, label, draw_attributes(about), box.value, draw_attributes(rest))


@remember_markup
def _draw_box_label(id: str, label: str) -> SafeString:  # noqa: A002  # as in HTML
    return format_html('<label class="govuk-label govuk-date-input__label" for="{}">{}</label>', id, label)


def _draw_hidden(control: Control) -> SafeString:
    return SafeString(control.field)


def _draw_browser_key(control: Control) -> SafeString:
    return render_to_string("govuk/browser_key.html", {"control": control})


_DRAW: dict[str, Callable[[Control], SafeString]] = {
    "browser_key": _draw_browser_key,
    "checkbox": _draw_checkbox,
    "checkboxes": _draw_choices,
    "date": _draw_date,
    "file": _draw_file,
    "hidden": _draw_hidden,
    "input": _draw_input,
    "password": _draw_password,
    "radios": _draw_choices,
    "select": _draw_input,
    "textarea": _draw_input,
}
