"""A process of its own that opens PFX files: anybody may have made them, and what is in them must not outlive the look.

Run as `python -I pfx_reader_process.py` by pfx_reader_client.py and never imported. It forks for every file; the child
reads one request, answers and ends, and its memory with it.

Request on stdin: one byte, then the lengths of password and file (two big-endian 32-bit numbers), then both. Answer on
stdout: a line of JSON, `{"problem": "password" | "unreadable" | "slow"}` or `{"key": bool, "own": DER in hex or null,
"others": [DER in hex]}`, then the line `end 0`; after another number (negative: a signal) there is no whole answer.
"""

import json
import os
import resource
import struct
import sys
import warnings
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

LIMITS = {
    resource.RLIMIT_CPU: 3,  # seconds; an RSA key of 4096 bits takes half of one
    resource.RLIMIT_AS: 1024**3,  # bytes
    resource.RLIMIT_CORE: 0,  # a dump would hold the private key
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_NOFILE: 3,  # the pipe only: nothing can be opened, not even what /proc tells of the portal
}
MAX_OTHERS = 50  # further certificates that are told of


def main() -> None:
    """Fork for each byte on stdin until it ends."""
    warnings.simplefilter("ignore")  # what the library remarks about damaged files
    while os.read(0, 1):
        child = os.fork()
        if not child:
            _serve()
        _, status = os.waitpid(child, 0)
        _write(b"\nend %d\n" % os.waitstatus_to_exitcode(status))


def _serve() -> None:
    """In the child: one file, within limits; never returns."""
    status = 1
    try:
        for what, most in LIMITS.items():
            resource.setrlimit(what, (most, most))
        password_size, size = struct.unpack(">II", _read(8))
        password = _read(password_size)
        _write(json.dumps(_contents(_read(size), password)).encode())
        status = 0
    finally:
        os._exit(status)


def _contents(data: bytes, password: bytes) -> dict[str, Any]:
    try:
        found = pkcs12.load_pkcs12(data, password or None)
    except (UnsupportedAlgorithm, x509.InvalidVersion):
        return {"problem": "unreadable"}
    except MemoryError:
        return {"problem": "slow"}
    except ValueError:
        return {"problem": "password"}
    others = [each.certificate for each in found.additional_certs[:MAX_OTHERS]]
    return {
        "key": found.key is not None,
        "own": _hex(found.cert.certificate) if found.cert else None,
        "others": [_hex(each) for each in others],
    }


def _hex(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.DER).hex()


def _read(size: int) -> bytes:
    found = b""
    while len(found) < size:
        piece = os.read(0, size - len(found))
        if not piece:
            os._exit(1)  # who asked has gone away
        found += piece
    return found


def _write(data: bytes) -> None:
    while data:
        data = data[os.write(1, data) :]


if __name__ == "__main__":
    try:
        main()
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(0)
