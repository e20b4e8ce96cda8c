"""Loads a certificate with every part that is asked for later: the library reads each only when it is asked for.

Used by the process that opens PFX files as well, so nothing of Django is imported here. Findings are certificate.py's.
"""

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

UNREADABLE = (ValueError, x509.DuplicateExtension, x509.InvalidVersion, UnsupportedAlgorithm)


def load_whole(der: bytes) -> x509.Certificate:
    """A certificate (DER). Raises one of UNREADABLE unless its names, extensions and end can be read."""
    certificate = x509.load_der_x509_certificate(der)
    _ = certificate.subject, certificate.issuer, certificate.extensions, certificate.not_valid_after_utc
    return certificate


def load_or_none(der: bytes) -> x509.Certificate | None:
    """The same; None where it cannot be read."""
    try:
        return load_whole(der)
    except UNREADABLE:
        return None
