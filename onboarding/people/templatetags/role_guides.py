"""Links to the guide of one's own role, for the pages on which somebody of that role begins.

Which guide is whose is said in people/role_guides.py. No query is made here: the page has read the memberships.
"""

from django import template
from django.template import Context

from onboarding.people.models import Role, User
from onboarding.people.role_guides import GUIDES_OF_ROLES, RoleGuide, list_own_guides

register = template.Library()


@register.simple_tag(takes_context=True)
def own_guides(context: Context) -> list[RoleGuide]:
    """The guides of the signed-in person's roles, in order, by the page's `memberships`; none for a stranger."""
    user = context.get("user")
    return list_own_guides(user, list(context["memberships"])) if isinstance(user, User) else []


@register.simple_tag(takes_context=True)
def guides_here(context: Context) -> list[RoleGuide]:
    """The guide of the person's role in the company of the page (`role`), or of ops."""
    user, role = context.get("user"), context.get("role")
    if isinstance(user, User) and user.is_ops:
        return [RoleGuide.OPS]
    return [GUIDES_OF_ROLES[Role(role)]] if role in set(Role) else []
