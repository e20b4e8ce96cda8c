"""Forms of a step's page that are the same for everybody until somebody types: drawn once for each step.

Only those that depend on nothing but the step's definition; a form with values of the case is drawn for each page.
"""

from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from crispy_forms.templatetags.crispy_forms_filters import as_crispy_form
from django.forms import Form
from django.utils.safestring import SafeString

from onboarding.journey.forms.plain import ProblemForm, SendBackForm
from onboarding.journey.models import StepRecord


@dataclass(frozen=True)
class BlankForm:
    """What a page shows in place of a form in which nothing was typed; `html` are its fields."""

    html: SafeString
    is_bound: ClassVar[bool] = False


@cache
def draw_problem_form(slug: str) -> BlankForm:
    """To report a problem with this step."""
    return _draw(ProblemForm(record=StepRecord(slug=slug)))


@cache
def draw_send_back_form(slug: str, to: str | None) -> BlankForm:
    """To have an earlier step done again; `to` is chosen already."""
    return _draw(SendBackForm(record=StepRecord(slug=slug), initial={"to": to}))


def _draw(form: Form) -> BlankForm:
    return BlankForm(SafeString(as_crispy_form(form)))
