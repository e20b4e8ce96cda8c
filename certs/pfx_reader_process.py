"""A process of its own that opens PFX files: anybody may have made them, and what is in them must not outlive the look.

Started by pfx_reader_client.py. Its children open one file each: a child takes the socket of one file, lets go of the
way on which others get theirs, answers and ends, and its memory with it. READY children wait, warmed up. Of ours only
the modules that read a PFX are imported.

Stdin is a socket (SOCK_SEQPACKET); each message brings the socket of one file, and the end of it ends us. Request on a
file's socket: the lengths of password and file (two big-endian 32-bit numbers), then both. Answer there: a line of
JSON, `{"problem": a value of Reason}` or `{"keys": their number, "own": [[DER in hex, how it is tied to its key], ...],
"others": [DER in hex], "null": bool}`. Where a child ends without one, its exit status (negative: a signal) is told on
stdin as a decimal number.
"""

import gc
import json
import os
import resource
import socket
import struct
import warnings
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from certs.certificate_parts import load_or_none
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
    resource.RLIMIT_NOFILE: 0,  # what is open stays so; nothing else can be, not even what /proc tells of the portal
}
MAX_OTHERS = 50  # further certificates that are told of
READY = 2  # children that wait for a file
_WAY = 0  # stdin: on it the sockets of files come
NO_MORE = 3  # the exit status of a child that was given no file: who asks has gone away


def main() -> None:
    """Children for the files that come until the other end is closed; READY of them wait."""
    warnings.simplefilter("ignore")  # what the library remarks about damaged files
    gc.disable()  # no process here lives long, and what it moves would have to be copied for each child
    _fork(b"")  # the first file does not wait for the sample
    sample = make_sample()
    rehearse(sample)
    for _ in range(READY - 1):
        _fork(sample)
    while True:
        status = os.waitstatus_to_exitcode(os.wait()[1])
        if status == NO_MORE:
            return
        if status:
            os.write(_WAY, b"%d" % status)
        _fork(sample)


def _fork(sample: bytes) -> None:
    if not os.fork():
        _serve(sample)


def _serve(sample: bytes) -> None:
    """In the child: wait for one file and open it, within limits; never returns."""
    status = 1
    try:
        if sample:
            rehearse(sample)
        channel = _take_channel()
        for what, most in LIMITS.items():
            resource.setrlimit(what, (most, most))
        password, data = _request(channel)
        _write(channel, json.dumps(_answer(data, password)).encode() + b"\n")
        status = 0
    finally:
        os._exit(status)


def _take_channel() -> int:
    """The socket of one file; then nothing of any other file can be read or written here."""
    with socket.socket(fileno=_WAY) as way:
        _, (*channels,), _, _ = socket.recv_fds(way, 1, 1)
    if not channels:
        os._exit(NO_MORE)
    (channel,) = channels
    return channel


def _request(channel: int) -> tuple[bytes, bytes]:
    """The password and the file."""
    password_size, size = struct.unpack(">II", _read(channel, 8))
    return _read(channel, password_size), _read(channel, size)


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
    own = _whole(found.cert) if found.cert else None
    if found.cert and own is None:
        return {"problem": "certificate"}
    others = [each for each in map(_whole, found.additional_certs) if each is not None]
    return {
        "keys": int(found.key is not None),
        "own": [[der_in_hex(own), "unknown"]] if own else [],
        "others": [der_in_hex(each) for each in others[:MAX_OTHERS]],
        "null": False,
    }


def _whole(found: pkcs12.PKCS12Certificate) -> x509.Certificate | None:
    return load_or_none(found.certificate.public_bytes(Encoding.DER))


def _read(channel: int, size: int) -> bytes:
    found = b""
    while len(found) < size:
        piece = os.read(channel, size - len(found))
        if not piece:
            os._exit(1)  # who asked has gone away
        found += piece
    return found


def _write(channel: int, data: bytes) -> None:
    while data:
        data = data[os.write(channel, data) :]
