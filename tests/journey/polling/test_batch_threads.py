"""How many questions a batch has under way at a time: a few while Atlas answers at once, all while it takes long.

Who gets which row, and what ends a batch, is in test_batches.py.
"""

import ssl
import threading
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from atlas.account_types import Contact, NewRegistration
from atlas.sandbox.server import Sandbox
from certs import clock
from onboarding.journey.models import StepRecord
from onboarding.journey.polling import atlas as atlas_pollers
from onboarding.journey.polling import batches, claims, pollers
from onboarding.journey.polling.client import get_account_api
from tests.atlas.broken_peer import BrokenPeer, reply
from tests.databases import on_postgresql
from tests.journey.polling.many_rows import make_waiting
from tests.journey.polling.peers import Gate, Point, expect_no_task

IN_BATCHES = [name for name, poller in pollers.POLLERS.items() if poller.__module__ == atlas_pollers.__name__]


def _lines_to_the_database() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


@on_postgresql
def test_an_atlas_that_takes_long_is_asked_sixteen_at_a_time_on_lines_that_are_kept_and_none_to_the_database(
    db: None, at: Point
) -> None:
    gate, before = Gate(0.05), _lines_to_the_database()
    make_waiting(60)
    with BrokenPeer(gate) as peer:
        at(peer)
        begun = time.monotonic()
        assert batches.poll_due(expect_no_task) == 60
        assert time.monotonic() - begun < 60 * gate.seconds
        StepRecord.objects.filter(slug="verification").update(next_check_at=clock.now())
        assert batches.poll_due(expect_no_task) == 60
        assert (len(peer.requests), gate.most, peer.connections) == (120, 16, 16)
    assert _lines_to_the_database() == before


def test_an_atlas_that_answers_at_once_is_asked_by_a_few(
    db: None, at: Point, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "QUIET", 5.0)  # of a busy machine no answer may be taken for a slow one
    gate = Gate(0.0)
    make_waiting(60)
    with BrokenPeer(gate) as peer:
        at(peer)
        assert batches.poll_due(expect_no_task) == 60
        assert len(peer.requests) == 60
        assert max(gate.most, peer.connections) <= batches.FEW


def test_slow_accounts_do_not_hold_the_others_even_if_they_are_the_first(db: None, at: Point) -> None:
    rows, lock, asked, others = make_waiting(60), threading.Lock(), [0], threading.Event()
    waited: list[bool] = []

    def answer(_: BrokenPeer, line: ssl.SSLSocket) -> None:
        with lock:
            asked[0] += 1
            number = asked[0]
        if number <= batches.FEW:
            waited.append(others.wait(10))
        elif number == len(rows):
            others.set()
        line.sendall(reply(body=b"[]"))

    with BrokenPeer(answer) as peer:
        at(peer)
        assert batches.poll_due(expect_no_task) == 60
    assert waited == [True] * batches.FEW
    assert set(StepRecord.objects.filter(pk__in=rows).values_list("poll_count", flat=True)) == {1}


@pytest.mark.parametrize("known", [True, False], ids=["account known", "account sought by email"])
@pytest.mark.parametrize("name", IN_BATCHES)
def test_a_poll_in_a_thread_needs_nothing_of_the_database_but_what_was_claimed(
    db: None, with_api: Sandbox, name: str, known: bool
) -> None:
    contact = Contact("Pat Example", "Manager", f"{name}@many.example", "020 7946 0018")
    answer = get_account_api().register(NewRegistration("Many 0 Ltd", contact), f"{name}-{known}")
    (row,) = make_waiting(1)
    register = StepRecord.objects.filter(onboarding__steps=row, slug="register")
    register.update(
        facts={"account_id": answer.account_id} if known else {}, answers={"email": contact.email}
    )
    (record,) = claims.claim_due()
    with CaptureQueriesContext(connection) as queries:
        assert pollers.only_asks(record)
        pollers.POLLERS[name](record)
    assert not queries.captured_queries
