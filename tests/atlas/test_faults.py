"""Every fault that the local Atlas can be told to have, and what the client does about it.
Not here: the portal's steps under such faults; how the local Atlas makes them, see tests/atlas/sandbox.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest

from atlas.account import AccountApi
from atlas.account_types import IdentityProfileStatus
from atlas.breaker import Breaker
from atlas.errors import AtlasError, CircuitOpen, RateLimited, Refused, Rejected, Unexpected, Unreachable
from atlas.hvca import Hvca
from atlas.request_check import check_request
from atlas.sandbox.faults import InjectedFault, Kind
from atlas.sandbox.server import Sandbox
from atlas.types import Timeouts
from tests.atlas.clients import collect, first_client, request_for
from tests.atlas.company import operator
from tests.atlas.request_strategies import csr, rsa_key

LIMITS = Timeouts(connect=1, read=0.5, total=6)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    sandbox = Sandbox(tmp_path_factory.mktemp("faulty"), speed=200_000)
    sandbox.start()
    yield sandbox
    sandbox.stop()


@pytest.fixture
def faulty(shared: Sandbox) -> Iterator[Sandbox]:
    """A local Atlas that is well again after each test."""
    yield shared
    shared.faults.clear()
    shared.set_tls_fault(None)
    shared.clock_skew = 0.0


@pytest.fixture
def hvca(faulty: Sandbox) -> Iterator[Hvca]:
    """A client that has signed in before anything goes wrong."""
    with first_client(faulty, timeouts=LIMITS) as client:
        client.login()
        yield client


def on(sandbox: Sandbox, kind: Kind, method: str, path: str, **more: object) -> None:
    sandbox.faults.add(InjectedFault(kind, "hvca", method=method, path_prefix=path, **more))  # type: ignore[arg-type]


def issue(hvca: Hvca) -> str:
    return hvca.issue(request_for(csr(rsa_key())))


def failed(hvca: Hvca) -> AtlasError:
    """What asking for a certificate failed with; it was asked for once."""
    with pytest.raises(AtlasError) as caught:
        issue(hvca)
    return caught.value


def test_every_kind_of_fault_has_a_test_here() -> None:
    source = Path(__file__).read_text("utf-8")
    source += (Path(__file__).parents[1] / "certs" / "test_signing_crashes.py").read_text("utf-8")  # lists
    assert [kind for kind in get_args(Kind) if f'"{kind}"' not in source] == []


def test_delay_within_the_limit_is_waited_for(faulty: Sandbox, hvca: Hvca) -> None:
    on(faulty, "delay", "GET", "/quotas", seconds=0.2)
    assert hvca.issuance_quota() > 0


def test_delay_beyond_the_limit_is_unreachable_and_not_tried_again(faulty: Sandbox, hvca: Hvca) -> None:
    on(faulty, "delay", "GET", "/quotas", seconds=2, times=None)
    started = time.monotonic()
    with pytest.raises(Unreachable, match="in time"):
        hvca.issuance_quota()
    assert time.monotonic() - started < 1.5


@pytest.mark.parametrize("kind", ["drop-before", "drop-after", "half"])
def test_a_get_that_is_dropped_or_cut_in_half_twice_is_answered_by_the_third_try(
    faulty: Sandbox, hvca: Hvca, kind: Kind
) -> None:
    on(faulty, kind, "GET", "/quotas", times=2)
    assert hvca.issuance_quota() > 0


def test_an_issue_dropped_before_the_work_is_of_unknown_outcome_and_nothing_was_issued(
    faulty: Sandbox, hvca: Hvca
) -> None:
    before = hvca.certificates_issued()
    on(faulty, "drop-before", "POST", "/certificates")
    error = failed(hvca)
    assert isinstance(error, Unreachable)
    assert error.outcome_unknown
    assert hvca.certificates_issued() == before


def test_an_issue_dropped_after_the_work_is_of_unknown_outcome_and_found_in_the_statistics(
    faulty: Sandbox, hvca: Hvca
) -> None:
    before = hvca.certificates_issued()
    begun = datetime.now(UTC) - timedelta(minutes=1)
    known = {stat.serial for stat in hvca.stats_issued(begun, datetime.now(UTC) + timedelta(minutes=1))}
    on(faulty, "drop-after", "POST", "/certificates")
    error = failed(hvca)
    assert isinstance(error, Unreachable)
    assert error.outcome_unknown
    assert hvca.certificates_issued() == before + 1  # sent once
    for _ in range(100):
        soon = datetime.now(UTC) + timedelta(minutes=1)
        found = {stat.serial for stat in hvca.stats_issued(begun, soon)} - known
        if found:
            break
        time.sleep(0.1)
    assert len(found) == 1
    collect(hvca, found.pop())


def test_half_of_an_answer_to_an_issue_is_not_taken_for_one_and_nothing_is_sent_again(
    faulty: Sandbox, hvca: Hvca
) -> None:
    before = hvca.certificates_issued()
    on(faulty, "half", "POST", "/certificates")
    assert isinstance(failed(hvca), Unexpected | Unreachable)
    assert hvca.certificates_issued() == before + 1


def test_401_brings_one_new_sign_in_and_the_same_call_again(faulty: Sandbox, hvca: Hvca) -> None:
    on(faulty, "status", "GET", "/quotas", status=401)
    assert hvca.issuance_quota() > 0


def test_401_twice_in_a_row_is_refused(faulty: Sandbox, hvca: Hvca) -> None:
    on(faulty, "status", "GET", "/quotas", status=401, times=2)
    with pytest.raises(Refused):
        hvca.issuance_quota()


def test_401_to_an_issue_is_busy_for_no_time_and_it_is_the_caller_who_asks_again(
    faulty: Sandbox, hvca: Hvca
) -> None:
    before = hvca.certificates_issued()
    on(faulty, "status", "POST", "/certificates", status=401)
    error = failed(hvca)
    assert isinstance(error, RateLimited)
    assert error.retry_after == 0
    assert hvca.certificates_issued() == before
    issue(hvca)


@pytest.mark.parametrize(("told", "seconds"), [(7, 7.0), (None, None)])
def test_429_is_busy_for_as_long_as_atlas_says_and_not_tried_again(
    faulty: Sandbox, hvca: Hvca, told: int | None, seconds: float | None
) -> None:
    on(faulty, "status", "GET", "/quotas", status=429, retry_after=told, times=1)
    with pytest.raises(RateLimited) as caught:
        hvca.issuance_quota()
    assert caught.value.retry_after == seconds
    assert hvca.issuance_quota() > 0  # the fault met one call only


def test_500_is_unexpected_at_once(faulty: Sandbox, hvca: Hvca) -> None:
    on(faulty, "status", "GET", "/quotas", status=500)
    with pytest.raises(Unexpected, match="status 500"):
        hvca.issuance_quota()


def test_503_twice_is_survived_by_a_get_and_told_of_a_post(faulty: Sandbox, hvca: Hvca) -> None:
    on(faulty, "status", "GET", "/quotas", status=503, times=2)
    assert hvca.issuance_quota() > 0
    on(faulty, "status", "POST", "/certificates", status=503)
    assert isinstance(failed(hvca), RateLimited)


def test_503_with_a_time_is_not_tried_before_that_time(faulty: Sandbox, hvca: Hvca) -> None:
    on(faulty, "status", "GET", "/quotas", status=503, retry_after=9)
    with pytest.raises(RateLimited) as caught:
        hvca.issuance_quota()
    assert caught.value.retry_after == 9


def test_503_after_the_work_was_done_does_not_issue_a_second_certificate(faulty: Sandbox, hvca: Hvca) -> None:
    before = hvca.certificates_issued()
    on(faulty, "status", "POST", "/certificates", status=503, done=True)
    failed(hvca)
    assert hvca.certificates_issued() == before + 1


def test_garbage_is_unexpected_and_what_was_seen_holds_no_token(faulty: Sandbox, hvca: Hvca) -> None:
    on(faulty, "garbage", "GET", "/quotas")
    with pytest.raises(Unexpected, match="not JSON"):
        hvca.issuance_quota()


def test_drip_is_given_up_when_the_time_for_the_whole_call_is_over(faulty: Sandbox) -> None:
    with first_client(faulty, timeouts=Timeouts(connect=1, read=0.5, total=1)) as hvca:
        hvca.login()
        on(faulty, "drip", "GET", "/trustchain", seconds=0.1)
        started = time.monotonic()
        with pytest.raises(Unreachable, match="in time"):
            hvca.trust_chain()
        assert time.monotonic() - started < 2


@pytest.mark.parametrize(("fault", "said"), [("expired", "has expired"), ("wrong-name", "another host name")])
def test_a_wrong_server_certificate_is_unreachable_and_nothing_is_sent(
    faulty: Sandbox, fault: str, said: str
) -> None:
    faulty.set_tls_fault(fault)  # type: ignore[arg-type]
    with first_client(faulty) as hvca, pytest.raises(Unreachable, match=said) as caught:
        hvca.login()
    assert not caught.value.outcome_unknown


def test_a_clock_that_is_ahead_makes_our_start_too_old_and_check_can_say_so(
    faulty: Sandbox, hvca: Hvca
) -> None:
    policy = hvca.validation_policy()
    skew = policy.validity.not_before_negative_skew + 60
    request = request_for(csr(rsa_key()))
    faulty.clock_skew = skew
    with first_client(faulty) as fresh, pytest.raises(Rejected) as caught:
        fresh.issue(request)
    assert caught.value.description == "validity.not_before: invalid value"
    assert check_request(request, policy) == ()
    theirs = datetime.now(UTC) + timedelta(seconds=skew)
    assert [str(fault) for fault in check_request(request, policy, now=theirs)] == [caught.value.description]


@pytest.fixture
def api(faulty: Sandbox) -> Iterator[AccountApi]:
    with AccountApi(faulty.account_url, faulty.account_token, faulty.root_path) as client:
        yield client


def test_vetting_answers_that_come_twice_are_given_as_they_came(faulty: Sandbox, api: AccountApi) -> None:
    account, profile_id = operator(api)
    faulty.faults.add(InjectedFault("vetting-duplicate"))
    profiles = api.identity_profiles(account.account_id)
    assert [profile.identity_profile_id for profile in profiles] == [profile_id] * 2


def test_an_older_vetting_answer_after_a_newer_one_is_told_as_it_is(faulty: Sandbox, api: AccountApi) -> None:
    account, profile_id = operator(api)
    assert api.identity_profile(account.account_id, profile_id).status == IdentityProfileStatus.ACTIVE
    faulty.faults.add(InjectedFault("vetting-reorder"))
    older = api.identity_profile(account.account_id, profile_id)
    assert older.status == IdentityProfileStatus.PROCESSED
    assert older.status_since == older.submitted_at


def test_an_atlas_that_is_down_is_left_alone_by_the_breaker_and_found_again_by_a_probe(
    faulty: Sandbox,
) -> None:
    breaker = Breaker(threshold=3, pause=0.3)
    with first_client(faulty, breaker=breaker) as hvca:
        hvca.login()
        faulty.faults.add(InjectedFault("status", status=500, times=None))
        seen = []
        for _ in range(5):
            with pytest.raises(AtlasError) as caught:
                hvca.issuance_quota()
            seen.append(type(caught.value))
        assert seen == [Unexpected] * 3 + [CircuitOpen] * 2
        faulty.faults.clear()
        time.sleep(0.35)
        assert hvca.issuance_quota() > 0
        assert not breaker.is_open


def test_a_rough_day_is_survived_by_a_caller_who_waits_and_asks_again(faulty: Sandbox) -> None:
    faulty.faults.scenario("rough-day")
    with first_client(faulty, timeouts=Timeouts(connect=1, read=3, total=10)) as hvca:
        done = 0
        for _ in range(30):
            try:
                hvca.issuance_quota()
                done += 1
            except RateLimited as busy:
                time.sleep(min(busy.retry_after or 0.1, 1))
            except Unreachable:
                time.sleep(0.1)
            if done == 10:
                break
    assert done == 10
