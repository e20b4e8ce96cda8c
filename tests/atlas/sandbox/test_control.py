"""The control port: what a test in another process or language can set, and who is turned away."""

import json
from typing import Any

import pytest
import requests

from atlas.sandbox.server import Sandbox
from tests.atlas.sandbox.api_client import CONTACT, Account, Hvca, until


@pytest.fixture
def sandbox(start: Any) -> Sandbox:
    """One with a control port."""
    found: Sandbox = start(speed=864_000, control_port=0)
    return found


def _call(sandbox: Sandbox, method: str, path: str, body: object = None) -> requests.Response:
    return requests.request(method, sandbox.control_url + path, json=body, timeout=10)


def test_there_is_no_control_port_unless_asked_for(fast: Sandbox) -> None:
    assert fast.control_url == ""


def test_faults_are_switched_on_seen_and_switched_off(sandbox: Sandbox) -> None:
    client = Hvca(sandbox)
    client.login()
    answer = _call(
        sandbox, "POST", "/faults", {"kind": "status", "status": 429, "retry_after": 2, "times": 2}
    )
    assert answer.status_code == 200
    assert client.call("GET", "/trustchain").status_code == 429
    (left,) = _call(sandbox, "GET", "/faults").json()
    assert (left["kind"], left["times"], left["retry_after"]) == ("status", 1, 2)
    assert _call(sandbox, "DELETE", "/faults").status_code == 204
    assert client.call("GET", "/trustchain").status_code == 200
    both = [{"kind": "status"}, {"kind": "status", "status": 500}]
    assert len(_call(sandbox, "POST", "/faults", both).json()) == 2
    assert len(_call(sandbox, "POST", "/faults", {"scenario": "rate-limited"}).json()) == 3


def test_dns_web_and_mail_serve_a_claim(sandbox: Sandbox) -> None:
    client = Hvca(sandbox)
    client.login()
    made = client.call("POST", "/claims/domains/northwind.example")
    path, token = made.headers["Location"].removeprefix("/v2"), made.json()["token"]
    assert _call(sandbox, "PUT", "/dns/Northwind.Example.", [token]).status_code == 204
    assert _call(sandbox, "GET", "/dns").json() == {"northwind.example": [token]}
    until(lambda: client.call("POST", f"{path}/dns"), lambda seen: seen.status_code == 204)
    assert _call(sandbox, "DELETE", "/dns/northwind.example").status_code == 204
    assert _call(sandbox, "DELETE", "/dns/northwind.example").status_code == 404
    page = {"url": "http://a.example/x", "body": "y"}
    assert _call(sandbox, "PUT", "/web", page).status_code == 204
    assert _call(sandbox, "GET", "/web").json() == {"http://a.example/x": "y"}
    assert _call(sandbox, "PUT", "/web", page | {"body": None}).status_code == 204
    assert _call(sandbox, "GET", "/mail").json() == []


def test_clock_and_server_certificate_are_set_while_it_runs(sandbox: Sandbox) -> None:
    assert _call(sandbox, "PUT", "/clock", {"skew": 60}).status_code == 204
    assert _call(sandbox, "GET", "/clock").json() == {"skew": 60.0}
    assert sandbox.clock_skew == 60.0
    assert _call(sandbox, "PUT", "/tls", {"fault": "expired"}).status_code == 204
    assert _call(sandbox, "GET", "/tls").json() == {"fault": "expired"}
    with pytest.raises(requests.exceptions.SSLError):
        Hvca(sandbox).login()
    assert _call(sandbox, "PUT", "/tls", {"fault": None}).status_code == 204
    assert Hvca(sandbox).login().ok


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/faults", {"kind": "unheard"}, 422),
        ("POST", "/faults", {"scenario": "unheard"}, 422),
        ("POST", "/faults", {"scenario": 7}, 422),
        ("POST", "/faults", [7], 422),
        ("PUT", "/dns/x.example", {"a": 1}, 400),
        ("PUT", "/dns/x.example", [1], 422),
        ("PUT", "/web", [], 400),
        ("PUT", "/web", {"url": 1, "body": ""}, 422),
        ("PUT", "/clock", {"skew": "1"}, 422),
        ("PUT", "/clock", {"skew": 10**40}, 422),
        ("PUT", "/tls", {"fault": "unheard"}, 422),
        ("PUT", "/tls", {"fault": ["expired"]}, 422),
        ("GET", "/unheard", None, 404),
        ("PUT", "/faults", {}, 405),
    ],
)
def test_what_makes_no_sense_is_refused(
    sandbox: Sandbox, method: str, path: str, body: Any, status: int
) -> None:
    answer = _call(sandbox, method, path, body)
    assert answer.status_code == status
    assert answer.json()["description"]


def test_a_page_in_a_browser_cannot_reach_it(sandbox: Sandbox) -> None:
    address = sandbox.control_url + "/faults"
    headers = {"Host": "evil.example", "Content-Type": "application/json"}
    body = json.dumps({"kind": "status"})
    assert requests.post(address, data=body, headers=headers, timeout=10).status_code == 403
    assert (
        requests.post(address, data=body, headers={"Content-Type": "text/plain"}, timeout=10).status_code
        == 415
    )


def test_kept_answers_are_let_go_so_that_a_key_counts_as_new(sandbox: Sandbox) -> None:
    api = Account(sandbox)
    body = {"company_name": "Once", "contact": CONTACT | {"email": "kept@northwind.example"}}

    def register() -> str:
        answer = api.call("POST", "/registrations", body, headers={"Idempotency-Key": "key-1"})
        return str(answer.json()["account_id"])

    first = register()
    assert register() == first
    assert _call(sandbox, "DELETE", "/answers").status_code == 204
    assert register() != first
