"""What workers do: poll one row, remind of what expires, destroy what is past its time.

Called by tasks.py; each is safe to run twice and alone. Many rows at once are polled in batches.py.
"""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from certs import chain_completion, clock
from certs.models import Certificate
from certs.secret_destruction import cases_with_secrets, destroy_case
from onboarding.audit.chain import record_event
from onboarding.audit.event_names import EventName
from onboarding.journey import case_files, emails, evidence, progress
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.outcomes import Failed
from onboarding.journey.polling import batches, pollers
from onboarding.journey.problems.codes import ProblemCode
from onboarding.journey.steps import State, StepSlug, Witness

log = logging.getLogger(__name__)
CHAINS = 200
MOST_DEATHS = 3  # of workers over the same row, one after the other
CHAIN_SECONDS = 30  # the last search that begins in it may take completion.SECONDS more
EXPIRY_NOTICE = (timedelta(days=90), timedelta(days=30))


def poll_step(pk: int) -> bool:
    """Poll for one record and settle what was found. True when it moved. An unforeseen fault only postpones this row.

    One that has ended its worker too often is not polled any more, and becomes a problem for ops.
    """
    record = StepRecord.objects.get_for_poll(pk)
    if record is None or record.next_check_at is None or not record.onboarding.is_active:
        return False
    if record.unfinished_polls > MOST_DEATHS:
        log.error("the poll of step %s ended its worker %s times; given up", pk, MOST_DEATHS)
        detail = f"{MOST_DEATHS} polls in a row ended with the worker that made them."
        return progress.settle(record, Failed(ProblemCode.PORTAL_LOOK_ENDED, detail), witness=Witness.PORTAL)
    try:
        outcome = pollers.poll(record)
    except Exception:
        log.exception("the poll of step %s failed", pk)
        progress.settle(record, batches.FAULT, witness=Witness.PORTAL)
        raise
    return progress.settle(record, outcome, witness=Witness.ATLAS if _asks_atlas(record) else Witness.PORTAL)


def _asks_atlas(record: StepRecord) -> bool:
    return record.wait is None or record.wait.needs_account_api


def remind_expiring() -> int:
    """Write to the admins when an mTLS certificate has 90 and 30 days left (T25). Returns how many certificates."""
    now = clock.now()
    ending = Certificate.objects.filter(not_after__gt=now, not_after__lte=now + max(EXPIRY_NOTICE))
    return sum(_alone(_queue_expiring, certificate) for certificate in ending)


def _queue_expiring(certificate: Certificate) -> bool:
    onboarding = Onboarding.objects.select_related("company").filter(pk=certificate.case_id).first()
    if onboarding is None or onboarding.status == Onboarding.Status.WITHDRAWN:
        return False
    if case_files.get_certificate(onboarding) != certificate:  # replaced by a later one
        return False
    if _is_renewed(onboarding):
        return False
    left = min(notice for notice in EXPIRY_NOTICE if certificate.not_after <= clock.now() + notice)
    with transaction.atomic():
        emails.queue_expiring(onboarding, certificate.serial, certificate.not_after, left.days)
    return True


def _is_renewed(onboarding: Onboarding) -> bool:
    """Whether a later onboarding of the same environment has proved its own bundle; until then the old one counts."""
    later = Onboarding.objects.filter(
        company=onboarding.company,
        environment=onboarding.environment,
        started_at__gt=onboarding.started_at,
    ).exclude(status=Onboarding.Status.WITHDRAWN)
    return StepRecord.objects.filter(onboarding__in=later, slug=StepSlug.PROOF, state=State.DONE).exists()


def complete_chains() -> int:
    """Seek the missing issuers of certificates that people brought. Returns how many were looked at."""
    until, done = time.monotonic() + CHAIN_SECONDS, 0
    for each in chain_completion.due_certificates()[:CHAINS]:
        done += _alone(chain_completion.complete_chain, each)
        if time.monotonic() > until:  # the rest is for the next time
            break
    return done


def destroy_expired_secrets() -> int:
    """Destroy key, API secret, PFX and evidence files where their time is up; fingerprints and dates stay.

    Returns how many cases. What an older container stored in the clear during an upgrade is sealed first.
    """
    for pk in evidence.list_plain_files():
        _alone(evidence.seal_plain, pk)
    due = Onboarding.objects.filter(destroy_secrets_at__lte=clock.now())
    first = due.filter(secrets_destroyed_at__isnull=True).values_list("pk", flat=True)
    late = due.filter(secrets_destroyed_at__isnull=False, pk__in=cases_with_secrets()).values_list(
        "pk", flat=True
    )
    return sum(_alone(destroy_secrets, case) for case in {*first, *late})


def _alone(work: Callable[[Any], object], row: Any) -> bool:
    """One row's failure is on the log and never stops the others."""
    try:
        return bool(work(row))
    except Exception:
        log.exception("%s of %s failed", work.__name__, row)
        return False


def destroy_secrets(pk: UUID) -> bool:
    """Destroy what is stored of an onboarding, on record, and tell its Certificate Admins. True when it was the first
    time, or anything was left.
    """
    with transaction.atomic():
        onboarding = Onboarding.objects.select_for_update(of=("self",)).select_related("company").get(pk=pk)
        count = destroy_case(onboarding.pk).total
        if onboarding.secrets_destroyed_at and not count:
            return False
        onboarding.secrets_destroyed_at = clock.now()
        onboarding.save(update_fields=["secrets_destroyed_at"])
        record_event(
            EventName.SECRETS_DESTROYED,
            company=onboarding.company,
            onboarding_id=onboarding.pk,
            data={"count": count},
        )
        emails.queue_secrets_destroyed(onboarding, count)
    return True
