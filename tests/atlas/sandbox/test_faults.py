"""Each fault on demand as a client sees it, and that it happens to the calls it is about and to no others."""

import ssl
import time
from typing import Any

import pytest
import requests

from atlas.sandbox.faults import SCENARIOS, InjectedFault, parse_fault
from atlas.sandbox.server import Sandbox
from tests.atlas.sandbox.api_client import Account, Company, Hvca, refused, until, wanted

HUNG_UP = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)


@pytest.fixture
def faulty(fast: Sandbox, hvca: Hvca) -> Any:
    """Adds faults to HVCA; takes them away at the end."""
    yield lambda *args, **more: fast.faults.add(InjectedFault(*args, **more))
    fast.faults.clear()


def _issued(hvca: Hvca) -> int:
    return int(hvca.call("GET", "/counters/certificates/issued").json()["value"])


def test_a_delay_makes_the_answer_late_and_right(hvca: Hvca, faulty: Any) -> None:
    faulty("delay", seconds=0.3)
    start = time.monotonic()
    assert hvca.call("GET", "/trustchain").status_code == 200
    assert time.monotonic() - start >= 0.3


def test_a_drop_before_the_work_leaves_nothing_done(hvca: Hvca, faulty: Any) -> None:
    before = _issued(hvca)
    faulty("drop-before", method="POST")
    with pytest.raises(HUNG_UP):
        hvca.call("POST", "/certificates", wanted())
    assert _issued(hvca) == before


def test_a_drop_after_the_work_leaves_it_done(hvca: Hvca, faulty: Any) -> None:
    before = _issued(hvca)
    faulty("drop-after", path_prefix="/certificates")
    with pytest.raises(HUNG_UP):
        hvca.call("POST", "/certificates", wanted())
    assert _issued(hvca) == before + 1


@pytest.mark.parametrize(
    ("status", "description"),
    [(401, "Unauthorized"), (429, "Rate Limit Reached"), (500, "Internal Server Error"), (503, None)],
)
def test_a_status_is_answered_instead_as_a_problem(
    hvca: Hvca, faulty: Any, status: int, description: str | None
) -> None:
    faulty("status", status=status)
    answer = hvca.call("GET", "/trustchain")
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json;charset=utf-8"
    assert answer.json()["description"] == description or "Service busy, please retry later"
    assert ("id" in answer.json()) is (status >= 500)
    assert "Retry-After" not in answer.headers
    assert hvca.call("GET", "/trustchain").status_code == 200


def test_a_429_may_say_when_to_come_back(hvca: Hvca, faulty: Any) -> None:
    faulty("status", status=429, retry_after=2, times=2)
    assert [hvca.call("GET", "/trustchain").headers.get("Retry-After") for _ in range(3)] == ["2", "2", None]


def test_a_status_may_hide_that_the_work_was_done(hvca: Hvca, faulty: Any) -> None:
    before = _issued(hvca)
    faulty("status", status=500, done=True, method="POST")
    assert hvca.call("POST", "/certificates", wanted()).status_code == 500
    assert _issued(hvca) == before + 1


def test_half_an_answer_breaks_off(hvca: Hvca, faulty: Any) -> None:
    faulty("half")
    with pytest.raises(HUNG_UP):
        hvca.call("GET", "/trustchain")
    faulty("half", method="POST")
    with pytest.raises(HUNG_UP):
        hvca.call("POST", "/certificates", wanted())


def test_garbage_calls_itself_json_and_is_none(hvca: Hvca, faulty: Any) -> None:
    faulty("garbage")
    answer = hvca.call("GET", "/trustchain")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json;charset=utf-8")
    with pytest.raises(ValueError, match="Expecting"):
        answer.json()


def test_a_drip_is_the_right_answer_a_byte_at_a_time(hvca: Hvca, faulty: Any) -> None:
    faulty("drip", seconds=0.02)
    start = time.monotonic()
    answer = hvca.call("GET", "/quotas/issuance")
    assert answer.json()["value"] > 0
    assert time.monotonic() - start >= 0.02 * len(answer.content)


def test_a_fault_meets_its_face_method_path_and_turn_only(fast: Sandbox, hvca: Hvca, faulty: Any) -> None:
    faulty("status", "hvca", "get", "/v2/quotas", skip=1)
    assert Account(fast).call("GET", "/accounts", params={"email": "a@b.example"}).status_code == 200
    assert hvca.call("GET", "/trustchain").status_code == 200
    assert hvca.login().status_code == 200
    assert [hvca.call("GET", "/quotas/issuance").status_code for _ in range(3)] == [200, 503, 200]
    assert fast.faults.armed() == ()


def test_a_fault_without_a_number_lasts_until_it_is_cleared(fast: Sandbox, hvca: Hvca, faulty: Any) -> None:
    faulty("status", times=None)
    assert {hvca.call("GET", "/trustchain").status_code for _ in range(5)} == {503}
    fast.faults.clear()
    assert hvca.call("GET", "/trustchain").status_code == 200


def test_of_two_faults_the_older_one_happens_first(hvca: Hvca, faulty: Any) -> None:
    faulty("status", status=500)
    faulty("status", status=429)
    assert [hvca.call("GET", "/trustchain").status_code for _ in range(3)] == [500, 429, 200]


def test_vetting_answers_come_twice_in_lists(fast: Sandbox, company: Company, faulty: Any) -> None:
    identifier = company.verified()
    mails = until(lambda: company.get("/emails"), lambda seen: len(seen) == 4)
    faulty("vetting-duplicate", times=2)
    profiles = company.get("/identity-profiles")
    assert [profile["identity_profile_id"] for profile in profiles] == [identifier] * 2
    assert company.get("/emails") == [mail for mail in mails for _ in range(2)]
    assert len(company.get("/identity-profiles")) == 1


def test_an_older_vetting_answer_comes_after_a_newer_one(company: Company, faulty: Any) -> None:
    identifier = company.verified()
    faulty("vetting-reorder", "account", path_prefix=f"/accounts/{company.id}")
    seen = [company.profile(identifier)["status"] for _ in range(2)]
    assert seen == ["Processed", "Active"]
    faulty("vetting-reorder", skip=1)
    assert [company.get("/identity-profiles")[0]["status"] for _ in range(2)] == ["Active", "Processed"]


def test_reordered_emails_are_the_other_way_round(company: Company, faulty: Any) -> None:
    company.verified()
    mails = until(lambda: company.get("/emails"), lambda seen: len(seen) == 4)
    faulty("vetting-reorder")
    assert company.get("/emails") == mails[::-1]


def test_a_rejected_profile_steps_back_without_its_reason(api: Account, faulty: Any) -> None:
    company = Company(api, "Northwind [vetting-rejected]")
    identifier = company.ready().submit()
    until(lambda: company.profile(identifier), lambda seen: seen["status"] == "Rejected")
    faulty("vetting-reorder")
    earlier = company.profile(identifier)
    assert (earlier["status"], "reason" in earlier) == ("Queued for Vetting", False)


@pytest.mark.parametrize(("fault", "word"), [("expired", "expired"), ("wrong-name", "mismatch")])
def test_a_wrong_server_certificate_is_shown_and_taken_back(start: Any, fault: Any, word: str) -> None:
    sandbox = start(tls_fault=fault)
    with pytest.raises(requests.exceptions.SSLError, match=word) as seen:
        Hvca(sandbox).login()
    assert isinstance(seen.value.__context__.__context__, ssl.SSLError | Exception)
    with pytest.raises(requests.exceptions.SSLError, match=word):
        Account(sandbox).get("/accounts", params={"email": "a@b.example"})
    sandbox.set_tls_fault(None)
    assert Hvca(sandbox).login().ok
    sandbox.set_tls_fault(fault)
    with pytest.raises(requests.exceptions.SSLError, match=word):
        Hvca(sandbox).login()


def test_a_skewed_clock_shows_in_the_date_and_moves_the_window_for_not_before(start: Any) -> None:
    sandbox = start(clock_skew=3600.0, speed=864_000)
    client = Hvca(sandbox)
    answer = client.login()
    assert answer.ok
    from email.utils import parsedate_to_datetime

    assert parsedate_to_datetime(answer.headers["Date"]).timestamp() == pytest.approx(
        time.time() + 3600, abs=5
    )
    refused(client.call("POST", "/certificates", wanted()), 422, "validity.not_before: invalid value")
    body = wanted(validity={"not_before": int(time.time()) + 3600})
    assert client.call("POST", "/certificates", body).status_code == 201
    sandbox.clock_skew = 0.0
    assert client.call("POST", "/certificates", wanted()).status_code == 201


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_can_be_switched_on(name: str) -> None:
    from atlas.sandbox.faults import FaultQueue

    faults = FaultQueue()
    faults.scenario(name)
    assert faults.armed() == SCENARIOS[name]
    with pytest.raises(ValueError, match="must be one of"):
        faults.scenario("unheard")


@pytest.mark.parametrize(
    "document",
    [
        7,
        {},
        {"kind": "unheard"},
        {"kind": ["delay"]},
        {"kind": "delay", "seconds": -1},
        {"kind": "delay", "seconds": "1"},
        {"kind": "delay", "times": 0},
        {"kind": "delay", "times": True},
        {"kind": "status", "status": 200},
        {"kind": "delay", "api": "pages"},
        {"kind": "delay", "unheard": 1},
    ],
    ids=str,
)
def test_a_fault_that_makes_no_sense_is_refused_with_a_sentence(document: Any) -> None:
    with pytest.raises(ValueError, match=".{10}"):
        parse_fault(document)


def test_waiting_faults_do_not_hold_up_a_stop(start: Any) -> None:
    sandbox = start()
    sandbox.faults.add(InjectedFault("delay", seconds=60.0))
    import threading

    def ask() -> None:
        with pytest.raises(requests.RequestException):
            Hvca(sandbox).login()

    asking = threading.Thread(target=ask)
    asking.start()
    until(sandbox.faults.armed, lambda armed: not armed)
    start_of_stop = time.monotonic()
    sandbox.stop()
    asking.join(10)
    assert time.monotonic() - start_of_stop < 5


def test_a_list_that_lags_lacks_its_newest_entry_and_nothing_else_does(company: Company, faulty: Any) -> None:
    identifier = company.verified()
    faulty("list-behind", "account", path_prefix=f"/accounts/{company.id}")
    assert company.profile(identifier)["identity_profile_id"] == identifier
    assert [len(company.get("/identity-profiles")) for _ in range(2)] == [0, 1]
