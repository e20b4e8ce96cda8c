"""The head of an answer is read as http.client reads it: what is plain at once, all else by http.client itself."""

import http.client
import io
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from atlas import connections

PLAIN = [
    b"Content-Type: application/json;charset=utf-8",
    b"Content-Length: 2",
    b"X-Note:  two spaces: and a colon ",
]
LINES = [
    *PLAIN, b"content-length: 3", b"Content-Length: 2, 2", b"Content-Length: +2", b"Content-Length:", b"Empty:",
    b"Content-Length: " + b"9" * 30, b"Transfer-Encoding: chunked", b"Connection: close", b"Connection: keep-alive",
    b"Set-Cookie: a=b", b"Set-Cookie: c=d", b"X:\ttab", b" folded", b"no colon", b": no name", b"From me: to you",
    b"From me", b"Late\x0b: x", b"A b: c", b"X: \xe4", b"X: a\x00b", b"X: a\rb", b"Tail: x\t",
]  # fmt: skip
STARTS = [
    b"HTTP/1.1 200 OK", b"HTTP/1.1 404 Not Found", b"HTTP/1.1 204 No Content", b"HTTP/1.1 304 X", b"HTTP/1.1 100 X",
    b"HTTP/1.0 200 OK", b"HTTP/1.1 200", b"HTTP/1.1 200 ", b"HTTP/1.1  200 OK", b"HTTP/2 200 OK", b"HTTP/1.1 999 X",
    b"",
]  # fmt: skip


class _Line:
    def __init__(self, sent: bytes) -> None:
        self._sent = sent

    def makefile(self, _: str) -> io.BufferedReader:
        return io.BufferedReader(io.BytesIO(self._sent))  # type: ignore[type-var]


def _read(kind: type[http.client.HTTPResponse], sent: bytes, method: str) -> Any:
    answer = kind(_Line(sent), method=method)  # type: ignore[arg-type]
    try:
        answer.begin()
        facts = answer.status, answer.reason, answer.version, answer.length, answer.chunked, answer.will_close
        return *facts, answer.headers.items(), answer.read()
    except (http.client.HTTPException, ValueError, OverflowError) as error:
        return type(error)


@given(
    start=st.sampled_from(STARTS) | st.just(STARTS[0]),
    lines=st.lists(st.sampled_from(LINES) | st.binary(max_size=8), max_size=6),
    ends=st.sampled_from([b"\r\n", b"\r\n", b"\n"]),
    method=st.sampled_from(["GET", "POST"]),
)
@example(start=STARTS[0], lines=PLAIN, ends=b"\r\n", method="GET")
@example(start=STARTS[0], lines=[b"A: b"] * 120, ends=b"\r\n", method="GET")
@example(
    start=STARTS[0],
    lines=[b"Content-Length: 2", *(b"A%d: b" % n for n in range(120))],
    ends=b"\r\n",
    method="GET",
)
def test_every_head_is_read_as_http_client_reads_it(
    start: bytes, lines: list[bytes], ends: bytes, method: str
) -> None:
    sent = ends.join([start, *lines, b"", b"[]"])
    assert _read(connections.Answer, sent, method) == _read(http.client.HTTPResponse, sent, method)


def test_a_plain_head_needs_no_other_reader() -> None:
    sent = b"\r\n".join([STARTS[0], *PLAIN, b"", b"[]"])
    answer = connections.Answer(_Line(sent))  # type: ignore[arg-type]
    assert connections.PLAIN_HEAD.match(sent)
    answer.begin()
    assert (answer.status, answer.headers["X-NOTE"], answer.read()) == (
        200,
        "two spaces: and a colon ",
        b"[]",
    )
