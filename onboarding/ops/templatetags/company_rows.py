"""The tag by which the list of companies shows its rows."""

from django import template

from onboarding.ops import row_markup

register = template.Library()
register.simple_tag(row_markup.draw_rows, name="company_rows")
