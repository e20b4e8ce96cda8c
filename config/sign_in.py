"""Cookies, lifetimes and limits of signing in; docs/operations.md says why they are what they are.

How wrong passwords and codes are counted is onboarding/people/attempt_limits.py's.
"""

LIFETIME = 12 * 3600  # seconds after which a session ends, used or not
IPV6_PREFIX = 56  # bits: what one customer of a provider gets (RIPE-690); counted as one address

# For signing in itself django-allauth counts addresses on the internet, and an office of 200 people has one.
_OFFICE = "300/m/ip"

# django-allauth's limits, by action (allauth.account.app_settings), and our own of checking a file.
RATE_LIMITS = {
    "check_file": "30/m/user",
    "login": _OFFICE,
    "login_failed": "",  # counts by account alone: whoever knows an address would lock its owner out
    "reauthenticate": _OFFICE,  # by person, one session would lock out another
    "change_password": "60/m/ip",
    "reset_password": "20/m/ip",  # by address, a stranger would keep its owner from asking
}
MFA_RATE_LIMITS = {"webauthn_login": _OFFICE}  # there is nothing to guess


def cookie_name(name: str, *, https: bool) -> str:
    """With the prefix that ties a cookie to this very host, https and every path (RFC 6265bis, section 4.1.3.2)."""
    return f"__Host-{name}" if https else name
