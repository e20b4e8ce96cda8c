"""Form elements drawn by functions: inputs, text areas and lists, with the markup of Django's own templates.

Django draws each by two templates and each option of a list by two more, so a list of countries by five hundred. What
an element has is still said by its widget; any other template of a form is a template as ever.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from onboarding.ui.remembered_markup import remember_markup

_INPUTS = ("checkbox", "email", "file", "hidden", "number", "password", "search", "tel", "text", "url")


def draw_attributes(attributes: Mapping[str, Any]) -> SafeString:
    """Each after a space, in their order; True stands as a name alone, False is left out. Of forms, not of people."""
    found = (_draw_attribute(name, value) for name, value in attributes.items() if value is not False)
    return SafeString("".join(found))


@remember_markup
def _draw_attribute(name: str, value: str | int | bool | None) -> SafeString:
    return format_html(" {}", name) if value is True else format_html(' {}="{}"', name, value)


def _draw_input(widget: Mapping[str, Any]) -> SafeString:
    value = widget["value"]
    return format_html(
        "<input{}{}{}>",
        draw_attributes({"type": widget["type"], "name": widget["name"]}),
        SafeString() if value is None else format_html(' value="{}"', value),
        draw_attributes(widget["attrs"]),
    )


def _draw_text_area(widget: Mapping[str, Any]) -> SafeString:
    attributes = draw_attributes({"name": widget["name"], **widget["attrs"]})
    return format_html("<textarea{}>\n{}</textarea>", attributes, widget["value"] or "")


def _draw_list(widget: Mapping[str, Any]) -> SafeString:
    groups = "".join(_draw_group(label, options) for label, options, _ in widget["optgroups"])
    attributes = draw_attributes({"name": widget["name"], **widget["attrs"]})
    return format_html("<select{}>{}\n</select>", attributes, SafeString(groups))


def _draw_group(label: str | None, options: list[dict[str, Any]]) -> SafeString:
    drawn = SafeString("".join(_draw_option(each) for each in options))
    return format_html('\n<optgroup label="{}">{}\n</optgroup>', label, drawn) if label else drawn


def _draw_option(option: Mapping[str, Any]) -> SafeString:
    attributes = draw_attributes(option["attrs"])
    return format_html('\n<option value="{}"{}>{}</option>', option["value"], attributes, option["label"])


_ELEMENTS: dict[str, Callable[[Mapping[str, Any]], SafeString]] = {
    **{f"django/forms/widgets/{each}.html": _draw_input for each in _INPUTS},
    "django/forms/widgets/textarea.html": _draw_text_area,
    "django/forms/widgets/select.html": _draw_list,
}


class FormRenderer(TemplatesSetting):
    """Django's renderer of forms (FORM_RENDERER); elements that it draws often have a function each."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """The element of a widget, or the template."""
        draw = _ELEMENTS.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)
