"""Telling the admins that an mTLS certificate ends soon: once with 90 and once with 30 days left (T25).

Each certificate says in `notice_state` which notice it was last looked at for, and how many events its company had.
Whatever changes who is written to, or about which certificate, is an event of the company, so only what has another
notice or another number of events by now is looked at again. Two things are no such event: the day on which somebody is
away (these companies are looked at each time), and an account that is opened again (certs/notices.py).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Case, CharField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Concat

from certs import clock
from certs.models import Certificate
from certs.rows import update_rows
from onboarding.audit.models import ChainHead
from onboarding.journey import emails
from onboarding.journey.email_recipients import Recipients
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.steps import State, StepSlug
from onboarding.journey.unwritten import list_unwritten
from onboarding.notifications.outbox import gather_emails
from onboarding.people.deputies import list_away_companies
from onboarding.periodic.batches import Done, Task, do_in_batches

EXPIRY_NOTICE = (timedelta(days=90), timedelta(days=30))
AT_ONCE = 200  # certificates, in one transaction
SECONDS = 60  # after which no further batch begins


class _ChainOf(Func):
    """The name of a company's chain of events: its id as text, with the hyphens that SQLite does not store."""

    template = "CAST(%(expressions)s AS varchar)"
    output_field = CharField()
    parts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        """The five parts of the id, put together."""
        parts = (f"substr(%(expressions)s, {begin}, {length})" for begin, length in self.parts)
        return self.as_sql(compiler, connection, template=" || '-' || ".join(parts), **extra)


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
    now = clock.now()
    unsure = _with_state(now).filter(not_after__gt=now, not_after__lte=now + max(EXPIRY_NOTICE))
    unsure = unsure.exclude(Q(notice_state=F("state")) & ~Q(company_id__in=list_away_companies()))
    pks = list(unsure.order_by("not_after", "pk").values_list("pk", flat=True))
    return do_in_batches(Task(partial(_remind, now=now), pks, AT_ONCE), seconds=SECONDS)


def _with_state(now: datetime) -> QuerySet[Certificate, Any]:
    """Each with the `state` in which there is nothing to do about it, once it was looked at now."""
    longest, shortest = EXPIRY_NOTICE
    notice = Case(
        When(not_after__lte=now + shortest, then=Value(str(shortest.days))), default=Value(str(longest.days))
    )
    head = ChainHead.objects.filter(chain=_ChainOf(OuterRef("company_id"))).values("length")[:1]
    events = Cast(Coalesce(Subquery(head), Value(0)), CharField())
    return Certificate.objects.annotate(state=Concat(notice, Value(":"), events, output_field=CharField()))


def _remind(pks: Sequence[UUID], *, wait: bool, now: datetime) -> Done:
    # The number of events is read before everything that they tell of. The lock keeps away who forgets notices.
    rows = _with_state(now).select_for_update(of=("self",), skip_locked=not wait, no_key=True)
    certificates: list[Any] = list(
        rows.filter(pk__in=pks)
        .only("case_id", "serial", "not_after", "notice_state")
        .order_by("not_after", "pk")
    )
    endings = {each.key: each for each in _find_in_force(certificates, now)}
    unwritten = list_unwritten({key: each.onboarding.company_id for key, each in endings.items()})
    missing = [endings[key] for key in endings if key in unwritten]
    if missing:
        found = Recipients(each.onboarding for each in missing)
        with gather_emails():
            for each in missing:
                emails.queue_expiring(*each, found)
    for certificate in certificates:
        certificate.notice_state = certificate.state
    update_rows(certificates, ("notice_state",))
    free = {certificate.pk for certificate in certificates}
    return Done(len(unwritten), [] if wait else [pk for pk in pks if pk not in free])


def _find_in_force(certificates: Iterable[Certificate], now: datetime) -> Iterator[_Ending]:
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
    for onboarding in onboardings.exclude(status=Onboarding.Status.WITHDRAWN).select_related("company"):
        for certificate in by_case[onboarding.pk]:
            if rests_on.get(onboarding.pk) == str(certificate.pk):
                left = min(notice for notice in EXPIRY_NOTICE if certificate.not_after <= now + notice)
                yield _Ending(onboarding, certificate.serial, certificate.not_after, left.days)
