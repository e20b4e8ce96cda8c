"""The statistics of HVCA: windows, pages, order and lag."""

import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from atlas.sandbox.server import Sandbox
from atlas.sandbox.store import Store
from tests.atlas.sandbox.api_client import Hvca, refused, until, wanted

DAY = 86_400


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """HVCA of its own with five certificates, the second one revoked."""
    sandbox = Sandbox(tmp_path_factory.mktemp("stats"), speed=864_000)
    sandbox.start()
    hvca = Hvca(sandbox)
    hvca.login()
    now = int(time.time())
    hvca.serials = []
    for days in (1, 2, 3, 4, 5):
        validity = {"not_before": now, "not_after": now + days * DAY}
        location = hvca.call("POST", "/certificates", wanted(validity=validity)).headers["Location"]
        hvca.serials.append(location.rpartition("/")[2])
    time.sleep(0.05)
    assert hvca.call("DELETE", f"/certificates/{hvca.serials[1]}").status_code == 204
    yield hvca
    sandbox.stop()


def _serials(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["serial_number"] for item in answer.json()]


def test_without_a_window_the_last_ten_minutes_are_listed_oldest_first(client: Any) -> None:
    answer = client.call("GET", "/stats/issued")
    assert _serials(answer) == client.serials
    assert set(answer.json()[0]) == {"serial_number", "not_before", "not_after"}
    assert answer.json()[0]["not_after"] - answer.json()[0]["not_before"] == DAY
    assert (answer.headers["Total-Count"], answer.headers["Links"]) == (
        "5",
        '</stats/issued?page=1>; rel="last"',
    )


def test_pages_are_linked_and_counted_as_clients_in_the_field_read_them(client: Any) -> None:
    found = []
    for number in (1, 2, 3, 4):
        answer = client.call("GET", "/stats/issued", params={"page": number, "per_page": 2})
        found += _serials(answer)
        assert answer.headers["Total-Count"] == "5"
        links = answer.headers["Links"]
        assert ('rel="next"' in links, 'rel="previous"' in links) == (number < 3, number in (2, 3, 4))
        if number == 2:
            assert links.split(", ")[1] == '</stats/issued?page=3&per_page=2>; rel="next"'
    assert found == client.serials


def test_revoked_certificates_are_listed_by_the_moment_of_the_call(client: Any) -> None:
    answer = client.call(
        "GET", "/stats/revoked", params={"from": int(time.time()) - 60, "to": int(time.time())}
    )
    assert _serials(answer) == [client.serials[1]]


def test_expiring_certificates_are_listed_by_their_end(client: Any) -> None:
    now = int(time.time())
    window = {"from": now + 2 * DAY + 3600, "to": now + 4 * DAY + 3600}
    assert _serials(client.call("GET", "/stats/expiring", params=window)) == client.serials[2:4]
    assert _serials(client.call("GET", "/stats/expiring")) == []


@pytest.mark.parametrize(
    ("query", "description"),
    [
        ({"page": "0"}, "page: invalid value"),
        ({"page": "x"}, "page: invalid value"),
        ({"page": "-1"}, "page: invalid value"),
        ({"per_page": "0"}, "per_page: must be between 1 and 100"),
        ({"per_page": "101"}, "per_page: must be between 1 and 100"),
        ({"from": "yesterday"}, "from: invalid value"),
        ({"to": ""}, "to: invalid value"),
        ({"from": "1", "to": str(30 * DAY + 2)}, "to: time window exceeding max of 30 days"),
        ({"from": "9", "to": "8"}, "from: invalid value"),
    ],
)
@pytest.mark.parametrize("name", ["issued", "revoked", "expiring"])
def test_a_wrong_query_is_422(client: Any, name: str, query: dict[str, str], description: str) -> None:
    refused(client.call("GET", f"/stats/{name}", params=query), 422, description)


def test_a_window_of_exactly_thirty_days_and_the_largest_numbers_are_taken(client: Any) -> None:
    assert _serials(client.call("GET", "/stats/issued", params={"from": 1, "to": 30 * DAY + 1})) == []
    for query in ({"page": "9" * 16}, {"from": "9" * 16, "to": "9" * 16}):
        assert _serials(client.call("GET", "/stats/issued", params=query)) == []


def test_a_certificate_is_dated_at_its_order_not_when_it_is_ready(slow: Sandbox) -> None:
    """client_int_test.go of GlobalSign's hvclient 1.5.0 asks from the first `not_before` - 1 s to the last + 1 s."""
    client = Hvca(slow)
    client.login()
    ordered = time.time()
    client.call("POST", "/certificates", wanted())
    state = sqlite3.connect(slow.directory / "state.sqlite3")
    moment, ready = state.execute(
        "SELECT ordered_at, issued_at FROM certificate ORDER BY number DESC"
    ).fetchone()
    state.close()
    assert (ordered <= moment <= time.time(), round(ready - moment)) == (True, 3)


def test_a_state_of_an_earlier_version_gets_the_moment_of_the_order(tmp_path: Path) -> None:
    file = tmp_path / "state.sqlite3"
    Store(file).close()
    old = sqlite3.connect(file)
    old.execute("ALTER TABLE certificate DROP COLUMN ordered_at")
    old.execute(
        "INSERT INTO certificate (serial, api_key, certificate, issued_at, rejected) VALUES (1, 2, 3, 4, 0)"
    )
    old.commit()
    old.close()
    store = Store(file)
    with store.transaction() as db:
        assert db.execute("SELECT ordered_at FROM certificate").fetchone()[0] == 4
    store.close()


def test_statistics_lag_behind_counters_and_quota(start) -> None:
    client = Hvca(start(speed=5.0, quota=9))
    client.login()
    client.issued(wanted())
    value = client.call("GET", "/counters/certificates/issued").json()["value"]
    assert (value, client.call("GET", "/quotas/issuance").json()["value"]) == (1, 8)
    assert client.call("GET", "/stats/issued").json() == []
    assert len(until(lambda: client.call("GET", "/stats/issued").json(), bool)) == 1
