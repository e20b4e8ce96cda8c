"""A bound form field as field_markup.py draws it: kind, ids, texts, attributes.

The ids are Django's own (id_name, id_name_helptext, id_name_error), so that what we draw and what Django links agree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

from onboarding.ui.widgets import BrowserKey, DateParts

_CLASSES = {
    "browser_key": "",
    "checkbox": "govuk-checkboxes__input",
    "file": "govuk-file-upload",
    "input": "govuk-input",
    "password": "govuk-input govuk-password-input__input govuk-js-password-input-input",
    "select": "govuk-select",
    "textarea": "govuk-textarea",
}
# Attributes that look like help and are none: browsers' own bubbles and placeholders disappear when one types.
_UNWANTED = ("placeholder", "required")
_MISSING = {
    "checkbox": "Tick",
    "checkboxes": "Choose at least one answer to",
    "file": "Choose a file for",
    "radios": "Choose an answer to",
    "select": "Choose an answer to",
}
_BOX_WIDTHS = {"day": 2, "month": 2, "year": 4}


@dataclass(frozen=True)
class Choice:
    """One radio or checkbox; `reveal` are the fields that its choice uncovers."""

    id: str
    value: str
    label: str
    selected: bool
    disabled: bool
    hint: str
    reveal: tuple[BoundField, ...]


@dataclass(frozen=True)
class Box:
    """One text box of a date; `wrong`: the error is about this box."""

    id: str
    name: str
    label: str
    value: str
    classes: str


class Control:
    """What is needed to draw `field`; nothing here changes the field."""

    def __init__(self, field: BoundField) -> None:
        self.field = field
        self.widget = field.field.widget
        self.id = str(self.widget.attrs.get("id") or field.auto_id)
        self.label, self.hint = str(field.label), str(field.help_text)  # what is marked as safe stays so
        self.earlier = str(getattr(field.form, "earlier", {}).get(field.name, ""))
        self.errors = list(self._sentences())

    def _sentences(self) -> Iterator[str]:
        """The field's errors; Django's "This field is required." says in a summary of ten fields nothing at all."""
        for text in self.field.errors:
            if text == forms.Field.default_error_messages["required"]:
                yield f"{_MISSING.get(self.kind, 'Fill in')} “{self.label}”"
            else:
                yield str(text)

    @cached_property
    def kind(self) -> str:
        """Which function draws it, and which classes its element gets."""
        for kind, widgets in _KINDS:
            if isinstance(self.widget, widgets):
                return kind
        return "input"

    @property
    def hint_id(self) -> str:
        return f"{self.id}_helptext"

    @property
    def error_id(self) -> str:
        return f"{self.id}_error"

    @property
    def described_by(self) -> str:
        """Ids of hint, earlier answer and error, as they exist."""
        found = ((self.hint, self.hint_id), (self.earlier, self.earlier_id), (self.errors, self.error_id))
        return " ".join(name for text, name in found if text)

    @property
    def earlier_id(self) -> str:
        return f"{self.id}_earlier"

    @property
    def optional(self) -> bool:
        """Whether the label says so; not for a lone checkbox, for a field that another choice uncovers, or for one of
        several of which one must be given."""
        if self.field.name in getattr(self.field.form, "one_of", ()):
            return False
        plain = self.kind != "checkbox" and "optional" not in str(self.label).lower()
        return plain and not self.field.field.required and not is_revealed(self.field)

    @property
    def html(self) -> SafeString:
        """The form element itself, drawn by Django's widget with our attributes."""
        field = self.field
        drawn = self.widget.render(field.html_name, field.value(), self.attributes(), field.form.renderer)
        return SafeString(drawn)

    def attributes(self) -> dict[str, Any]:
        """Attributes for the element; a value of False makes Django leave the attribute out."""
        attrs: dict[str, Any] = dict.fromkeys(_UNWANTED, False)
        attrs |= {"id": self.id, "class": self._classes()}
        if self.described_by:
            attrs["aria-describedby"] = self.described_by
        if self.errors:
            attrs["aria-invalid"] = "true"
        if self.field.field.disabled:
            attrs["disabled"] = True
        return attrs | self._typing_attributes()

    def _classes(self) -> str:
        base = _CLASSES[self.kind]
        names = [base, str(self.widget.attrs.get("class", ""))]
        if self.errors and self.kind != "checkbox":
            names.append(f"{'govuk-input' if self.kind == 'password' else base}--error")
        return " ".join(filter(None, names))

    def _typing_attributes(self) -> dict[str, Any]:
        if self.kind == "password":
            return {"spellcheck": "false", "autocapitalize": "none"}
        if getattr(self.widget, "input_type", "") == "email":
            return {"spellcheck": "false", "autocapitalize": "none"}
        return {}

    @property
    def choices(self) -> Iterator[Choice]:
        """Radios or checkboxes in order, groups flattened."""
        hints, reveals = getattr(self.widget, "hints", {}), getattr(self.widget, "reveals", {})
        for number, bound in enumerate(self.field.subwidgets):
            data, value = bound.data, str(bound.data["value"])
            yield Choice(
                id=f"{self.id}_{number}",
                value=value,
                label=data["label"],
                selected=bool(data["selected"]),
                disabled=bool(data["attrs"].get("disabled") or self.field.field.disabled),
                hint=hints.get(value, ""),
                reveal=tuple(self.field.form[name] for name in reveals.get(value, ())),
            )

    @property
    def boxes(self) -> Iterator[Box]:
        """The text boxes of a date in parts."""
        value = self.field.value()
        texts = value if isinstance(value, list) else self.widget.decompress(value)
        for part, text in zip(self.widget.parts, texts, strict=True):
            error = " govuk-input--error" if part in self.wrong_parts else ""
            yield Box(
                id=f"{self.id}_{part}",
                name=f"{self.field.html_name}_{part}",
                label=part.capitalize(),
                value="" if text is None else str(text),
                classes=f"govuk-input govuk-date-input__input govuk-input--width-{_BOX_WIDTHS[part]}{error}",
            )

    @cached_property
    def wrong_parts(self) -> tuple[str, ...]:
        """The parts of a date that its errors are about; all of them if an error does not say."""
        named: list[str] = []
        for error in self.field.form.errors.as_data().get(self.field.name, []):
            named += (error.params or {}).get("parts", self.widget.parts)
        return tuple(part for part in self.widget.parts if part in named)

    @property
    def target(self) -> str:
        """The id that the error summary leads to: always an element that takes the focus; "" if there is none."""
        if self.kind == "hidden":
            return ""
        if self.kind in ("radios", "checkboxes"):
            return f"{self.id}_0"
        if self.kind == "date":
            return f"{self.id}_{(self.wrong_parts or self.widget.parts)[0]}"
        return self.id


_KINDS: tuple[tuple[str, tuple[type[forms.Widget], ...]], ...] = (
    ("hidden", (forms.HiddenInput, forms.MultipleHiddenInput)),
    ("browser_key", (BrowserKey,)),
    ("date", (DateParts,)),
    ("checkboxes", (forms.CheckboxSelectMultiple,)),
    ("radios", (forms.RadioSelect,)),
    ("checkbox", (forms.CheckboxInput,)),
    ("select", (forms.Select,)),
    ("textarea", (forms.Textarea,)),
    ("file", (forms.FileInput,)),
    ("password", (forms.PasswordInput,)),
)


def is_revealed(field: BoundField) -> bool:
    """Whether another field of the form places this one under one of its choices."""
    widgets = (other.widget for other in field.form.fields.values())
    return any(field.name in names for widget in widgets for names in getattr(widget, "reveals", {}).values())


@dataclass(frozen=True)
class ErrorSummaryItem:
    """One line of the error summary; `target` is an element's id or empty."""

    text: str
    target: str


def error_summary_items(form: forms.BaseForm) -> Iterator[ErrorSummaryItem]:
    """Everything wrong with a form, in the order in which the page shows it; first what concerns all of it."""
    for text in form.non_field_errors():
        yield ErrorSummaryItem(str(text), "")
    for field in [*form.hidden_fields(), *form.visible_fields()]:
        control = Control(field)
        yield from (ErrorSummaryItem(text, control.target) for text in control.errors)
