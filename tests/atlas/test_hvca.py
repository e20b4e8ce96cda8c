"""The HVCA client against the local Atlas over real mutual TLS, and against peers that lapse or lie.
Not here: the network's own troubles; see test_transport.
"""

import itertools
import json
import logging
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from atlas.errors import AtlasError, NotReady, RateLimited, Refused, Rejected, Unexpected, Unreachable
from atlas.hvca import Hvca
from atlas.request_types import SubjectDn
from atlas.sandbox.server import Sandbox
from atlas.types import (
    CertificateRequest,
    CertificateStatus,
    KeyFormat,
    KeyType,
    Presence,
    RevocationReason,
)
from tests.atlas.authority import authority
from tests.atlas.broken_peer import BrokenPeer, break_off, problem, reply
from tests.atlas.clients import collect, first_client, first_identity, paths, request_for, token
from tests.atlas.request_strategies import csr as csr_of
from tests.atlas.request_strategies import rsa_key

UNAUTHORIZED = problem(401, b'{"description": "Unauthorized"}')


@pytest.fixture
def hvca(quick_atlas: Sandbox) -> Iterator[Hvca]:
    with first_client(quick_atlas) as client:
        yield client


@pytest.fixture(scope="module")
def csr() -> str:
    return csr_of(rsa_key())


def test_the_policy_of_a_credential_is_read(hvca: Hvca) -> None:
    policy = hvca.validation_policy()
    assert (policy.key_type, policy.key_format) == (KeyType.RSA, KeyFormat.PKCS10)
    assert 2048 in policy.allowed_lengths
    assert policy.validity.seconds_min < policy.validity.seconds_max
    assert policy.subject_dn.fields["common_name"].presence == Presence.REQUIRED
    assert policy.raw["public_key"]["key_type"] == "RSA"


def test_a_certificate_is_asked_for_collected_counted_and_revoked(hvca: Hvca, csr: str) -> None:
    issued, revoked, quota = hvca.certificates_issued(), hvca.certificates_revoked(), hvca.issuance_quota()
    serial = hvca.issue(request_for(csr))
    assert collect(hvca, serial).serial_number == int(serial, 16)
    assert hvca.certificate(serial.lower()).serial == serial
    assert hvca.certificate(serial).status == CertificateStatus.ISSUED
    hvca.revoke(serial, RevocationReason.SUPERSEDED)
    gone = hvca.certificate(serial)
    assert gone.status == CertificateStatus.REVOKED
    assert abs(gone.updated_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert hvca.certificates_issued() - issued == 1
    assert hvca.certificates_revoked() - revoked == 1
    assert quota - hvca.issuance_quota() == 1


def test_the_trust_chain_leads_to_the_root(hvca: Hvca, quick_atlas: Sandbox) -> None:
    chain = [x509.load_pem_x509_certificate(pem.encode()) for pem in hvca.trust_chain()]
    for issued, issuer in itertools.pairwise(chain):
        issued.verify_directly_issued_by(issuer)
    assert chain[-1] == x509.load_pem_x509_certificate(quick_atlas.root_path.read_bytes())


def test_a_certificate_that_is_being_made_is_not_ready(patient_atlas: Sandbox, csr: str) -> None:
    with first_client(patient_atlas) as hvca:
        serial = hvca.issue(request_for(csr))
        with pytest.raises(NotReady):
            hvca.certificate(serial)


@pytest.mark.parametrize(
    ("serial", "status", "description"),
    [
        ("01" * 16, 404, "Not Found"),
        ("not-hex", 422, "invalid serial number format"),
        ("0" * 40, 422, "invalid serial number length"),
    ],
)
def test_a_certificate_that_is_not_there_is_rejected_in_atlas_own_words(
    hvca: Hvca, serial: str, status: int, description: str
) -> None:
    with pytest.raises(Rejected) as caught:
        hvca.certificate(serial)
    assert (caught.value.status, caught.value.description) == (status, description)


def test_a_request_that_the_policy_forbids_is_rejected(hvca: Hvca, csr: str) -> None:
    wanted = CertificateRequest(csr, datetime.now(UTC), subject_dn=SubjectDn(country="GB"))
    with pytest.raises(Rejected) as caught:
        hvca.issue(wanted)
    assert caught.value.status in (400, 422)
    assert caught.value.description


@pytest.mark.parametrize("spoil", ["api_key", "api_secret"])
def test_a_wrong_key_or_secret_is_refused(quick_atlas: Sandbox, spoil: str) -> None:
    wrong = "0" * (16 if spoil == "api_key" else 40)
    with first_client(quick_atlas, **{spoil: wrong}) as hvca, pytest.raises(Refused) as caught:
        hvca.login()
    assert caught.value.status == 401


def test_a_client_certificate_of_another_atlas_is_refused(
    quick_atlas: Sandbox, patient_atlas: Sandbox
) -> None:
    with (
        first_client(quick_atlas, identity=first_identity(patient_atlas)) as hvca,
        pytest.raises(Refused) as caught,
    ):
        hvca.validation_policy()
    assert caught.value.status is None


def test_no_client_certificate_is_refused(quick_atlas: Sandbox) -> None:
    with first_client(quick_atlas, identity=None) as hvca, pytest.raises(Refused):
        hvca.login()


def test_an_atlas_under_another_root_is_not_talked_to(quick_atlas: Sandbox, patient_atlas: Sandbox) -> None:
    with (
        first_client(quick_atlas, root=patient_atlas.root_path) as hvca,
        pytest.raises(Unreachable) as caught,
    ):
        hvca.login()
    assert not caught.value.outcome_unknown


def test_a_token_that_atlas_forgot_is_renewed_without_a_word(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "atlas.sandbox")
    sandbox = Sandbox(tmp_path)
    sandbox.start()
    try:
        with first_client(sandbox) as hvca:
            before = hvca.trust_chain()
            sandbox.clock_skew = (
                601  # a token lives ten minutes, and the client believes that none have passed
            )
            after = hvca.trust_chain()
            hvca.issuance_quota()
    finally:
        sandbox.stop()
    assert before[-1] == after[-1] == sandbox.root_path.read_text()
    assert after == before
    records = [record.getMessage() for record in caplog.records if record.name == "atlas.sandbox"]
    # The Atlas of the test before may only now notice that it was hung up on.
    assert [record for record in records if not record.startswith("connection ended")] == [
        "POST /v2/login 200",
        "GET /v2/trustchain 200",
        "GET /v2/trustchain 401",
        "POST /v2/login 200",
        "GET /v2/trustchain 200",
        "GET /v2/quotas/issuance 200",
    ]


@pytest.fixture
def client_for(root: Path) -> Callable[..., Hvca]:
    def make(peer: BrokenPeer, clock: Callable[[], float] = time.monotonic) -> Hvca:
        identity = authority("client root").issue("a client")
        return Hvca(peer.url, "0123456789abcdef", "f" * 40, identity, root, clock=clock)

    return make


def test_a_token_is_used_again_until_it_is_nine_minutes_old(client_for: Callable[..., Hvca]) -> None:
    now = [1000.0]
    value = reply(body=b'{"value": 1}')
    peer = BrokenPeer(token("first"), value, value, token("second"), value)
    with peer, client_for(peer, lambda: now[0]) as hvca:
        hvca.issuance_quota()
        now[0] += 539
        hvca.issuance_quota()
        now[0] += 1
        hvca.issuance_quota()
    assert [path.split("/")[-1] for path in paths(peer)] == [
        "login",
        "issuance",
        "issuance",
        "login",
        "issuance",
    ]
    assert b"Bearer first" in peer.requests[2]
    assert b"Bearer second" in peer.requests[4]


def test_after_a_401_there_is_one_new_login_and_one_more_try(client_for: Callable[..., Hvca]) -> None:
    peer = BrokenPeer(token("first"), UNAUTHORIZED, token("second"), reply(body=b'{"value": 1}'))
    with peer, client_for(peer) as hvca:
        assert hvca.issuance_quota() == 1
    assert b"Bearer second" in peer.requests[3]


def test_a_second_401_in_a_row_is_refused(client_for: Callable[..., Hvca]) -> None:
    peer = BrokenPeer(token("first"), UNAUTHORIZED, token("second"), UNAUTHORIZED)
    with peer, client_for(peer) as hvca, pytest.raises(Refused):
        hvca.issuance_quota()
    assert len(peer.requests) == 4


def test_a_401_at_the_login_is_final(client_for: Callable[..., Hvca]) -> None:
    peer = BrokenPeer(UNAUTHORIZED)
    with peer, client_for(peer) as hvca, pytest.raises(Refused):
        hvca.issuance_quota()
    assert len(peer.requests) == 1


def test_a_403_is_not_answered_with_a_new_login(client_for: Callable[..., Hvca]) -> None:
    peer = BrokenPeer(token("first"), problem(403))
    with peer, client_for(peer) as hvca, pytest.raises(Refused):
        hvca.issuance_quota()
    assert len(peer.requests) == 2


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (break_off(b""), Unreachable),
        (break_off(b"HTTP/1.1 20"), Unexpected),
        (break_off(b"HTTP/1.1 201 X\r\nLoc"), Unexpected),
        (
            break_off(b"HTTP/1.1 201 X\r\nContent-Length: 9\r\nLocation: /v2/certificates/01AB\r\n\r\n"),
            Unreachable,
        ),
        (problem(503), RateLimited),
        (UNAUTHORIZED, RateLimited),
        (problem(402), Rejected),
        (reply(201, b""), Unexpected),
        (reply(201, b"", Location="/v2/certificates/no-serial"), Unexpected),
        (reply(200, b"", Location="/v2/certificates/01AB"), Unexpected),
    ],
)
def test_a_certificate_request_is_sent_once_whatever_is_answered(
    client_for: Callable[..., Hvca], csr: str, answer: bytes, error: type[AtlasError]
) -> None:
    peer = BrokenPeer(token("first"), answer, token("second"), reply())
    with peer, client_for(peer) as hvca, pytest.raises(error) as caught:
        hvca.issue(request_for(csr))
    assert paths(peer).count("POST /v2/certificates") == 1
    if isinstance(caught.value, Unreachable):
        assert caught.value.outcome_unknown
    if answer is UNAUTHORIZED:
        assert isinstance(caught.value, RateLimited)
        assert caught.value.retry_after == 0


def test_a_certificate_request_holds_only_what_is_wanted(client_for: Callable[..., Hvca]) -> None:
    peer = BrokenPeer(token("first"), reply(201, b"", Location="/v2/certificates/01ab"))
    moment = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
    with peer, client_for(peer) as hvca:
        assert hvca.issue(CertificateRequest("PEM", moment)) == "01AB".zfill(32)
    body = json.loads(peer.requests[1].partition(b"\r\n\r\n")[2])
    assert body == {"validity": {"not_before": 1_795_442_700}, "subject_dn": {}, "public_key": "PEM"}


def test_nothing_secret_is_logged_or_shown(
    client_for: Callable[..., Hvca], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    peer = BrokenPeer(token("t0psecret"), reply(404, b"t0psecret", "text/plain"))
    with peer, client_for(peer) as hvca, pytest.raises(Unexpected) as caught:
        hvca.certificate("01ACC7D2")
    shown = caplog.text + repr(hvca) + repr(caught.value) + str(caught.value)
    for secret in ("t0psecret", "0123456789abcdef", "f" * 40, "01ACC7D2"):
        assert secret not in shown
    lines = [record.getMessage().rpartition(" ")[0] for record in caplog.records]
    assert [line.rpartition(" ")[0] for line in lines] == [
        "POST /login 200",
        "GET /certificates/{serial} 404",
    ]
