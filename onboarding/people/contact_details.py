"""Whom a list says to ring, read along with its rows: a name and how to reach them, without a query of its own.

Who may see them is asked by whoever lists the rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from onboarding.people.models import Membership, Role

COLUMNS = ("name", "email", "telephone", "direct_line")


@dataclass(frozen=True, slots=True)
class ContactDetails:
    """What is shown of an account that can sign in."""

    name: str
    email: str
    telephone: str
    direct_line: str

    def __str__(self) -> str:
        return self.name or self.email


@cache  # queries copy an expression before they use it
def select_primary(company: str) -> Subquery:
    """The Primary Certificate Admin of the company in a column, as read_contact() takes it; null if they are closed."""
    primary = Membership.objects.filter(company=OuterRef(company), role=Role.PRIMARY, user__is_active=True)
    return Subquery(primary.values(columns=JSONObject(**{name: f"user__{name}" for name in COLUMNS}))[:1])


def read_contact(columns: Mapping[str, Any] | None) -> ContactDetails | None:
    """What a query selected."""
    return ContactDetails(**{name: columns[name] for name in COLUMNS}) if columns else None
