"""Many polls at once: who gets which row, and what ends a batch.

How many ask at a time is in test_batch_threads.py, workers that die are in test_dead_batches.py; what single answers
mean is tested beside this file.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from celery.signals import before_task_publish
from django.conf import settings as django_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from certs import clock, turns
from onboarding.journey.models import StepRecord
from onboarding.journey.outcomes import NotYet
from onboarding.journey.polling import batches, claims, client, schedule, tasks
from onboarding.journey.polling.intervals import LEASE
from tests.atlas.broken_peer import BrokenPeer, problem, reply
from tests.concurrency import race
from tests.journey.polling.many_rows import make_waiting, no_profile
from tests.journey.polling.peers import Gate, Point, expect_no_task
from tests.time_travel import travel
from tests.workers import claim_rows

EVERYWHERE = pytest.mark.django_db(transaction=True)
MIDDLE = 1_795_442_730  # half way through a minute


def _polled() -> "Counter[int]":
    return Counter(StepRecord.objects.filter(slug="verification").values_list("poll_count", flat=True))


@EVERYWHERE
def test_two_workers_poll_each_row_once(transactional_db: None, at: Point) -> None:
    make_waiting(80)
    with no_profile() as peer:
        at(peer)
        polled = race(lambda: batches.poll_due(expect_no_task), lambda: batches.poll_due(expect_no_task))
        assert sum(polled) + batches.poll_due(expect_no_task) == 80
        assert len(peer.requests) == 80
    assert _polled() == {1: 80}
    assert not StepRecord.objects.filter(slug="verification", unfinished_polls__gt=0).exists()


def test_a_batch_takes_one_select_and_two_updates(db: None, at: Point) -> None:
    make_waiting(50)
    with no_profile() as peer, CaptureQueriesContext(connection) as queries:
        at(peer)
        batches.poll_due(expect_no_task)
    said = [query["sql"].split()[0] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert said == ["SELECT", "UPDATE", "SELECT", "UPDATE"]  # the second finds nothing more
    assert _polled() == {1: 50}


def test_a_company_with_hundreds_of_rows_does_not_starve_the_others(db: None) -> None:
    big = make_waiting(1, of_each=450)
    small = make_waiting(30)  # due later than all of these
    first = claim_rows()
    assert set(small) <= set(first)
    assert len(first) == claims.BATCH
    assert sum(pk in big for pk in first) == claims.BATCH - 30
    assert sorted([*first, *claim_rows(), *claim_rows()]) == sorted([*big, *small])  # nothing is left out


@EVERYWHERE
def test_two_callers_are_fair_and_get_different_rows(transactional_db: None) -> None:
    rows = make_waiting(300)
    one, two = race(claim_rows, claim_rows)
    assert set(one).isdisjoint(two)
    assert sorted([*one, *two, *claim_rows()]) == sorted(rows)


def test_the_call_budget_ends_a_turn_and_the_oldest_are_first_in_the_next_minute(db: None, at: Point) -> None:
    rows = make_waiting(50)
    with no_profile() as peer, travel(MIDDLE, tick=False):
        StepRecord.objects.filter(pk__in=rows).update(next_check_at=clock.now() - timedelta(hours=1))
        at(peer, account_api_calls_per_minute=30)
        for claimed in (50, 20):
            assert batches.poll_due(expect_no_task) == claimed
            assert len(peer.requests) == 30
        assert _polled() == {1: 30, 0: 20}
        left = StepRecord.objects.filter(slug="verification", poll_count=0)
        assert set(left.values_list("unfinished_polls", "poll_queued")) == {(0, False)}
        with travel(MIDDLE + 60, tick=False):
            batches.poll_due(expect_no_task)
        assert len(peer.requests) == 60
    assert _polled() == {1: 40, 2: 10}  # by now the others are due again


def test_what_does_not_begin_in_time_is_due_again_at_once(
    db: None, at: Point, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH_SECONDS", 1.5)  # also a busy machine begins sixteen within that
    make_waiting(80)
    with BrokenPeer(Gate(1.0)) as peer:
        at(peer)
        batches.poll_due(expect_no_task)
        asked = len(peer.requests)
    assert 16 <= asked <= 48
    assert _polled() == {1: asked, 0: 80 - asked}
    assert len(claim_rows()) == 80 - asked


def test_the_longest_batch_ends_well_before_the_lease_and_the_tasks_limit() -> None:
    longest = turns.SECONDS + batches.BATCH_SECONDS + 2 * client.SHORT.total
    assert longest < django_settings.CELERY_TASK_SOFT_TIME_LIMIT
    assert timedelta(seconds=longest) < LEASE / 2


def test_an_atlas_that_asks_for_a_pause_is_not_asked_for_the_rest(db: None, at: Point) -> None:
    make_waiting(100)
    with BrokenPeer(reply(body=b"[]"), problem(429, Retry_After="7")) as peer:
        at(peer)
        assert batches.poll_due(expect_no_task) == 100
        assert len(peer.requests) <= 2 * batches.THREADS
    assert _polled()[0] >= 100 - 2 * batches.THREADS


def test_a_fault_of_our_own_postpones_one_row_and_not_the_others(db: None, at: Point, caplog: Any) -> None:
    rows = make_waiting(20)
    onboarding = StepRecord.objects.get(pk=rows[3]).onboarding
    onboarding.steps.filter(slug="identity-profile").update(facts=["no facts"])
    with no_profile() as peer:
        at(peer)
        batches.poll_due(expect_no_task)
    assert _polled() == {1: 20}
    assert "fault of its own" in StepRecord.objects.get(pk=rows[3]).last_poll_result
    assert caplog.text.count("the poll of step") == 1


def test_a_late_a_repeated_and_a_reordered_answer_change_nothing(db: None) -> None:
    make_waiting(3)
    read = claims.claim_due()
    again = list(StepRecord.objects.filter(pk__in=[record.pk for record in read]).for_polls())
    moved = StepRecord.objects.filter(pk=read[0].pk)
    moved.update(version=read[0].version + 1, state="done", next_check_at=None)  # a person was quicker
    schedule.postpone_all((record, NotYet(because="first")) for record in reversed(read))
    schedule.give_back(again[:1])
    schedule.postpone_all((record, NotYet(because="first")) for record in again)
    assert moved.values_list("state", "next_check_at", "poll_count").get() == ("done", None, 0)
    others = StepRecord.objects.filter(pk__in=[record.pk for record in read[1:]])
    assert list(others.values_list("poll_count", "last_poll_result")) == [(1, "first")] * 2


@pytest.fixture
def published() -> Iterator[list[tuple[str, Any]]]:
    """Task and arguments of what is handed to the broker."""
    handed: list[tuple[str, Any]] = []

    def note(sender: str, body: Any, **_: Any) -> None:
        handed.append((sender, body[0]))

    before_task_publish.connect(note, weak=False, dispatch_uid="published")
    yield handed
    before_task_publish.disconnect(dispatch_uid="published")


def test_when_a_turn_is_over_and_more_is_due_another_turn_follows_for_two_minutes(
    db: None, at: Point, monkeypatch: pytest.MonkeyPatch, published: list[tuple[str, Any]]
) -> None:
    monkeypatch.setattr(turns, "SECONDS", 0.0)
    make_waiting(20)
    monkeypatch.setattr(claims, "BATCH", 5)
    with no_profile() as peer:
        at(peer)
        assert tasks.poll_due_steps() == 5
        ((task, (first,)),) = published
        assert task == "journey.poll_due_steps"
        with travel(clock.now() + turns.CHAIN - timedelta(seconds=5)):
            assert tasks.poll_due_steps(first) == 5
        assert published[1:] == [(task, (first,))]
        with travel(clock.now() + turns.CHAIN + timedelta(seconds=1)):
            assert tasks.poll_due_steps(first) == 5
        assert len(published) == 2


def test_the_portals_own_work_has_a_task_of_its_own(db: None, published: list[tuple[str, Any]]) -> None:
    rows = make_waiting(3, slug="csr")
    StepRecord.objects.filter(pk__in=rows).update(submitted_at=clock.now())
    assert tasks.poll_due_steps() == 3
    assert published == [("journey.poll_step", (pk,)) for pk in rows]
    assert claim_rows() == []
    with travel(clock.now() + timedelta(seconds=61)):  # a wiped broker forgot them
        assert claim_rows() == rows
    assert schedule.begin_poll(rows[0])
    assert not schedule.begin_poll(rows[0])
