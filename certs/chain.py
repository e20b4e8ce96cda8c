"""Chains: put issuers' certificates in order behind a certificate, verify every link and then the whole path.

Whether the certificate itself is what the DIP asks for is read in certificate.py; missing issuers are found in
chain_completion.py.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import verification

from certs import clock, keys
from certs.findings import Finding
from certs.findings.catalogue import finding
from certs.findings.codes import FindingCode
from certs.subjects import format_name

MAX_CHAIN_LENGTH = 8  # certificates; real chains have two or three
NAMESAKES = 100  # of one issuer that are looked at; a file could hold thousands, each with a slow signature
LEAST_RSA_BITS = 2048  # of a key that the path's verification judges at all


@dataclass(frozen=True)
class Chain:
    """Issuers, nearest first, the root left out. `root` if it was among those given; remarks in `findings`."""

    issuers: tuple[x509.Certificate, ...]
    root: x509.Certificate | None
    findings: tuple[Finding, ...]

    @property
    def remarks(self) -> tuple[Finding, ...]:
        """What is to be said to a person: that an issuer is there and its own is not is how it should be.

        The root belongs to who checks the chain (RFC 8446 section 4.4.2), and Atlas offers no more than the issuing CA.
        """
        if not self.issuers:
            return self.findings
        return tuple(each for each in self.findings if each.code != FindingCode.CHAIN_INCOMPLETE)


def order_chain(
    leaf: x509.Certificate,
    pool: Iterable[x509.Certificate],
    now: datetime | None = None,
    known: Iterable[x509.Certificate] = (),
) -> Chain:
    """Walk from `leaf` to the root through `pool`, which may be in any order and hold strangers.

    `known` ones help where the pool ends and never harm: nobody brought them for this certificate, so one that did
    not sign, or that forbids the path, is passed over.

    Each link is verified: names, signature, that the issuer is a CA, and that it was valid when the
    certificate below it began (RFC 5280 section 6.1). Error `chain-broken` if one fails; warning `chain-incomplete`
    if the pool ends before a root. Then cryptography verifies the path as a whole, at `now` (aware; default the
    present) or, if the leaf is not valid then, at the nearest time at which it is: error `chain-refused` if it fails.
    """
    now = now or clock.now()
    chain = _walk(leaf, list(dict.fromkeys(pool)), list(dict.fromkeys(known)), now)
    anchor = chain.root or (chain.issuers[-1] if chain.issuers else None)
    if (
        anchor is None
        or not _can_be_judged(leaf)
        or any(each.code == FindingCode.CHAIN_BROKEN for each in chain.findings)
    ):
        return chain
    if _is_valid_path(leaf, [each for each in chain.issuers if each != anchor], anchor, now):
        return chain
    refused = finding(FindingCode.CHAIN_REFUSED, issuer=format_name(anchor.subject))
    return Chain(chain.issuers, chain.root, (refused, *chain.findings))


def _walk(
    leaf: x509.Certificate, pool: list[x509.Certificate], known: list[x509.Certificate], now: datetime
) -> Chain:
    issuers: list[x509.Certificate] = []
    below = leaf
    while len(issuers) < MAX_CHAIN_LENGTH:
        path = [leaf, *issuers]
        issuer = _issuer_among(pool, path, now) or _issuer_among(known, path, now, only_fitting=True)
        if issuer is None:
            code = FindingCode.CHAIN_BROKEN if any(_named(pool, path)) else FindingCode.CHAIN_INCOMPLETE
            return Chain(tuple(issuers), None, (finding(code, issuer=format_name(below.issuer)),))
        if issuer.subject == issuer.issuer:
            return Chain(tuple(issuers), issuer, ())
        issuers.append(issuer)
        below = issuer
    return Chain(tuple(issuers), None, (finding(FindingCode.CHAIN_BROKEN, issuer=format_name(below.issuer)),))


def _named(among: list[x509.Certificate], path: list[x509.Certificate]) -> Iterator[x509.Certificate]:
    found = (each for each in among if each.subject == path[-1].issuer and each not in path)
    return islice(found, NAMESAKES)


def _issuer_among(
    among: list[x509.Certificate], path: list[x509.Certificate], now: datetime, *, only_fitting: bool = False
) -> x509.Certificate | None:
    """Who signed the last of the path; of several with one key (anybody can certify it) one that fits the path."""
    signed = [each for each in _named(among, path) if _signed_by(path[-1], each)]
    if not only_fitting and len(signed) < 2:
        return next(iter(signed), None)
    judged = _can_be_judged(path[0])
    fitting = (each for each in signed if not judged or _is_valid_path(path[0], path[1:], each, now))
    return next(fitting, None if only_fitting else next(iter(signed), None))


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


def _can_be_judged(leaf: x509.Certificate) -> bool:
    """Weak keys and hashes of the leaf have findings of their own; the path would fail for the same reason."""
    key = keys.public_key(leaf)
    return isinstance(key, RSAPublicKey) and key.key_size >= LEAST_RSA_BITS and not keys.weak_hash(leaf)


def _is_valid_path(
    leaf: x509.Certificate, between: list[x509.Certificate], anchor: x509.Certificate, now: datetime
) -> bool:
    """RFC 5280 section 6.1 as cryptography does it: dates, path lengths, key usage, algorithms, name constraints.

    The profile of web servers is not asked of a client's certificate: it needs no name of a host.
    """
    if any(_has_unknown_critical(each) for each in (*between, anchor)):
        return False
    moment = min(max(now, leaf.not_valid_before_utc), leaf.not_valid_after_utc)
    builder = verification.PolicyBuilder().store(verification.Store([anchor])).time(moment)
    builder = builder.extension_policies(
        ca_policy=_OF_AUTHORITIES, ee_policy=verification.ExtensionPolicy.permit_all()
    )
    verifier = builder.max_chain_depth(MAX_CHAIN_LENGTH).build_client_verifier()
    try:
        verifier.verify(leaf, between)
    except (verification.VerificationError, ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return True


def _may_sign(policy: object, certificate: x509.Certificate, usage: x509.KeyUsage | None) -> None:
    """RFC 5280 section 4.2.1.3: an authority whose key usage is told may sign certificates by it."""
    if usage is not None and not usage.key_cert_sign:
        raise ValueError


_OF_AUTHORITIES = (
    verification.ExtensionPolicy.permit_all()
    .require_present(x509.BasicConstraints, verification.Criticality.AGNOSTIC, None)
    .may_be_present(x509.KeyUsage, verification.Criticality.AGNOSTIC, _may_sign)
)


def _has_unknown_critical(certificate: x509.Certificate) -> bool:
    """RFC 5280 section 4.2: what is critical and not understood forbids the certificate."""
    return any(
        each.critical and isinstance(each.value, x509.UnrecognizedExtension)
        for each in certificate.extensions
    )
