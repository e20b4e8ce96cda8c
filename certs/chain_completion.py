"""Chains completed: issuers that did not come with a certificate, from what the portal knows, else from AIA.

Certificates that Atlas issues here come with its trust chain (signing.py), so their issuers are known for every other
certificate of the same issuer. For workers only; order and verification are in chain.py, fetching in aia.py.
"""

import logging
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.db.models import Min, Q, QuerySet

from certs import aia, clock, pem
from certs.artifact_type import ArtifactType
from certs.certificate import load_chain
from certs.chain import Chain, order_chain
from certs.due import due
from certs.findings.codes import FindingCode
from certs.models import Certificate

MAX_HOPS = 4
MAX_KNOWN_CHAINS = 100  # different chains that the portal looks through
SECONDS = 10.0  # for one search as a whole
FIRST_PAUSE = timedelta(minutes=1)  # each later one is twice as long
MAX_SEARCHES = 13  # the last begins after nearly three days
MAX_UNFINISHED_SEARCHES = 3  # in a row that ended with their worker
log = logging.getLogger(__name__)
Fetch = Callable[[x509.Certificate], aia.Answer]


class SearchResult(NamedTuple):
    """What was found. `again`: where more may be, nobody answered."""

    chain: Chain
    again: bool


def _pause(tries: int) -> timedelta:
    """How long after the start of a search another begins; `tries` counts that one."""
    return FIRST_PAUSE * (1 << (tries - 1))


def due_certificates() -> "QuerySet[Certificate]":
    """Certificates whose search has not ended and is due now, those first that were searched for least often.

    One whose search ended with its worker comes last, so that it holds up nobody else twice.
    """
    now, due_now = clock.now(), Q(chain_next_search_at=None)
    for tries in range(1, MAX_SEARCHES + 1):
        due_now |= Q(chain_searches=tries) & due("chain_next_search_at", now, _pause(tries))
    waiting = Certificate.objects.filter(due_now, chain_searched_at=None)
    return waiting.order_by("unfinished_searches", "chain_searches", "created_at")


def abandoned_certificates() -> "QuerySet[Certificate]":
    """Those that are not searched for any more, because each search ended with its worker."""
    return Certificate.objects.filter(
        unfinished_searches__gte=MAX_UNFINISHED_SEARCHES, chain_searched_at__isnull=False
    )


def complete_chain(certificate: Certificate, known: list[x509.Certificate] | None = None) -> Certificate:
    """Search for the missing issuers of this row, due or not, and store what is found; never again after the end.

    `known` is what read_known_issuers() has read, for a caller who completes many; what is found is added to it.
    The end is when everybody has answered, after MAX_SEARCHES, or after MAX_UNFINISHED_SEARCHES. Fetches over the
    network: never in a request, never in a transaction.
    """
    if certificate.chain_searched_at:
        return certificate
    if certificate.unfinished_searches >= MAX_UNFINISHED_SEARCHES:
        log.error("search for the issuers of certificate %s given up", certificate.pk)
        certificate.chain_searched_at = clock.now()
        certificate.save(update_fields=["chain_searched_at"])
        return certificate
    _record_search(certificate)
    leaf = x509.load_pem_x509_certificate(certificate.pem.encode())
    had = load_chain(certificate.chain_pem)
    fetch = partial(_from_aia, until=time.monotonic() + SECONDS)
    known = read_known_issuers() if known is None else known
    chain, again = find_chain(leaf, had, known, clock.now(), fetch)
    found: dict[str, Any] = {}
    if len(chain.issuers) > len(had) and not _has_errors(chain):
        found["chain_pem"] = chain_to_pem(chain.issuers)
        known += (each for each in chain.issuers if each not in known)
    if not again or certificate.chain_searches >= MAX_SEARCHES:
        found["chain_searched_at"] = clock.now()
    # A chain that a person brought meanwhile stays; what is above it is searched for next time.
    row = Certificate.objects.filter(pk=certificate.pk)
    row.filter(chain_pem=certificate.chain_pem).update(**found)
    row.update(unfinished_searches=0)
    certificate.refresh_from_db()
    return certificate


def _record_search(certificate: Certificate) -> None:
    """Before the search, so that one which a worker dies in counts too."""
    certificate.chain_searches += 1
    certificate.unfinished_searches += 1
    certificate.chain_next_search_at = clock.now() + _pause(certificate.chain_searches)
    certificate.save(update_fields=["chain_searches", "chain_next_search_at", "unfinished_searches"])


def find_chain(
    leaf: x509.Certificate,
    had: Iterable[x509.Certificate],
    known: Iterable[x509.Certificate],
    now: datetime,
    fetch: Fetch,
) -> SearchResult:
    """The chain of `leaf` from `had` and `known`; what is missing above is fetched, link by link, MAX_HOPS at most."""
    had, known = list(had), list(known)
    chain = order_chain(leaf, had, now, known)
    if _has_errors(chain):  # known ones can lead astray, but must not keep from looking elsewhere
        known = []
        chain = order_chain(leaf, had, now)
    again = False
    for _ in range(MAX_HOPS):
        if not any(each.code == FindingCode.CHAIN_INCOMPLETE for each in chain.findings):
            break
        more, again = fetch(chain.issuers[-1] if chain.issuers else leaf)
        longer = order_chain(leaf, had, now, [*known, *more])
        if not _is_better(longer, chain):
            break
        known, chain, again = [*known, *more], longer, False
    return SearchResult(chain, again)


def chain_to_pem(issuers: Iterable[x509.Certificate]) -> str:
    """As Certificate.chain_pem keeps them."""
    return "".join(pem.to_pem(each.public_bytes(Encoding.DER), ArtifactType.CERTIFICATE) for each in issuers)


def _is_better(new: Chain, old: Chain) -> bool:
    """A fetched certificate that did not sign, or that the path forbids, makes nothing better."""
    if _has_errors(new):
        return False
    return len(new.issuers) > len(old.issuers) or (new.root is not None and old.root is None)


def _has_errors(chain: Chain) -> bool:
    return any(each.severity == "error" for each in chain.findings)


def read_known_issuers() -> list[x509.Certificate]:
    """Issuers of all certificates here: public, and each link is verified again. Those known longest come first.

    It reads the chains of all certificates: once for many searches, not for each.
    """
    kept = Certificate.objects.exclude(chain_pem="").values("chain_pem").annotate(first=Min("created_at"))
    chains = (load_chain(each["chain_pem"]) for each in kept.order_by("first")[:MAX_KNOWN_CHAINS])
    return list(dict.fromkeys(each for chain in chains for each in chain))


def _from_aia(certificate: x509.Certificate, until: float) -> aia.Answer:
    return aia.fetch_issuers(certificate, settings.PORTAL.aia_hosts, until)
