"""The rows of one move: locked and read at its beginning, gathered while it goes on, written together at its end.

What a move does to them is in progress.py, which alone changes a step's state.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from certs import clock
from certs.rows import overwrite_rows, read_rows
from onboarding.audit.chain import append_events, build_event
from onboarding.audit.event_names import EventName
from onboarding.audit.models import ChainHead, Event
from onboarding.journey import projection
from onboarding.journey.access import Access, build_access
from onboarding.journey.assignment import lock_onboarding
from onboarding.journey.deadlines.step_times import CompanyTimes
from onboarding.journey.models import CompanyDeadlines, Onboarding, StepRecord
from onboarding.people.access import read_role
from onboarding.people.models import User

_UNDER_LOCK = """
    SELECT {columns},
        (SELECT "role" FROM "people_membership" WHERE "company_id" = %s AND "user_id" = %s),
        (SELECT "times" FROM "journey_companydeadlines" WHERE "company_id" = %s),
        "audit_chainhead"."id", "chain", "length", "digest", "mac"
    FROM "journey_steprecord" LEFT JOIN "audit_chainhead" ON "chain" = %s
    WHERE "onboarding_id" = %s"""


@dataclass
class MoveRows:
    """One open move: the locked onboarding, all its records by slug, who moves and by what rights, and when.

    Without an actor, which is the worker, there are no rights. `head` is the end of the chain as it was read, without a
    lock; None where the company has no event yet. `company_times`: what ops set for this company's steps.
    """

    onboarding: Onboarding
    records: dict[str, StepRecord]
    actor: User | None
    now: datetime
    rights: Access | None = None
    head: ChainHead | None = None
    company_times: CompanyTimes = field(default_factory=dict)
    changed: dict[str, StepRecord] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    @classmethod
    def lock(cls, onboarding_id: UUID, actor: User | None) -> Self:
        """Lock the onboarding, then read the rest in one statement of its own.

        In the statement that waits for a lock a database shows other rows as they were before the wait: a role that was
        taken away meanwhile would still be there. Who has or moved a step is fetched where it is asked for.
        """
        onboarding = lock_onboarding(onboarding_id)
        company = onboarding.company_id
        params = [company, actor.pk if actor else None, company, str(company), onboarding_id]
        found: Any = list(read_rows(_UNDER_LOCK, params, StepRecord))
        records = {record.slug: record for record, *_ in found}
        for record in records.values():
            record.onboarding = onboarding
        first: Any = found[0][1:] if found else [None] * 7
        role, times, pk, chain, length, digest, mac = first
        rights = build_access(actor, onboarding, read_role(role)) if actor else None
        head = ChainHead(pk, chain, length, digest, mac) if pk is not None else None
        company_times = json.loads(times) if times else {}
        return cls(onboarding, records, actor, clock.now(), rights, head, company_times)

    def read_deadlines(self) -> None:
        """Of an onboarding just made for a locked company: the company's own times, and whether it is on hold."""
        if own := CompanyDeadlines.objects.filter(company=self.onboarding.company).first():
            self.company_times = own.times
        self.onboarding.deadlines_paused_at = self.now if self.onboarding.company.on_hold_since else None

    @property
    def access(self) -> Access:
        """The actor's rights under the lock, for the guards."""
        assert self.rights is not None, "The worker asks no guard."
        return self.rights

    def record_event(
        self, name: EventName, slug: str = "", /, *, replay: dict[str, Any] | None = None, **data: Any
    ) -> None:
        """Record an event of this move; of a step, with how it stands now."""
        stands = {"state": str(r.state), "version": r.version} if (r := self.records.get(slug)) else {}
        event = build_event(
            name,
            company=self.onboarding.company,
            actor=self.actor,
            onboarding_id=self.onboarding.pk,
            step=slug,
            data=data,
            replay={**stands, **(replay or {})},
        )
        self.events.append(event)

    def write(self) -> None:
        """Write what is new, each in one statement. The chain is locked from here on only, after everything else."""
        if self.changed:
            overwrite_rows(list(self.changed.values()))
        projection.write(self.onboarding, self.records.values())
        append_events(self.events, self.head)
