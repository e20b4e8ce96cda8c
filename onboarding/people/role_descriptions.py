"""What each role may do, in one sentence each.

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
