"""A process of its own that opens PFX files: anybody may have made them, and what is in them must not outlive the look.

Started by pfx_reader_client.py. Its children open one file each: a child reads one request, lets go of the pipe from
which others read theirs, answers and ends, and its memory with it. While one has its turn the next is made ready. Of
ours only the modules that read a PFX are imported.

Request on stdin: one byte, then the lengths of password and file (two big-endian 32-bit numbers), then both. Answer on
stdout: a line of JSON, `{"problem": a value of Reason}` or `{"keys": their number, "own": [[DER in hex, how it is tied
to its key], ...], "others": [DER in hex], "null": bool}`, then the line `end NUMBER 0`, which counts the files; after
another last number (negative: a signal) there is no whole answer.
"""

import itertools
import json
import os
import resource
import struct
import warnings
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import pkcs12

from certs.pfx_bags import Bags, open_bags
from certs.pfx_decryption import TooMuchWork, Unsupported, WrongPassword
from certs.pfx_key_matching import der_in_hex, match_keys
from certs.pfx_rehearsal import make_sample, rehearse
from certs.tlv import Malformed

LIMITS = {
    resource.RLIMIT_CPU: 3,  # seconds; an ordinary file takes a hundredth of one, 2.4 million rounds one and a half
    resource.RLIMIT_AS: 1024**3,  # bytes
    resource.RLIMIT_CORE: 0,  # a dump would hold the private key
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_NOFILE: 3,  # the pipe only: nothing can be opened, not even what /proc tells of the portal
}
MAX_OTHERS = 50  # further certificates that are told of
READY = 2  # children that wait for a file
_NUMBER = struct.Struct(">Q")
_FIRST = _NUMBER.pack(1)
NO_MORE = 3  # the exit status of a child that was given no file: who asks has gone away


def main() -> None:
    """Children for the files on stdin until it ends; READY of them wait, and the one that has the turn reads."""
    warnings.simplefilter("ignore")  # what the library remarks about damaged files
    turn = os.pipe()
    os.write(turn[1], _FIRST)
    _fork(turn, b"")  # the first file does not wait for the sample
    sample = make_sample()
    rehearse(sample)
    for _ in range(READY - 1):
        _fork(turn, sample)
    for number in itertools.count(1):
        status = os.waitstatus_to_exitcode(os.wait()[1])
        if status == NO_MORE:
            return
        if status:
            _write(b"\nend %d %d\n" % (number, status))
        _fork(turn, sample)


def _fork(turn: tuple[int, int], sample: bytes) -> None:
    if not os.fork():
        _serve(turn, sample)


def _serve(turn: tuple[int, int], sample: bytes) -> None:
    """In the child: wait for one file and open it, within limits; never returns."""
    status = 1
    try:
        if sample:
            rehearse(sample)
        number, password, data = _request(turn)
        for what, most in LIMITS.items():
            resource.setrlimit(what, (most, most))
        _write(json.dumps(_answer(data, password)).encode() + b"\nend %d 0\n" % number)
        status = 0
    finally:
        os._exit(status)


def _request(turn: tuple[int, int]) -> tuple[int, bytes, bytes]:
    """The number of the file, the password and the file; then the next child has its turn."""
    (number,) = _NUMBER.unpack(_read(turn[0], _NUMBER.size))
    if not os.read(0, 1):
        os.write(turn[1], _NUMBER.pack(number))  # each of those that wait finds the end
        os._exit(NO_MORE)
    password_size, size = struct.unpack(">II", _read(0, 8))
    password, data = _read(0, password_size), _read(0, size)
    os.write(turn[1], _NUMBER.pack(number + 1))
    for end in turn:
        os.close(end)
    os.dup2(2, 0)  # whatever this file makes of the child, it reads no other's file and password
    return number, password, data


def _answer(data: bytes, password: bytes) -> dict[str, Any]:
    try:
        return _contents(open_bags(data, password))
    except (TooMuchWork, MemoryError):
        return {"problem": "slow"}
    except WrongPassword:
        return {"problem": "password"}
    except Malformed:
        return {"problem": "unreadable"}
    except (Unsupported, ValueError):
        return _answer_of_library(data, password)


def _contents(bags: Bags) -> dict[str, Any]:
    if bags.has_own_password and not bags.keys:
        return {"problem": "key-password"}
    found = match_keys(bags)
    if found.unread and not found.own:
        return {"problem": "certificate"}
    return {
        "keys": len(bags.keys),
        "own": [[der_in_hex(one.certificate), one.ties] for one in found.own],
        "others": [der_in_hex(each) for each in found.others[:MAX_OTHERS]],
        "null": bags.null,
    }


def _answer_of_library(data: bytes, password: bytes) -> dict[str, Any]:
    """For old and rare ciphers; it checks the whole key, and does not tell how key and certificate are tied."""
    try:
        found = pkcs12.load_pkcs12(data, password or None)
    except (UnsupportedAlgorithm, x509.InvalidVersion):
        return {"problem": "unreadable"}
    except MemoryError:
        return {"problem": "slow"}
    except ValueError:
        return {"problem": "password"}
    return {
        "keys": int(found.key is not None),
        "own": [[der_in_hex(found.cert.certificate), "unknown"]] if found.cert else [],
        "others": [der_in_hex(each.certificate) for each in found.additional_certs[:MAX_OTHERS]],
        "null": False,
    }


def _read(pipe: int, size: int) -> bytes:
    found = b""
    while len(found) < size:
        piece = os.read(pipe, size - len(found))
        if not piece:
            os._exit(1)  # who asked has gone away
        found += piece
    return found


def _write(data: bytes) -> None:
    while data:
        data = data[os.write(1, data) :]
