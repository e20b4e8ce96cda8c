"""Layout objects for crispy's FormHelper in our terms: a button and a fieldset with a heading.

Plain crispy objects (Layout, Div, Fieldset, Submit) work too; templates/govuk/layout draws them.
"""

from typing import Any

from crispy_forms.layout import Fieldset
from crispy_forms.layout import Submit as CrispySubmit


class Submit(CrispySubmit):  # type: ignore[misc]  # crispy has no types
    """A button that sends the form: `Submit("Save and continue")`.

    The text is a constant, because crispy reads it as a template. `name` and `value` are sent with the form if
    `name` is given; `style` is "", "secondary" or "warning".
    """

    def __init__(self, text: str, *, name: str = "", value: str = "", style: str = "", **kwargs: Any) -> None:
        super().__init__(name, text, css_id=kwargs.pop("css_id", None) or "submit", **kwargs)
        self.sent_value = value
        self.style = style


class Legend(Fieldset):  # type: ignore[misc]  # crispy has no types
    """Fields that belong together, under a heading: `Legend("Contact", "name", "email")`.

    The heading is a constant: crispy reads it as a template, so nothing that a person typed may stand in it.
    """
