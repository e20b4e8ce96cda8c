"""How the demonstration's accounts and companies stand at this moment, for its first page."""

from dataclasses import dataclass

from django.conf import settings

from demo.people import ACCOUNTS, Account, Group
from onboarding.journey.models import Onboarding
from onboarding.journey.steps import BY_SLUG


@dataclass(frozen=True)
class AccountLine:
    """An account as the page shows it; `now` says where its company stands, empty for who has none."""

    account: Account
    role: str
    company: str
    now: str


def describe_accounts() -> list[tuple[Group, list[AccountLine]]]:
    """All accounts by group, in the order of people.py. One query."""
    found = Onboarding.objects.select_related("company").order_by("started_at")
    newest = {onboarding.company.slug: onboarding for onboarding in found}
    lines = [_describe(account, newest.get(account.company)) for account in ACCOUNTS]
    return [(group, [line for line in lines if line.account.group == group]) for group in Group]


def _describe(account: Account, onboarding: Onboarding | None) -> AccountLine:
    now = _describe_now(onboarding) if account.is_about_company else ""
    if account.walked and not settings.PORTAL.account_api and onboarding and onboarding.is_active:
        now = f"{now} Without the account API nobody walks this company to its end."
    return AccountLine(account, account.role_label, account.company_name, now)


def _describe_now(onboarding: Onboarding | None) -> str:
    if onboarding is None:
        return ""
    if not onboarding.is_active:
        return f"The onboarding is {onboarding.get_status_display().lower()}."
    words = {"open": "to do", "waiting": "waiting", "problem": "has a problem"}
    title = BY_SLUG[onboarding.current_step].title
    return f"“{title}”: {words.get(onboarding.current_state, 'not started')}."
