"""Key derivation of PKCS#12 (RFC 7292 appendix B.2): hashes of hashes, thousands of them, in C where that is to be had.

For the process that opens PFX files only. The library that `hashlib` is built on has it under a public name; three
times as fast as a loop in Python, which serves where that library is linked in another way.
"""

import ctypes
import hashlib
from itertools import cycle, islice

HASHES = ("sha1", "sha224", "sha256", "sha384", "sha512")


def derive(name: str, characters: bytes, salt: bytes, rounds: int, purpose: int, size: int) -> bytes:
    """`size` bytes of key material for `purpose`: 1 a key, 2 an initial vector, 3 a MAC (appendix B.3).

    `characters` is the password as it is written in the file's standard; `name` is one of HASHES.
    """
    if _OPENSSL and 0 < rounds < 2**31 and 0 < size < 2**16 and max(len(salt), len(characters)) < 2**20:
        made = _OPENSSL.derive(name, characters, salt, rounds, purpose, size)
        if made is not None:
            return made
    return derive_in_python(name, characters, salt, rounds, purpose, size)


def derive_in_python(
    name: str, characters: bytes, salt: bytes, rounds: int, purpose: int, size: int
) -> bytes:
    """As derive(), without OpenSSL's help."""
    digest = getattr(hashlib, name)
    block = digest().block_size
    inside = bytearray(_filled(salt, block) + _filled(characters, block))
    found, said = b"", bytes([purpose]) * block
    while len(found) < size:
        one = digest(said + inside).digest()
        for _ in range(rounds - 1):
            one = digest(one).digest()
        found += one
        added = int.from_bytes(_filled(one, block)[:block], "big") + 1
        for at in range(0, len(inside), block):
            total = int.from_bytes(inside[at : at + block], "big") + added
            inside[at : at + block] = (total % (1 << 8 * block)).to_bytes(block, "big")
    return found[:size]


def _filled(text: bytes, block: int) -> bytes:
    """Repeated to whole blocks."""
    return bytes(islice(cycle(text), -(-len(text) // block) * block)) if text else b""


class _OpenSsl:
    """PKCS12_key_gen_uni of the OpenSSL that Python's hashlib is linked with."""

    def __init__(self, path: str) -> None:
        library = ctypes.CDLL(path)
        self._call = library.PKCS12_key_gen_uni
        number, text = ctypes.c_int, ctypes.c_char_p
        self._call.argtypes = [
            *(text, number),  # password
            *(text, number),  # salt
            *(number, number, number),  # purpose, rounds, size
            *(text, ctypes.c_void_p),  # what is written, the hash
        ]
        self._call.restype = number
        self._hashes: dict[str, int] = {}
        for name in HASHES:
            find = getattr(library, f"EVP_{name}")
            find.argtypes, find.restype = [], ctypes.c_void_p
            self._hashes[name] = find()

    def derive(
        self, name: str, characters: bytes, salt: bytes, rounds: int, purpose: int, size: int
    ) -> bytes | None:
        written = ctypes.create_string_buffer(size)
        done = self._call(
            characters,
            len(characters),
            salt,
            len(salt),
            purpose,
            rounds,
            size,
            written,
            self._hashes[name],
        )
        return written.raw if done == 1 else None


def _find_openssl() -> _OpenSsl | None:
    """None unless it is there and does what the standard says; looked for once, before any file is opened."""
    try:
        import _hashlib

        found = _OpenSsl(_hashlib.__file__)
        for name in HASHES:
            how = (name, b"\0a\0\0", b"saltsalt", 3, 2, 70)
            if found.derive(*how) != derive_in_python(*how):
                return None
    except (ImportError, AttributeError, OSError, TypeError):
        return None
    return found


_OPENSSL = _find_openssl()
