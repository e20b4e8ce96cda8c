"""An Atlas that keeps failing is left alone for a while, by all workers of a process; and all share one budget.
Not here: the breaker and the budget themselves, see tests/atlas and tests/certs.
"""

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from atlas.errors import AtlasError, CircuitOpen, RateLimited, Unexpected
from atlas.sandbox.server import Sandbox
from certs.budget import BlockBudget
from onboarding.journey.models import Onboarding
from onboarding.journey.outcomes import NotYet
from onboarding.journey.polling.client import get_account_api
from onboarding.journey.polling.pollers import poll
from tests.atlas.authority import authority
from tests.atlas.broken_peer import BrokenPeer, problem, reply
from tests.atlas_fixtures import with_account_api
from tests.journey.step_actions import perform, step_action
from tests.people_fixtures import People, step

THRESHOLD = 5


@pytest.fixture
def portal_of(settings: Any, atlas: Sandbox, tmp_path: Path) -> Any:
    def point(peer: BrokenPeer, poll_speed: float = 1.0) -> None:
        root = tmp_path / "root.pem"
        root.write_bytes(authority("test root").pem)
        changed = with_account_api(settings.PORTAL, peer.url, atlas)
        more = {"account_api_root": root, "poll_speed": poll_speed}
        settings.PORTAL = changed.model_copy(update=more)

    return point


def failure() -> type[AtlasError]:
    with pytest.raises(AtlasError) as caught:
        get_account_api().account("AAAAAAAAAAA")
    return type(caught.value)


@pytest.mark.django_db
def test_after_some_failures_nobody_asks_and_the_look_says_so(
    people: People, onboarding: Onboarding, portal_of: Any
) -> None:
    perform(onboarding, people, step_action("register"))
    record = step(onboarding, "invitation")
    record.onboarding.known_facts = {"register": {"account_id": "AAAAAAAAAAA"}}  # type: ignore[attr-defined]
    with BrokenPeer(problem(500)) as peer:
        portal_of(peer)
        outcomes = [poll(record) for _ in range(THRESHOLD + 2)]
        assert len(peer.requests) == THRESHOLD
    last = outcomes[-1]
    assert isinstance(last, NotYet)
    assert last.because == "Atlas failed several times in a row; it is left alone for a while"
    assert last.poll_again_in is not None
    assert 25 <= last.poll_again_in.total_seconds() <= 30


def test_the_threads_of_a_process_share_the_breaker(portal_of: Any) -> None:
    seen: list[type[AtlasError]] = []
    with BrokenPeer(problem(500)) as peer:
        portal_of(peer)
        assert [failure() for _ in range(THRESHOLD)] == [Unexpected] * THRESHOLD
        other = threading.Thread(target=lambda: seen.append(failure()))
        other.start()
        other.join()
        assert len(peer.requests) == THRESHOLD
    assert seen == [CircuitOpen]


def test_after_the_pause_one_call_finds_out_that_atlas_is_back(portal_of: Any) -> None:
    with BrokenPeer(*[problem(500)] * THRESHOLD, reply(body=b"[]")) as peer:
        portal_of(peer, poll_speed=1000.0)
        for _ in range(THRESHOLD):
            failure()
        assert failure() is CircuitOpen
        time.sleep(0.6)
        assert get_account_api().find_accounts("alice@one.example") == ()


def test_the_account_api_is_called_within_a_budget_that_the_cache_keeps(
    portal_of: Any, settings: Any
) -> None:
    with BrokenPeer(reply(body=b"[]")) as peer:
        portal_of(peer)
        settings.PORTAL = settings.PORTAL.model_copy(update={"account_api_calls_per_minute": 2})
        for _ in range(2):
            get_account_api().find_accounts("alice@one.example")
        assert failure() is RateLimited
        assert len(peer.requests) == 2


def test_the_budget_is_named_without_the_token(portal_of: Any) -> None:
    with BrokenPeer(reply(body=b"[]")) as peer:
        portal_of(peer)
        budget = get_account_api()._transport._budget
    assert isinstance(budget, BlockBudget)
    assert len(budget.shared.name.partition(":")[2]) == 32
