"""Chains completed from what the portal knows, else from where the certificates say; every link verified.

Fetching is tested in test_aia.py, order and verification in test_chain.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding

from certs import certificate, chain_completion
from certs.aia import Answer
from certs.certificate import load_chain
from certs.chain import Chain
from certs.models import Certificate
from tests.certs.test_aia import Publisher, naming, publisher
from tests.certs.x509_factories import (
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

__all__ = ["publisher"]
ISSUER, ROOT = intermediate().certificate, root().certificate


class Shelf:
    """What each fetch answers, and how often it was asked."""

    def __init__(self, *answers: Iterable[x509.Certificate], then_away: bool = False) -> None:
        self.answers, self.asked, self.then_away = list(answers), 0, then_away

    def __call__(self, above: x509.Certificate) -> Answer:
        self.asked += 1
        return Answer(tuple(self.answers.pop(0)), False) if self.answers else Answer((), self.then_away)


def searched(
    *known: x509.Certificate, fetch: Shelf, of: x509.Certificate | None = None
) -> chain_completion.SearchResult:
    return chain_completion.find_chain(of or leaf(), (), known, datetime.now(UTC), fetch)


def find(*known: x509.Certificate, fetch: Shelf, of: x509.Certificate | None = None) -> Chain:
    return searched(*known, fetch=fetch, of=of).chain


def test_what_is_to_be_asked_again_is_told_with_what_was_found_so_far() -> None:
    search = searched(fetch=Shelf([ISSUER], then_away=True))
    assert (search.chain.issuers, search.again) == ((ISSUER,), True)
    assert not searched(fetch=Shelf([ISSUER])).again
    assert not searched(ISSUER, ROOT, fetch=Shelf(then_away=True)).again


def test_what_is_known_is_not_fetched() -> None:
    shelf = Shelf()
    chain = find(ROOT, ISSUER, fetch=shelf)
    assert (chain.issuers, chain.root, shelf.asked) == ((ISSUER,), ROOT, 0)


def test_link_by_link_up_to_the_root_which_is_left_out() -> None:
    shelf = Shelf([ISSUER], [ROOT])
    chain = find(fetch=shelf)
    assert (chain.issuers, chain.root, shelf.asked) == ((ISSUER,), ROOT, 2)


def test_what_did_not_sign_is_not_taken_and_ends_the_search() -> None:
    name = common("Test Issuing CA")
    impostor = issue(ec_key("impostor").public_key(), root(), name=name, is_authority=True)
    shelf = Shelf([impostor], [ROOT])
    chain = find(fetch=shelf)
    assert (chain.issuers, codes(chain.findings), shelf.asked) == ((), ["chain-incomplete"], 1)


def test_a_known_stranger_with_the_issuers_name_is_passed_over() -> None:
    stranger = namesake()
    shelf = Shelf([ISSUER], [ROOT])
    assert (find(stranger, fetch=shelf).issuers, shelf.asked) == ((ISSUER,), 2)
    shelf = Shelf()
    assert (find(stranger, ISSUER, ROOT, fetch=shelf).issuers, shelf.asked) == ((ISSUER,), 0)


def test_a_known_one_with_the_issuers_name_and_key_that_forbids_the_path_is_passed_over() -> None:
    forbidding = reissued_by_a_stranger(x509.NameConstraints([x509.DirectoryName(common("Others"))], None))
    assert find(forbidding, ISSUER, ROOT, fetch=Shelf()).issuers == (ISSUER,)
    shelf = Shelf([ISSUER], [ROOT])
    assert (find(forbidding, fetch=shelf).issuers, shelf.asked) == ((ISSUER,), 2)


def test_known_ones_that_lead_nowhere_do_not_stop_the_search() -> None:
    circle = [root("Deep")]
    for depth in range(12):
        key = ec_key(f"deep {depth}")
        issued = issue(key.public_key(), circle[-1], name=common(f"Deep {depth}"), is_authority=True)
        circle.append(Authority(key, issued))
    below = issue(rsa_key(bits=2048).public_key(), circle[-1])
    shelf = Shelf([circle[-1].certificate])
    chain = find(*(each.certificate for each in circle), fetch=shelf, of=below)
    assert (chain.issuers, shelf.asked) == ((circle[-1].certificate,), 2)


def namesake() -> x509.Certificate:
    """An authority with the issuer's name and another key."""
    name = common("Test Issuing CA")
    return issue(ec_key("impostor").public_key(), root("Elsewhere"), name=name, is_authority=True)


def reissued_by_a_stranger(extension: x509.ExtensionType) -> x509.Certificate:
    """The issuer's name and key in a certificate that somebody else made, which anybody can do."""
    elsewhere, own = root("Elsewhere"), ISSUER
    return (
        x509.CertificateBuilder()
        .subject_name(own.subject)
        .issuer_name(elsewhere.certificate.subject)
        .public_key(intermediate().key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(elsewhere.certificate.not_valid_before_utc)
        .not_valid_after(own.not_valid_after_utc)
        .add_extension(x509.BasicConstraints(True, None), critical=True)
        .add_extension(extension, critical=True)
        .sign(elsewhere.key, hashes.SHA256())
    )


def test_a_search_ends_after_four_links() -> None:
    links = [root("High")]
    for depth in range(7):
        key = ec_key(f"high {depth}")
        issued = issue(key.public_key(), links[-1], name=common(f"High {depth}"), is_authority=True)
        links.append(Authority(key, issued))
    below = issue(rsa_key(bits=2048).public_key(), links[-1])
    shelf = Shelf(*([link.certificate] for link in reversed(links)))
    chain = find(fetch=shelf, of=below)
    assert (len(chain.issuers), shelf.asked) == (4, chain_completion.MAX_HOPS)


def test_a_circle_of_addresses_ends() -> None:
    shelf = Shelf([ISSUER], [ISSUER], [ISSUER])
    assert (find(fetch=shelf).issuers, shelf.asked) == ((ISSUER,), 2)


@pytest.fixture
def alone(own_request) -> Certificate:
    """A certificate that a person brought without its issuers, which are published nowhere."""
    return certificate.accept(own_request.company_id, own_request.case_id, pem_of(leaf()), own_request)


def test_a_stored_certificate_is_completed_from_its_address_once(
    settings, own_request, publisher: Publisher
) -> None:
    settings.PORTAL = settings.PORTAL.model_copy(update={"aia_hosts": (publisher.host,)})
    url = publisher.serve("/issuer.crt", ISSUER.public_bytes(Encoding.DER))
    brought = naming_its_issuer(url)
    row = certificate.accept(own_request.company_id, own_request.case_id, pem_of(brought), own_request)
    assert row.chain_pem == ""
    assert list(chain_completion.due_certificates()) == [row]
    chain_completion.complete_chain(row)
    assert load_chain(Certificate.objects.get().chain_pem) == (ISSUER,)
    assert list(chain_completion.due_certificates()) == []
    chain_completion.complete_chain(Certificate.objects.get())
    assert publisher.asked == ["/issuer.crt"]


def naming_its_issuer(url: str) -> x509.Certificate:
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
    chain_completion.complete_chain(alone)
    assert load_chain(Certificate.objects.get(pk=alone.pk).chain_pem) == (ISSUER,)


def test_a_chain_that_another_company_made_up_does_not_stop_ours(
    settings, own_request, publisher: Publisher
) -> None:
    from certs import csr

    key, company, case = ec_key("impostor"), uuid4(), uuid4()
    theirs = issue(rsa_key("two").public_key(), Authority(key, namesake()))
    other = csr.accept(company, case, csr_pem(rsa_key("two")))
    certificate.accept(company, case, pem_of(theirs) + pem_of(namesake()), other)
    settings.PORTAL = settings.PORTAL.model_copy(update={"aia_hosts": (publisher.host,)})
    brought = naming_its_issuer(publisher.serve("/issuer.crt", ISSUER.public_bytes(Encoding.DER)))
    row = certificate.accept(own_request.company_id, own_request.case_id, pem_of(brought), own_request)
    chain_completion.complete_chain(row)
    assert load_chain(Certificate.objects.get(pk=row.pk).chain_pem) == (ISSUER,)


def test_a_chain_that_cannot_be_completed_is_left_and_not_sought_for_ever(alone: Certificate) -> None:
    chain_completion.complete_chain(alone)
    row = Certificate.objects.get()
    assert row.chain_pem == ""
    assert row.chain_searched_at is not None
    assert list(chain_completion.due_certificates()) == []
