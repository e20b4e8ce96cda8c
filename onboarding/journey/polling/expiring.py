"""Telling the admins that an mTLS certificate ends soon: once with 90 and once with 30 days left (T25).

A run takes the certificates that end first, AT_ONCE at a time, and stops after SECONDS; what is written is never
written again, so the next run goes on where this one stopped.
"""

import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from certs import clock
from certs.models import Certificate
from onboarding.journey import emails
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.polling.rows_alone import do_alone
from onboarding.journey.steps import State, StepSlug
from onboarding.journey.unwritten import list_unwritten

EXPIRY_NOTICE = (timedelta(days=90), timedelta(days=30))
AT_ONCE = 500  # certificates
SECONDS = 60  # after which no further batch begins


class _Ending(NamedTuple):
    """A certificate that ends, the onboarding that rests on it, and which notice it is."""

    onboarding: Onboarding
    serial: str
    not_after: datetime
    days: int

    @property
    def key(self) -> str:
        return emails.make_expiring_key(self.onboarding, self.serial, self.days)


def remind_expiring() -> int:
    """Write to the admins of each certificate that ends soon and whose email is missing. Returns how many were."""
    until, done = time.monotonic() + SECONDS, 0
    for batch in _batches(clock.now()):
        ending = {each.key: each for each in _find_in_force(batch)}
        unwritten = list_unwritten({key: each.onboarding.company_id for key, each in ending.items()})
        done += sum(do_alone(_queue, ending[key]) for key in ending if key in unwritten)
        if time.monotonic() > until:
            break
    return done


def _queue(ending: _Ending) -> bool:
    with transaction.atomic():
        emails.queue_expiring(ending.onboarding, ending.serial, ending.not_after, ending.days)
    return True


def _batches(now: datetime) -> Iterator[list[Certificate]]:
    """Those that end within the longest notice, the first to end first."""
    ending = Certificate.objects.filter(not_after__gt=now, not_after__lte=now + max(EXPIRY_NOTICE))
    pks = list(ending.order_by("not_after", "pk").values_list("pk", flat=True))
    for begin in range(0, len(pks), AT_ONCE):
        found = Certificate.objects.filter(pk__in=pks[begin : begin + AT_ONCE])
        yield list(found.only("case_id", "serial", "not_after"))


def _find_in_force(certificates: Iterable[Certificate]) -> Iterator[_Ending]:
    """Those that count: not of a withdrawn onboarding, and neither replaced there nor renewed by a later one."""
    by_case: dict[UUID, list[Certificate]] = {}
    for certificate in certificates:
        by_case.setdefault(certificate.case_id, []).append(certificate)
    later = StepRecord.objects.filter(
        slug=StepSlug.PROOF,
        state=State.DONE,
        onboarding__company=OuterRef("company"),
        onboarding__environment=OuterRef("environment"),
        onboarding__started_at__gt=OuterRef("started_at"),
    ).exclude(onboarding__status=Onboarding.Status.WITHDRAWN)
    onboardings = Onboarding.objects.filter(~Exists(later), pk__in=by_case)
    rests_on = dict(
        StepRecord.objects.filter(onboarding__in=by_case, slug=StepSlug.CERTIFICATE).values_list(
            "onboarding", "facts__certificate_id"
        )
    )
    now = clock.now()
    for onboarding in onboardings.exclude(status=Onboarding.Status.WITHDRAWN).select_related("company"):
        for certificate in by_case[onboarding.pk]:
            if rests_on.get(onboarding.pk) == str(certificate.pk):
                left = min(notice for notice in EXPIRY_NOTICE if certificate.not_after <= now + notice)
                yield _Ending(onboarding, certificate.serial, certificate.not_after, left.days)
