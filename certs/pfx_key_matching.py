"""Which certificate of a PKCS#12 file is the key's: by the public key, the key's own numbers, and a signature.

For the process that opens PFX files only (pfx_reader_process.py). The library's check of an RSA key proves its primes
again, in a third of a second; whether key and certificate work together is told in four milliseconds.
"""

from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, load_der_private_key

from certs.certificate_parts import load_or_none
from certs.pfx_bags import Bags, Item

MAX_KEYS = 5  # that are tried; each costs a signature
MAX_CERTIFICATES = 51  # that are looked at: the owner's and 50 more
MAX_BITS = 16384  # of an RSA key that is tried: OpenSSL works with no larger modulus either
_WORDS = b"this key and this certificate belong together"


@dataclass(frozen=True)
class Own:
    """A certificate whose key is in the file; `ties` says how the two are tied by localKeyID.

    `tied`; `missing`: by none; `all`: the key's number stands at another certificate too; `elsewhere`: only there.
    """

    certificate: x509.Certificate
    ties: str


@dataclass(frozen=True)
class Matched:
    """The certificates, those with a key first; `unread` of them are none that the library reads."""

    own: tuple[Own, ...]
    others: tuple[x509.Certificate, ...]
    unread: int


def match_keys(bags: Bags) -> Matched:
    """Find each key's certificate. A key that cannot be read, or that does not work, has none."""
    items = bags.certificates[:MAX_CERTIFICATES]
    read = {at: one for at, item in enumerate(items) if (one := load_or_none(item.der))}
    own: dict[int, Own] = {}
    for item in bags.keys[:MAX_KEYS]:
        key = _key(item.der)
        at = next((at for at, one in read.items() if key and _belong_together(key, one)), None)
        if at is not None and at not in own:
            own[at] = Own(read[at], _ties(item.key_id, at, items))
    others = tuple(one for at, one in read.items() if at not in own)
    return Matched(tuple(own[at] for at in sorted(own)), others, len(items) - len(read))


def _ties(key_id: bytes | None, own: int, items: list[Item]) -> str:
    holders = [at for at, item in enumerate(items) if key_id is not None and item.key_id == key_id]
    if not holders:
        return "missing"
    if own not in holders:
        return "elsewhere"
    return "tied" if len(holders) == 1 else "all"


def _key(der: bytes) -> PrivateKeyTypes | None:
    try:
        return load_der_private_key(der, None, unsafe_skip_rsa_key_validation=True)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None


def _belong_together(key: PrivateKeyTypes, certificate: x509.Certificate) -> bool:
    try:
        public = certificate.public_key()
        if key.public_key() != public:
            return False
    except (ValueError, UnsupportedAlgorithm):
        return False
    return _works(key) if isinstance(key, RSAPrivateKey) else True  # others were checked in full


def _works(key: RSAPrivateKey) -> bool:
    """RFC 8017 section 3.2 without the search for primes, which a signature that fits makes good for."""
    if key.key_size > MAX_BITS:
        return False
    numbers = key.private_numbers()
    public, p, q = numbers.public_numbers, numbers.p, numbers.q
    if min(p, q) < 3 or p * q != public.n:
        return False
    if numbers.dmp1 != numbers.d % (p - 1) or numbers.dmq1 != numbers.d % (q - 1):
        return False
    if numbers.dmp1 * public.e % (p - 1) != 1 or numbers.dmq1 * public.e % (q - 1) != 1:
        return False
    if numbers.iqmp * q % p != 1:
        return False
    try:
        signature = key.sign(_WORDS, PKCS1v15(), hashes.SHA256())
        key.public_key().verify(signature, _WORDS, PKCS1v15(), hashes.SHA256())
    except (ValueError, InvalidSignature):
        return False
    return True


def der_in_hex(certificate: x509.Certificate) -> str:
    """As it goes through the pipe."""
    return certificate.public_bytes(Encoding.DER).hex()
