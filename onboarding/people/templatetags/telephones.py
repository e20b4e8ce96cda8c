"""A person's telephone numbers beside their name, to be rung from the page.

A page shows them to those only who may see the case or the company that it is about: its view has asked that.
"""

from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from phonenumbers import NumberParseException

from onboarding.people.contact_details import ContactDetails
from onboarding.people.models import User
from onboarding.people.telephone import make_tel_uri

register = template.Library()
_LINK = '{} <a class="govuk-link" href="{}"><span class="govuk-visually-hidden">of {}: </span>{}</a>'


@register.simple_tag
def telephone(user: User | ContactDetails) -> SafeString:
    """The numbers as links, each after what it is called; nothing for somebody who has entered none."""
    if not (user.telephone or user.direct_line):
        return SafeString()
    return _draw(str(user), user.telephone, user.direct_line)


@lru_cache(maxsize=2_000)  # lists show the same people again and again, and a number takes long to read
def _draw(name: str, telephone: str, direct_line: str) -> SafeString:
    numbers = (("Telephone", telephone), ("direct line" if telephone else "Direct line", direct_line))
    links = [_draw_number(label, number, name) for label, number in numbers if number]
    return format_html('<span class="app-telephone">{}</span>', SafeString(", ".join(links)))


def _draw_number(label: str, number: str, name: str) -> SafeString:
    uri = _find_uri(number)
    return format_html(_LINK, label, uri, name, number) if uri else format_html("{} {}", label, number)


def _find_uri(number: str) -> str:
    try:
        return make_tel_uri(number)
    except NumberParseException:  # put in past the form: shown, and not dialled
        return ""
