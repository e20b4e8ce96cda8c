"""What each role may do, in one sentence each, and how a person is named with a role.

The rules themselves are in journey/steps/ (`who`) and journey/guards.py.
"""

from onboarding.people.models import Role

ROLE_DESCRIPTIONS: dict[Role, str] = {
    Role.PRIMARY: "Registers with GlobalSign, is vetted, accepts the quote and requests the identity profile; "
    "may also do everything a Certificate Admin may. Exactly one person, a full-time employee of the company.",
    Role.ADMIN: "Creates API credentials, gets the certificate, uploads to the DIP, confirms emails, sends steps "
    "back, and takes over steps from others. Must be Certificate Admin in the DIP and a user in Atlas.",
    Role.TECHNICIAN: "Creates the CSR, builds the PFX and proves it. Sees the journey, but no API key or secret.",
    Role.READER: "Sees the journey and its history. Changes nothing.",
}


def name_with_role(name: object, role: str | None) -> str:
    """A person's name, then the role in the company; what is no role, or None, is somebody from outside it."""
    return f"{name} ({Role(role).label if role in set(Role) else 'from outside the company'})"
