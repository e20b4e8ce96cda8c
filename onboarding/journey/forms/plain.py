"""Small forms that are not tied to one step: a reason, a problem's code.

Forms of the steps are in setup.py and keys.py.
"""

from typing import Any

from django import forms

from onboarding.journey.definitions import Actor
from onboarding.journey.models import StepRecord
from onboarding.journey.problems import ProblemCode, list_problems, portal
from onboarding.journey.steps import BY_SLUG
from onboarding.ui.secret_text import ForgetfulForm, refuse_secrets
from onboarding.ui.text_limits import refuse_longer


class ReasonForm(ForgetfulForm):
    """Why something is done that others will see."""

    reason = forms.CharField(
        label="Reason",
        max_length=500,
        validators=[refuse_secrets],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The others in your company can read it. Never type a password or a secret.",
        error_messages={"required": "Give a reason; the others will read it."},
    )


class SendBackForm(ReasonForm):
    """Which earlier step is to be done again, and why."""

    to = forms.ChoiceField(label="Which step must be done again?", widget=forms.RadioSelect)
    field_order = ["to", "reason"]

    def __init__(self, *args: Any, record: StepRecord, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(slug, BY_SLUG[slug].title) for slug in record.definition.back_to]  # type: ignore[attr-defined]


SOMETHING_ELSE = "something-else"  # no problem of the catalogue: the step stays as it is, and ops are asked


def _read_code(value: str) -> ProblemCode | str:
    return value if value == SOMETHING_ELSE else ProblemCode(value)


class ProblemForm(ForgetfulForm):
    """What went wrong, from the catalogue, and what was seen; or something else, which becomes a question for ops."""

    code = forms.TypedChoiceField(
        label="What went wrong?", widget=forms.RadioSelect, coerce=_read_code, empty_value=None
    )
    detail = forms.CharField(
        label="What did you see?",
        required=False,
        validators=[refuse_secrets, refuse_longer(1000)],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The words of the message, and when. Never type a password or a secret.",
    )

    def __init__(self, *args: Any, record: StepRecord, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [
            (problem.code, problem.title)
            for problem in list_problems(record.slug)
            if problem.next_actor != Actor.PORTAL and problem not in portal.PROBLEMS
        ]
        self.fields["code"].choices = [*found, (SOMETHING_ELSE, "Something else")]  # type: ignore[attr-defined]
        self.fields["code"].help_text = "“Something else” asks ops."

    def clean(self) -> dict[str, Any]:
        """What stands in no catalogue must be described: ops see nothing else."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if found.get("code") == SOMETHING_ELSE and not found.get("detail") and "detail" not in self.errors:
            self.add_error("detail", "Describe what is wrong; ops see nothing else.")
        return found
