"""Examine anything that a person pastes or uploads: say what it is and everything that is to be said about it.

Reading is done in csr.py, certificate.py, pfx_reading.py and credentials.py; nothing is stored, logged or repeated.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.views.decorators.debug import sensitive_variables

from certs import pem, pfx_reading
from certs.artifact_type import ArtifactType, detect_artifact_type
from certs.bouncy_castle_keystores import detect_bouncy_castle_keystore
from certs.credentials import read_csv
from certs.csv_table import LIMIT as CSV_LIMIT
from certs.decoding import decode, looks_like_credentials
from certs.doctor.examined_artifacts import ExaminedArtifact, describe_kind, examine_artifacts
from certs.findings import Finding, InvalidArtifact, errors
from certs.findings.catalogue import finding
from certs.findings.codes import FindingCode
from certs.findings.known_messages import recognise_messages
from certs.findings.pfx_commands import bouncy_castle_to_pfx
from certs.private_key_detection import contains_private_key

_WHAT = "the text itself, or the file"
_DAMAGED = frozenset(
    {
        FindingCode.PEM_CUT,
        FindingCode.PEM_BAD_CHARACTER,
        FindingCode.PEM_EXTRA,
        FindingCode.PEM_EMPTY,
        FindingCode.CERTIFICATE_UNREADABLE,
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
    """As examine, for tests: what nobody thought of is raised."""
    try:
        pem.refuse_size(data)
    except InvalidArtifact as invalid:
        return Examination("unknown", invalid.findings)
    if _is_pfx(data, filename):
        return _examine_readable("pfx", lambda: examine_artifacts(pfx_reading.read(data)), _keystore(data))
    if kind := detect_bouncy_castle_keystore(data):
        commands = bouncy_castle_to_pfx(kind)
        return Examination("keystore", (finding(FindingCode.KEYSTORE_BKS, commands=commands, kind=kind),))
    if contains_private_key(data):
        return Examination("private-key", (finding(FindingCode.PRIVATE_KEY_PASTED), *_about_key(data)))
    return _examine_public(data)


def _examine_public(data: bytes) -> Examination:
    """What holds no private key: artifacts first, then what else a text may be."""
    text, _ = decode(data)
    recognised = recognise_messages(text)
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
    if looks_like_credentials(text) and not _has_answer(text):
        return _examine_credentials(data, recognised)
    if recognised and not _is_good_answer(text):
        return Examination("message", recognised)
    if _has_answer(text):
        return _examine_readable("answer", lambda: _examine_answer(text))
    if _DAMAGED & set(invalid.codes):
        return Examination("unknown", invalid.findings)
    if FindingCode.WRONG_KIND_DOCUMENT in invalid.codes:
        return Examination("unknown", (finding(FindingCode.WRONG_KIND_DOCUMENT, expected=_WHAT),))
    remarks = tuple(each for each in invalid.findings if each.severity == "info")
    return Examination("unknown", (finding(FindingCode.UNKNOWN_INPUT), *remarks))


@sensitive_variables()
def _examine_credentials(data: bytes, recognised: tuple[Finding, ...]) -> Examination:
    """The values themselves go no further than this function."""
    if len(data) > CSV_LIMIT:
        return Examination("credentials", (finding(FindingCode.CSV_UNREADABLE), *recognised))
    try:
        remarks = read_csv(data).findings
    except InvalidArtifact as invalid:
        return Examination("credentials", (*invalid.findings, *recognised))
    return Examination("credentials", (finding(FindingCode.CREDENTIALS_GOOD), *remarks, *recognised))


def _examine_readable(
    kind: str, read: Callable[[], tuple[ExaminedArtifact, ...]], instead: tuple[Finding, ...] = ()
) -> Examination:
    """What was read, or why it cannot be; `instead` replaces the reader's own findings."""
    try:
        artifacts = read()
    except InvalidArtifact as invalid:
        return Examination("keystore" if instead else kind, instead or invalid.findings)
    return Examination(
        kind, sort_findings([each for artifact in artifacts for each in artifact.findings]), artifacts
    )


def _examine_answer(text: str) -> tuple[ExaminedArtifact, ...]:
    """The answer of Atlas to a sign-in, as proof.py reads it."""
    from certs.proof import read_answer  # here, as above

    proof = read_answer(text)
    return (ExaminedArtifact("answer", (finding(FindingCode.POLICY_GOOD), *proof.findings)),)


def _is_pfx(data: bytes, filename: str) -> bool:
    kind = detect_artifact_type(data)
    if (
        kind is ArtifactType.PFX
        or data.startswith(pfx_reading.KEYSTORES)
        or pfx_reading.is_base64_of_pfx(data)
    ):
        return True
    return (
        kind is ArtifactType.UNKNOWN and data[:1] == b"\x30" and filename.lower().endswith((".pfx", ".p12"))
    )


def _keystore(data: bytes) -> tuple[Finding, ...]:
    return (finding(FindingCode.KEYSTORE_FOUND),) if data.startswith(pfx_reading.KEYSTORES) else ()


def _about_key(data: bytes) -> Iterator[Finding]:
    """By its header line alone: the key itself is not read."""
    plain = data.replace(b"\0", b"")
    if b"ENCRYPTED" in plain:
        yield finding(FindingCode.KEY_PASSPHRASE)
    if b"BEGIN RSA PRIVATE KEY" in plain:
        yield finding(FindingCode.KEY_PKCS1)


def _is_good_answer(text: str) -> bool:
    """Whether a sign-in succeeded: what else the command printed is beside the point, then."""
    if not _has_answer(text):
        return False
    from certs.proof import (
        read_answer,
    )  # here: the client of Atlas takes longer to load than any file to examine

    try:
        read_answer(text)
    except InvalidArtifact:
        return False
    return True


def _has_answer(text: str) -> bool:
    return any(mark in text for mark in _ANSWER)


def _overall_kind(artifacts: tuple[ExaminedArtifact, ...]) -> str:
    """Several certificates are a chain; of different things the first names the whole."""
    return describe_kind(artifacts[0]) if artifacts else "unknown"


def sort_findings(findings: list[Finding]) -> tuple[Finding, ...]:
    """Errors first, each finding once."""
    return InvalidArtifact(dict.fromkeys(findings)).findings
