"""The way from a step record to Atlas's account API: one client per worker thread, and the case's account id.

What the answers mean for a step is in atlas.py and portal.py.
"""

import threading
from datetime import timedelta

from django.conf import settings

from atlas.account import AccountApi
from atlas.account_types import Account
from atlas.breaker import LONGEST_PAUSE, PAUSE
from certs.budget import budget_of
from onboarding.journey.models import Onboarding
from onboarding.journey.polling.circuit import CALLS_IN_A_MINUTE, ToldBreaker
from onboarding.journey.polling.intervals import scale_interval
from onboarding.journey.steps import StepSlug

_local = threading.local()
_breakers: dict[tuple[str, float], ToldBreaker] = {}
_breakers_lock = threading.Lock()


class NoAccount(Exception):
    """Atlas knows no account of this company; only a person can go on."""


def get_account_api() -> AccountApi:
    """This thread's client of the account API, kept so that its connections are. Only where it is configured."""
    portal = settings.PORTAL
    if not (portal.account_api_url and portal.account_api_token):
        raise NoAccount
    wanted = (portal.account_api_url, portal.account_api_root)
    if getattr(_local, "key", None) != wanted:
        token = portal.account_api_token.get_secret_value()
        budget = budget_of("account", portal.account_api_url, token, calls=CALLS_IN_A_MINUTE)
        breaker = get_breaker(portal.account_api_url)
        _local.api = AccountApi(
            portal.account_api_url, token, portal.account_api_root, budget=budget, breaker=breaker
        )
        _local.key = wanted
    api: AccountApi = _local.api
    return api


def get_breaker(url: str) -> ToldBreaker:
    """The breaker of this address: one for all threads of this process. Its pauses keep to the poll speed."""
    pause, longest = (
        scale_interval(timedelta(seconds=each)).total_seconds() for each in (PAUSE, LONGEST_PAUSE)
    )
    with _breakers_lock:
        return _breakers.setdefault((url, pause), ToldBreaker(url, pause=pause, longest=longest))


def get_facts(onboarding: Onboarding, slug: str) -> dict[str, str]:
    """What proves another step of the same onboarding."""
    return onboarding.steps.filter(slug=slug).values_list("facts", flat=True).first() or {}


def find_account_id(onboarding: Onboarding) -> str | None:
    """The company's Atlas account: known since the registration, or found by the contact's address."""
    known: dict[str, str] | None = getattr(
        onboarding, "registered", None
    )  # read along by StepRecord.get_for_poll
    if known and "account_id" in known:
        return str(known["account_id"])
    row = onboarding.steps.filter(slug=StepSlug.REGISTER).values_list("facts", "answers").first()
    facts: dict[str, str] = row[0] if row else {}
    answers: dict[str, str] = row[1] if row else {}
    if "account_id" in facts:
        return str(facts["account_id"])
    found = get_account_api().find_accounts(answers["email"]) if answers.get("email") else ()
    mine = [each for each in found if each.company_name == onboarding.company.name]
    return mine[-1].account_id if mine else None


def fetch_account(onboarding: Onboarding) -> Account:
    """The company's account as Atlas shows it now. Raises NoAccount, or any AtlasError."""
    found = find_account_id(onboarding)
    if found is None:
        raise NoAccount
    return get_account_api().account(found)
