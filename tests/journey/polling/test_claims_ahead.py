"""The next rows are claimed while Atlas is asked for the last ones: what becomes of both when something goes wrong."""

import ssl
import threading
from typing import Any

import pytest

from certs import clock, turns
from onboarding.journey.models import StepRecord
from onboarding.journey.polling import batches, claims
from tests.atlas.broken_peer import BrokenPeer, problem, reply
from tests.journey.polling.many_rows import make_waiting, no_profile
from tests.journey.polling.peers import Point, expect_no_task


def _standing() -> set[tuple[int, int, bool]]:
    rows = StepRecord.objects.filter(slug="verification").order_by("pk")
    return set(rows.values_list("poll_count", "unfinished_polls", "poll_queued"))


@pytest.fixture
def in_tens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten rows are a batch."""
    monkeypatch.setattr(claims, "BATCH", 10)


def test_the_next_are_claimed_while_the_last_are_asked_for(
    db: None, at: Point, in_tens: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_waiting(20)
    ahead, waited, claim_due = threading.Event(), [], claims.claim_due

    def claim(*given: Any) -> list[StepRecord]:
        found = claim_due(*given)
        if StepRecord.objects.filter(unfinished_polls=1).count() == 20:
            ahead.set()
        return found

    def answer(_: BrokenPeer, line: ssl.SSLSocket) -> None:
        waited.append(ahead.wait(10))
        line.sendall(reply(body=b"[]"))

    monkeypatch.setattr(claims, "claim_due", claim)
    with BrokenPeer(answer) as peer:
        at(peer)
        assert batches.poll_due(expect_no_task) == 20
    assert waited == [True] * 20
    assert _standing() == {(1, 0, False)}


def test_what_was_claimed_ahead_is_due_at_once_when_atlas_wants_a_pause(
    db: None, at: Point, in_tens: None
) -> None:
    rows = make_waiting(40)
    with BrokenPeer(problem(429, Retry_After="7")) as peer:
        at(peer)
        assert batches.poll_due(expect_no_task) == 10
        assert len(peer.requests) <= 10
    assert _standing() <= {(1, 0, False), (0, 0, False)}
    due = StepRecord.objects.due(clock.now()).values_list("pk", flat=True)
    assert set(rows[10:]) <= set(due)


def test_a_fault_in_the_next_claim_loses_nothing_of_what_is_asked_for(
    db: None, at: Point, in_tens: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_waiting(20)
    calls, claim_due = [0], claims.claim_due

    def fail_the_second(*given: Any) -> list[StepRecord]:
        calls[0] += 1
        if calls[0] == 2:
            raise RuntimeError("the line to the database is gone")
        return claim_due(*given)

    monkeypatch.setattr(claims, "claim_due", fail_the_second)
    with no_profile() as peer:
        at(peer)
        with pytest.raises(RuntimeError, match="line to the database"):
            batches.poll_due(expect_no_task)
    assert _standing() == {(1, 0, False), (0, 0, False)}
    assert StepRecord.objects.filter(slug="verification", poll_count=1).count() == 10


def test_nothing_is_claimed_ahead_when_the_turn_is_over(
    db: None, at: Point, in_tens: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "SECONDS", 0.0)
    make_waiting(20)
    with no_profile() as peer:
        at(peer)
        assert batches.poll_due(expect_no_task) == 10
    assert StepRecord.objects.filter(slug="verification", unfinished_polls=0).count() == 20
