"""A company is archived at the moment at which something else happens to it: nothing is half done.

What may be archived at all is in test_company_page.py.
"""

import threading
import time
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from onboarding.audit.chain_check import find_chain_faults
from onboarding.journey import progress
from onboarding.journey.deadlines import holds
from onboarding.journey.models import Onboarding
from onboarding.journey.polling.expired_secrets import destroy_secrets
from onboarding.ops import archive
from onboarding.people import invitations
from onboarding.people.models import Company, Role
from tests.concurrency import race, split
from tests.people_fixtures import People, make_company, make_people

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = pytest.mark.parametrize("rounds", [10, pytest.param(200, marks=pytest.mark.nightly)])


@pytest.fixture
def people(transactional_db: None) -> People:
    return make_people()


def _withdrawn(company: Company, actor: Any) -> Onboarding:
    made = progress.start(company, environment="uit", actor=actor)
    return progress.withdraw(made, actor=actor, reason="-")


def test_archiving_and_a_workers_destruction_of_the_same_secrets_do_not_wait_for_each_other(
    people: People,
) -> None:
    for _ in range(3):
        _withdrawn(people.one, people.alice)
    last = list(people.one.onboardings.values_list("pk", flat=True))[-1]  # type: ignore[attr-defined]
    locked = threading.Event()

    def destroy_slowly() -> bool:
        with transaction.atomic():
            Onboarding.objects.select_for_update().get(pk=last)
            locked.set()
            time.sleep(0.5)
            return destroy_secrets(last)

    def archive_meanwhile() -> int:
        assert locked.wait(10)
        return archive.archive_company(people.one, actor=people.olga)

    assert race(destroy_slowly, archive_meanwhile) == [True, 2]
    assert list(find_chain_faults()) == []


@ROUNDS
def test_a_start_a_hold_and_an_invitation_at_once_with_the_archive_leave_nothing_open_in_it(
    people: People, rounds: int
) -> None:
    for number in range(rounds):
        company = make_company(f"round-{number}", f"Round {number}", people.alice)
        _withdrawn(company, people.alice)
        answers = race(
            partial(archive.archive_company, company, actor=people.olga),
            partial(progress.start, company, environment="uit", actor=people.alice),
            partial(holds.hold_company, company, "They merge", actor=people.olga),
            partial(
                invitations.invite,
                company=company,
                email="x@x.example",
                role=Role.READER,
                actor=people.alice,
            ),
        )
        refused = [str(each) for each in split(answers)[1]]
        assert all("archived" in each for each in refused), refused
        company = Company.objects.get(pk=company.pk)
        is_open = company.onboardings.active().exists() or company.invitations.exists()  # type: ignore[attr-defined]
        assert bool(company.archived_at) != is_open
        assert not (company.archived_at and company.on_hold_since)
