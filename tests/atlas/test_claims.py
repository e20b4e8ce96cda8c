"""Claims on domains, their whole life, against the local Atlas over real mutual TLS and against peers.
Not here: what the readers take and refuse, see test_parsing.
"""

import json
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from atlas.errors import NotReady, Rejected, Unexpected
from atlas.hvca import Hvca
from atlas.sandbox.server import Sandbox
from atlas.types import Assertion, ClaimStatus, DomainClaim, Scheme
from tests.atlas.broken_peer import BrokenPeer, reply
from tests.atlas.clients import first_client, paths, token
from tests.atlas.response_samples import CLAIM, VERIFIED_CLAIM

TOKEN_TEXT = json.dumps({"token": "01AB", "assert_by": 1_795_442_700}).encode()


@pytest.fixture
def hvca(quick_atlas: Sandbox) -> Iterator[Hvca]:
    with first_client(quick_atlas) as client:
        yield client


def a_domain() -> str:
    return f"d{uuid.uuid4().hex[:12]}.example"


def checked(hvca: Hvca, claim_id: str, entries: int) -> DomainClaim:
    """The claim once its log has so many entries."""
    for _ in range(200):
        claim = hvca.claim(claim_id)
        if len(claim.log) >= entries:
            return claim
        time.sleep(0.02)
    raise TimeoutError


def test_a_claim_is_submitted_shown_by_dns_and_verified(hvca: Hvca, quick_atlas: Sandbox) -> None:
    domain = a_domain()
    made = hvca.submit_claim(domain)
    assert abs(made.assert_by - datetime.now(UTC) - timedelta(days=30)) < timedelta(minutes=5)
    claim = hvca.claim(made.id)
    assert (claim.status, claim.domain) == (ClaimStatus.PENDING, domain)
    assert domain in {name.removesuffix(".") for name in hvca.claim_authorization_domains(made.id)}
    before = len(claim.log)
    assert hvca.assert_claim_by_dns(made.id) in (Assertion.SCHEDULED, Assertion.PENDING)
    assert checked(hvca, made.id, before + 1).status == ClaimStatus.PENDING
    quick_atlas.dns[domain] = [made.token]
    hvca.assert_claim_by_dns(made.id, domain)
    claim = checked(hvca, made.id, before + 2)
    assert claim.status == ClaimStatus.VERIFIED
    assert claim.expires_at
    assert claim.expires_at > datetime.now(UTC)
    assert made.id in {each.id for each in hvca.claims(ClaimStatus.VERIFIED)}
    assert made.id not in {each.id for each in hvca.claims(ClaimStatus.PENDING)}
    assert hvca.assert_claim_by_dns(made.id) in Assertion


def test_a_claim_is_shown_by_http_and_by_email(hvca: Hvca, quick_atlas: Sandbox) -> None:
    domain = a_domain()
    made = hvca.submit_claim(domain)
    assert hvca.assert_claim_by_http(made.id, domain, Scheme.HTTPS) in Assertion
    addresses = hvca.claim_emails(made.id)
    assert f"admin@{domain}" in addresses.constructed
    checked(hvca, made.id, 1)
    assert hvca.assert_claim_by_email(made.id, addresses.constructed[0]) in Assertion


def test_a_claim_is_reasserted_with_a_new_token_and_deleted(hvca: Hvca) -> None:
    made = hvca.submit_claim(a_domain())
    again = hvca.reassert_claim(made.id)
    assert again.id == made.id
    assert again.token != made.token
    hvca.delete_claim(made.id)
    with pytest.raises(Rejected) as caught:
        hvca.claim(made.id)
    assert caught.value.status == 404


def test_a_second_claim_on_a_domain_is_rejected_in_atlas_own_words(hvca: Hvca) -> None:
    domain = a_domain()
    hvca.submit_claim(domain)
    with pytest.raises(Rejected) as caught:
        hvca.submit_claim(domain)
    assert caught.value.status == 409
    assert caught.value.description == f'Claim for domain "{domain}." already exists'


@pytest.mark.parametrize(
    ("claim_id", "status", "description"),
    [("01", 422, "invalid ID length"), ("01" * 16, 404, "Not Found")],
)
def test_a_claim_that_is_not_there_is_rejected(
    hvca: Hvca, claim_id: str, status: int, description: str
) -> None:
    with pytest.raises(Rejected) as caught:
        hvca.claim(claim_id)
    assert (caught.value.status, caught.value.description) == (status, description)


def test_more_claims_than_fit_on_a_page_are_all_listed_once(hvca: Hvca) -> None:
    made = {hvca.submit_claim(a_domain()).id for _ in range(30)}
    listed = [claim.id for claim in hvca.claims()]
    assert made <= set(listed)
    assert len(listed) == len(set(listed))


def with_answers(root: Path, *answers: bytes) -> tuple[BrokenPeer, Hvca]:
    peer = BrokenPeer(token("t"), *answers)
    return peer, Hvca(peer.url, "0" * 16, "f" * 40, None, root)


@pytest.mark.parametrize("said", [{}, {"assert_by": None}, {"assert_by": 0}], ids=["nothing", "null", "zero"])
def test_a_claim_without_a_time_to_assert_it_by_is_listed_like_any_other(
    root: Path, said: dict[str, object]
) -> None:
    listed = json.dumps([VERIFIED_CLAIM | said, CLAIM]).encode()
    peer, hvca = with_answers(root, reply(200, listed, **{"Total-Count": "2"}))
    with peer, hvca:
        verified, pending = hvca.claims()
    assert (verified.id, verified.status, verified.assert_by) == (
        VERIFIED_CLAIM["id"],
        ClaimStatus.VERIFIED,
        None,
    )
    assert pending.assert_by == datetime.fromtimestamp(CLAIM["assert_by"], UTC)


@pytest.mark.parametrize("status", [200, 201])
def test_a_reassertion_may_be_answered_with_200_or_201(root: Path, status: int) -> None:
    peer, hvca = with_answers(root, reply(status, TOKEN_TEXT))
    with peer, hvca:
        assert hvca.reassert_claim(CLAIM["id"]).token == "01AB"


def test_a_reassertion_while_a_check_is_under_way_is_not_ready(root: Path) -> None:
    peer, hvca = with_answers(root, reply(202, b'{"description": "Operation in progress"}'))
    with peer, hvca, pytest.raises(NotReady):
        hvca.reassert_claim(CLAIM["id"])


@pytest.mark.parametrize(
    ("status", "assertion"), [(201, Assertion.SCHEDULED), (202, Assertion.PENDING), (204, Assertion.VERIFIED)]
)
def test_an_assertion_says_by_its_status_what_came_of_it(
    root: Path, status: int, assertion: Assertion
) -> None:
    peer, hvca = with_answers(root, reply(status, b""))
    with peer, hvca:
        assert hvca.assert_claim_by_dns(CLAIM["id"]) == assertion
    assert b"content-type" not in peer.requests[1].lower()
    assert b"Content-Length: 0" in peer.requests[1]


def test_a_domain_with_letters_outside_ascii_is_sent_in_a_labels(root: Path) -> None:
    answer = reply(201, TOKEN_TEXT, Location="/v2/claims/domains/" + CLAIM["id"])
    peer, hvca = with_answers(root, answer)
    with peer, hvca:
        assert hvca.submit_claim("bücher.example").id == CLAIM["id"]
        with pytest.raises(Rejected):
            hvca.submit_claim("ü" * 80 + ".example")
    assert paths(peer)[1:] == ["POST /v2/claims/domains/xn--bcher-kva.example"]


def test_a_claim_without_an_id_is_unexpected(root: Path) -> None:
    peer, hvca = with_answers(root, reply(201, TOKEN_TEXT))
    with peer, hvca, pytest.raises(Unexpected):
        hvca.submit_claim("one.example")
