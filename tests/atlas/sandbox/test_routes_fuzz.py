"""Random requests to every route of every face: never a 500, never a trace. In this process, for speed.

Random bytes over real connections are in test_hostile.py.
"""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from atlas.sandbox import ca
from atlas.sandbox.account_face import AccountFace
from atlas.sandbox.bootstrap import Addresses, write_client_files
from atlas.sandbox.clock import Clock
from atlas.sandbox.control import ControlFace
from atlas.sandbox.hvca_face import HvcaFace
from atlas.sandbox.pages import PagesFace
from atlas.sandbox.server import Sandbox
from atlas.sandbox.state import Store
from atlas.sandbox.world import Choices, World
from tests.atlas.sandbox.driver import CONTACT, JSON, PROFILE, Hvca, csr_of, rsa_key, wanted
from tests.atlas.sandbox.test_own_policy import POLICY


class Target:
    """A face with its routes, what makes it admit a caller, and bodies that are nearly right."""

    def __init__(
        self, face: Any, headers: dict[str, str], peer: int | None, bodies: list[Any], names: list[str]
    ) -> None:
        self.face, self.headers, self.peer = face, headers, peer
        self.bodies, self.names = bodies, names
        self.routes = face.table.routes

    def ask(
        self, method: str, path: str, query: dict[str, str], body: bytes, media_type: str, signed: bool
    ) -> int:
        """The status of one request; fails on a trace."""
        headers = dict(self.headers) if signed else {}
        headers["mode"] = query.get("mode", "")
        builder = EnvironBuilder(
            method=method, path=self.face.table.prefix + path, query_string=query, data=body, content_type=media_type,
            headers={name: value for name, value in headers.items() if value.isascii() and value.isprintable()},
        )  # fmt: skip
        answer = self.face.answer(Request(builder.get_environ()), self.peer)
        text = answer.get_data()
        assert b"Traceback" not in text
        if "json" in answer.headers.get("Content-Type", "") and text:
            json.loads(text)
        return int(answer.status_code)


@pytest.fixture(scope="module")
def targets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Target]]:
    """All faces over one state, with a claim and a certificate in it; HVCA under two policies."""
    folder: Path = tmp_path_factory.mktemp("fuzz")
    store = Store(folder / "state.sqlite3")
    world = World(store, Clock(864_000), ca.load_or_create(folder))
    write_client_files(world, folder, Addresses("https://h/v2", "https://a", "http://p"))
    yield [*_hvca(world, folder), *_others(world, folder)]
    store.close()


def _hvca(world: World, folder: Path) -> Iterator[Target]:
    client = json.loads((folder / "client.json").read_text())
    login = {name: client[name] for name in ("api_key", "api_secret")}
    leaf = ca.x509.load_pem_x509_certificate((folder / "client.pem").read_bytes())
    revocation = {"revocation_reason": "unspecified", "revocation_time": 5, "key_compromise_attestation": ""}
    claim = {"authorization_domain": "a.example", "scheme": "http", "email_address": "admin@a.example"}
    for policy in (None, POLICY):
        own = World(world.store, world.clock, world.authority, Choices(policy=policy))
        face = HvcaFace(own)
        target = Target(face, {}, leaf.serial_number, [wanted(), _large(), revocation, claim, login], [])
        token = _answer(target, "POST", "/login", login)["access_token"]
        target.headers = {"Authorization": f"Bearer {token}"}
        if policy is None:
            _answer(target, "POST", "/certificates", wanted())
            _answer(target, "POST", "/claims/domains/a.example", None)
            _answer(target, "POST", "/claims/ipaddresses/192.0.2.1", None)
        with world.store.transaction() as db:
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


def _others(world: World, folder: Path) -> Iterator[Target]:
    with world.store.transaction() as db:
        account = db.execute("SELECT account_id FROM account").fetchone()["account_id"]
    bodies = [
        {"company_name": "X", "contact": CONTACT}, PROFILE, {"password": "correct horse"}, {"kind": "INVOICE"},
        {"quotation": True, "msa": True}, {"name": "n", "identity_profile_id": "I", "service": "Internet SSL"},
        {"csr": csr_of(rsa_key()), "api_credential_ids": ["C"]}, {"scenario": "all-well"},
        {"name": "Bob", "email": "bob@x.example", "roles": ["Administrator"]},
    ]  # fmt: skip
    yield Target(AccountFace(world, "token"), {"Authorization": "Bearer token"}, None, bodies, [account])
    yield Target(PagesFace(world), {}, None, bodies, [account, "MDIwMA=="])
    faults = [
        {"kind": "delay"},
        {"scenario": "busy"},
        ["x"],
        {"url": "u", "body": "b"},
        {"skew": 1},
        {"fault": None},
    ]
    yield Target(ControlFace(Sandbox(folder)), {"Host": "localhost"}, None, faults, ["a.example"])


def _answer(target: Target, method: str, path: str, body: Any) -> Any:
    builder = EnvironBuilder(
        method=method,
        path="/v2" + path,
        data=b"" if body is None else json.dumps(body).encode(),
        content_type=JSON,
        headers=target.headers,
    )
    answer = target.face.answer(Request(builder.get_environ()), target.peer)
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


def _one(targets: list[Target], data: st.DataObject) -> None:
    draw = data.draw
    target = draw(st.sampled_from(range(len(targets))).map(targets.__getitem__))
    route = draw(st.sampled_from(target.routes))
    path = route.path
    while "{" in path:
        head, _, rest = path.partition("{")
        name = draw(st.one_of(st.sampled_from(target.names), PIECE))
        path = head + quote(name.encode("utf-8", "replace"), safe="%") + rest.partition("}")[2]
    method = draw(
        st.sampled_from([route.method] * 9 + ["GET", "POST", "PUT", "PATCH", "DELETE", "FROB", "HEAD"])
    )
    body = draw(st.sampled_from(target.bodies))
    changed = body if draw(st.integers(0, 3)) == 0 else draw(_changed(body))
    raw = (
        draw(st.one_of(st.just(json.dumps(changed).encode()), st.just(b""), st.binary(max_size=60)))
        if draw(st.integers(0, 5)) == 0
        else json.dumps(changed).encode()
    )
    kind = draw(st.sampled_from([JSON] * 8 + ["", "text/plain", "application/x-www-form-urlencoded"]))
    status = target.ask(method, path, draw(QUERY), raw, kind, signed=draw(st.integers(0, 19)) != 0)
    assert status < 500, (method, path, raw)


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


def test_the_fuzzed_routes_are_those_that_are_served(targets: list[Target], hvca: Hvca) -> None:
    assert [len(target.routes) for target in targets[:2]] == [29, 29]
    assert hvca.call("GET", "/trustchain").status_code == 200
