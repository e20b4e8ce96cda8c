"""A person's telephone numbers beside their name, to be rung from the page.

A page shows them to those only who may see the case or the company that it is about: its view has asked that.
"""

from typing import Any

from django import template
from phonenumbers import NumberParseException

from onboarding.people.models import User
from onboarding.people.telephone import make_tel_uri

register = template.Library()


@register.inclusion_tag("people/telephone.html")
def telephone(user: User) -> dict[str, Any]:
    """The numbers as links, each after what it is called; nothing for somebody who has entered none."""
    numbers = (
        ("Telephone", user.telephone),
        ("direct line" if user.telephone else "Direct line", user.direct_line),
    )
    return {"person": user, "numbers": [_link(label, number) for label, number in numbers if number]}


def _link(label: str, number: str) -> dict[str, str]:
    try:
        uri = make_tel_uri(number)
    except NumberParseException:  # put in past the form: shown, and not dialled
        uri = ""
    return {"label": label, "number": number, "uri": uri}
