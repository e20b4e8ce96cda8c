"""Random requests to every route of every server: never a 500, never a trace. In this process, for speed.

Random bytes over real connections are in test_hostile.py.
"""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from atlas.sandbox import ca, sessions
from atlas.sandbox.account_server import AccountServer
from atlas.sandbox.app_state import AppState, Options
from atlas.sandbox.bootstrap import CONTACT as BOOTSTRAP_CONTACT
from atlas.sandbox.bootstrap import Addresses, write_client_files
from atlas.sandbox.clock import Clock
from atlas.sandbox.control import ControlServer
from atlas.sandbox.hvca_server import HvcaServer
from atlas.sandbox.pages import PagesServer
from atlas.sandbox.server import Sandbox
from atlas.sandbox.store import Store
from tests.atlas.sandbox.api_client import CONTACT, JSON, PROFILE, csr_of, rsa_key, wanted
from tests.atlas.sandbox.test_own_policy import POLICY


class Target:
    """A server with its routes, what makes it admit a caller, and bodies that are nearly right."""

    def __init__(
        self,
        api_server: Any,
        headers: dict[str, str],
        peer: int | None,
        bodies: dict[str, list[Any]],
        names: list[str],
    ) -> None:
        self.api_server, self.headers, self.peer = api_server, headers, peer
        self.bodies, self.names = bodies, names
        self.routes = api_server.table.routes

    def ask(
        self, method: str, path: str, query: dict[str, str], body: bytes, media_type: str, signed: bool
    ) -> int:
        """The status of one request; fails on a trace."""
        headers = dict(self.headers) if signed else {}
        headers["mode"] = query.get("mode", "")
        builder = EnvironBuilder(
            method=method, path=self.api_server.table.prefix + path, query_string=query, data=body,
            content_type=media_type,
            headers={name: value for name, value in headers.items() if value.isascii() and value.isprintable()},
        )  # fmt: skip
        answer = self.api_server.answer(Request(builder.get_environ()), self.peer)
        text = answer.get_data()
        assert b"Traceback" not in text
        if "json" in answer.headers.get("Content-Type", "") and text:
            json.loads(text)
        return int(answer.status_code)


@pytest.fixture(scope="module")
def targets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Target]]:
    """All servers over one state, with a claim and a certificate in it; HVCA under two policies."""
    folder: Path = tmp_path_factory.mktemp("fuzz")
    store = Store(folder / "state.sqlite3")
    state = AppState(store, Clock(864_000), ca.load_or_create(folder))
    write_client_files(state, folder, Addresses("https://h/v2", "https://a", "http://p"))
    yield [*_hvca(state, folder), *_others(state, folder)]
    store.close()


def _hvca(state: AppState, folder: Path) -> Iterator[Target]:
    client = json.loads((folder / "client.json").read_text())
    login = {name: client[name] for name in ("api_key", "api_secret")}
    leaf = ca.x509.load_pem_x509_certificate((folder / "client.pem").read_bytes())
    bodies = {
        "login": [login],
        "certificates": [wanted(), _large()],
        "{serial}": [
            {"revocation_reason": "unspecified", "revocation_time": 5, "key_compromise_attestation": ""}
        ],
        "rekey": [{"public_key": csr_of(rsa_key()), "public_key_signature": "", "signature": {}}],
        "dns": [{"authorization_domain": "a.example"}],
        "http": [{"scheme": "http"}, {"scheme": "https", "authorization_ip_address": "192.0.2.1"}],
        "email": [{"email_address": "admin@a.example"}],
    }
    for policy in (None, POLICY):
        own = AppState(
            state.store, state.clock, state.authority, Options(policy=policy, token_seconds=86_400.0)
        )
        api_server = HvcaServer(own)
        target = Target(api_server, {}, leaf.serial_number, bodies, [])
        token = _answer(target, "POST", "/login", login)["access_token"]
        target.headers = {"Authorization": f"Bearer {token}"}
        if policy is None:
            _answer(target, "POST", "/certificates", wanted())
            _answer(target, "POST", "/claims/domains/a.example", None)
            _answer(target, "POST", "/claims/ipaddresses/192.0.2.1", None)
        with state.store.transaction() as db:
            rows = db.execute(
                "SELECT claim_id AS n FROM claim UNION SELECT serial FROM certificate"
            ).fetchall()
        target.names = [row["n"] for row in rows] + ["a.example", "192.0.2.9"]
        yield target


def _large() -> dict[str, Any]:
    """A request with every block."""
    return wanted() | {
        "subject_da": {
            "gender": "M",
            "date_of_birth": "1990-01-01",
            "extra_attributes": [{"type": "1.2", "value": "1"}],
        },
        "qualified_statements": {"semantics": {"identifier": "1.2"}, "etsi_qc_pds": {"EN": "https://x"}},
        "ms_extension_template": {"id": "1.2", "major_version": 1},
        "custom_extensions": {"1.2.3.1": "0500", "1.2.3.2": "NIL"},
        "signature": {"algorithm": "RSA", "hash_algorithm": "SHA-256"},
    }


def _others(state: AppState, folder: Path) -> Iterator[Target]:
    with state.store.transaction() as db:
        account = db.execute("SELECT account_id FROM account").fetchone()["account_id"]
    bodies: dict[str, list[Any]] = {
        "registrations": [{"company_name": "X", "contact": CONTACT}],
        "register": [{"company_name": "X", **CONTACT}],
        "identity-profiles": [PROFILE],
        "accept": [{"password": "correct horse"}, {"quotation": True, "msa": True}],
        "payment-method": [{"kind": "INVOICE"}],
        "api-credentials": [{"name": "n", "identity_profile_id": "I", "service": "Internet SSL"}],
        "mtls-certificates": [{"csr": csr_of(rsa_key()), "api_credential_ids": ["C"]}],
        "users": [{"name": "Bob", "email": "bob@x.example", "roles": ["Administrator"]}],
        "scenario": [{"scenario": "all-well"}],
        "sign-in": [{"email": CONTACT["email"], "password": "", "next": "/accounts/"}],
    }
    yield Target(AccountServer(state, "token"), {"Authorization": "Bearer token"}, None, bodies, [account])
    cookie = f"{sessions.COOKIE}={sessions.sign_in(state, BOOTSTRAP_CONTACT['email'], '')}"
    yield Target(PagesServer(state), {"Cookie": cookie}, None, bodies, [account, "MDIwMA=="])
    chosen: dict[str, list[Any]] = {
        "faults": [{"kind": "delay", "times": 2}, {"scenario": "busy"}],
        "{name}": [["x"]],
        "web": [{"url": "u", "body": "b"}],
        "clock": [{"skew": 1}],
        "tls": [{"fault": None}],
    }
    yield Target(ControlServer(Sandbox(folder)), {"Host": "localhost"}, None, chosen, ["a.example"])


def _answer(target: Target, method: str, path: str, body: Any) -> Any:
    builder = EnvironBuilder(
        method=method,
        path="/v2" + path,
        data=b"" if body is None else json.dumps(body).encode(),
        content_type=JSON,
        headers=target.headers,
    )
    answer = target.api_server.answer(Request(builder.get_environ()), target.peer)
    assert answer.status_code < 300, answer.get_data()
    return json.loads(answer.get_data() or b"null")


ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.just("\ud800"), st.just("1.2.3"),
    st.lists(st.one_of(st.text(max_size=5), st.integers(), st.none()), max_size=3),
    st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=2),
)  # fmt: skip
PIECE = st.one_of(
    st.text(min_size=1, max_size=40), st.sampled_from(["01", "0" * 33, "01" * 16, "x", "%00", "..", "::1"])
)
QUERY = st.dictionaries(
    st.sampled_from(["page", "per_page", "from", "to", "status", "email", "next", "mode"]),
    st.one_of(
        st.text(max_size=12), st.integers().map(str), st.sampled_from(["PENDING", "domain-validation", "1"])
    ),
    max_size=3,
)


@st.composite
def _changed(draw: st.DrawFn, body: Any) -> Any:
    """The body with some member, at any depth, replaced, removed or added."""
    if not isinstance(body, dict) or not body or draw(st.integers(0, 4)) == 0:
        return draw(ODD)
    name = draw(st.sampled_from(sorted(body)))
    action = draw(st.integers(0, 5))
    if action == 0:
        return {key: value for key, value in body.items() if key != name}
    if action == 1:
        return body | {draw(st.text(max_size=8)): draw(ODD)}
    return body | {name: draw(_changed(body[name]))}


def _path(draw: st.DrawFn, template: str, names: list[str]) -> str:
    """A path of a route, its names filled with what exists or with anything."""
    while "{" in template:
        head, _, rest = template.partition("{")
        name = draw(st.one_of(st.sampled_from(names), PIECE))
        template = head + quote(name.encode("utf-8", "replace"), safe="%") + rest.partition("}")[2]
    return template


def _payload(draw: st.DrawFn, body: Any, form: bool) -> tuple[bytes, str]:
    """(bytes, media type): mostly what the server expects."""
    chance = draw(st.integers(0, 19))
    if chance == 0:
        return draw(st.binary(max_size=60)), JSON
    if chance == 1:
        return json.dumps(body).encode(), draw(st.sampled_from(["", "text/plain", "application/json"]))
    if form and isinstance(body, dict):
        texts = {str(name): str(value) for name, value in body.items()}
        return urlencode(texts, errors="replace").encode(), "application/x-www-form-urlencoded"
    return json.dumps(body).encode(), JSON


def _one(targets: list[Target], data: st.DataObject) -> int:
    draw = data.draw
    target = targets[draw(st.integers(0, len(targets) - 1))]
    route = draw(st.sampled_from(target.routes))
    path = _path(draw, route.path, target.names)
    method = route.method if draw(st.integers(0, 9)) else draw(st.sampled_from(METHODS))
    every = [body for bodies in target.bodies.values() for body in bodies]
    fitting = target.bodies.get(route.path.rpartition("/")[2], every)
    body = draw(st.sampled_from(fitting if draw(st.integers(0, 9)) < 9 else every))
    changed = body if draw(st.integers(0, 2)) == 0 else draw(_changed(body))
    raw, kind = _payload(draw, changed, isinstance(target.api_server, PagesServer))
    status = target.ask(method, path, draw(QUERY), raw, kind, signed=draw(st.integers(0, 19)) != 19)
    assert status < 500, (method, path, raw)
    return status


METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "FROB", "HEAD"]
CHECKS = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]


@settings(max_examples=2_000, deadline=None, suppress_health_check=CHECKS)
@given(data=st.data())
def test_no_request_to_any_route_is_answered_with_500(targets: list[Target], data: st.DataObject) -> None:
    _one(targets, data)


@pytest.mark.nightly
@settings(max_examples=100_000, deadline=None, suppress_health_check=CHECKS)
@given(data=st.data())
def test_no_request_of_very_many_is_answered_with_500(targets: list[Target], data: st.DataObject) -> None:
    _one(targets, data)


@pytest.fixture(autouse=True)
def _no_faults(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A fault would be written to the log."""
    yield
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_what_is_sent_gets_past_the_door(targets: list[Target]) -> None:
    """Otherwise the tests above would fuzz nothing but 401 and 404."""
    for target in targets:
        for route in target.routes:
            path = route.path.replace("{account_id}", target.names[0])
            if "{" not in path and route.method == "GET":
                assert target.ask("GET", path, {}, b"", "", signed=True) in {200, 303, 422}, path
