"""Which guide of the help is whose: one for each role, one for ops, and one for who works for many companies.

The guides themselves are pages of the help room; here is only what a page of any room needs to lead there.
"""

from collections.abc import Sequence
from enum import StrEnum

from onboarding.people.models import Membership, Role, User
from onboarding.people.permissions import Grantee


class RoleGuide(StrEnum):
    """A guide; its value is its name under /help/."""

    PRIMARY = "primary-certificate-admin"
    ADMIN = "certificate-admin"
    TECHNICIAN = "technician"
    DCP = "dcp"
    READER = "reader"
    OPS = "ops"

    @property
    def heading(self) -> str:
        """Its heading, and the text of a link that leads there."""
        return f"Guide for {_READERS[self]}"

    @property
    def url_name(self) -> str:
        """For `{% url %}`."""
        return f"help:{self.value}"

    @property
    def grantee(self) -> Grantee:
        """Whose permissions it tells of."""
        return _GRANTEES[self]


_READERS = {
    RoleGuide.PRIMARY: "Primary Certificate Admins",
    RoleGuide.ADMIN: "Certificate Admins",
    RoleGuide.TECHNICIAN: "technicians",
    RoleGuide.DCP: "DCPs and others with many clients",
    RoleGuide.READER: "readers",
    RoleGuide.OPS: "ops",
}
_GRANTEES = {
    RoleGuide.PRIMARY: Grantee.PRIMARY,
    RoleGuide.ADMIN: Grantee.ADMIN,
    RoleGuide.TECHNICIAN: Grantee.TECHNICIAN,
    RoleGuide.DCP: Grantee.OUTSIDE,
    RoleGuide.READER: Grantee.READER,
    RoleGuide.OPS: Grantee.OPS,
}
GUIDES_OF_ROLES = {
    Role.PRIMARY: RoleGuide.PRIMARY,
    Role.ADMIN: RoleGuide.ADMIN,
    Role.TECHNICIAN: RoleGuide.TECHNICIAN,
    Role.READER: RoleGuide.READER,
}


def list_own_guides(user: User, memberships: Sequence[Membership]) -> list[RoleGuide]:
    """The guides of a person's roles, the strongest first; somebody without a role came in for technical steps."""
    if user.is_ops:
        return [RoleGuide.OPS]
    roles = {row.role for row in memberships}
    guides = [guide for role, guide in GUIDES_OF_ROLES.items() if role in roles]
    if not memberships:
        return [RoleGuide.TECHNICIAN, RoleGuide.DCP]
    if len(memberships) > 1 or any(getattr(row, "is_let_in", False) for row in memberships):
        guides.append(RoleGuide.DCP)
    return guides
