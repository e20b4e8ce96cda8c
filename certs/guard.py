"""Looks for a private key anywhere in what somebody gave us, before anything else reads it.

It only answers yes or no; what is found is never kept, logged or put into a sentence.
"""

import base64
import re

from certs.doctor import finding
from certs.findings import Fault
from certs.kinds import Kind, kind_of

# What a private key looks like in DER, wherever it starts. A CSR, a certificate and a .p7b hold none of these.
_DER = re.compile(
    b"|".join(
        (
            rb"\x02\x01[\x00\x01]\x30[\x05-\x20]\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01[\x01\x0a]",  # PKCS#8 RSA
            rb"\x02\x01[\x00\x01]\x30[\x05-\x20]\x06\x07\x2a\x86\x48\xce\x3d\x02\x01",  # PKCS#8 EC
            rb"\x02\x01[\x00\x01]\x30\x05\x06\x03\x2b\x65[\x6e-\x71]\x04",  # PKCS#8 X25519, X448, Ed25519, Ed448
            rb"\x30\x82..\x02\x01\x00\x02[\x81\x82].",  # PKCS#1 and DSA of 1024 bits and more
            rb"\x02\x01\x01\x04[\x14-\x42].{20,66}\xa0[\x05-\x0d]\x06",  # SEC 1
            rb"\x2a\x86\x48\x86\xf7\x0d\x01\x05[\x01-\x0d]",  # encrypted with PBES1 or PBES2 (RFC 8018)
            rb"\x2a\x86\x48\x86\xf7\x0d\x01\x0c[\x01\x0a]",  # PKCS#12 ciphers and bags (RFC 7292)
            rb"openssh-key-v1\0",
        )
    ),
    re.DOTALL,
)
_WORDS = re.compile(
    rb"(?<![A-Za-z])(?:BEGIN|END)[\s\w\xa0\xc2]{0,60}?PRIVATE[\s_\xa0\xc2]{0,4}KEY|PuTTY-User-Key-File", re.I
)
_JWK = re.compile(rb'"d"\s{0,9}:\s{0,9}"[\w-]{20}')  # the private part (RFC 7518 section 6)
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{64,}")
# What may stand between the lines of base64: spaces, quotes, written-out line ends, no-break and zero-width spaces.
_BETWEEN = re.compile(rb"\\r|\\n|[\s\"'>,;\\\x00]|\xc2\xa0|\xe2\x80\x8b|\xef\xbb\xbf")
_TEXT = re.compile(rb"[A-Za-z0-9+/=\s]{64}")
_SHORTEST = 40  # bytes: an Ed25519 key in PKCS#8 has 48


def refuse_private_key(data: bytes) -> None:
    """Raise Fault `private-key-pasted` if `data` holds a private key in any form that we know (A27, T7).

    PEM of every flavour, PKCS#8, PKCS#1, SEC 1, PFX, PuTTY, OpenSSH, JWK; as bytes, as base64 with or without
    header lines, inside other text, in UTF-8 or UTF-16.
    """
    if holds_private_key(data):
        raise Fault([finding("private-key-pasted")])


def holds_private_key(data: bytes) -> bool:
    """Whether refuse_private_key would refuse."""
    plain = data.replace(b"\0", b"")  # UTF-16 becomes readable
    return _spoken(plain) or _encoded(data) or _in_base64(plain)


def _spoken(data: bytes) -> bool:
    return bool(_WORDS.search(data) or (b'"kty"' in data and _JWK.search(data)))


def _encoded(data: bytes) -> bool:
    return kind_of(data) in (Kind.PRIVATE_KEY, Kind.PFX) or bool(_DER.search(data))


def _in_base64(data: bytes, layers: int = 2) -> bool:
    """Base64 is tried in its four phases: words may stand right before it without a space. It may be wrapped twice."""
    for run in _BASE64.finditer(_BETWEEN.sub(b"", data)):
        for phase in range(4):
            raw = _raw(run.group()[phase:])
            if len(raw) >= _SHORTEST and (_spoken(raw) or _encoded(raw)):
                return True
            if layers > 1 and _TEXT.match(raw) and _in_base64(raw, layers - 1):
                return True
    return False


def _raw(text: bytes) -> bytes:
    """Base64 whose final = signs were left out; a last character that stands for no byte is dropped."""
    whole = text[:-1] if len(text) % 4 == 1 else text
    return base64.b64decode(whole + b"=" * (-len(whole) % 4))
