"""Making N companies: a few hundred at a time, each batch whole in one transaction, so that what stops leaves no half.

Which stories there are is in stories.py; who may seed where, in refusal.py.
"""

import random
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from certs import clock
from certs.rows import reserve_keys
from onboarding.audit.chain import OPS, record_event
from onboarding.audit.event_names import EventName
from onboarding.handover.models import Grant
from onboarding.journey.models import StepRecord
from onboarding.journey.steps import ORDER
from onboarding.people.models import Company, User
from onboarding.seeding import names, stories
from onboarding.seeding.batch import Batch
from onboarding.seeding.company_history import CompanyHistory, make_user
from onboarding.seeding.key_material import KeyMaterial
from onboarding.seeding.sent_emails import make_emails

AT_ONCE = 250  # companies in one transaction
PER_HELPER = 250  # companies, of which a fifth or so lets the helper in
HELPED_ONE_OF = 3  # companies has somebody from outside, where an onboarding is under way
PLACE = "seeded"  # where ops and helpers have their addresses


class Done(NamedTuple):
    """How far it is: companies so far, and rows of this batch by model."""

    companies: int
    rows: dict[str, int]


def seed(count: int, password: str) -> Iterator[Done]:
    """Make so many companies more; tells after each batch how far it is. `password`: a hash for everybody, or none.

    The same number of a company gives the same story, whoever seeds; keys, ids and dates are new each time.
    """
    now, first = clock.now(), Company.objects.count()
    material = KeyMaterial(min(12, 1 + count // 500), now)
    ops, helpers = _add_people(first, count, now, password)
    for begin in range(first, first + count, AT_ONCE):
        end, rows = min(begin + AT_ONCE, first + count), Batch()
        histories = [
            _make_history(index, now, material, password, ops, helpers) for index in range(begin, end)
        ]
        with transaction.atomic():
            _give_keys(histories)
            for history in histories:
                _gather(history, rows)
            rows.write()
        yield Done(end - first, rows.count())


def _make_history(
    index: int, now: datetime, material: KeyMaterial, password: str, ops: User, helpers: list[User]
) -> CompanyHistory:
    rng = random.Random(index)  # noqa: S311  stories, not secrets
    history = CompanyHistory(index, stories.make_story(index, now, rng), now, rng, material, password)
    is_helped = index % HELPED_ONE_OF == 0
    history.make(ops, helpers[index // HELPED_ONE_OF % len(helpers)] if is_helped else None)
    return history


def _add_people(first: int, count: int, now: datetime, password: str) -> tuple[User, list[User]]:
    """Somebody of ops, and the technicians who work for many companies, each a person of another firm."""
    rng = random.Random(f"people {first}")  # noqa: S311  names, not secrets
    made = [
        make_user(rng, name, names.make_address(name, PLACE, first + number), now)
        for number, name in enumerate(names.name_person(rng) for _ in range(1 + max(1, count // PER_HELPER)))
    ]
    ops, *helpers = made
    ops.is_ops = True
    for user in made:
        user.password = password
    with transaction.atomic():
        User.objects.bulk_create(made)
        data = {"role": "Ops", "to": f"{ops.name} <{ops.email}>"}
        record_event(EventName.ROLE_ASSIGNED, company=None, data=data, replay={"roles": {str(ops.pk): OPS}})
    return ops, helpers


def _give_keys(histories: list[CompanyHistory]) -> None:
    """The records of steps get their keys before they are stored: grants and emails name them."""
    cases = [case for history in histories for case in history.cases]
    keys = iter(reserve_keys(StepRecord, len(cases) * len(ORDER)))
    for case in cases:
        for record in case.records.values():
            record.pk = next(keys)


def _gather(history: CompanyHistory, rows: Batch) -> None:
    rows.add(*history.rows)
    for case in history.cases:
        rows.add(case.onboarding, *case.records.values(), *case.artifacts.rows)
    for grant, steps in history.grants:
        rows.add(grant)
        through = Grant.steps.through
        rows.add(*(through(grant_id=grant.pk, steprecord_id=record.pk) for record in steps))
    rows.add(*make_emails(history, settings.PORTAL.base_url))
    rows.add_chain(history.company, history.events)
