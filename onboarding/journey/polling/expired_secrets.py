"""Destroying what is stored of onboardings when its time is up; fingerprints and dates stay.

What is destroyed is in certs/secret_destruction.py. A worker that was slow may store a secret after the destruction of
its case, so each case is looked at for a day more: `secrets_gone_at` says that nothing came.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from certs import clock
from certs.rows import update_rows
from certs.secret_destruction import cases_with_secrets, destroy_cases
from onboarding.audit.chain import append_to_chains, build_event
from onboarding.audit.event_names import EventName
from onboarding.journey import emails, evidence
from onboarding.journey.assignment import lock_onboardings
from onboarding.journey.email_recipients import Recipients
from onboarding.journey.models import Onboarding
from onboarding.journey.polling.rows_alone import do_alone
from onboarding.notifications.outbox import gather_emails
from onboarding.periodic.batches import Done, Task, do_in_batches

SECONDS = 60  # of a run, after which no further batch begins
AT_ONCE = 100  # cases, destroyed in one transaction
MARKED_AT_ONCE = 1000  # cases
STILL_COMES = timedelta(days=1)  # so long after its destruction a case may get a secret


def destroy_expired_secrets() -> int:
    """Destroy key, API secret, PFX and evidence files where their time is up. Returns how many cases.

    What an older container stored in the clear during an upgrade is sealed first.
    """
    for pk in evidence.list_plain_files():
        do_alone(evidence.seal_plain, pk)
    due = Onboarding.objects.filter(destroy_secrets_at__lte=clock.now(), secrets_destroyed_at=None)
    first = list(due.order_by("destroy_secrets_at").values_list("pk", flat=True))
    unsure = Onboarding.objects.filter(secrets_destroyed_at__isnull=False, secrets_gone_at=None)
    late = cases_with_secrets(unsure.values("pk"))
    done = do_in_batches(Task(_destroy, [*late, *first], AT_ONCE), seconds=SECONDS)
    old = unsure.filter(secrets_destroyed_at__lte=clock.now() - STILL_COMES)
    _mark_as_gone(old.exclude(pk__in=late).order_by("secrets_destroyed_at"))
    return done


def _mark_as_gone(old: QuerySet[Onboarding]) -> None:
    """They are not looked at again; the first run after an upgrade finds all that were destroyed in all the years."""
    count = MARKED_AT_ONCE
    while count == MARKED_AT_ONCE:
        with transaction.atomic():
            free = old.select_for_update(skip_locked=True).values_list("pk", flat=True)[:MARKED_AT_ONCE]
            count = Onboarding.objects.filter(pk__in=list(free)).update(secrets_gone_at=clock.now())


def destroy_secrets(pk: UUID) -> bool:
    """Destroy what is stored of an onboarding, on record, and tell its Certificate Admins. True when it was the first
    time, or anything was left.
    """
    with transaction.atomic():
        return _destroy([pk], wait=True).total > 0


def _destroy(pks: Sequence[UUID], *, wait: bool) -> Done:
    free = lock_onboardings(pks, wait=wait)
    counts = {pk: found.total for pk, found in destroy_cases(free).items()}
    cases = [free[pk] for pk in pks if pk in free]
    cases = [each for each in cases if counts[each.pk] or not each.secrets_destroyed_at]
    if cases:
        for each in cases:
            each.secrets_destroyed_at, each.secrets_gone_at = clock.now(), None
        update_rows(cases, ("secrets_destroyed_at", "secrets_gone_at"))
        append_to_chains(
            [
                build_event(
                    EventName.SECRETS_DESTROYED,
                    company=each.company,
                    onboarding_id=each.pk,
                    data={"count": counts[each.pk]},
                )
                for each in cases
            ]
        )
        found = Recipients(cases)
        with gather_emails():
            for each in cases:
                emails.queue_secrets_destroyed(each, found)
    return Done(len(cases), [pk for pk in pks if pk not in free])
