"""The transport against servers that are late, break off, never end or speak nonsense; and what it tries again.
Not here: right answers and errors, see test_transport.
"""

import contextlib
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.errors import AtlasError, RateLimited, Unexpected, Unreachable
from atlas.transport import Transport
from tests.atlas.authority import authority
from tests.atlas.broken_peer import (
    BrokenPeer,
    Script,
    break_off,
    drip,
    drip_headers,
    flood,
    hang,
    problem,
    reply,
)
from tests.atlas.clients import PATIENT, QUICK, failure_of


def failure_after_the_end(peer: BrokenPeer, root: Path) -> AtlasError:
    with Transport(peer.url, None, root, PATIENT) as transport, pytest.raises(AtlasError) as caught:
        transport.call("POST", "/things")
    return caught.value


LINES = [
    b"HTTP/1.1 200 X",
    b"HTTP/1.1 -1 X",
    b"HTTP/9.9 200",
    b"Content-Length: -1",
    b"Content-Length: 1, 2",
    b"Content-Length: " + b"9" * 30,
    b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: gzip",
    b"Content-Encoding: gzip",
    b"Content-Type: application/json",
    b"Location: //[::1",
    b"Retry-After: \xff",
    b"Set-Cookie: \x00=\x00; Expires=never",
    b"\xe2\x98\x83: \xe2\x98\x83",
    b": no name",
    b" folded",
    b"zzz",
    b"-5",
    b"ffffffffffffffffffff",
    b"",
    b"{}",
]


@pytest.fixture(scope="module")
def any_peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[BrokenPeer, Transport]]:
    file = tmp_path_factory.mktemp("root") / "root.pem"
    file.write_bytes(authority("test root").pem)
    with BrokenPeer() as peer, Transport(peer.url, root=file, timeouts=QUICK) as transport:
        yield peer, transport


@settings(max_examples=150, deadline=None)
@given(lines=st.lists(st.sampled_from(LINES) | st.binary(max_size=20), max_size=8), whole=st.booleans())
def test_from_any_bytes_on_the_wire_only_an_atlas_error_comes(
    any_peer: tuple[BrokenPeer, Transport], lines: list[bytes], whole: bool
) -> None:
    peer, transport = any_peer
    before = len(peer.requests)
    start = [b"HTTP/1.1 200 X"] if whole else []
    peer.answers = [break_off(b"\r\n".join([*start, *lines, b"", b""]))]
    with contextlib.suppress(AtlasError):
        transport.call("POST", "/things").parse(object)
    assert len(peer.requests) == before + 1  # it came to Atlas, and once only, whatever the answer was


def test_a_server_that_never_answers_is_given_up_in_time(root: Path) -> None:
    peer = BrokenPeer(hang)
    started = time.monotonic()
    failure = failure_of(peer, root)
    assert isinstance(failure, Unreachable)
    assert failure.outcome_unknown
    assert "in time" in str(failure)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("script", [drip, drip_headers])
def test_an_answer_that_only_drips_is_given_up_in_time(root: Path, script: Script) -> None:
    peer = BrokenPeer(script)
    started = time.monotonic()
    assert isinstance(failure_of(peer, root), Unreachable)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("method", "tries"), [("GET", 3), ("POST", 1), ("PATCH", 1), ("DELETE", 1), ("PUT", 1)]
)
def test_half_an_answer_is_unreachable_and_only_a_get_is_repeated(
    root: Path, method: str, tries: int
) -> None:
    peer = BrokenPeer(break_off(reply(body=b'{"a": 1}')[:-3]))
    failure = failure_of(peer, root, method, timeouts=PATIENT)
    assert isinstance(failure, Unreachable)
    assert failure.outcome_unknown
    assert len(peer.requests) == tries


def test_a_get_survives_two_bad_moments(root: Path) -> None:
    started = time.monotonic()
    with BrokenPeer(break_off(b""), problem(503), reply(body=b"[]")) as peer:
        assert Transport(peer.url, root=root).call("GET", "/things").parse(list[object]) == []
    assert len(peer.requests) == 3
    assert time.monotonic() - started < 2.5


def test_a_get_gives_up_after_the_third_503(root: Path) -> None:
    peer = BrokenPeer(problem(503))
    assert isinstance(failure_of(peer, root, timeouts=PATIENT), RateLimited)
    assert len(peer.requests) == 3


def test_all_tries_share_one_time_limit(root: Path) -> None:
    peer = BrokenPeer(problem(503))
    started = time.monotonic()
    assert isinstance(failure_of(peer, root), RateLimited)
    assert len(peer.requests) < 3
    assert time.monotonic() - started < 1


def test_a_post_is_not_repeated_after_a_503(root: Path) -> None:
    peer = BrokenPeer(problem(503))
    assert isinstance(failure_of(peer, root, "POST", body={}), RateLimited)
    assert len(peer.requests) == 1


def test_nobody_at_the_port_is_unreachable_and_nothing_was_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Unreachable) as caught:
        Transport(f"https://localhost:{port}/v2").call("POST", "/things")
    assert not caught.value.outcome_unknown


def test_a_name_that_nobody_has_is_unreachable() -> None:
    with pytest.raises(Unreachable, match="name could not be looked up") as caught:
        Transport("https://atlas.invalid/v2").call("POST", "/things")
    assert not caught.value.outcome_unknown


def test_a_redirect_is_not_followed_and_its_endless_body_is_not_read_to_the_end(root: Path) -> None:
    peer = BrokenPeer(flood)
    failure = failure_of(peer, root, bearer="t0ken")
    assert isinstance(failure, Unexpected)
    assert "more than" in failure.seen
    assert len(peer.requests) == 1


@pytest.mark.parametrize(
    "head",
    [b"Content-Length: 2000000\r\n\r\n", b"\r\n"],
)
def test_a_huge_answer_is_not_taken(root: Path, head: bytes) -> None:
    start = b"HTTP/1.1 200 X\r\nContent-Type: application/json\r\n"
    failure = failure_of(BrokenPeer(break_off(start + head + b'"' + b"x" * 2_000_000)), root)
    assert isinstance(failure, Unexpected)


def test_calls_share_one_connection(root: Path) -> None:
    answers = (problem(404), reply(202), problem(500), reply())
    with BrokenPeer(*answers) as peer, Transport(peer.url, root=root) as transport:
        for _ in answers[:-1]:
            with pytest.raises(AtlasError):
                transport.call("GET", "/things")
        transport.call("GET", "/things")
        transport.call("POST", "/things", body={})
        assert (peer.connections, len(peer.requests)) == (1, 5)


def test_a_call_starts_with_its_own_time_limit_on_a_kept_connection(root: Path) -> None:
    with BrokenPeer() as peer, Transport(peer.url, root=root, timeouts=QUICK) as transport:
        transport.call("GET", "/things")
        time.sleep(0.7)  # longer than the whole of the first call
        transport.call("POST", "/things", body={"large": "x" * 500_000})
        assert (peer.connections, len(peer.requests)) == (1, 2)


def test_where_no_connection_was_made_nothing_was_sent_and_any_method_is_tried_again(root: Path) -> None:
    with BrokenPeer() as gone:
        pass
    started = time.monotonic()
    assert isinstance(failure_after_the_end(gone, root), Unreachable)
    assert time.monotonic() - started > 0.5


def test_a_connection_closed_while_idle_does_not_fail_the_next_post(root: Path) -> None:
    with BrokenPeer(break_off(reply()), reply()) as peer, Transport(peer.url, root=root) as transport:
        transport.call("GET", "/things")
        time.sleep(0.2)
        transport.call("POST", "/things", body={})
    assert len(peer.requests) == 2
