"""Chains completed: issuers that did not come with a certificate, from what the portal knows, else from AIA.

Certificates that Atlas issues here come with its trust chain (signing.py), so their issuers are known for every other
certificate of the same issuer. For workers only; order and verification are in chain.py, fetching in aia.py.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from certs import aia, pem
from certs.certificate import load_chain
from certs.chain import Chain, order_chain
from certs.kinds import Kind
from certs.models import Certificate

MOST_HOPS = 4
MOST_KNOWN = 100  # different chains that the portal looks through
Fetch = Callable[[x509.Certificate], Iterable[x509.Certificate]]


def unsought() -> "QuerySet[Certificate]":
    """Certificates whose chain nobody has tried to complete yet."""
    return Certificate.objects.filter(chain_sought_at=None).order_by("created_at")


def complete(certificate: Certificate) -> Certificate:
    """Complete and keep the chain of this row, once; a chain that stays incomplete is kept as far as it goes.

    Fetches over the network: never in a request, never in a transaction.
    """
    if certificate.chain_sought_at:
        return certificate
    leaf = x509.load_pem_x509_certificate(certificate.pem.encode())
    had = load_chain(certificate.chain_pem)
    chain = sought(leaf, had, _known(), timezone.now(), _from_aia)
    better = len(chain.issuers) > len(had) and not any(each.severity == "error" for each in chain.findings)
    certificate.chain_sought_at = timezone.now()
    if better:
        certificate.chain_pem = in_pem(chain.issuers)
    certificate.save(update_fields=["chain_pem", "chain_sought_at"])
    return certificate


def sought(
    leaf: x509.Certificate,
    had: Iterable[x509.Certificate],
    known: Iterable[x509.Certificate],
    now: datetime,
    fetch: Fetch,
) -> Chain:
    """The chain of `leaf` from `had` and `known`; what is missing above is fetched, link by link, MOST_HOPS at most."""
    pool = [*had, *known]
    chain = order_chain(leaf, pool, now)
    for _ in range(MOST_HOPS):
        if not any(each.code == "chain-incomplete" for each in chain.findings):
            break
        more = list(fetch(chain.issuers[-1] if chain.issuers else leaf))
        longer = order_chain(leaf, [*pool, *more], now)
        if not _is_better(longer, chain):
            break
        pool, chain = [*pool, *more], longer
    return chain


def in_pem(issuers: Iterable[x509.Certificate]) -> str:
    """As Certificate.chain_pem keeps them."""
    return "".join(pem.armour(each.public_bytes(Encoding.DER), Kind.CERTIFICATE) for each in issuers)


def _is_better(new: Chain, old: Chain) -> bool:
    """A fetched certificate that did not sign, or that the path forbids, makes nothing better."""
    if any(each.severity == "error" for each in new.findings):
        return False
    return len(new.issuers) > len(old.issuers) or (new.root is not None and old.root is None)


def _known() -> list[x509.Certificate]:
    """Issuers of all certificates here: public, and each link is verified again."""
    texts = (
        Certificate.objects.exclude(chain_pem="").order_by("chain_pem").values_list("chain_pem", flat=True)
    )
    chains = (load_chain(text) for text in texts.distinct()[:MOST_KNOWN])
    return list(dict.fromkeys(each for chain in chains for each in chain))


def _from_aia(certificate: x509.Certificate) -> tuple[x509.Certificate, ...]:
    return aia.issuers_of(certificate, settings.PORTAL.aia_hosts)
