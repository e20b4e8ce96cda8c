"""Tags that the form template pack (templates/govuk) needs.

Pages load `ui` instead; what a list is narrowed by is drawn by `choice_field`.
"""

from typing import Any

from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django import template
from django.forms import ChoiceField
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

from onboarding.ui import field_markup

register = template.Library()
register.simple_tag(field_markup.draw_field, name="form_field")
register.simple_tag(field_markup.draw_hint_and_errors, name="hint_and_errors")


_drawn: dict[tuple[Any, ...], SafeString] = {}  # as many as the forms have choices


@register.filter
def choice_field(field: BoundField) -> SafeString:
    """A field whose choices are the same for everybody and always, drawn once for each choice while the process runs.

    For the filters of a list: Django draws each option by two templates.
    """
    value, choices = str(field.value() or ""), field.field
    is_choice = isinstance(choices, ChoiceField) and (value == "" or choices.valid_value(value))
    if field.errors or not is_choice:
        return SafeString(as_crispy_field(field))
    key = (type(field.form), field.name, value)
    if key not in _drawn:
        _drawn[key] = SafeString(as_crispy_field(field))
    return _drawn[key]
