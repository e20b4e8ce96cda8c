"""Ops set deadlines at the moment at which an onboarding begins: it has the new ones, whoever comes first.

What pauses and times do on their own is in test_deadlines.py.
"""

import threading
import time
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from onboarding.journey import progress
from onboarding.journey.deadlines import holds
from onboarding.journey.deadlines.time_changes import change_times
from onboarding.journey.definitions import Times
from onboarding.journey.models import Onboarding
from onboarding.people.models import Company
from tests.concurrency import race, split
from tests.people_fixtures import People, make_company, make_people, step

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = pytest.mark.parametrize("rounds", [10, pytest.param(200, marks=pytest.mark.nightly)])


@pytest.fixture
def people(transactional_db: None) -> People:
    return make_people()


def test_times_that_change_while_an_onboarding_begins_hold_for_it(people: People) -> None:
    begun = threading.Event()

    def begin_slowly() -> Onboarding:
        with transaction.atomic():
            made = progress.start(people.one, environment="uit", actor=people.alice)
            begun.set()
            time.sleep(0.5)
        return made

    def change() -> int:
        assert begun.wait(10)
        how: dict[str, Any] = {"seen": Times(2, 5), "actor": people.olga, "reason": "An audit."}
        return change_times(people.one, "register", Times(20, 30), **how)

    made, count = race(begin_slowly, change)
    assert count == 1
    record = step(made, "register")
    assert record.usual_at is not None
    assert (record.usual_at - record.since).days > 20


@ROUNDS
def test_what_begins_while_its_company_is_put_on_hold_rests_from_its_beginning(
    people: People, rounds: int
) -> None:
    for number in range(rounds):
        company = make_company(f"round-{number}", f"Round {number}", people.alice)
        _, lost = split(
            race(
                partial(holds.hold_company, company, "They merge", actor=people.olga),
                partial(progress.start, company, environment="uit", actor=people.alice),
                partial(holds.hold_company, company, "They wait", actor=people.olga),
            )
        )
        assert ["on hold on" in str(each) for each in lost] == [True]
        company = Company.objects.get(pk=company.pk)
        assert company.on_hold_since
        assert Onboarding.objects.get(company=company).deadlines_paused_at
        holds.end_hold(company, actor=people.olga)
        assert Onboarding.objects.get(company=company).deadlines_paused_at is None
