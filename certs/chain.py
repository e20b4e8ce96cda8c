"""Chains: put issuers' certificates in order behind a certificate and verify every link.

Whether the certificate itself is what the DIP asks for is read in certificate.py.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from certs.doctor import finding
from certs.findings import Finding
from certs.subjects import in_words

LONGEST = 8  # certificates; real chains have two or three


@dataclass(frozen=True)
class Chain:
    """Issuers, nearest first, the root left out. `root` if it was among those given; remarks in `findings`."""

    issuers: tuple[x509.Certificate, ...]
    root: x509.Certificate | None
    findings: tuple[Finding, ...]


def order_chain(leaf: x509.Certificate, pool: Iterable[x509.Certificate]) -> Chain:
    """Walk from `leaf` to the root through `pool`, which may be in any order and hold strangers.

    Each link is verified: names, signature, that the issuer is a CA, and that it was valid when the
    certificate below it began (RFC 5280 section 6.1). Error `chain-broken` if one fails; warning `chain-incomplete`
    if the pool ends before a root.
    """
    known = list(dict.fromkeys(pool))
    issuers: list[x509.Certificate] = []
    below = leaf
    while len(issuers) < LONGEST:
        named = [c for c in known if c.subject == below.issuer and c not in (leaf, *issuers)]
        issuer = next((c for c in named if _signed_by(below, c)), None)
        if issuer is None:
            code = "chain-broken" if named else "chain-incomplete"
            return Chain(tuple(issuers), None, (finding(code, issuer=in_words(below.issuer)),))
        if issuer.subject == issuer.issuer:
            return Chain(tuple(issuers), issuer, ())
        issuers.append(issuer)
        below = issuer
    return Chain(tuple(issuers), None, (finding("chain-broken", issuer=in_words(below.issuer)),))


def is_authority(certificate: x509.Certificate) -> bool:
    """Whether it may issue certificates (basicConstraints CA, RFC 5280 section 4.2.1.9)."""
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return False


def leaves(certificates: Iterable[x509.Certificate]) -> Iterator[x509.Certificate]:
    """Those that are no authorities: one of them is the owner's."""
    return (certificate for certificate in certificates if not is_authority(certificate))


def _signed_by(below: x509.Certificate, issuer: x509.Certificate) -> bool:
    if not is_authority(issuer):
        return False
    if not issuer.not_valid_before_utc <= below.not_valid_before_utc <= issuer.not_valid_after_utc:
        return False
    try:
        below.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True
