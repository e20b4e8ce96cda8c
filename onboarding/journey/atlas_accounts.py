"""Which Atlas account is a company's: its name and number are the same there, and no other company here has it.

The account API answers for every account with one token, so who has an account's number must not become its company by
that. Whether the company's people may do something in it, Atlas decides (team/external_roles.py).
"""

import unicodedata
from collections.abc import Collection

from django.db.models import QuerySet

from atlas.account_types import Account
from onboarding.journey.models import StepRecord
from onboarding.journey.steps import StepSlug
from onboarding.people.models import Company

NO_ANSWER = (
    "Atlas did not answer, so the portal could not look whether this account is yours. Try again in a few minutes; "
    "what you typed stays here."
)


def find_registered(account_ids: Collection[str]) -> "QuerySet[StepRecord]":
    """The registrations that opened these accounts, by an index of its own."""
    return StepRecord.objects.filter(slug=StepSlug.REGISTER, facts__account_id__in=list(account_ids))


def find_own(accounts: Collection[Account], company: Company) -> list[Account]:
    """Those that are this company's, in their order: by name and number, and no other company has them."""
    return list_free(list_named_alike(accounts, company), company)


def list_named_alike(accounts: Collection[Account], company: Company) -> list[Account]:
    """Those with the company's name, and its number where both have one. The database is not asked."""
    return [each for each in accounts if _is_named_alike(each, company)]


def list_free(accounts: Collection[Account], company: Company) -> list[Account]:
    """Without those that another company has, in any of its onboardings."""
    if not accounts:
        return []
    others = find_registered([each.account_id for each in accounts]).exclude(onboarding__company=company)
    taken = set(others.values_list("facts__account_id", flat=True))
    return [each for each in accounts if each.account_id not in taken]


def describe_own(company: Company) -> str:
    """What must be the same in Atlas for an account to be this company's, with what to do where it is not."""
    number = f", company number {company.number}" if company.number else ""
    return (
        f"Name and company number must be the same in Atlas as here: {company.name}{number}. If they are wrong here, "
        "ask the people who run this portal to correct them; if they are wrong in Atlas, ask GlobalSign."
    )


def _is_named_alike(account: Account, company: Company) -> bool:
    numbers = [_plain_number(each or "") for each in (account.company_number, company.number)]
    return _plain_name(account.company_name) == _plain_name(company.name) and (
        not all(numbers) or numbers[0] == numbers[1]
    )


def _plain_name(text: str) -> str:
    """But for case, spaces and letters that only look different (NFKC of Unicode's annex 15)."""
    return " ".join(unicodedata.normalize("NFKC", text).split()).lower()


def _plain_number(text: str) -> str:
    """But for case, spaces, and the noughts before it, which spreadsheets take away."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper().lstrip("0")
