"""What closes many offers and accesses at once: few statements for all, and what a person does meanwhile holds."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from certs.models import SharedSecret
from certs.secret_sharing import What
from onboarding.audit.chain_check import find_chain_faults
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.handover import grants, offers, secret_sharing
from onboarding.handover.models import Grant, Offer, OfferedStep
from onboarding.journey import progress
from onboarding.journey.models import Onboarding
from onboarding.notifications.models import OutboxEmail
from onboarding.people.models import Membership, Role
from tests.concurrency import race, split
from tests.handover.factories import make_dana, make_grant, make_offer, open_steps
from tests.people_fixtures import People, make_company, make_people, step
from tests.refused_rows import refuse_changes

PAST = timedelta(minutes=1)


def _cases(people: People, count: int, name: str = "many") -> list[Onboarding]:
    made = []
    for number in range(count):
        others = {"admin": [people.bob], "technician": [people.tess]}
        company = make_company(f"{name}-{number}", f"{name} {number}", people.alice, **others)
        made.append(progress.start(company, environment="uit", actor=people.alice))
        open_steps(made[-1], "csr", "pfx")
    return made


def _grants(people: People, count: int, name: str = "many") -> list[Onboarding]:
    """Dana has the CSR of each, until a minute ago."""
    dana = make_dana() if name == "many" else Grant.objects.all()[0].user
    made = _cases(people, count, name)
    for each in made:
        make_grant(each, people.bob, dana)
    Grant.objects.filter(revoked_at=None).update(until=timezone.now() - PAST)
    return made


def _count_statements(call: Any) -> int:
    with CaptureQueriesContext(connection) as seen:
        call()
    return len(seen)


def test_closing_many_accesses_takes_as_many_statements_as_closing_one(people: People) -> None:
    _grants(people, 2)
    few = _count_statements(lambda: offers.expire())
    made = _grants(people, 9, "more")
    assert _count_statements(lambda: offers.expire()) == few <= 25
    assert not Grant.objects.filter(revoked_at=None).exists()
    assert all(step(each, "csr").assignee is None for each in made)
    assert Event.objects.filter(name=EventName.GRANT_ENDED).count() == 11
    assert OutboxEmail.objects.filter(key__startswith="grant-ended:").count() == 11
    assert list(find_chain_faults()) == []
    assert offers.expire() == 0


def test_closing_many_offers_takes_as_many_statements_as_closing_one(people: People) -> None:
    for count, name in ((2, "few"), (9, "more")):
        for each in _cases(people, count, name):
            make_offer(each, people.bob, people.tess)
        Offer.objects.filter(status="offered").update(expires_at=timezone.now() - PAST)
        statements = _count_statements(lambda: offers.expire())
        assert statements <= 25, statements
    assert set(Offer.objects.values_list("status", flat=True)) == {"expired"}
    assert not OfferedStep.objects.filter(is_open=True).exists()
    assert Event.objects.filter(name=EventName.OFFER_EXPIRED).count() == 11
    assert OutboxEmail.objects.filter(key__startswith="offer-expired:").count() == 22


def test_in_the_history_of_each_company_stands_what_a_single_one_writes(people: People) -> None:
    made = _grants(people, 2)
    until = timezone.now() + timedelta(days=7)
    for each in made:
        offer = Offer.objects.get(onboarding=each)
        Grant.objects.filter(offer=offer).update(until=until)
        secret_sharing.share(offer, What.PRIVATE_KEY, b"a key of the tests", until=until, actor=people.bob)
    Grant.objects.update(until=timezone.now() - PAST)
    assert offers.expire() == 2
    for each in made:
        last = Event.objects.filter(onboarding_id=each.pk).order_by("number")
        names = [event.name for event in last][-2:]
        assert names == [EventName.SECRET_SHARE_WITHDRAWN, EventName.GRANT_ENDED]
        assert {event.step for event in last if event.name in names} == {"csr"}
    assert not SharedSecret.objects.filter(taken_back_at=None).exists()


def test_what_is_left_to_somebody_by_a_role_or_another_access_stays_theirs(people: People) -> None:
    made = _grants(people, 3)
    dana = Grant.objects.all()[0].user
    Membership.objects.create(user=dana, company=made[0].company, role=Role.TECHNICIAN)
    other = Grant.objects.create(
        onboarding=made[1], user=dana, until=timezone.now() + timedelta(days=1), given_by=people.bob
    )
    other.steps.set([step(made[1], "csr")])
    assert offers.expire() == 3
    assert [step(each, "csr").assignee for each in made] == [dana, dana, None]


@pytest.mark.parametrize("model", [Grant, Offer])
def test_one_that_cannot_be_closed_keeps_no_other_open(
    people: People, model: Any, caplog: pytest.LogCaptureFixture
) -> None:
    if model is Grant:
        _grants(people, 3)
    else:
        for each in _cases(people, 3):
            make_offer(each, people.bob, people.tess)
        Offer.objects.update(expires_at=timezone.now() - PAST)
    bad = model.objects.all()[1]
    refuse_changes(bad)
    assert offers.expire() == 2
    still: Any = {"revoked_at": None} if model is Grant else {"status": "offered"}
    assert list(model.objects.filter(**still)) == [bad]
    assert str(bad.pk) in caplog.text
    assert offers.expire() == 0


@pytest.mark.django_db(transaction=True)
def test_an_access_that_is_extended_or_ended_at_the_same_moment_is_closed_once_or_not_at_all(
    transactional_db: None,
) -> None:
    people = make_people()
    made = _grants(people, 6)
    far = timezone.now() + timedelta(days=30)

    def prolong() -> None:
        for each in made[:3]:
            with transaction.atomic():
                Onboarding.objects.select_for_update().get(pk=each.pk)
                Grant.objects.filter(onboarding=each, revoked_at=None).update(until=far)

    def end() -> None:
        for each in made[3:]:
            with transaction.atomic():
                onboarding = grants.lock_onboarding(each.pk)
                for grant in Grant.objects.filter(onboarding=each, revoked_at=None).select_related("user"):
                    grant.onboarding = onboarding
                    grants.close_grant(grant, people.bob)

    _, lost = split(race(prolong, end, partial(offers.expire), partial(offers.expire)))
    assert lost == []
    for each in made:
        grant = Grant.objects.get(onboarding=each)
        told = Event.objects.filter(
            onboarding_id=each.pk, name__in=[EventName.GRANT_ENDED, EventName.GRANT_REVOKED]
        )
        assert told.count() == (grant.revoked_at is not None)
        assert (step(each, "csr").assignee is None) == (grant.revoked_at is not None)
        assert OutboxEmail.objects.filter(key__startswith=f"grant-ended:{grant.pk}").count() == told.count()
