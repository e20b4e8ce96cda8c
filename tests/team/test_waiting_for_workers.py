"""Somebody gets another role while a worker closes what belongs to an ended onboarding: neither waits in a circle."""

import threading
import time

import pytest
from django.db import transaction

from onboarding.audit.chain import record_event
from onboarding.audit.event_names import EventName
from onboarding.journey import progress
from onboarding.journey.assignment import lock_onboarding
from onboarding.people.models import Membership, Role
from onboarding.team import membership_changes
from tests.concurrency import race, split
from tests.people_fixtures import make_people


@pytest.mark.django_db(transaction=True)
def test_a_change_of_roles_waits_for_the_worker_before_it_writes_into_the_history(
    transactional_db: None,
) -> None:
    people = make_people()
    ended = progress.start(people.one, environment="uit", actor=people.alice)
    progress.withdraw(ended, actor=people.alice, reason="-")
    member = Membership.objects.get(user=people.tess, company=people.one)
    locked = threading.Event()

    def close_slowly() -> None:
        with transaction.atomic():
            onboarding = lock_onboarding(ended.pk)
            locked.set()
            time.sleep(0.5)
            record_event(EventName.GRANT_ENDED, company=onboarding.company, onboarding_id=ended.pk)

    def change_meanwhile() -> None:
        assert locked.wait(10)
        membership_changes.change_role(member, Role.READER, actor=people.alice)

    _, failed = split(race(close_slowly, change_meanwhile))
    assert failed == []
    assert Membership.objects.get(pk=member.pk).role == Role.READER
