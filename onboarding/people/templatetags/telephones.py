"""A person's telephone numbers beside their name, to be rung from the page.

A page shows them to those only who may see the case or the company that it is about: its view has asked that.
"""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from phonenumbers import NumberParseException

from onboarding.people.contact_details import ContactDetails
from onboarding.people.models import User
from onboarding.people.telephone import make_tel_uri

register = template.Library()


@register.simple_tag
def telephone(user: User | ContactDetails) -> SafeString:
    """The numbers as links, each after what it is called; nothing for somebody who has entered none."""
    if not (user.telephone or user.direct_line):
        return SafeString()
    return _draw(str(user), user.telephone, user.direct_line)


@lru_cache(maxsize=2_000)  # lists show the same people again and again
def _draw(name: str, telephone: str, direct_line: str) -> SafeString:
    numbers = (("Telephone", telephone), ("direct line" if telephone else "Direct line", direct_line))
    links = [_link(label, number) for label, number in numbers if number]
    return render_to_string("people/telephone.html", {"person": name, "numbers": links})


def _link(label: str, number: str) -> dict[str, str]:
    try:
        uri = make_tel_uri(number)
    except NumberParseException:  # put in past the form: shown, and not dialled
        uri = ""
    return {"label": label, "number": number, "uri": uri}
