"""Links from a guide to the pages it speaks of.

A guide is everybody's and knows no company; where its reader belongs to exactly one, the link leads to that one.
"""

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from onboarding.people.models import Company

register = template.Library()


@register.simple_tag(takes_context=True)
def company_place(context: Context, url_name: str, text: str) -> SafeString:
    """A link to that page of the reader's company (`own_company` of the page); the bare text without one."""
    company = context.get("own_company")
    if not isinstance(company, Company):
        return format_html("<strong>{}</strong>", text)
    return format_html('<a class="govuk-link" href="{}">{}</a>', reverse(url_name, args=[company.slug]), text)
