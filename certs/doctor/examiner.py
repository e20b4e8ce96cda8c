"""Examine anything that a person pastes or uploads: say what it is and everything that is to be said about it.

Reading is done in csr.py, certificate.py, pfx_reading.py and credentials.py; nothing is stored, logged or repeated.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from django.views.decorators.debug import sensitive_variables

from certs import pem, pfx_reading
from certs.artifact_type import ArtifactType, detect_artifact_type
from certs.bouncy_castle_keystores import detect_bouncy_castle_keystore
from certs.credentials import read_csv
from certs.csv_table import LIMIT as CSV_LIMIT
from certs.decoding import decode, is_binary, looks_like_credentials
from certs.doctor.examined_artifacts import ExaminedArtifact, describe_kind, examine_artifacts
from certs.findings import Finding, InvalidArtifact, errors
from certs.findings.catalogue import finding
from certs.findings.codes import FindingCode
from certs.findings.known_messages import recognise_messages
from certs.findings.pfx_commands import bouncy_castle_to_pfx
from certs.keystores import detect_keystore
from certs.private_key_detection import contains_private_key
from certs.undoing import Undone, undo

_WHAT = "the text itself, or the file"
_DAMAGED = frozenset(
    {
        FindingCode.PEM_CUT,
        FindingCode.PEM_BAD_CHARACTER,
        FindingCode.PEM_EXTRA,
        FindingCode.PEM_EMPTY,
        FindingCode.CERTIFICATE_UNREADABLE,
        FindingCode.CSR_TRAILING,
    }
)
_SAID_BY_ATLAS = frozenset(
    {
        FindingCode.POLICY_GOOD,
        FindingCode.PROOF_REFUSED,
        FindingCode.PROOF_REJECTED,
        FindingCode.PROOF_TOKEN,
        FindingCode.PROOF_SECRET,
        FindingCode.PROOF_OTHER_CERTIFICATE,
    }
)
_ANSWER = ('"validity"', '"access_token"', '"description"', "curl: (")  # what a sign-in to Atlas prints


@dataclass(frozen=True)
class Examination:
    """What was given and what is to be said about it; `artifacts` are the CSRs, certificates and PFX files in it.

    `kind` is csr, certificate, chain, private-key, public-key, pfx, keystore, pkcs7, crl, credentials, message,
    answer or unknown. There is always a finding. Nothing here is secret.
    """

    kind: str
    findings: tuple[Finding, ...]
    artifacts: tuple[ExaminedArtifact, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether there is no error."""
        return not errors(self.findings)


@sensitive_variables()
def examine(data: bytes, filename: str = "") -> Examination:
    """Everything that is to be said about `data`. Never raises; takes seconds at most for a megabyte.

    `filename` only helps to guess what damaged bytes were meant to be.
    """
    try:
        return examine_or_raise(data, filename)
    except Exception:  # noqa: BLE001  # no input may break a page; the fuzz tests search examine_or_raise()
        return Examination("unknown", (finding(FindingCode.UNKNOWN_INPUT),))


@sensitive_variables()
def examine_or_raise(data: bytes, filename: str = "") -> Examination:
    """As examine, for tests: what nobody thought of is raised.

    What says nothing as it stands is looked at again without the encodings of mail, addresses, JSON, archives...
    """
    try:
        pem.refuse_size(data)
    except InvalidArtifact as invalid:
        return Examination("unknown", invalid.findings)
    best, under = _examine_as_it_stands(data, filename), 0
    if _rank(best) < _GOOD:
        for inner in undo(data, archives=True):
            seen = _examine_as_it_stands(inner.data, filename)
            nearer = inner.is_certain and len(inner.what) > under and _rank(seen) == _rank(best) == _SETTLED
            if nearer or _rank(seen) > _rank(best):
                best, under = _with_remark(seen, inner), len(inner.what) if inner.is_certain else under
    return best


_UNKNOWN, _DOUBTFUL, _SETTLED, _GOOD, _SECRET = range(5)
_TELLING = frozenset(
    {FindingCode.CREDENTIALS_SWAPPED, FindingCode.CSV_SPREADSHEET, FindingCode.CSV_SEVERAL}
)  # of credentials that are there


def _rank(seen: Examination) -> int:
    """How much an examination is worth: a private key must not be missed, what is there is more than a word about it.

    Words are better understood without the encoding around them, so a message is looked for under each.
    """
    if seen.kind == "private-key":
        return _SECRET
    if seen.kind == "unknown":
        return _UNKNOWN
    if seen.kind == "message":
        return _SETTLED
    if seen.kind in ("credentials", "answer") and not seen.ok:
        codes = {one.code for one in seen.findings}
        if codes & _TELLING:
            return _GOOD
        return _SETTLED if codes & _SAID_BY_ATLAS else _DOUBTFUL
    return _GOOD


def _with_remark(seen: Examination, inner: Undone) -> Examination:
    if not seen.artifacts or seen.kind in ("answer", "pfx"):
        return seen
    repaired = finding(FindingCode.PEM_REPAIRED, repairs=", ".join(dict.fromkeys(inner.what)))
    others = [one for one in seen.findings if one.code != FindingCode.PEM_REPAIRED]
    return replace(seen, findings=sort_findings([*others, repaired]))


@sensitive_variables()
def _examine_as_it_stands(data: bytes, filename: str) -> Examination:
    if store := detect_keystore(data):
        return Examination("keystore", (store,))
    if _is_pfx(data, filename):
        return _examine_readable("pfx", lambda: examine_artifacts(pfx_reading.read(data)))
    if kind := detect_bouncy_castle_keystore(data):
        commands = bouncy_castle_to_pfx(kind)
        return Examination("keystore", (finding(FindingCode.KEYSTORE_BKS, commands=commands, kind=kind),))
    if contains_private_key(data):
        return Examination("private-key", (finding(FindingCode.PRIVATE_KEY_PASTED), *_about_key(data)))
    return _examine_public(data)


def _examine_public(data: bytes) -> Examination:
    """What holds no private key: artifacts first, then what else a text may be."""
    text, _ = decode(data)
    recognised = () if is_binary(data) else recognise_messages(text)
    try:
        found = pem.read_public(data, ArtifactType.CERTIFICATE)
    except InvalidArtifact as invalid:
        return _examine_other_text(data, text, recognised, invalid)
    artifacts = examine_artifacts(found)
    notes = [*recognised, *found.notes, *_marks(data)]
    findings = sort_findings([*notes, *(each for artifact in artifacts for each in artifact.findings)])
    return Examination(_overall_kind(artifacts), findings, artifacts)


def _marks(data: bytes) -> Iterator[Finding]:
    """What the readers pass over in silence and other programs may not."""
    if data.startswith(b"\xef\xbb\xbf"):
        yield finding(FindingCode.TEXT_TIDIED, what="a byte-order mark before its first line")
    if data[:1] != b"\x30" and b"\r\n" in data:
        yield finding(FindingCode.TEXT_TIDIED, what="the line ends of Windows")


def _examine_other_text(
    data: bytes, text: str, recognised: tuple[Finding, ...], invalid: InvalidArtifact
) -> Examination:
    """What Atlas answered outranks a line beside it, whole credentials a word, a known cause what is missing."""
    answer = _examine_readable("answer", lambda: _examine_answer(text)) if _has_answer(text) else None
    if answer and _SAID_BY_ATLAS & {one.code for one in answer.findings}:
        return answer
    credentials = _examine_credentials(data) if looks_like_credentials(text) else None
    if credentials and credentials.ok:
        return replace(credentials, findings=(*credentials.findings, *recognised))
    if recognised:
        return Examination("message", recognised)
    if answer or credentials:
        return answer or credentials or Examination("unknown", invalid.findings)
    if _DAMAGED & set(invalid.codes):
        return Examination("unknown", invalid.findings)
    if FindingCode.WRONG_KIND_DOCUMENT in invalid.codes:
        return Examination("unknown", (finding(FindingCode.WRONG_KIND_DOCUMENT, expected=_WHAT),))
    remarks = tuple(each for each in invalid.findings if each.severity == "info")
    return Examination("unknown", (finding(FindingCode.UNKNOWN_INPUT), *remarks))


@sensitive_variables()
def _examine_credentials(data: bytes) -> Examination:
    """The values themselves go no further than this function."""
    if len(data) > CSV_LIMIT:
        return Examination("credentials", (finding(FindingCode.CSV_UNREADABLE),))
    try:
        remarks = read_csv(data).findings
    except InvalidArtifact as invalid:
        return Examination("credentials", invalid.findings)
    return Examination("credentials", (finding(FindingCode.CREDENTIALS_GOOD), *remarks))


def _examine_readable(kind: str, read: Callable[[], tuple[ExaminedArtifact, ...]]) -> Examination:
    """What was read, or why it cannot be."""
    try:
        artifacts = read()
    except InvalidArtifact as invalid:
        return Examination(kind, invalid.findings)
    return Examination(
        kind, sort_findings([each for artifact in artifacts for each in artifact.findings]), artifacts
    )


def _examine_answer(text: str) -> tuple[ExaminedArtifact, ...]:
    """The answer of Atlas to a sign-in, as proof.py reads it."""
    from certs.proof import read_answer  # here: Atlas's client takes longer to load than any file to examine

    proof = read_answer(text)
    return (ExaminedArtifact("answer", (finding(FindingCode.POLICY_GOOD), *proof.findings)),)


def _is_pfx(data: bytes, filename: str) -> bool:
    kind = detect_artifact_type(data)
    if kind is ArtifactType.PFX or pfx_reading.is_base64_of_pfx(data):
        return True
    return (
        kind is ArtifactType.UNKNOWN and data[:1] == b"\x30" and filename.lower().endswith((".pfx", ".p12"))
    )


def _about_key(data: bytes) -> Iterator[Finding]:
    """By its header line alone: the key itself is not read."""
    plain = data.replace(b"\0", b"")
    if b"ENCRYPTED" in plain:
        yield finding(FindingCode.KEY_PASSPHRASE)
    if b"BEGIN RSA PRIVATE KEY" in plain:
        yield finding(FindingCode.KEY_PKCS1)


def _has_answer(text: str) -> bool:
    return any(mark in text for mark in _ANSWER)


def _overall_kind(artifacts: tuple[ExaminedArtifact, ...]) -> str:
    """Several certificates are a chain; of different things the first names the whole."""
    return describe_kind(artifacts[0]) if artifacts else "unknown"


def sort_findings(findings: list[Finding]) -> tuple[Finding, ...]:
    """Errors first, each finding once."""
    return InvalidArtifact(dict.fromkeys(findings)).findings
