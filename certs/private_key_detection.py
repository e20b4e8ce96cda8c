"""Looks for a private key anywhere in what somebody gave us, before anything else reads it.

It only answers yes or no; what is found is never kept, logged or put into a sentence.
"""

import base64
import re

from certs.artifact_type import ArtifactType, detect_artifact_type
from certs.findings import InvalidArtifact
from certs.findings.catalogue import finding
from certs.findings.codes import FindingCode

# What a private key looks like in DER, wherever it starts. A CSR, a certificate and a .p7b hold none of these.
# Each expression begins with bytes that are written out, which Python seeks many times faster than a choice of bytes.
_DER = tuple(
    re.compile(shape, re.DOTALL)
    for shape in (
        rb"\x02\x01(?:"
        rb"[\x00\x01]\x30[\x05-\x20]\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01[\x01\x0a]"  # PKCS#8 RSA
        rb"|[\x00\x01]\x30[\x05-\x20]\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"  # PKCS#8 EC
        rb"|[\x00\x01]\x30\x05\x06\x03\x2b\x65[\x6e-\x71]\x04"  # PKCS#8 X25519, X448, Ed25519, Ed448
        rb"|\x01\x04[\x14-\x42].{20,66}\xa0[\x05-\x0d]\x06)",  # SEC 1
        rb"\x30\x82..\x02\x01\x00\x02[\x81\x82].",  # PKCS#1 and DSA of 1024 bits and more
        rb"\x2a\x86\x48\x86\xf7\x0d\x01(?:"
        rb"\x05[\x01-\x0d]"  # encrypted with PBES1 or PBES2 (RFC 8018)
        rb"|\x0c[\x01\x0a])",  # PKCS#12 ciphers and bags (RFC 7292)
    )
)
_OPENSSH = b"openssh-key-v1\0"
_PUTTY = b"PUTTY-USER-KEY-FILE"
_PRINTED = b"PRIVATEEXPONENT:"  # as `openssl pkey -text` prints a key
_XML = (b"<RSAKEYVALUE>", b"<D>")  # as .NET writes one (RFC 4050's namespace, the private part added)
_KEYSTORES = (b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce")  # Java's JKS and JCEKS
_GAP = rb"[\s_\xa0\xc2]{0,4}"  # \xc2\xa0 is a no-break space in UTF-8
# A hyphen or what word processors make of it (as in certs/pem.py): in UTF-8, in Windows-1252, in either UTF-16 without
# its zeros.
_LONG_DASH = (
    rb"(?:\xe2\x80[\x90-\x95]|\xe2\x88\x92|[\x96\x97]|[\x10-\x15]\x20|\x20[\x10-\x15]|\x12\x22|\x22\x12)"
)
_DASH = rb"(?:-|%b)" % _LONG_DASH
# No label of a key has one of these words, and sentences do: "in the end -- end of the private key, that is".
_NO_SENTENCE = (
    rb"(?!(?:(?!PRIVATE)[\s\w\xa0\xc2]){0,60}?"
    rb"\b(?:A|AN|AND|BY|FOR|HER|HIS|IN|IS|ITS|MY|NO|OF|ON|OR|OUR|THAT|THE|THEIR|THIS|TO|WITH|YOUR)\b)"
)
_HEADERS = (
    # Two dashes, and then it may be spelt in any way.
    re.compile(
        rb"%b{2}[ \t\xa0\xc2]{0,4}(?:BEGIN|END)%b[\s\w\xa0\xc2]{0,60}?PRIVATE%bKEY"
        % (_DASH, _NO_SENTENCE, _GAP),
        re.I,
    ),
    # All dashes of an end turned into one.
    re.compile(
        rb"%b(?:BEGIN|END)%b(?:(?:DSA|EC|ENCRYPTED|OPENSSH|RSA)%b)?PRIVATE%bKEY%b"
        % (_LONG_DASH, _GAP, _GAP, _GAP, _DASH),
        re.I,
    ),
    # The dashes were lost: then in capitals, as PEM writes it (RFC 7468).
    re.compile(rb"(?<![A-Za-z])(?:BEGIN|END)%b[\sA-Z0-9_\xa0\xc2]{0,40}?PRIVATE%bKEY" % (_NO_SENTENCE, _GAP)),
)
_ENCODED_BLANK = re.compile(rb"%20|=20|\+(?=PRIVATE|KEY|RSA|EC\+|ENCRYPTED)", re.I)
_JWK = re.compile(rb'"d"\s{0,9}:\s{0,9}"[\w-]{20}')  # the private part (RFC 7518 section 6)
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{64,}")
# What may stand between the lines of base64: written-out line ends, unseen characters, spaces, quotes, bars of a table.
_WRITTEN_OUT = re.compile(rb"\\[rn]")
_WIDE_SPACES = (
    *(b"\xc2\xa0", b"\xc2\xad"),  # no-break space, soft hyphen
    *(b"\xe2\x80\x8b", b"\xe2\x80\x8c", b"\xe2\x80\x8d", b"\xe2\x81\xa0", b"\xef\xbb\xbf"),  # of no width
)
_BETWEEN = b" \t\n\r\f\v\"'>,;|\\\0"
_TEXT = re.compile(rb"[A-Za-z0-9+/=\s]{64}")
_SHORTEST = 40  # bytes: an Ed25519 key in PKCS#8 has 48


def refuse_private_key(data: bytes) -> None:
    """Raise InvalidArtifact `private-key-pasted` if `data` holds a private key in any form that we know (A27, T7).

    PEM of every sort, PKCS#8, PKCS#1, SEC 1, PFX, PuTTY, OpenSSH, JWK, XML, a Java keystore, a key as OpenSSL prints
    it; as bytes, as base64 with or without header lines, inside other text, in UTF-8 or UTF-16.
    """
    if contains_private_key(data):
        raise InvalidArtifact([finding(FindingCode.PRIVATE_KEY_PASTED)])


def contains_private_key(data: bytes) -> bool:
    """Whether refuse_private_key would refuse."""
    plain = data.replace(b"\0", b"")  # UTF-16 becomes readable
    return _has_words_of_a_key(plain) or _has_bytes_of_a_key(data) or _in_base64(plain)


def _has_words_of_a_key(data: bytes) -> bool:
    """Words are searched for as they are first: nearly nothing has them, and an expression takes many times as long."""
    loud = data.upper()
    if b"PRIVATE" in loud and any(header.search(data) for header in _HEADERS):
        return True
    if b"PRIVATE" in loud and (b"%20" in loud or b"+PRIVATE" in loud or b"=20PRIVATE" in loud):
        spaced = _ENCODED_BLANK.sub(b" ", data)  # an address, a form or a mail
        if any(header.search(spaced) for header in _HEADERS):
            return True
    if _PUTTY in loud or _PRINTED in loud or all(mark in loud for mark in _XML):
        return True
    return bool(b'"kty"' in data and _JWK.search(data))


def _has_bytes_of_a_key(data: bytes) -> bool:
    if data.startswith(_KEYSTORES) or _OPENSSH in data or any(shape.search(data) for shape in _DER):
        return True
    return detect_artifact_type(data) in (ArtifactType.PRIVATE_KEY, ArtifactType.PFX)


def _in_base64(data: bytes, layers: int = 2) -> bool:
    """Base64 is tried in its four phases: words may stand right before it without a space. It may be wrapped twice."""
    for run in _BASE64.finditer(_remove_separators(data)):
        for phase in range(4):
            raw = _decode_base64(run.group()[phase:])
            if len(raw) >= _SHORTEST and (_has_words_of_a_key(raw) or _has_bytes_of_a_key(raw)):
                return True
            if layers > 1 and _TEXT.match(raw) and _in_base64(raw, layers - 1):
                return True
    return False


def _remove_separators(data: bytes) -> bytes:
    """Without what may stand between the lines of base64."""
    if b"\\" in data:
        data = _WRITTEN_OUT.sub(b"", data)
    for space in _WIDE_SPACES:
        data = data.replace(space, b"")
    return data.translate(None, _BETWEEN)


def _decode_base64(text: bytes) -> bytes:
    """Base64 whose final = signs were left out; a last character that stands for no byte is dropped."""
    whole = text[:-1] if len(text) % 4 == 1 else text
    return base64.b64decode(whole + b"=" * (-len(whole) % 4))
