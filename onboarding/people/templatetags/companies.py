"""The company switcher in the header, which says where one is.

The switcher is links only: where one is follows from the address, so that two windows may show two companies.
"""

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse

from onboarding.people.access import memberships_of
from onboarding.people.models import Company, Membership, User

register = template.Library()


def _memberships(context: Context, user: User) -> list[Membership]:
    """Read once for a page: the navigation and the switcher stand in the same header, and some pages need them, too."""
    if (read := context.get("memberships")) is not None:
        return list(read)
    kept = context.render_context
    if "memberships" not in kept:
        kept["memberships"] = memberships_of(user)
    rows: list[Membership] = kept["memberships"]
    return rows


@register.simple_tag(takes_context=True)
def works_for_several(context: Context) -> bool:
    """Whether the list of clients is for this person: a member of several companies or of none, or let in to others."""
    user = context.get("user")
    if not isinstance(user, User) or user.is_ops:
        return False
    rows = _memberships(context, user)
    return len(rows) != 1 or bool(getattr(rows[0], "is_let_in", False))


@register.inclusion_tag("people/switcher.html", takes_context=True)
def company_switcher(context: Context) -> dict[str, Any]:
    """`here` (a company, its role, or nothing on pages of no company) and `others`; empty for one company or none."""
    user = context.get("user")
    if not isinstance(user, User) or user.is_ops:  # ops are members of no company
        return {}
    rows = _memberships(context, user)
    if len(rows) < 2:
        return {}
    here = _here(context)
    return {
        "company": here,
        "role": next((row.get_role_display() for row in rows if row.company == here), ""),
        "others": [_link(row) for row in rows if row.company != here],
    }


def _here(context: Context) -> Company | None:
    shown = context.get("company") or getattr(context.get("onboarding"), "company", None)
    return shown if isinstance(shown, Company) else None


def _link(row: Membership) -> dict[str, str]:
    return {
        "name": row.company.name,
        "role": row.get_role_display(),
        "url": reverse("dashboards:company", args=[row.company.slug]),
    }


@register.simple_tag(takes_context=True)
def own_companies(context: Context) -> list[Company]:
    """The companies in which the signed-in person has a role."""
    return [row.company for row in memberships_of(context["user"])]
