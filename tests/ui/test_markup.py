"""Markup drawn by functions: the same as Django's templates draw, and what is remembered is what was asked for.

The fields and components as pages show them are in test_fields.py and test_components.py.
"""

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe

from onboarding.ui.component_markup import draw_tag
from onboarding.ui.form_renderer import FormRenderer
from tests.ui.test_components import NASTY

GROUPS = [("", "Choose"), ("Near", [("gb", NASTY), (7, "Seven")]), ("fr", "France")]
WIDGETS = {
    "text": (forms.TextInput(attrs={"autofocus": True, "required": False, "data-x": NASTY}), NASTY),
    "text, empty": (forms.TextInput(), None),
    "number": (forms.NumberInput(attrs={"min": 0, "max": None}), 0),
    "email": (forms.EmailInput(), "a@b.example"),
    "password": (forms.PasswordInput(), "never shown"),
    "hidden": (forms.HiddenInput(), 4),
    "checkbox": (forms.CheckboxInput(), True),
    "checkbox, not ticked": (forms.CheckboxInput(), False),
    "file": (forms.FileInput(attrs={"accept": ".csv"}), None),
    "text area": (forms.Textarea(), f"\n{NASTY}\n'&\""),
    "text area, empty": (forms.Textarea(), None),
    "text area, zero": (forms.Textarea(), 0),
    "list": (forms.Select(choices=GROUPS), "gb"),
    "list, nothing chosen": (forms.Select(attrs={"class": "x"}, choices=GROUPS), None),
    "date": (forms.DateInput(), "2026-11-30"),
}


@pytest.mark.parametrize("kind", WIDGETS)
def test_an_element_is_drawn_as_djangos_templates_draw_it(kind) -> None:
    widget, value = WIDGETS[kind]
    drawn, expected = (
        [
            line.strip()
            for line in widget.render("name", value, {"id": "i"}, each()).split("\n")
            if line.strip()
        ]
        for each in (FormRenderer, TemplatesSetting)
    )
    assert drawn == expected


@pytest.mark.parametrize("first", [NASTY, mark_safe(NASTY)])
def test_text_that_is_marked_as_safe_is_never_remembered_for_the_same_text_that_is_not(first) -> None:
    for text in (first, mark_safe(NASTY), NASTY):
        assert (NASTY in draw_tag(text, "red")) is hasattr(text, "__html__")


def test_a_label_that_is_marked_as_safe_is_not_shown_for_one_that_people_named(soup) -> None:
    class Named(forms.Form):
        def __init__(self, label: str) -> None:
            super().__init__()
            self.fields["one"] = forms.CharField(label=label, help_text=label)
            self.fields["two"] = forms.ChoiceField(choices=[(label, label)], widget=forms.RadioSelect)

    for label in (mark_safe("<i>Name</i>"), "<i>Name</i>"):
        page = soup("{{ form|crispy }}", form=Named(label))
        assert bool(page.find("i")) is hasattr(label, "__html__")
        assert page.select_one("label[for=id_one]").text.strip() in ("Name", "<i>Name</i>")
