"""What somebody typed into the forms of a step, as its draft and as rows to read.

Only fields that a form calls draftable are ever kept; secrets, files and private keys never are. What survives an
error or a sign-in is kept by ui/sent_forms.py.
"""

from typing import Any

from onboarding.journey.forms import confirm_form, step_form
from onboarding.journey.forms.base import PlainForm
from onboarding.journey.forms.ways import find_way
from onboarding.journey.steps import BY_SLUG
from onboarding.ui.widgets import DATE_PARTS


def form_classes(slug: str, **_: Any) -> list[type[PlainForm]]:
    """Every form that a step's page can show; called with what stands in its address."""
    definition = BY_SLUG[slug]
    found = [step_form(definition), confirm_form(definition.before), confirm_form(definition.after)]
    return [form for form in found if form is not None]


def draftable(slug: str, data: Any) -> dict[str, str]:
    """What may be kept of a post to a step's page."""
    kept: dict[str, str] = {}
    for form in form_classes(slug):
        kept.update(form.draftable(data))
    return kept


def as_rows(slug: str, data: Any) -> list[dict[str, str]]:
    """What was typed, as rows to read when the form itself cannot be shown any more."""
    rows = []
    for form in form_classes(slug):
        kept = form.draftable(data)
        if way := find_way(BY_SLUG[slug].ways, kept):
            rows.append({"key": "Chosen way", "value": way.label})
        rows += [
            {"key": str(field.label), "value": value}
            for name, field in form.base_fields.items()
            if not field.widget.is_hidden and (value := kept.get(name) or _date(name, kept))
        ]
    return rows


def _date(name: str, kept: dict[str, str]) -> str:
    """The boxes of a date as they were typed."""
    return " ".join(filter(None, (kept.get(f"{name}_{part}") for part in DATE_PARTS)))
