"""Taking a company out of the lists, and putting it back. Nothing may be open, and its secrets are destroyed first.

An onboarding of an archived company cannot be started (journey/progress.py asks).
"""

from uuid import UUID

from django.db import transaction

from certs import clock
from onboarding.audit.chain import record_event
from onboarding.audit.event_names import EventName
from onboarding.journey.assignment import lock_onboarding
from onboarding.journey.deadlines import holds
from onboarding.journey.polling.expired_secrets import destroy_secrets
from onboarding.people.decisions import StateConflict
from onboarding.people.locking import lock_company
from onboarding.people.models import Company, EmergencyInvitation, User
from onboarding.ui.formatting import when


def list_obstacles(company: Company) -> list[str]:
    """What is open, a sentence each, with what to do about it; nothing if it can be archived."""
    found = [
        f"The onboarding {each.code} ({each.get_environment_display()}) is under way. Withdraw it first, or wait for "
        "its end."
        for each in company.onboardings.active()
    ]
    invitations = company.invitations.unanswered().filter(expires_at__gt=clock.now())
    found += [
        f"The invitation to {each.email} is open. Withdraw it on the team's page." for each in invitations
    ]
    if company.emergencies.filter(status__in=EmergencyInvitation.OPEN).exists():
        found.append("An emergency invitation is open. Stop it first.")
    return found


def list_codes_to_destroy(company: Company) -> list[str]:
    """The codes of its onboardings of which nothing was destroyed yet."""
    found = company.onboardings.filter(secrets_destroyed_at=None)
    return list(found.values_list("code", flat=True))


def archive_company(company: Company, *, actor: User) -> int:
    """Destroy what is stored of it, then archive it, all or nothing; answers of how many onboardings anything went.

    A hold ends with it. Raises StateConflict if anything is open, or somebody was quicker.
    """
    with transaction.atomic():
        locked = lock_company(company)
        if locked.archived_at:
            raise StateConflict(f"{locked.name} was archived on {when(locked.archived_at)} already.")
        if obstacles := list_obstacles(locked):
            raise StateConflict(f"{locked.name} cannot be archived yet. {' '.join(obstacles)}")
        # All before the first event: who writes one holds the company's chain, for which others wait with one of these.
        cases = [lock_onboarding(pk).pk for pk in _list_cases(locked)]
        if locked.on_hold_since:
            holds.end_hold(locked, actor=actor)
        count = sum(map(destroy_secrets, cases))
        locked.archived_at = clock.now()
        locked.save(update_fields=["archived_at"])
        record_event(EventName.COMPANY_ARCHIVED, company=locked, actor=actor)
    return count


def _list_cases(company: Company) -> list[UUID]:
    return list(company.onboardings.order_by("pk").values_list("pk", flat=True))


def restore_company(company: Company, *, actor: User) -> None:
    """Put it back into the lists; what was destroyed stays destroyed. Raises StateConflict if it is in them."""
    with transaction.atomic():
        locked = lock_company(company)
        if locked.archived_at is None:
            raise StateConflict(f"{locked.name} is not archived; somebody else may have put it back.")
        locked.archived_at = None
        locked.save(update_fields=["archived_at"])
        record_event(EventName.COMPANY_RESTORED, company=locked, actor=actor)
