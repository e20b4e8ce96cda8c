"""check_request(request, policy) and the local Atlas judge by themselves; they must agree on each request and reason.
Not here: how a policy is read, see test_reading.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atlas.errors import Rejected
from atlas.hvca import Hvca
from atlas.policy_check import PolicyViolation
from atlas.policy_types import Flag, KeyFormat, ValidationPolicy
from atlas.request_check import check_request
from atlas.request_serialization import serialize_request
from atlas.request_types import CertificateRequest, KeyUsages, San, SubjectDn
from atlas.sandbox.server import Sandbox
from tests.atlas.clients import first_client
from tests.atlas.policies import CSR_POLICY, WHOLE_POLICY
from tests.atlas.request_strategies import (
    SPOILERS,
    any_requests,
    csr,
    ec_key,
    proof,
    public_key_pem,
    right_requests,
    rsa_key,
)
from tests.atlas.response_samples import as_response

EXAMPLES = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
FORMATS = (KeyFormat.PKCS8, KeyFormat.PKCS10)


def policy_of(document: dict[str, object]) -> ValidationPolicy:
    return as_response(json.dumps(document).encode()).parse(ValidationPolicy)


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[KeyFormat, Hvca]]:
    """A client at a local Atlas with each policy."""
    with ExitStack() as stack:
        made = {}
        for key_format, policy in zip(FORMATS, (WHOLE_POLICY, CSR_POLICY), strict=True):
            folder = tmp_path_factory.mktemp(key_format.value)
            sandbox = Sandbox(folder, policy=key_format.value, validation_policy=policy)
            sandbox.start()
            stack.callback(sandbox.stop)
            made[key_format] = stack.enter_context(first_client(sandbox))
        yield made


def verdict(hvca: Hvca, request: CertificateRequest) -> str:
    """What the local Atlas says: empty if it issues a certificate."""
    try:
        hvca.issue(request)
    except Rejected as refused:
        return refused.description if refused.status == 422 else repr(refused)
    return ""


@EXAMPLES
@given(data=st.data())
@pytest.mark.parametrize("key_format", FORMATS)
def test_what_check_passes_is_issued_and_what_it_refuses_is_refused_for_the_same_reason(
    clients: dict[KeyFormat, Hvca], key_format: KeyFormat, data: st.DataObject
) -> None:
    hvca = clients[key_format]
    request = data.draw(any_requests(key_format))
    faults = [str(fault) for fault in check_request(request, policy_of(hvca.validation_policy().raw))]
    said = verdict(hvca, request)
    assert said in (faults or [""])


@pytest.mark.parametrize("place", range(len(SPOILERS)))
@pytest.mark.parametrize("key_format", FORMATS)
def test_for_a_single_fault_both_give_one_and_the_same_reason(
    clients: dict[KeyFormat, Hvca], key_format: KeyFormat, place: int
) -> None:
    hvca, policy = clients[key_format], policy_of(WHOLE_POLICY if key_format == "PKCS8" else CSR_POLICY)
    request = SPOILERS[place](plain_request(key_format))
    assert verdict(hvca, request) in ([str(fault) for fault in check_request(request, policy)] or [""])


def plain_request(key_format: KeyFormat) -> CertificateRequest:
    pkcs8 = key_format == KeyFormat.PKCS8
    return CertificateRequest(
        public_key=public_key_pem(rsa_key()) if pkcs8 else csr(rsa_key()),
        not_before=datetime.now(UTC),
        subject_dn=SubjectDn(common_name="dip.one.example"),
        san=San(dns_names=("dip.one.example",)),
        extended_key_usages=("1.3.6.1.5.5.7.3.1",),
        public_key_signature=proof(rsa_key()) if pkcs8 else None,
    )


@pytest.mark.parametrize("key_format", FORMATS)
def test_a_right_request_has_no_fault_and_a_certificate_comes_of_it(
    clients: dict[KeyFormat, Hvca], key_format: KeyFormat
) -> None:
    request = plain_request(key_format)
    assert check_request(request, clients[key_format].validation_policy()) == ()
    assert verdict(clients[key_format], request) == ""
    clients[key_format].dry_run(request)


@settings(max_examples=50, deadline=None)
@given(request=right_requests(KeyFormat.PKCS8))
def test_what_is_empty_is_not_sent(request: CertificateRequest) -> None:
    def empties(value: object, path: str = "") -> list[str]:
        inner = (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        )
        found = [path] if value in (None, "", [], {}) else []
        return found + [each for name, item in inner for each in empties(item, f"{path}.{name}")]

    assert empties(serialize_request(request)) in ([], [".subject_dn"])


def test_every_fault_is_told_not_only_the_first() -> None:
    request = CertificateRequest("", datetime.now(UTC), subject_dn=SubjectDn(country="GB", state="Cornwall"))
    told = {str(fault) for fault in check_request(request, policy_of(WHOLE_POLICY))}
    assert {
        "subject_dn.common_name: is required",
        "subject_dn.country: is static",
        "subject_dn.state: is forbidden",
        "san.dns_names: is required",
        "public_key: is required",
    } <= told


def test_the_time_of_the_check_can_be_given() -> None:
    request = replace(plain_request(KeyFormat.PKCS8), not_before=datetime(2030, 1, 1, tzinfo=UTC))
    policy = policy_of(WHOLE_POLICY)
    assert check_request(request, policy) == (PolicyViolation("validity.not_before", "invalid value"),)
    assert check_request(request, policy, now=datetime(2030, 1, 1, tzinfo=UTC)) == ()


def test_a_time_without_a_zone_is_refused_before_anything_is_sent() -> None:
    request = replace(plain_request(KeyFormat.PKCS8), not_after=datetime(2030, 1, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="zone"):
        check_request(request, policy_of(WHOLE_POLICY))


@pytest.mark.parametrize("agreed", [True, False])
def test_a_usage_that_means_nothing_alone_needs_key_agreement(agreed: bool) -> None:
    usages = {"key_agreement": "OPTIONAL", "encipher_only": "OPTIONAL"}
    policy = policy_of(WHOLE_POLICY | {"key_usages": usages})
    assert policy.key_usages["encipher_only"] == Flag.OPTIONAL
    usage = KeyUsages(key_agreement=agreed or None, encipher_only=True)
    faults = check_request(replace(plain_request(KeyFormat.PKCS8), key_usages=usage), policy)
    assert [str(fault) for fault in faults] == ([] if agreed else ["key_usages.encipher_only: invalid value"])


def test_an_elliptic_curve_key_proves_itself_as_well() -> None:
    key = {"key_type": "ECDSA", "allowed_lengths": [256], "key_format": "PKCS8"}
    policy = policy_of(WHOLE_POLICY | {"public_key": key})
    right = replace(
        plain_request(KeyFormat.PKCS8),
        public_key=public_key_pem(ec_key()),
        public_key_signature=proof(ec_key()),
    )
    assert check_request(right, policy) == ()
    wrong = replace(right, public_key_signature=proof(rsa_key()))
    assert [str(fault) for fault in check_request(wrong, policy)] == ["public_key_signature: invalid value"]


def test_a_pattern_that_only_hvca_can_read_is_left_to_hvca() -> None:
    odd = WHOLE_POLICY["subject_dn"] | {"common_name": {"presence": "REQUIRED", "format": r"^\p{L}+$"}}
    assert check_request(plain_request(KeyFormat.PKCS8), policy_of(WHOLE_POLICY | {"subject_dn": odd})) == ()
