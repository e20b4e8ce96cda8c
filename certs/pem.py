"""What a person pastes or uploads -> clean DER blocks, repairing what can be repaired without guessing.

What the blocks mean is read elsewhere. A private key anywhere in the input is refused before anything else.
"""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass

from certs import tlv
from certs.artifact_type import ArtifactType, detect_artifact_type
from certs.decoding import decode, looks_like_credentials, looks_like_document
from certs.findings import Finding, InvalidArtifact
from certs.findings.catalogue import finding
from certs.findings.codes import FindingCode
from certs.private_key_detection import refuse_private_key
from certs.undoing import Undone, undo

LIMIT = 1024 * 1024  # bytes; the largest honest file is a chain of some 20 KB
LABELS = {ArtifactType.CSR: "CERTIFICATE REQUEST", ArtifactType.CERTIFICATE: "CERTIFICATE"}
WRONG = {
    ArtifactType.CSR: FindingCode.WRONG_KIND_CSR,
    ArtifactType.CERTIFICATE: FindingCode.WRONG_KIND_CERTIFICATE,
    ArtifactType.PKCS7: FindingCode.WRONG_KIND_PKCS7,
    ArtifactType.PFX: FindingCode.PRIVATE_KEY_PASTED,
    ArtifactType.PRIVATE_KEY: FindingCode.PRIVATE_KEY_PASTED,
    ArtifactType.CSV: FindingCode.WRONG_KIND_CSV,
    ArtifactType.PUBLIC_KEY: FindingCode.WRONG_KIND_PUBLIC_KEY,
    ArtifactType.CRL: FindingCode.WRONG_KIND_CRL,
    ArtifactType.CMC: FindingCode.WRONG_KIND_CMC,
    ArtifactType.DOCUMENT: FindingCode.WRONG_KIND_DOCUMENT,
}
_DASH = "[-\u2010-\u2015\u2212]"  # word processors turn hyphens into longer dashes
_EDGE = re.compile(
    rf"{_DASH}{{1,12}}\s{{0,3}}(BEGIN|END)\s{{0,3}}([A-Z0-9 \xa0]{{3,40}}?)\s{{0,3}}{_DASH}{{1,12}}", re.I
)
_EXACT = re.compile(r"-----(?:BEGIN|END) [A-Z0-9 ]{3,40}-----")  # RFC 7468
_NOT_BODY = re.compile(r"\\r|\\n|[\s\xa0\u200b\u200c\u200d\u2060\ufeff>\"',]")
_FOREIGN = re.compile(r"[^A-Za-z0-9+/]")
_INDENTED = re.compile(r"(?m)^[ \t\xa0>]+[A-Za-z0-9+/-]")
_LONG_DASHES = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212")
_WIDEST = 76  # characters in a line of base64 (RFC 2045); PEM writes 64


@dataclass(frozen=True)
class Block:
    """One thing found, as DER, and what kind it is."""

    type: ArtifactType
    der: bytes


@dataclass(frozen=True)
class Pasted:
    """Everything found in an input, and remarks on what had to be repaired; `binary` if it was no text."""

    blocks: tuple[Block, ...]
    notes: tuple[Finding, ...]
    binary: bool = False


def to_pem(der: bytes, kind: ArtifactType) -> str:
    """PEM (RFC 7468): LF, 64 columns, a final newline. Only for a CSR or a certificate; else KeyError."""
    label, text = LABELS[kind], base64.b64encode(der).decode("ascii")
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    return "\n".join((f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""))


def read(data: bytes, expected: ArtifactType) -> Pasted:
    """Every block in `data`, in order; at least one, and each of a known kind.

    `expected` only words the sentences. Raises InvalidArtifact if there is nothing to read, the input is larger than
    LIMIT, it holds a private key, or what it holds is damaged or no kind that we know.
    """
    refuse_size(data)
    refuse_private_key(data)
    try:
        return read_public(data, expected)
    except InvalidArtifact as refused:
        if found := _read_undone(data, expected):
            return found
        raise refused from None


def _read_undone(data: bytes, expected: ArtifactType) -> Pasted | None:
    """What is found when the encodings of mail, addresses, JSON and so on are taken off; None if nothing is."""
    found = None
    for inner in undo(data):
        refuse_private_key(inner.data)
        if found is None:
            found = read_encoded(inner, expected)
    return found


def read_encoded(inner: Undone, expected: ArtifactType) -> Pasted | None:
    """As read_public(), for what stood in an encoding, with a remark on that; None if there is nothing to read."""
    try:
        pasted = read_public(inner.data, expected)
    except InvalidArtifact:
        return None
    notes = [note for note in pasted.notes if note.code != FindingCode.PEM_REPAIRED]
    return Pasted(
        pasted.blocks,
        (*notes, finding(FindingCode.PEM_REPAIRED, repairs=", ".join(dict.fromkeys(inner.what)))),
    )


def read_public(data: bytes, expected: ArtifactType) -> Pasted:
    """As read(), for data of an honest size in which somebody has looked for private keys already."""
    if data[:1] == b"\x30" and data[1:2] >= b"\x80":  # DER: no text has such a second character
        return Pasted((_block(data, expected),), (), binary=True)
    text, notes = decode(data)
    blocks, repairs = _without_public_keys(*_blocks(text, expected))
    if repairs:
        notes += (finding(FindingCode.PEM_REPAIRED, repairs=", ".join(repairs)),)
    return Pasted(blocks, notes)


def read_one(data: bytes, expected: ArtifactType) -> tuple[bytes, tuple[Finding, ...]]:
    """The DER of the one block of kind `expected`, and remarks. Raises InvalidArtifact for anything else."""
    pasted = read(data, expected)
    wrong = [block.type for block in pasted.blocks if block.type is not expected]
    if wrong:
        raise InvalidArtifact([*pasted.notes, wrong_kind(wrong[0], expected)])
    different = dict.fromkeys(block.der for block in pasted.blocks)
    if len(different) > 1:
        raise InvalidArtifact(
            [*pasted.notes, finding(FindingCode.PEM_SEVERAL, count=len(different), expected=expected)]
        )
    return pasted.blocks[0].der, pasted.notes


def refuse_size(data: bytes) -> None:
    """Raise InvalidArtifact if there is nothing, or more than LIMIT bytes."""
    if not data.strip(b" \t\r\n\0"):
        raise InvalidArtifact([finding(FindingCode.NOTHING_GIVEN)])
    if len(data) > LIMIT:
        raise InvalidArtifact([finding(FindingCode.TOO_LARGE, size=len(data) // 1024, limit=LIMIT // 1024)])


def wrong_kind(given: ArtifactType, expected: ArtifactType) -> Finding:
    """The finding for `given` where `expected` belongs."""
    if given is ArtifactType.UNKNOWN:
        return finding(FindingCode.NOT_RECOGNISED, expected=expected)
    return finding(WRONG[given], expected=expected)


def _blocks(text: str, expected: ArtifactType) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    bodies = list(_bodies(text))
    if bodies:
        blocks = tuple(_block(_base64(body), expected, trusted) for body, trusted in bodies)
        return blocks, tuple(_repairs(text, bodies))
    if der := _bare(text):
        return (_block(der, expected),), ("the BEGIN and END lines are missing",)
    if looks_like_credentials(text):
        raise InvalidArtifact([wrong_kind(ArtifactType.CSV, expected)])
    if looks_like_document(text):
        raise InvalidArtifact([wrong_kind(ArtifactType.DOCUMENT, expected)])
    raise InvalidArtifact([finding(FindingCode.NOT_RECOGNISED, expected=expected)])


def _without_public_keys(
    blocks: tuple[Block, ...], repairs: tuple[str, ...]
) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """`openssl x509 -pubkey` and XCA print one beside the certificate or CSR that holds it anyway."""
    if not {block.type for block in blocks} & {ArtifactType.CSR, ArtifactType.CERTIFICATE}:
        return blocks, repairs
    kept = tuple(block for block in blocks if block.type is not ArtifactType.PUBLIC_KEY)
    return kept, repairs if kept == blocks else (*repairs, "a public key beside it was left out")


def _bodies(text: str) -> Iterator[tuple[str, bool]]:
    """What stands after each BEGIN line, up to the next BEGIN or END; and whether OpenSSL's trust data may follow."""
    edges = list(_EDGE.finditer(text)) if "BEGIN" in text.upper() else []
    for edge, after in zip(edges, [*edges[1:], None], strict=False):
        if edge[1].upper() == "BEGIN":
            yield text[edge.end() : after.start() if after else len(text)], "TRUSTED" in edge[2].upper()


def _base64(body: str) -> bytes:
    """Strict base64: every character must belong there, but the final = may be missing. Raises InvalidArtifact."""
    clean = _NOT_BODY.sub("", body).rstrip("=")
    if not clean:
        raise InvalidArtifact([finding(FindingCode.PEM_EMPTY)])
    if foreign := _FOREIGN.search(clean):
        line = body[: body.index(foreign[0])].count("\n") or 1
        raise InvalidArtifact([finding(FindingCode.PEM_BAD_CHARACTER, character=foreign[0], line=line)])
    if len(clean) % 4 == 1:  # no number of bytes has that length
        clean = clean[:-1]
    return base64.b64decode(clean + "=" * (-len(clean) % 4))


def _bare(text: str) -> bytes | None:
    """DER whose BEGIN and END lines are missing: everything else must be base64, and the kind must be known."""
    clean = _NOT_BODY.sub("", text).rstrip("=")
    if len(clean) < 64 or _FOREIGN.search(clean) or len(clean) % 4 == 1:
        return None
    der = base64.b64decode(clean + "=" * (-len(clean) % 4))
    return der if der[:1] == b"\x30" else None


def _block(der: bytes, expected: ArtifactType, trusted: bool = False) -> Block:
    """The one element in `der`. Raises InvalidArtifact if it is cut, followed by something, or unknown."""
    try:
        size = tlv.read(der).size
    except tlv.Cut as cut:
        raise InvalidArtifact([finding(FindingCode.PEM_CUT, there=cut.there, needed=cut.needed)]) from None
    except tlv.Malformed:
        raise InvalidArtifact([finding(FindingCode.NOT_RECOGNISED, expected=expected)]) from None
    kind = detect_artifact_type(der)
    if kind is ArtifactType.UNKNOWN:
        raise InvalidArtifact([finding(FindingCode.NOT_RECOGNISED, expected=expected)])
    if (rest := der[size:].strip(b"\r\n\0 ")) and not trusted:
        if kind is ArtifactType.CSR and rest[:1] != b"\x30":
            raise InvalidArtifact([finding(FindingCode.CSR_TRAILING, count=len(der) - size)])
        raise InvalidArtifact([finding(FindingCode.PEM_EXTRA)])
    return Block(kind, der[:size])


def _repairs(text: str, bodies: list[tuple[str, bool]]) -> Iterator[str]:
    """What a strict reader would have stumbled over."""
    edges = list(_EDGE.finditer(text))
    if any(len(line.strip()) > _WIDEST for body, _ in bodies for line in body.splitlines()):
        yield "the text is in one long line"
    if any(_INDENTED.search(part) for part in (text, *(body for body, _ in bodies))):
        yield "lines begin with spaces or other marks"
    if "\\n" in text:
        yield "line ends are written out as \\n"
    if not text.isascii() and any(_LONG_DASHES & set(edge[0]) for edge in edges):
        yield "dashes were replaced by longer ones"
    elif not all(_EXACT.fullmatch(edge[0]) for edge in edges):
        yield "the BEGIN or END line is not written with five dashes, or not in capitals"
    if "BEGIN NEW CERTIFICATE REQUEST" in text:
        yield "the header is an old one"
    if _EDGE.sub("", text).strip() and not _EDGE.match(text.lstrip("\ufeff \t\r\n>\"'")):
        yield "there is text before the BEGIN line"
    if len([edge for edge in edges if edge[1].upper() == "END"]) < len(bodies):
        yield "the END line is missing"
