"""Atlas's list of changed accounts: offered, missing, late, cut short or wrong; what a poll finds is what counts.

The list itself is tested with the local Atlas, in tests/atlas/sandbox/test_account_changes.py.
"""

import json
import ssl
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection

from atlas.account import AccountApi
from atlas.account_types import Contact, NewRegistration
from atlas.sandbox.server import Sandbox
from certs import clock
from onboarding.journey.models import StepRecord
from onboarding.journey.polling import batches, changes, schedule
from tests.atlas.authority import authority
from tests.atlas.broken_peer import BrokenPeer, problem, reply
from tests.atlas_fixtures import with_account_api
from tests.journey.polling.many_rows import make_waiting
from tests.time_travel import travel

SLOW = 13  # polls: 13 is one that may rest, 16 is one that never does
NOW = datetime.fromisoformat("2026-11-23T12:00:00Z")


class Listing:
    """An Atlas with a list of changes, or without (`accounts` None); `asked` are the accounts that it was asked for."""

    def __init__(self) -> None:
        self.accounts: list[str] | None = []
        self.more: dict[str, Any] = {}
        self.asked: list[str] = []
        self.since: list[str] = []

    def __call__(self, peer: BrokenPeer, line: ssl.SSLSocket) -> None:
        path = peer.requests[-1].split()[1].decode()
        if "/account-changes" not in path:
            self.asked.append(path.split("/")[3])
            line.sendall(reply(body=b"[]"))
            return
        self.since.append(path.partition("changed_since=")[2].replace("%3A", ":"))
        if self.accounts is None:
            line.sendall(problem(404))
            return
        now = f"{clock.now():%Y-%m-%dT%H:%M:%SZ}"
        listed = [{"account_id": each, "changed_at": now} for each in self.accounts]
        document = {"as_of": now, "accounts": listed, "is_cut": False, **self.more}
        line.sendall(reply(body=json.dumps(document).encode()))


Turn = Callable[..., list[str]]


@pytest.fixture
def listing() -> Listing:
    return Listing()


@pytest.fixture
def turn(listing: Listing, settings: Any, atlas: Sandbox, tmp_path: Path) -> Any:
    """A worker's turn so many minutes after NOW, for which all rows are due; answers which accounts were asked for."""
    cache.clear()
    root = tmp_path / "root.pem"
    root.write_bytes(authority("test root").pem)
    with BrokenPeer(listing) as peer:
        changed = with_account_api(settings.PORTAL, peer.url, atlas)
        settings.PORTAL = changed.model_copy(update={"account_api_root": root, "poll_speed": 1.0})

        def take(minutes: float, polls: int = SLOW) -> list[str]:
            listing.asked.clear()
            with travel(NOW + timedelta(minutes=minutes), tick=False):
                StepRecord.objects.filter(slug="verification").update(
                    next_check_at=clock.now(), poll_count=polls, last_poll_result="as before"
                )
                cache.delete(
                    f"atlas-changes:{changes.get_budget().shared.name}:turn"
                )  # seconds do not travel
                batches.poll_due(lambda pk: None)
            return sorted(listing.asked)

        yield take


def _account(number: int) -> str:
    return f"A{number:010d}"


ALL = [_account(n) for n in range(5)]


def test_once_the_list_is_known_for_long_enough_only_what_is_on_it_is_asked_for(
    db: None, turn: Turn, listing: Listing
) -> None:
    make_waiting(5)
    assert turn(0) == ALL
    assert turn(60) == ALL
    listing.accounts = [_account(2), "A-of-nobody"]
    assert turn(73) == [_account(2)]
    rested = StepRecord.objects.filter(slug="verification", poll_count=SLOW + 1, last_poll_result="as before")
    assert rested.count() == 4
    assert all(each > NOW + timedelta(minutes=80) for each in rested.values_list("next_check_at", flat=True))
    assert listing.since == ["", "2026-11-23T11:58:00Z", "2026-11-23T12:58:00Z"]


def test_one_poll_in_four_and_every_early_one_is_made_whatever_the_list_says(db: None, turn: Turn) -> None:
    make_waiting(5)
    for minutes in (0, 73):
        turn(minutes)
    assert [turn(74, polls) for polls in (0, 5, 12, 16, 20)] == [ALL] * 5
    assert [turn(75, polls) for polls in (13, 14, 15, 17)] == [[]] * 4


def test_without_a_list_every_account_is_asked_for(db: None, turn: Turn, listing: Listing) -> None:
    make_waiting(5)
    listing.accounts = None
    for minutes in (0, 73, 80):
        assert turn(minutes) == ALL
    assert len(listing.since) == 3


@pytest.mark.parametrize(
    "lie",
    [
        {"as_of": "2026-11-23T11:00:00Z"},
        {"as_of": "9999-12-31T23:59:59Z"},
        {"as_of": "0001-01-01T00:00:00Z"},
        {"is_cut": True},
        {"accounts": "none"},
        {"accounts": [{"account_id": "../../x", "changed_at": "2026-11-23T12:00:00Z"}]},
    ],
    ids=["back in time", "far ahead", "long ago", "cut short", "nonsense", "no account's name"],
)
def test_a_list_that_is_wrong_is_not_relied_on_until_it_was_whole_for_as_long_again(
    db: None, turn: Turn, listing: Listing, lie: dict[str, Any]
) -> None:
    make_waiting(5)
    assert [turn(0), turn(73)] == [ALL, []]
    listing.more = lie
    assert turn(74) == ALL
    listing.more = {}
    assert [turn(75), turn(120)] == [ALL, ALL]
    assert [turn(195), turn(196)] == [[], []]


MOMENT = NOW.isoformat()


@pytest.mark.parametrize(
    "planted",
    [
        *("x", 7, [1, 2], {"a": 1}, ["a", "b", "c", []], [["x"]], [MOMENT, MOMENT, []]),
        *([MOMENT] * 3 + [other] for other in (7, "A0", {"A0": 1}, [7], [["A0"]], None)),
        ["2026-11-23T10:00:00"] * 3 + [[]],
        ["0001-01-01T00:00:00Z"] * 3 + [[]],
        ["9999-12-31T23:59:59Z"] * 3 + [[]],
    ],
    ids=repr,
)
def test_something_else_in_the_cache_stops_no_poll_and_spares_none(
    db: None, turn: Turn, planted: object
) -> None:
    make_waiting(5)
    for minutes in (0, 5):
        cache.set(f"atlas-changes:{changes.get_budget().shared.name}", planted, None)
        assert turn(minutes) == ALL
    assert [turn(65), turn(80)] == [ALL, []]


def test_what_is_said_to_be_read_later_than_now_is_not_relied_on() -> None:
    for ahead in (timedelta(seconds=1), timedelta(days=1)):
        known = changes.Known(NOW, NOW + ahead, NOW - timedelta(days=30))
        assert known.is_relied_on(NOW) == (ahead < changes.FRESH)


def test_what_the_list_hides_is_found_at_the_fourth_poll_at_the_latest(db: None, turn: Turn) -> None:
    make_waiting(1)
    turn(0)
    asked = [turn(73 + number, SLOW + number) for number in range(8)]
    assert [bool(each) for each in asked] == [False, False, False, True] * 2


def test_an_account_on_the_list_is_polled_soon_and_really(db: None, turn: Turn, listing: Listing) -> None:
    rows = make_waiting(5)
    for minutes in (0, 73):
        turn(minutes)
    with travel(NOW + timedelta(minutes=74), tick=False):
        later = clock.now() + timedelta(minutes=14)
        StepRecord.objects.filter(pk__in=rows).update(next_check_at=later, poll_count=SLOW)
        StepRecord.objects.filter(pk=rows[0]).update(unfinished_polls=1)  # under way
        assert changes.bring_forward([_account(0), _account(3)]) == 1
        due = StepRecord.objects.due(clock.now())
        assert [record.pk for record in due] == [rows[3]]
        assert not changes.is_long(due[0])


def test_accounts_are_found_by_an_index_of_their_own(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("the plan is PostgreSQL's")
    make_waiting(5)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # five rows are read faster as a whole
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        # Nor by the steps' slugs, which of five rows is as good: which of the two is taken hung on what was analysed.
        cursor.execute("ALTER TABLE journey_steprecord DROP CONSTRAINT one_record_per_step")
    assert "steps_by_atlas_account" in changes.find_registered(ALL[:2]).explain()


def test_check_now_asks_atlas_whatever_the_list_says(db: None) -> None:
    (pk,) = make_waiting(1)
    now = clock.now()
    row = StepRecord.objects.filter(pk=pk)
    row.update(
        poll_count=SLOW, polled_at=now - timedelta(minutes=1), next_check_at=now + timedelta(minutes=10)
    )
    assert changes.is_long(row.get())
    assert schedule.bring_forward(row.get())
    assert not changes.is_long(row.get())


def test_the_local_atlas_offers_the_list_to_the_portals_own_client(with_api: Sandbox) -> None:
    with AccountApi(with_api.account_url, with_api.account_token, root=with_api.root_path) as api:
        begun = api.changes(None)
        assert begun.accounts == ()
        contact = Contact("Alice", "Manager", "listed@one.example", "020 7946 0018")
        account = api.register(
            NewRegistration("Listed Ltd", contact), f"listed-{clock.now()}".replace(" ", "")
        )
        assert account.account_id in {each.account_id for each in api.changes(begun.as_of).accounts}
