"""The way from a step record to Atlas's account API: one client per worker thread, and the case's account id.

What the answers mean for a step is in atlas.py and portal.py.
"""

import threading
from datetime import timedelta

from django.conf import settings

from atlas.account import AccountApi
from atlas.account_types import Account
from atlas.breaker import LONGEST_PAUSE, PAUSE
from atlas.types import Timeouts
from certs.budget import BlockBudget, budget_of
from onboarding.journey import atlas_accounts
from onboarding.journey.models import Onboarding
from onboarding.journey.polling.circuit import ToldBreaker
from onboarding.journey.polling.intervals import scale_interval
from onboarding.journey.steps import StepSlug

SHORT = Timeouts(connect=5.0, read=10.0, total=20.0)  # of a call in a batch, where others wait for their turn
_local = threading.local()
_breakers: dict[tuple[str, float], ToldBreaker] = {}
_budgets: dict[tuple[str, int], BlockBudget] = {}
_shared_lock = threading.Lock()


class NoAccount(Exception):
    """Atlas knows no account of this company; only a person can go on."""


def get_account_api() -> AccountApi:
    """This thread's client of the account API, kept so that its connections are. Only where it is configured."""
    portal = settings.PORTAL
    if not (portal.account_api_url and portal.account_api_token):
        raise NoAccount
    wanted = (portal.account_api_url, portal.account_api_root, portal.account_api_calls_per_minute)
    if getattr(_local, "key", None) != wanted:
        token = portal.account_api_token.get_secret_value()
        breaker, timeouts = get_breaker(portal.account_api_url), getattr(_local, "timeouts", None)
        _local.api = AccountApi(
            portal.account_api_url, token, portal.account_api_root, timeouts, get_budget(), breaker
        )
        _local.key = wanted
    api: AccountApi = _local.api
    return api


def answer_quickly() -> None:
    """From now on the calls of this thread have the time limits of a batch."""
    _local.timeouts = SHORT


def get_budget() -> BlockBudget:
    """The call budget of the account API, which all processes share: one for all threads of this one."""
    portal = settings.PORTAL
    assert portal.account_api_url and portal.account_api_token  # noqa: PT018  nobody asks where there is none
    token, calls = portal.account_api_token.get_secret_value(), portal.account_api_calls_per_minute
    shared = budget_of("account", portal.account_api_url, token, calls=calls)
    with _shared_lock:
        return _budgets.setdefault((shared.name, calls), BlockBudget(shared))


def reserve_calls(polls: int) -> int:
    """For how many of these polls there are calls now; for all where there is no account API to be called."""
    return get_budget().reserve(polls) if settings.PORTAL.account_api else polls


def get_breaker(url: str) -> ToldBreaker:
    """The breaker of this address: one for all threads of this process. Its pauses keep to the poll speed."""
    pause, longest = (
        scale_interval(timedelta(seconds=each)).total_seconds() for each in (PAUSE, LONGEST_PAUSE)
    )
    with _shared_lock:
        return _breakers.setdefault((url, pause), ToldBreaker(url, pause=pause, longest=longest))


def get_facts(onboarding: Onboarding, slug: str) -> dict[str, str]:
    """What proves another step of the same onboarding."""
    known: dict[str, dict[str, str]] = getattr(onboarding, "known_facts", {})  # StepRecordQuerySet.for_polls
    if slug in known:
        return known[slug]
    return onboarding.steps.filter(slug=slug).values_list("facts", flat=True).first() or {}


def find_account_id(onboarding: Onboarding) -> str | None:
    """The company's Atlas account: known since the registration, or found by the contact's address."""
    known = find_account_id_in(onboarding)
    if known is not None:
        return known
    email = _find_contact(onboarding)
    found = get_account_api().find_accounts(email) if email else ()
    mine = atlas_accounts.list_named_alike(found, onboarding.company)
    return mine[-1].account_id if mine else None


def find_account_id_in(onboarding: Onboarding) -> str | None:
    """The company's Atlas account, if the registration says which; Atlas is not asked."""
    facts = get_facts(onboarding, StepSlug.REGISTER)
    return str(facts["account_id"]) if "account_id" in facts else None


def _find_contact(onboarding: Onboarding) -> str | None:
    """The address in the registration's form."""
    if hasattr(onboarding, "contact_email"):
        return onboarding.contact_email or None
    return onboarding.steps.filter(slug=StepSlug.REGISTER).values_list("answers__email", flat=True).first()


def fetch_account(onboarding: Onboarding) -> Account:
    """The company's account as Atlas shows it now. Raises NoAccount, or any AtlasError."""
    found = find_account_id(onboarding)
    if found is None:
        raise NoAccount
    return get_account_api().account(found)
