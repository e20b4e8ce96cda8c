"""RSA keys that look right and can be broken: ROCA's fingerprint, close primes, small factors, known private halves.

Keys of Debian's broken generator (CVE-2008-0166) can only be told by a list, which operators bring (WEAK_KEYS).
"""

import hashlib
import math
import os
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from django.conf import settings

from certs.findings import Finding
from certs.findings.catalogue import finding
from certs.findings.codes import FindingCode
from certs.keys import PublicKey

# Nemec, Sys, Svenda, Klinec, Matyas: The Return of Coppersmith's Attack, ACM CCS 2017, section 3: the library
# of CVE-2017-15361 made primes k*M + (65537^a mod M), so that modulo each prime factor of M every modulus is a
# power of 65537. A sound modulus is so by chance once in 2^27.
_GENERATOR = 65537
LARGEST = 16384  # bits; OpenSSL works with no larger modulus either
_ROUNDS = 100  # of Fermat's factoring: two primes drawn at random are never that close
_RECORD, _HASHED = 16, 15  # bytes of a record of the list, and how many of them are hash


def _primes(first: int, end: int) -> tuple[int, ...]:
    return tuple(n for n in range(first, end) if all(n % d for d in range(2, math.isqrt(n) + 1)))


def _powers(prime: int) -> frozenset[int]:
    """The subgroup that 65537 spans modulo `prime`."""
    found, power = {1}, _GENERATOR % prime
    while power not in found:
        found.add(power)
        power = power * _GENERATOR % prime
    return frozenset(found)


def _squares(modulus: int) -> frozenset[int]:
    return frozenset(n * n % modulus for n in range(modulus))


# Those that tell most come first: a sound modulus is let go after one or two of them.
_SPANNED = sorted(
    ((prime, _powers(prime)) for prime in _primes(3, 168)), key=lambda each: len(each[1]) / each[0]
)
_PRODUCT = math.prod(prime for prime, _ in _SPANNED)
_SMALL = math.prod(_primes(2, 1000))
_SIEVE = 9 * 5 * 7 * 11 * 13  # with 16 before it, one number of ninety is looked at more closely
_SQUARES_MOD_16, _SQUARES = _squares(16), _squares(_SIEVE)


def weaknesses(key: PublicKey | None) -> Iterator[Finding]:
    """What is known to break this key; nothing for kinds other than RSA."""
    if not isinstance(key, RSAPublicKey):
        return
    if key.key_size > LARGEST:
        return  # refused for its size; looking closer would take minutes
    modulus = key.public_numbers().n
    if is_roca(modulus):
        yield finding(FindingCode.KEY_ROCA)
    if has_close_primes(modulus):
        yield finding(FindingCode.KEY_CLOSE_PRIMES)
    if has_small_factor(modulus):
        yield finding(FindingCode.KEY_SMALL_FACTOR)
    if (known := settings.PORTAL.weak_keys) and is_listed(modulus, known):
        yield finding(FindingCode.KEY_LISTED)


def is_roca(modulus: int) -> bool:
    """Whether it has the fingerprint of the broken library."""
    rest = modulus % _PRODUCT
    return all(rest % prime in powers for prime, powers in _SPANNED)


def has_close_primes(modulus: int) -> bool:
    """Whether Fermat's method factors it at once (CVE-2022-26320)."""
    middle = math.isqrt(modulus - 1) + 1
    rest = middle * middle - modulus
    for _ in range(_ROUNDS):
        if rest & 0xF in _SQUARES_MOD_16 and rest % _SIEVE in _SQUARES and math.isqrt(rest) ** 2 == rest:
            return True
        rest += 2 * middle + 1
        middle += 1
    return False


def has_small_factor(modulus: int) -> bool:
    """Whether a prime below 1000 divides it: no program makes such a key unless it is broken."""
    return math.gcd(modulus % _SMALL, _SMALL) != 1


def is_listed(modulus: int, known: Path) -> bool:
    """Whether the list at `known` has this key. Raises OSError if the list cannot be read.

    The form is that of blocklist.dat of the badkeys project: sorted records of 16 bytes, the first 15 of the SHA-256 of
    the modulus (big-endian, no leading zero) and a number that says whose list it stood in.
    """
    wanted = hashlib.sha256(modulus.to_bytes((modulus.bit_length() + 7) // 8, "big")).digest()[:_HASHED]
    with known.open("rb") as file:
        low, high = 0, os.fstat(file.fileno()).st_size // _RECORD
        while low < high:
            middle = (low + high) // 2
            file.seek(middle * _RECORD)
            found = file.read(_RECORD)[:_HASHED]
            if found == wanted:
                return True
            low, high = (middle + 1, high) if found < wanted else (low, middle)
    return False


def is_list(known: Path) -> bool:
    """Whether a file can be such a list: whole records, in order as far as a few hundred of them tell."""
    size = known.stat().st_size
    if not size or size % _RECORD:
        return False
    count = size // _RECORD
    with known.open("rb") as file:
        records = []
        for at in range(0, count, max(1, count // 500)):
            file.seek(at * _RECORD)
            records.append(file.read(_RECORD))
    return records == sorted(records)
