"""The call budget by itself and in a client: what it counts, and what happens when it is used up.
Not here: the budget that the portal shares through its cache, see tests/certs.
"""

from pathlib import Path

import pytest

from atlas import budget as budgets
from atlas.budget import CallBudget, UnlimitedBudget, process_budget
from atlas.errors import RateLimited
from atlas.hvca import Hvca
from atlas.transport import Transport
from tests.atlas.broken_peer import BrokenPeer, problem, reply
from tests.atlas.clients import PATIENT


def test_it_lets_so_many_calls_out_at_once_and_then_says_how_long_to_wait() -> None:
    now = [0.0]
    budget = CallBudget(calls=3, seconds=6, clock=lambda: now[0])
    for _ in range(3):
        budget.take()
    with pytest.raises(RateLimited) as caught:
        budget.take()
    assert caught.value.retry_after == pytest.approx(2)
    now[0] += 2
    budget.take()
    with pytest.raises(RateLimited):
        budget.take()


def test_a_long_rest_saves_up_no_more_than_the_whole_budget() -> None:
    now = [0.0]
    budget = CallBudget(calls=2, seconds=2, clock=lambda: now[0])
    now[0] += 1000
    budget.take()
    budget.take()
    with pytest.raises(RateLimited):
        budget.take()


def test_all_clients_of_a_name_share_one_and_old_names_are_forgotten() -> None:
    first = process_budget("one")
    assert process_budget("one") is first
    assert process_budget("two") is not first
    for number in range(budgets._MOST_NAMES):
        process_budget(f"filler {number}")
    assert process_budget("one") is not first
    assert len(budgets._budgets) <= budgets._MOST_NAMES


def test_a_call_beyond_the_budget_is_not_sent(root: Path) -> None:
    with BrokenPeer() as peer, Transport(peer.url, root=root, budget=CallBudget(2, 60)) as transport:
        transport.call("GET", "/things")
        transport.call("GET", "/things")
        with pytest.raises(RateLimited) as caught:
            transport.call("GET", "/things")
    assert caught.value.retry_after
    assert len(peer.requests) == 2


def test_repeated_tries_are_counted_too(root: Path) -> None:
    peer = BrokenPeer(problem(503))
    with peer, Transport(peer.url, root=root, timeouts=PATIENT, budget=CallBudget(2, 600)) as transport:
        with pytest.raises(RateLimited):
            transport.call("GET", "/things")
        assert len(peer.requests) == 2


def test_two_clients_of_one_credential_share_their_budget_and_another_has_its_own(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budgets, "CALLS", 2)
    monkeypatch.setattr(CallBudget.__init__, "__defaults__", (2, 600.0, lambda: 0.0))
    answers = [reply(body=b'{"access_token": "t"}')]
    with BrokenPeer(*answers) as peer:
        key = "0123456789abcdef"
        for client_key in (key, key, "f" * 16):
            with Hvca(peer.url, client_key, "f" * 40, None, root) as client:
                client.login()
        with Hvca(peer.url, key, "f" * 40, None, root) as client, pytest.raises(RateLimited):
            client.login()
        with Hvca(peer.url, key, "f" * 40, None, root, budget=UnlimitedBudget()) as client:
            client.login()
    assert len(peer.requests) == 4
