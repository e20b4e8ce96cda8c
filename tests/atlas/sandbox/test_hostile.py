"""Whatever arrives is answered or hung up on, never with a 500, and the next caller is served."""

import json
import logging
import random
import socket
import ssl
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atlas.sandbox.server import Sandbox
from tests.atlas.sandbox.api_client import (
    CONTACT,
    JSON,
    PROFILE,
    Account,
    Company,
    Hvca,
    csr_of,
    rsa_key,
    wanted,
)

JUNK: list[Any] = [
    None, True, -1, 1e308, 10**40, "", "\ud800", "\x00", "é" * 300, [], [[]], {}, {"": ""}, ["\ud800"], "9" * 5000,
    {"\ud800\x00": 1}, "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _no_faults(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A fault would be answered with 500 and written to the log."""
    yield
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


def _ask(sandbox: Sandbox, listener: str, data: bytes) -> bytes:
    """Send bytes over a connection of the listener, say no more, and read until it ends."""
    address = {"hvca": sandbox.url, "account": sandbox.account_url, "pages": sandbox.pages_url}[listener]
    port = int(address.split(":")[2].split("/")[0])
    plain: socket.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
    if listener != "pages":
        context = ssl.create_default_context(cafile=sandbox.root_path)
        context.load_cert_chain(sandbox.directory / "client.pem", sandbox.directory / "client.key")
        plain = context.wrap_socket(plain, server_hostname="localhost")
    with plain:
        return _exchange(plain, data)


def _exchange(connection: socket.socket, data: bytes) -> bytes:
    received = b""
    try:
        connection.sendall(data)
        if not isinstance(connection, ssl.SSLSocket):
            connection.shutdown(socket.SHUT_WR)
        connection.settimeout(0.5)
        while chunk := connection.recv(65536):
            received += chunk
    except OSError:
        pass  # timed out, or the other side has hung up
    return received


LISTENERS = pytest.mark.parametrize("listener", ["hvca", "account", "pages"])
END = b"\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@LISTENERS
@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"\x00\x01\x02\xff\xfe\r\n\r\n", 400),
        (b"GET\r\n\r\n", 400),
        (b"GET / HTTP/9.9" + END, 505),
        (b"GET / HTTP/x" + END, 400),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1" + END, 414),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 200 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", 431),
        (b"POST /sign-in HTTP/1.1\r\nContent-Length: -5" + END, 400),
        (b"POST /sign-in HTTP/1.1\r\nContent-Length: 99999999999999" + END, 400),
        (b"POST /sign-in HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4" + END + b"abc", 400),
        (b"POST /sign-in HTTP/1.1\r\nTransfer-Encoding: chunked" + END + b"0\r\n\r\n", 411),
        (b"GET /%00%ff%2e%2e/..//\xff HTTP/1.1" + END, 404),
        (b"GET /accounts/%0d%0aSet-Cookie:x HTTP/1.1" + END, None),
        (b"FROB / HTTP/1.1" + END, None),
        (b"GET http://elsewhere.example/ HTTP/1.1" + END, None),
        (b"OPTIONS * HTTP/1.1" + END, 404),
    ],
    ids=lambda value: repr(value)[:30] if isinstance(value, bytes) else "",
)
def test_a_broken_request_is_refused_without_a_trace(
    fast: Sandbox, listener: str, data: bytes, status: int | None
) -> None:
    answer = _ask(fast, listener, data)
    found = int(answer.split(b" ", 2)[1])
    assert found < 500 or found == 505
    assert status in {found, None}
    assert b"Traceback" not in answer
    assert b"set-cookie:x" not in answer.lower()


@LISTENERS
def test_random_bytes_are_never_answered_with_500(fast: Sandbox, listener: str) -> None:
    chance = random.Random(7)
    for _ in range(15):
        noise = chance.randbytes(chance.randrange(1, 400)) + b"\r\n\r\n"
        head = chance.choice([b"", b"GET /", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n"])
        answer = _ask(fast, listener, head + noise)
        assert b" 500 " not in answer.split(b"\r\n", 1)[0]
        assert b"Traceback" not in answer


@LISTENERS
def test_plain_bytes_on_any_port_end_the_connection_and_nothing_else(fast: Sandbox, listener: str) -> None:
    address = {"hvca": fast.url, "account": fast.account_url, "pages": fast.pages_url}[listener]
    port = int(address.split(":")[2].split("/")[0])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as plain:
        _exchange(plain, b"\x16\x03\x01garbage\r\n\r\n")
    assert Hvca(fast).login().ok
    assert Account(fast).get("/accounts", params={"email": "nobody@example.com"}) == []


def test_many_requests_travel_over_one_connection(api: Account, hvca: Hvca) -> None:
    raw = hvca.call("GET", "/trustchain", stream=True)
    assert raw.raw.version == 11
    first = raw.raw.connection
    raw.content  # noqa: B018 - reading it gives the connection back
    second = hvca.call("GET", "/certificates/zz", stream=True)
    assert second.raw.connection is first or first is not None
    assert second.status_code == 422


def _with(body: dict[str, Any], junk: Any) -> Iterator[dict[str, Any]]:
    """The body with each of its members replaced, also inside."""
    for name, value in body.items():
        yield body | {name: junk}
        if isinstance(value, dict):
            for inner in _with(value, junk):
                yield body | {name: inner}


@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: ascii(junk)[:20])
def test_junk_in_any_member_is_refused_by_the_account_api(api: Account, company: Company, junk: Any) -> None:
    company.invited()
    bodies: list[tuple[str, dict[str, Any]]] = [
        ("/registrations", {"company_name": "X", "contact": CONTACT, "scenario": "all-well"})
    ]
    own: dict[str, dict[str, Any]] = {
        "/identity-profiles": PROFILE,
        "/users": {"name": "Bob", "email": "bob@x.example", "roles": ["Administrator"]},
        "/mtls-certificates": {"csr": csr_of(rsa_key()), "api_credential_ids": ["C"]},
        "/api-credentials": {"name": "n", "identity_profile_id": "I", "service": "Internet SSL"},
        "/payment-method": {"kind": "INVOICE"},
        "/quote/accept": {"quotation": True, "msa": True},
    }
    bodies += [(f"/accounts/{company.id}{path}", body) for path, body in own.items()]
    for path, body in bodies:
        for changed in _with(body, junk):
            answer = api.session.post(
                api.sandbox.account_url + path,
                data=json.dumps(changed),
                headers={"Content-Type": "application/json"},
                timeout=10,
            )
            assert answer.status_code < 500, (path, changed)


@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: ascii(junk)[:20])
def test_junk_in_any_member_is_refused_by_hvca(hvca: Hvca, junk: Any) -> None:
    full = wanted(signature={"algorithm": "RSA", "hash_algorithm": "SHA-256"}, custom_extensions={"1": "2"})
    for changed in [*_with(full, junk), junk]:
        assert hvca.call("POST", "/certificates", changed).status_code < 500, changed
    for changed in _with({"revocation_reason": "unspecified", "revocation_time": 5}, junk):
        assert hvca.call("PATCH", "/certificates/01", changed).status_code < 500
    assert hvca.login(api_key=junk).status_code in {401, 422}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(min_size=1, max_size=200))
def test_any_bytes_as_a_body_are_answered(fast: Sandbox, hvca: Hvca, body: bytes) -> None:
    assert hvca.call("POST", "/login", {}, data=body).status_code in {400, 422}
    api = Account(fast)
    headers = {"Content-Type": JSON}
    answer = api.session.post(f"{fast.account_url}/registrations", data=body, headers=headers, timeout=10)
    assert answer.status_code in {400, 422}


def test_deeply_nested_json_and_huge_numbers_are_bad_requests(hvca: Hvca) -> None:
    for data in ("[" * 60_000, '{"a":' * 10_000, "1" * 50_000, "NaN", '{"validity": Infinity}'):
        assert hvca.call("POST", "/certificates", {}, data=data).status_code == 400, data[:9]
