"""Statistics: periods split into windows, pages followed, every certificate once; against peers and the local Atlas.
Not here: the single calls about certificates, see test_hvca.
"""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.errors import Unexpected
from atlas.hvca import Hvca
from atlas.periods import windows
from atlas.sandbox.server import Sandbox
from atlas.types import CertificateStat
from tests.atlas.broken_peer import BrokenPeer, reply
from tests.atlas.clients import collect, first_client, request_for, token
from tests.atlas.request_strategies import csr, rsa_key

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
MONTH = timedelta(days=30)


@given(st.integers(0, 2**31), st.integers(0, 10**8))
def test_windows_cover_a_period_without_gaps_and_none_is_too_long(start: int, length: int) -> None:
    first, last = datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(start + length, UTC)
    parts = windows(first, last, MONTH)
    assert (parts[0][0], parts[-1][1]) == (start, start + length)
    assert all(left[1] == right[0] for left, right in pairwise(parts))
    assert all(0 <= end - begin <= MONTH.total_seconds() for begin, end in parts)


def test_a_period_needs_a_zone_and_a_direction() -> None:
    with pytest.raises(ValueError, match="zone"):
        windows(NOW.replace(tzinfo=None), NOW, MONTH)
    with pytest.raises(ValueError, match="after"):
        windows(NOW, NOW - MONTH, MONTH)


def page(*serials: str, **headers: str) -> bytes:
    rows = [{"serial_number": each, "not_before": 1, "not_after": 2} for each in serials]
    return reply(body=json.dumps(rows).encode(), **headers)


def stats(peer: BrokenPeer, root: Path, length: timedelta = MONTH) -> list[str]:
    with peer, Hvca(peer.url, "0" * 16, "f" * 40, None, root) as hvca:
        return [stat.serial.lstrip("0") for stat in hvca.stats_issued(NOW - length, NOW)]


def queries(peer: BrokenPeer) -> list[dict[str, list[str]]]:
    return [parse_qs(urlsplit(request.split(b" ")[1].decode()).query) for request in peer.requests[1:]]


MORE = '</stats/issued?page=2>; rel="next", </stats/issued?page=2>; rel="last"'
LAST = '</stats/issued?page=1>; rel="previous", </stats/issued?page=2>; rel="last"'


def test_pages_are_followed_as_long_as_links_name_a_next_one(root: Path) -> None:
    peer = BrokenPeer(token("t"), page("1A", "1B", Links=MORE), page("1C", Links=LAST))
    assert stats(peer, root) == ["1A", "1B", "1C"]
    assert [query["page"] for query in queries(peer)] == [["1"], ["2"]]
    assert all(query["per_page"] == ["100"] for query in queries(peer))


def test_a_long_period_is_asked_for_in_windows_of_thirty_days(root: Path) -> None:
    peer = BrokenPeer(token("t"), page("1A", Links=LAST), page("1A", "1B", Links=LAST), page(Links=LAST))
    assert stats(peer, root, timedelta(days=75)) == ["1A", "1B"]
    spans = [int(query["to"][0]) - int(query["from"][0]) for query in queries(peer)]
    assert spans == [30 * 86_400, 30 * 86_400, 15 * 86_400]


def test_a_certificate_that_moved_to_the_next_page_meanwhile_is_given_once(root: Path) -> None:
    peer = BrokenPeer(token("t"), page("1A", "1B", Links=MORE), page("1b", "1C", Links=LAST))
    assert stats(peer, root) == ["1A", "1B", "1C"]


def test_without_links_the_total_count_decides(root: Path) -> None:
    peer = BrokenPeer(token("t"), page("1A", Total_Count="101"), page("1B", Total_Count="101"))
    assert stats(peer, root) == ["1A", "1B"]


@pytest.mark.parametrize("headers", [{}, {"Total_Count": "many"}, {"Total_Count": "-1"}])
def test_a_list_that_does_not_say_how_long_it_is_is_unexpected(root: Path, headers: dict[str, str]) -> None:
    with pytest.raises(Unexpected, match="how long"):
        stats(BrokenPeer(token("t"), page("1A", **headers)), root)


def test_an_empty_page_that_promises_more_does_not_go_on_for_ever(root: Path) -> None:
    peer = BrokenPeer(token("t"), page(Links=MORE))
    with pytest.raises(Unexpected, match="empty page"):
        stats(peer, root)
    assert len(peer.requests) == 2


def test_an_address_in_links_is_never_called(root: Path) -> None:
    elsewhere = '<https://elsewhere.example/steal>; rel="next"'
    peer = BrokenPeer(token("t"), page("1A", Links=elsewhere), page("1B", Links=LAST))
    assert stats(peer, root) == ["1A", "1B"]


def test_all_three_statistics_of_the_local_atlas_show_what_was_done(quick_atlas: Sandbox) -> None:
    with first_client(quick_atlas) as hvca:
        begun = datetime.now(UTC) - timedelta(days=100)
        serials = [hvca.issue(request_for(csr(rsa_key()))) for _ in range(3)]
        for serial in serials:
            collect(hvca, serial)
        hvca.revoke(serials[1])

        def until_there(ask: Callable[[], set[str]], wanted: set[str]) -> bool:
            end = time.monotonic() + 8  # they lag behind
            while not wanted <= ask() and time.monotonic() < end:
                time.sleep(0.1)
            return wanted <= ask()

        soon = datetime.now(UTC) + timedelta(minutes=1)
        assert until_there(lambda: set(map(serial_of, hvca.stats_issued(begun, soon))), set(serials))
        assert until_there(lambda: set(map(serial_of, hvca.stats_revoked(begun, soon))), {serials[1]})
        later = datetime.now(UTC) + timedelta(days=90)
        assert until_there(
            lambda: set(map(serial_of, hvca.stats_expiring(begun, later))), {serials[0], serials[2]}
        )


def serial_of(stat: CertificateStat) -> str:
    assert stat.not_after.tzinfo == UTC
    return stat.serial
