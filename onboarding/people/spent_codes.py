"""A code of a code app opens one thing, once: also the one that set the app up, and whatever the cache forgets.

RFC 6238 section 5.2. What is kept is the number of the last 30 seconds whose code was used, beside the app's secret;
codes of that time and of earlier ones are spent.
"""

from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.db import transaction
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from onboarding.people import second_factor

LAST = "last_counter"  # in the authenticator's data


def spend_code(authenticator: Authenticator, code: str) -> bool:
    """Use a right code of an app up; False when it, or a later one, was used before. Other factors have no such code.

    Of two requests with one code exactly one gets True: the row is locked.
    """
    if authenticator.type != Authenticator.Type.TOTP:
        return True
    with transaction.atomic():
        own = Authenticator.objects.filter(user=authenticator.user, pk=authenticator.pk)
        row = own.select_for_update().get()
        counter = _find_counter(second_factor.open_secret(row.data["secret"], authenticator.user), code)
        if counter is None or counter <= row.data.get(LAST, -1):
            return False
        row.data[LAST] = counter
        row.save(update_fields=["data"])
    return True


def note_activation_code(request: HttpRequest, secret: str, code: str) -> None:
    """An app is about to be set up with this code: mark_activation_code_spent() keeps that it is spent."""
    request.spent_counter = _find_counter(secret, code)  # type: ignore[attr-defined]


def mark_activation_code_spent(authenticator: Authenticator, request: HttpRequest | None) -> None:
    """Before a new app is stored: the code that sets it up opens nothing else."""
    counter: Any = getattr(request, "spent_counter", None)
    if authenticator.type == Authenticator.Type.TOTP and counter is not None:
        authenticator.data[LAST] = counter


@sensitive_variables()
def _find_counter(secret: str, code: str) -> int | None:
    """The newest 30 seconds, of those that are accepted now, whose code this is."""
    accepted: list[int] = sorted(yield_hotp_counters_from_time(), reverse=True)
    for counter in accepted:
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, counter))):
            return counter
    return None
