"""Tags that the form template pack (templates/govuk) needs.

Pages load `ui` instead.
"""

from django import template
from django.forms.boundfield import BoundField

from onboarding.ui import controls

register = template.Library()
register.filter("is_revealed", controls.is_revealed)


@register.simple_tag
def control(field: BoundField) -> controls.Control:
    """The field as the pack's templates draw it."""
    return controls.Control(field)
