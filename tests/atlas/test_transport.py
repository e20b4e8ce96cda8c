"""The transport against real TLS servers: which answer means which error, what is sent, and what is logged.
Not here: answers late, cut short or endless, see test_transport_limits; who is trusted, see test_tls.
"""

import logging
from pathlib import Path

import pytest

from atlas.errors import AtlasError, NotReady, RateLimited, Refused, Rejected, Unexpected, Unreachable
from atlas.transport import Transport
from tests.atlas.broken_peer import BrokenPeer, break_off, problem, reply
from tests.atlas.clients import failure_of

SECRET = "5ec7e75ec7e75ec7e75ec7e75ec7e75ec7e75ec7"  # the form of an API secret


def test_a_good_answer_comes_back_with_its_json(root: Path) -> None:
    with BrokenPeer(reply(body=b'{"a": 1}')) as peer, Transport(peer.url, root=root) as transport:
        assert transport.call("GET", "/things").parse(dict[str, int]) == {"a": 1}
    assert peer.requests[0].startswith(b"GET /v2/things HTTP/1.1\r\n")


def test_a_body_goes_out_with_the_type_that_hvca_wants_and_its_length(root: Path) -> None:
    with BrokenPeer() as peer, Transport(peer.url, root=root) as transport:
        transport.call(
            "POST", "/things", body={"name": "Ö"}, bearer="t0ken", headers={"Idempotency-Key": "k"}
        )
    head, _, body = peer.requests[0].partition(b"\r\n\r\n")
    assert b"\r\nContent-Type: application/json;charset=utf-8" in head
    assert b"\r\nContent-Length: %d" % len(body) in head
    assert b"\r\nAuthorization: Bearer t0ken" in head
    assert b"\r\nIdempotency-Key: k" in head


def test_202_is_not_ready(root: Path) -> None:
    failure = failure_of(BrokenPeer(reply(202, b'{"description": "Operation in progress"}')), root)
    assert isinstance(failure, NotReady)
    assert failure.description == "Operation in progress"


@pytest.mark.parametrize("status", [429, 503])
def test_429_and_503_are_busy_and_say_for_how_long(root: Path, status: int) -> None:
    peer = BrokenPeer(problem(status, Retry_After="17"))
    failure = failure_of(peer, root)
    assert isinstance(failure, RateLimited)
    assert failure.retry_after == 17.0
    assert len(peer.requests) == 1


def test_busy_without_a_time_says_none_even_with_a_body_that_makes_no_sense(root: Path) -> None:
    failure = failure_of(BrokenPeer(reply(429, b"<html>", "text/html", Retry_After="soon")), root)
    assert isinstance(failure, RateLimited)
    assert failure.retry_after is None


@pytest.mark.parametrize("status", [401, 403])
def test_401_and_403_are_refused(root: Path, status: int) -> None:
    failure = failure_of(BrokenPeer(problem(status, b'{"description": "Unauthorized"}')), root)
    assert isinstance(failure, Refused)
    assert (failure.status, failure.description) == (status, "Unauthorized")


def test_another_4xx_is_rejected_with_all_that_atlas_said(root: Path) -> None:
    body = b'{"description": "san: is forbidden", "id": "x", "errors": {"gsb": "listed", "n": 3}}'
    failure = failure_of(BrokenPeer(problem(422, body)), root)
    assert isinstance(failure, Rejected)
    assert (failure.status, failure.description, failure.errors) == (
        422,
        "san: is forbidden",
        {"gsb": "listed"},
    )
    assert "san: is forbidden" in str(failure)


@pytest.mark.parametrize(
    "answer",
    [
        reply(404, b"<html>no such page</html>", "text/html"),
        problem(404, b"[]"),
        problem(404, b'{"description": 7}'),
        problem(404, b"\xff\xfe"),
        problem(422, b"[" * 100_000),
        problem(500),
        reply(204, b""),
        reply(201),
        reply(302, b"", Location="/v2/elsewhere"),
        b"HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n",
        b"220 mail.example.com ESMTP\r\n",
        b"\x00\x01\x02\x03" * 100 + b"\r\n",
        b"HTTP/1.1 200 X\r\nA: " + b"a" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 X\r\n" + b"A: b\r\n" * 500 + b"\r\n",
    ],
)
def test_what_is_not_understood_is_unexpected(root: Path, answer: bytes) -> None:
    assert isinstance(failure_of(BrokenPeer(break_off(answer)), root), Unexpected)


@pytest.mark.parametrize(
    "answer",
    [
        reply(media_type="text/html"),
        reply(media_type="application/problem+json"),
        reply(body=b"nonsense"),
        reply(body=b""),
        reply(body=b"\xef\xbb\xbf{}"),
        reply(body='{"a": "ö"}'.encode("latin-1")),
        reply(body="{}".encode("utf-16")),
        reply(body=b'{"a": NaN}'),
        reply(body=b'{"a": 1e999}'),
        reply(body=b'{"a": ' + b"9" * 5000 + b"}"),
        reply(body=b'{"a": "\\ud800"}'),
        reply(body=b'{"\\u0000": 1}'),
        reply(body=b"[" * 400 + b"]" * 400),
        reply(body=b'{"a":' * 50_000),
    ],
)
def test_a_body_that_is_not_proper_json_is_unexpected(root: Path, answer: bytes) -> None:
    with BrokenPeer(answer) as peer, Transport(peer.url, root=root) as transport:
        got = transport.call("GET", "/things")
        with pytest.raises(Unexpected):
            got.parse(object)


@pytest.mark.parametrize("status", [502, 504])
def test_a_gateway_without_atlas_behind_it_is_unreachable(root: Path, status: int) -> None:
    failure = failure_of(BrokenPeer(reply(status, b"<html>", "text/html")), root)
    assert isinstance(failure, Unreachable)
    assert failure.outcome_unknown


def test_cookies_are_not_sent_back(root: Path) -> None:
    with BrokenPeer(reply(Set_Cookie="a=b; Path=/")) as peer, Transport(peer.url, root=root) as transport:
        transport.call("GET", "/things")
        transport.call("GET", "/things")
    assert b"cookie" not in peer.requests[1].lower()


def test_calls_on_one_connection_send_each_its_own_headers(root: Path) -> None:
    with BrokenPeer() as peer, Transport(peer.url, root=root) as transport:
        transport.call("GET", "/things", bearer="first")
        transport.call("POST", "/things", body={}, bearer="second", headers={"Idempotency-Key": "k"})
        with pytest.raises(Rejected):
            transport.call("GET", "/things", bearer="third\r\nX-Admin: yes")
        transport.call("GET", "/things", bearer="first")
        transport.call("GET", "/things")
    first, second, again, none = peer.requests
    assert b"\r\nAuthorization: Bearer first\r\n" in first == again
    assert b"\r\nAuthorization: Bearer second\r\n" in second
    assert none == first.replace(b"Authorization: Bearer first\r\n", b"")
    assert peer.connections == 1


@pytest.mark.parametrize("value", ["../login", "a/b", "a?b=c", "a#b", "%2e%2e", "ä\n", "\ud800"])
def test_an_id_stays_one_segment_of_the_path(root: Path, value: str) -> None:
    with BrokenPeer() as peer, Transport(peer.url, root=root) as transport:
        transport.call("GET", "/things/{id}", ids={"id": value}, query={"q": value})
    path = peer.requests[0].split(b" ")[1].partition(b"?")[0]
    assert path.startswith(b"/v2/things/")
    assert path.count(b"/") == 3


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_an_id_of_dots_is_not_sent_at_all(root: Path, value: str) -> None:
    peer = BrokenPeer()
    failure = failure_of(peer, root, ids={"id": value})
    assert isinstance(failure, Rejected)
    assert (failure.status, peer.requests) == (0, [])


@pytest.mark.parametrize("value", ["a\r\nX-Admin: yes", "naïve ☃"])
def test_a_header_that_could_smuggle_another_is_not_sent(root: Path, value: str) -> None:
    peer = BrokenPeer()
    failure = failure_of(peer, root, "POST", headers={"Idempotency-Key": value})
    assert isinstance(failure, Rejected)
    assert (failure.status, peer.requests) == (0, [])


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/v2",
        "localhost",
        "https://",
        "https://u:p@localhost/",
        "https://a:99999/",
        "https://a/?q",
    ],
)
def test_an_address_that_is_not_plain_https_is_not_taken(url: str) -> None:
    with pytest.raises(ValueError, match=r"https://|[Pp]ort"):
        Transport(url)


def test_each_call_leaves_one_log_line_without_ids_or_secrets(
    root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with (
        BrokenPeer(reply(), problem(503), break_off(b"")) as peer,
        Transport(peer.url, root=root) as transport,
    ):
        transport.call("GET", "/things/{id}", ids={"id": "01ABCDEF"}, bearer=SECRET)
        for _ in range(2):
            with pytest.raises(AtlasError):
                transport.call("POST", "/login", body={"api_secret": SECRET})
    lines = [record.getMessage() for record in caplog.records if record.name == "atlas"]
    assert [line.split(" ")[:3] for line in lines] == [
        ["GET", "/things/{id}", "200"],
        ["POST", "/login", "503"],
        ["POST", "/login", "Unreachable"],
    ]
    assert all(line.endswith(" ms") for line in lines)
    assert SECRET not in caplog.text
    assert "01ABCDEF" not in caplog.text


def test_a_malformed_header_is_not_logged(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    peer = BrokenPeer(break_off(b"HTTP/1.1 200 X\r\n" + SECRET.encode() + b"\r\n\r\n"))
    with peer, Transport(peer.url, root=root) as transport:
        transport.call("GET", "/things/{id}", ids={"id": "01ABCDEF"}, bearer=SECRET)
    assert SECRET not in caplog.text
    assert "01ABCDEF" not in caplog.text


@pytest.mark.parametrize("status", [401, 422, 500])
@pytest.mark.parametrize("secret", [SECRET, "Correct-horse 9"])
def test_a_server_that_echoes_our_secrets_does_not_get_them_into_an_error(
    root: Path, status: int, secret: str
) -> None:
    echo = problem(
        status, b'{"description": "you said %s", "errors": {"%s": "%s"}}' % ((secret.encode(),) * 3)
    )
    failure = failure_of(BrokenPeer(echo), root, "POST", body={"password": secret, "api_secret": secret})
    assert secret not in repr(failure) + str(failure) + repr(vars(failure))
    assert failure.__context__ is None
    assert "hidden" in str(failure)


def test_an_error_of_the_connection_does_not_carry_the_request_with_it(root: Path) -> None:
    failure = failure_of(BrokenPeer(break_off(b"")), root, "POST", bearer=SECRET)
    assert failure.__context__ is None
    assert failure.__cause__ is None
