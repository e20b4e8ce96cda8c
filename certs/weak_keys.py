"""RSA keys that look right and can be broken: ROCA's fingerprint, and primes that stand too close together.

Keys of Debian's broken generator of 2008 are not looked for: no kept package brings their list (docs/doctor.md).
"""

import math
from collections.abc import Iterator

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from certs.doctor import finding
from certs.findings import Finding
from certs.keys import PublicKey

# Nemec, Sys, Svenda, Klinec, Matyas: The Return of Coppersmith's Attack, ACM CCS 2017, section 3: the library
# of CVE-2017-15361 made primes k*M + (65537^a mod M), so that modulo each prime factor of M every modulus is a
# power of 65537. A sound modulus is so by chance once in 2^27.
_GENERATOR = 65537
_SQUARES_MOD_16 = frozenset({0, 1, 4, 9})  # three of four numbers need no root taken
_ROUNDS = 100  # of Fermat's factoring: two primes drawn at random are never that close


def _powers(prime: int) -> frozenset[int]:
    """The subgroup that 65537 spans modulo `prime`."""
    found, power = {1}, _GENERATOR % prime
    while power not in found:
        found.add(power)
        power = power * _GENERATOR % prime
    return frozenset(found)


_PRIMES = tuple(n for n in range(3, 168) if all(n % d for d in range(2, n)))
_SPANNED = {prime: _powers(prime) for prime in _PRIMES}


def weaknesses(key: PublicKey | None) -> Iterator[Finding]:
    """What is known to break this key; nothing for kinds other than RSA."""
    if not isinstance(key, RSAPublicKey):
        return
    modulus = key.public_numbers().n
    if is_roca(modulus):
        yield finding("key-roca")
    if has_close_primes(modulus):
        yield finding("key-close-primes")


def is_roca(modulus: int) -> bool:
    """Whether it has the fingerprint of the broken library."""
    return all(modulus % prime in powers for prime, powers in _SPANNED.items())


def has_close_primes(modulus: int) -> bool:
    """Whether Fermat's method factors it at once (CVE-2022-26320)."""
    root = math.isqrt(modulus - 1) + 1
    for middle in range(root, root + _ROUNDS):
        rest = middle * middle - modulus
        if rest & 0xF in _SQUARES_MOD_16 and math.isqrt(rest) ** 2 == rest:
            return True
    return False
