"""Chains completed from what the portal knows, else from where the certificates say; every link verified.

Fetching is tested in test_aia.py, order and verification in test_chain.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding

from certs import certificate, completion
from certs.certificate import load_chain
from certs.models import Certificate
from tests.certs.makers import (
    Authority,
    codes,
    common,
    csr_pem,
    ec_key,
    intermediate,
    issue,
    leaf,
    pem_of,
    root,
    rsa_key,
)
from tests.certs.test_aia import Publisher, naming, publisher

__all__ = ["publisher"]
ISSUER, ROOT = intermediate().certificate, root().certificate


class Shelf:
    """What each fetch answers, and how often it was asked."""

    def __init__(self, *answers: Iterable[x509.Certificate]) -> None:
        self.answers, self.asked = list(answers), 0

    def __call__(self, above: x509.Certificate) -> Iterable[x509.Certificate]:
        self.asked += 1
        return self.answers.pop(0) if self.answers else ()


def sought(*known: x509.Certificate, fetch: Shelf, of: x509.Certificate | None = None):
    return completion.sought(of or leaf(), (), known, datetime.now(UTC), fetch)


def test_what_is_known_is_not_fetched() -> None:
    shelf = Shelf()
    chain = sought(ROOT, ISSUER, fetch=shelf)
    assert (chain.issuers, chain.root, shelf.asked) == ((ISSUER,), ROOT, 0)


def test_link_by_link_up_to_the_root_which_is_left_out() -> None:
    shelf = Shelf([ISSUER], [ROOT])
    chain = sought(fetch=shelf)
    assert (chain.issuers, chain.root, shelf.asked) == ((ISSUER,), ROOT, 2)


def test_what_did_not_sign_is_not_taken_and_ends_the_search() -> None:
    name = common("Test Issuing CA")
    impostor = issue(ec_key("impostor").public_key(), root(), name=name, is_authority=True)
    shelf = Shelf([impostor], [ROOT])
    chain = sought(fetch=shelf)
    assert (chain.issuers, codes(chain.findings), shelf.asked) == ((), ["chain-incomplete"], 1)


def test_a_search_ends_after_four_links() -> None:
    links = [root("High")]
    for depth in range(7):
        key = ec_key(f"high {depth}")
        issued = issue(key.public_key(), links[-1], name=common(f"High {depth}"), is_authority=True)
        links.append(Authority(key, issued))
    below = issue(rsa_key(bits=2048).public_key(), links[-1])
    shelf = Shelf(*([link.certificate] for link in reversed(links)))
    chain = sought(fetch=shelf, of=below)
    assert (len(chain.issuers), shelf.asked) == (4, completion.MOST_HOPS)


def test_a_circle_of_addresses_ends() -> None:
    shelf = Shelf([ISSUER], [ISSUER], [ISSUER])
    assert (sought(fetch=shelf).issuers, shelf.asked) == ((ISSUER,), 2)


@pytest.fixture
def alone(own_request) -> Certificate:
    """A certificate that a person brought without its issuers, which are published nowhere."""
    return certificate.accept(own_request.company_id, own_request.case_id, pem_of(leaf()), own_request)


def test_a_stored_certificate_is_completed_from_its_address_once(
    settings, own_request, publisher: Publisher
) -> None:
    settings.PORTAL = settings.PORTAL.model_copy(update={"aia_hosts": (publisher.host,)})
    url = publisher.serve("/issuer.crt", ISSUER.public_bytes(Encoding.DER))
    brought = _reissued(url)
    row = certificate.accept(own_request.company_id, own_request.case_id, pem_of(brought), own_request)
    assert row.chain_pem == ""
    assert list(completion.unsought()) == [row]
    completion.complete(row)
    assert load_chain(Certificate.objects.get().chain_pem) == (ISSUER,)
    assert list(completion.unsought()) == []
    completion.complete(Certificate.objects.get())
    assert publisher.asked == ["/issuer.crt"]


def _reissued(url: str) -> x509.Certificate:
    """The good certificate, with its issuer's address."""
    good = naming(url)
    key = rsa_key().public_key()
    assert isinstance(key, RSAPublicKey)
    return (
        x509.CertificateBuilder(
            extensions=[
                *leaf().extensions,
                good.extensions.get_extension_for_class(x509.AuthorityInformationAccess),
            ]
        )
        .subject_name(good.subject)
        .issuer_name(good.issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(good.not_valid_before_utc)
        .not_valid_after(good.not_valid_after_utc)
        .sign(intermediate().key, leaf().signature_hash_algorithm)  # type: ignore[arg-type]
    )


def test_the_issuers_of_another_companys_certificate_do_as_well(alone: Certificate) -> None:
    from certs import csr

    company, case = uuid4(), uuid4()
    other = csr.accept(company, case, csr_pem(rsa_key("two")))
    certificate.accept(company, case, pem_of(leaf("two")) + pem_of(ISSUER), other)
    completion.complete(alone)
    assert load_chain(Certificate.objects.get(pk=alone.pk).chain_pem) == (ISSUER,)


def test_a_chain_that_cannot_be_completed_is_left_and_not_sought_for_ever(alone: Certificate) -> None:
    completion.complete(alone)
    row = Certificate.objects.get()
    assert row.chain_pem == ""
    assert row.chain_sought_at is not None
    assert list(completion.unsought()) == []
