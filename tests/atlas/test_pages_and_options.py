"""Single pages with their total, an encrypted client key, headers of one's own: what other HVCA clients offer, too.
Not here: lists as a whole, see test_stats and test_claims.
"""

import json
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from atlas.errors import Refused, Rejected
from atlas.hvca import Hvca
from atlas.sandbox.server import Sandbox
from atlas.tls import client_context, load_from_encrypted_file
from atlas.types import StatsEvent
from tests.atlas.broken_peer import BrokenPeer, problem, reply
from tests.atlas.clients import first_client, first_identity, token

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)


def test_one_page_says_how_many_rows_there_are_and_whether_it_goes_on(root: Path) -> None:
    """hvclient 1.5.0 (client_api.go) answers each list page by page, with `Total-Count`."""
    row = {"serial_number": "1A", "not_before": 1, "not_after": 2}
    links = {"Links": '</stats/revoked?page=3>; rel="next"', "Total-Count": "250"}
    peer = BrokenPeer(
        token("t"), reply(body=json.dumps([row]).encode(), **links), reply(body=b"[]", Links="")
    )
    with peer, Hvca(peer.url, "0" * 16, "f" * 40, None, root) as hvca:
        page = hvca.stats_page(StatsEvent.REVOKED, NOW - timedelta(days=1), NOW, page=2)
        assert ([stat.serial[-2:] for stat in page.rows], page.total, page.has_next) == (["1A"], 250, True)
        page = hvca.stats_page(StatsEvent.EXPIRING, NOW, NOW, per_page=7)
        assert (page.rows, page.total, page.has_next) == ((), None, False)
    first, second = (request.split(b" ")[1].decode() for request in peer.requests[1:])
    assert first.startswith("/v2/stats/revoked?")
    assert "page=2&per_page=100" in first
    assert "page=1&per_page=7" in second


def test_pages_of_claims_and_statistics_come_from_the_local_atlas(quick_atlas: Sandbox) -> None:
    with first_client(quick_atlas) as hvca:
        made = [hvca.submit_claim(f"{name}.pages.example").id for name in ("a", "b", "c")]
        page = hvca.claims_page(per_page=2)
        assert ([claim.id for claim in page.rows], page.has_next) == ([made[2], made[1]], True)
        assert page.total == len(list(hvca.claims()))
        with pytest.raises(Rejected) as caught:
            hvca.claims_page(per_page=101)
        assert caught.value.description == "per_page: must be between 1 and 100"
        now = datetime.now(UTC)
        with pytest.raises(Rejected) as caught:
            hvca.stats_page(StatsEvent.ISSUED, now - timedelta(days=31), now)
        assert caught.value.description == "to: time window exceeding max of 30 days"


def test_an_encrypted_client_key_is_opened_with_its_passphrase(quick_atlas: Sandbox) -> None:
    """hvclient 1.5.0 (config.go) reads `key_passphrase`."""
    plain = first_identity(quick_atlas)
    key = serialization.load_pem_private_key(plain.private_key_pem, None)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8)
    locked = key.private_bytes(*form, serialization.BestAvailableEncryption(b"long enough"))
    identity = replace(plain, private_key_pem=locked, passphrase=b"long enough")
    assert "long enough" not in repr(identity)
    with first_client(quick_atlas, identity=identity) as hvca:
        assert hvca.trust_chain()
    load_from_encrypted_file(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), identity)
    load_from_encrypted_file(
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), replace(plain, passphrase=b"not needed")
    )
    for wrong in (b"", b"wrong", b"x" * 2000):
        with pytest.raises(Refused) as caught:
            client_context(replace(identity, passphrase=wrong))
        assert "xx" not in str(caught.value)


def test_headers_of_ones_own_go_with_every_call_and_are_hidden_in_what_comes_back(root: Path) -> None:
    """hvclient 1.5.0 (config.go) reads `extra_headers`, for gateways in front of HVCA."""
    said = problem(422, b'{"description": "gateway-secret-1: is unknown"}')
    peer = BrokenPeer(token("bearer-token"), said)
    extra = {"X-SSL-Client-Serial": "01ab", "X-Gateway": "gateway-secret-1"}
    with (
        peer,
        Hvca(peer.url, "0" * 16, "f" * 40, None, root, extra_headers=extra) as hvca,
        pytest.raises(Rejected) as caught,
    ):
        hvca.trust_chain()
    assert caught.value.description == "[hidden]: is unknown"
    assert all(b"X-Gateway: gateway-secret-1" in request for request in peer.requests)
    for name, value in {"authorization": "x", "a b": "x", "X-A": "x\r\nX-B: y", "X-C": ""}.items():
        with pytest.raises(ValueError, match="extra header"):
            Hvca("https://localhost/v2", "0" * 16, "f" * 40, None, root, extra_headers={name: value})
