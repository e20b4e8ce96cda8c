"""How often a password or a code may be guessed, and what the refusal says.

A wrong guess counts where it was made: in a browser that was signed in to the account before (known_browsers.py), or
else in its network. For codes a browser is known only if the second factor was passed in it. Only browsers that nobody
knows meet the ceilings that others can fill.
"""

import ipaddress
from enum import StrEnum
from math import ceil

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from certs import clock
from onboarding.audit.security_log import Outcome, SecurityEvent, log_event
from onboarding.people import known_browsers
from onboarding.people.access import find_account_id

APP = "onboarding.people"  # begins the counters' names in the cache

# Guesses that are counted, and in what time (s, m, h), by what is guessed and where it is counted.
# docs/operations.md has them as a table, with what they mean for an office.
RATES = {
    "password:place": "5/5m/key",
    "password:account": "50/h/key",
    "password:network": "100/5m/key",  # an office of 200 in which every second one mistypes at nine o'clock
    "code:place": "5/5m/key",
    "code:account": "20/h/key",  # three of a million codes are right at any moment
    "reset:mail": "6/h/key",
}

# Seconds. django-allauth counts each address under a lock, and after one second of waiting for it answers "too many
# requests", however few there were. An office signs in together behind one address, and a process that died while it
# counted leaves its lock for CACHE_LOCK_TIMEOUT (10 s): everybody gets a turn after that.
LOCK_PATIENCE = 15
ratelimit.CACHE_LOCK_WAIT_TIMEOUT = LOCK_PATIENCE  # it has no setting; importing this module is enough


class Guessed(StrEnum):
    """What is guessed."""

    PASSWORD = "password"  # noqa: S105  a word, not a password
    CODE = "code"


ADVICE = {
    Guessed.PASSWORD: "You need not wait if you use a passkey, or if you set a new password with the link "
    "“I have forgotten my password”: the browser in which you do that can sign in at once.",
    Guessed.CODE: "You need not wait if you use a passkey or security key. If it was not you who tried, "
    "somebody knows your password: change it.",
}


class Attempt:
    """One guess, or one link, that was counted. What turns out not to count is taken back."""

    def __init__(self) -> None:
        self._counted: list[ratelimit.RateLimitUsage] = []

    def count(self, usage: ratelimit.RateLimitUsage) -> None:
        """Remember one counter that this guess went into."""
        self._counted.append(usage)

    def take_back(self) -> None:
        """It was right, or it was refused: no counter keeps it."""
        for usage in self._counted:
            usage.rollback()
        self._counted = []


def count_attempt(request: HttpRequest, guessed: Guessed, account: str) -> Attempt:
    """Count a guess before it is looked at, so that many at once do not pass together.

    `account` is an email address, whether or not anybody has it. Raises ValidationError with a sentence when there
    were too many; a refused guess is not counted.
    """
    attempt = Attempt()
    for action, key in _counters(request, guessed, account.strip().lower()):
        usage = ratelimit.consume(request, app=APP, action=action, config=RATES, key=key)
        if usage is None:
            attempt.take_back()
            _log_refusal(account, action)
            raise ValidationError(_refusal(request, guessed, action, key), code="too_many_login_attempts")
        attempt.count(usage)
    return attempt


def count_reset_link(request: HttpRequest, account: str) -> Attempt | None:
    """Count one more email with a link to a new password; None if this address gets no more for now.

    It asks the cache: called before the transaction that sends the link, and taken back if that sends none.
    """
    action, key = "reset:mail", account.strip().lower()
    usage = ratelimit.consume(request, app=APP, action=action, config=RATES, key=key)
    if usage is None:
        _log_refusal(account, action)
        return None
    attempt = Attempt()
    attempt.count(usage)
    return attempt


def _log_refusal(account: str, action: str) -> None:
    log_event(SecurityEvent.RATE_LIMITED, Outcome.REFUSED, user_id=find_account_id(account), detail=action)


def _counters(request: HttpRequest, guessed: Guessed, account: str) -> list[tuple[str, str]]:
    """Where this guess counts: (action, key), the narrowest first."""
    known_as = known_browsers.name_of(request, account, second=guessed == Guessed.CODE)
    if known_as:
        own = f"{account} in browser {known_as}"
        return [(f"{guessed}:place", own), (f"{guessed}:account", own)]
    network = network_of(request)
    counters = [(f"{guessed}:place", f"{account} from {network}"), (f"{guessed}:account", account)]
    if guessed == Guessed.PASSWORD:
        counters.append((f"{guessed}:network", network))
    return counters


def network_of(request: HttpRequest) -> str:
    """The /24 (IPv4) or the provider's customer (IPv6) from which a request comes.

    Addresses within a /24 change while somebody works (mobile networks, offices with several ways out), and are one
    guesser's to choose from; ratelimit.get_ip has cut an IPv6 address to ALLAUTH_RATE_LIMIT_IPV6_PREFIX already.
    """
    address = ipaddress.ip_address(ratelimit.get_ip(request))
    if address.version == 4:
        return str(ipaddress.ip_network(f"{address}/24", strict=False))
    return str(address)


def _refusal(request: HttpRequest, guessed: Guessed, action: str, key: str) -> str:
    """Why, for how long, and what to do: the same words whether or not the account exists."""
    minutes = ceil(_seconds_left(request, action, key) / 60)
    wait = "1 minute" if minutes == 1 else f"{minutes} minutes"
    whose = {"place": "here", "account": "many places", "network": "your network"}[action.partition(":")[2]]
    return (
        f"Too many wrong {guessed}s were tried from {whose}. Wait {wait}, then try again. {ADVICE[guessed]}"
    )


def _seconds_left(request: HttpRequest, action: str, key: str) -> float:
    """Until the oldest guess that counts is old enough not to."""
    (rate,) = ratelimit.parse_rates(RATES[action])
    name = ratelimit.get_cache_key(request, app=APP, action=action, rate=rate, key=key)
    history: list[float] = cache.get(name, [])
    oldest = history[-1] if history else 0.0
    seconds: float = oldest + rate.duration - clock.now().timestamp()
    return min(max(seconds, 1.0), float(rate.duration))
