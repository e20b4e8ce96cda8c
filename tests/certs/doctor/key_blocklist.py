"""Lists of keys whose private half is known, written as the badkeys project writes its blocklist.dat."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

WHOSE = 7  # the number of the list that a record stood in


def write(path: Path, keys: Iterable[RSAPublicKey], others: int = 1000) -> Path:
    """A list of these keys among others."""
    hashes = {hashlib.sha256(str(n).encode()).digest()[:15] for n in range(others)}
    for key in keys:
        modulus = key.public_numbers().n
        hashes.add(hashlib.sha256(modulus.to_bytes((modulus.bit_length() + 7) // 8, "big")).digest()[:15])
    path.write_bytes(b"".join(each + bytes([WHOSE]) for each in sorted(hashes)))
    return path
