"""A little PFX of the reader's own, opened before one of others comes: else the first one takes twice as long.

A process that was just forked has to fetch every page of memory that it touches. Who has opened this one has them.
"""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12
from cryptography.hazmat.primitives.serialization.pkcs12 import PBES
from cryptography.x509.oid import NameOID

from certs.pfx_bags import open_bags
from certs.pfx_key_matching import match_keys
from certs.tlv import definite

_BITS = 1024  # the least that the library makes, in some milliseconds; the key is never used for anything
_YEAR_2000 = datetime(2000, 1, 1, tzinfo=UTC)


def make_sample() -> bytes:
    """A PFX with the empty password, one round of key derivation, and a key that nobody has ever seen."""
    key = rsa.generate_private_key(65537, _BITS)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "onboarding_key")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(_YEAR_2000).not_valid_after(_YEAR_2000 + timedelta(1))
    certificate = builder.sign(key, hashes.SHA256())
    how = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(1).hmac_hash(hashes.SHA1())  # noqa: S303
    how = how.key_cert_algorithm(PBES.PBESv1SHA1And3KeyTripleDESCBC)
    return pkcs12.serialize_key_and_certificates(b"a", key, certificate, None, how.build(b"\0"))


def rehearse(sample: bytes) -> None:
    """Open it as one of others is opened."""
    match_keys(open_bags(definite(sample), b""))
