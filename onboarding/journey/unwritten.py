"""Which occasions still lack an email to one of a company's admins, asked for many at once before anything is written.

Writing them is emails.py's. Without this a job would put together every email again to find that it was written.
"""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from onboarding.notifications.models import OutboxEmail
from onboarding.people.deputies import list_away_companies
from onboarding.people.models import ADMINS, Membership


def list_unwritten(occasions: Mapping[str, UUID]) -> set[str]:
    """Those of the occasions (the key of an email without its receiver -> company) that are to be written about.

    Where somebody is away today all of them are: whoever stands in gets the email too, and the outbox writes nothing
    twice. Three statements; meant for a few hundred occasions.
    """
    if not occasions:
        return set()
    away = list_away_companies()
    admins = defaultdict(list)
    members = Membership.objects.filter(
        company__in=set(occasions.values()), role__in=ADMINS, user__is_active=True
    )
    for company, user in members.values_list("company_id", "user_id"):
        admins[company].append(user)
    wanted = {f"{key}:{user}": key for key, company in occasions.items() for user in admins[company]}
    written = set(OutboxEmail.objects.filter(key__in=wanted).values_list("key", flat=True))
    missing = {key for full, key in wanted.items() if full not in written}
    return missing | {key for key, company in occasions.items() if company in away}
