"""Does the bundle really work? Sign in to Atlas with PFX, key and secret, and read the validation policy.

Where we do not hold the key a person does it, with a command of proof_commands.py, and pastes the answer here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.views.decorators.debug import sensitive_variables

from atlas.budget import CALLS
from atlas.errors import Refused, Rejected, Unexpected
from atlas.hvca import Hvca
from atlas.responses import Response
from atlas.types import KeyType, ValidationPolicy
from certs import clock, credentials, keys, pfx
from certs.budget import budget_of
from certs.certificate import serial_in_hex
from certs.decoding import contains_secret
from certs.findings import Finding, InvalidArtifact
from certs.findings.catalogue import finding
from certs.findings.codes import FindingCode
from certs.json_in_text import json_objects
from certs.models import ApiCredential, Bundle
from certs.pem import refuse_size
from certs.private_key_detection import refuse_private_key
from certs.proof_commands import FINGERPRINT, local_command

_TOKEN = re.compile(
    r'"access_token"\s*:\s*"[\w.~+/=-]{8,}|\bBearer\s+[\w.~+/=-]{20,}|(?<![\w-])eyJ[\w-]{20,}\.[\w.-]*'
)
__all__ = ["Policy", "Proof", "local_command", "prove", "read_answer"]


@dataclass(frozen=True)
class Policy:
    """The core of a validation policy: what this credential may ask for. Seconds, bits."""

    key_type: str
    allowed_lengths: tuple[int, ...]
    seconds_max: int
    organization: str


@dataclass(frozen=True)
class Proof:
    """A sign-in that worked. Fingerprints are SHA-256 in lower-case hex; empty if the answer did not show them.

    `at` is an aware datetime; `quota` is how many certificates may still be issued, None if not asked.
    """

    at: datetime
    certificate_sha256: str
    public_key_sha256: str
    serial: str
    policy: Policy
    quota: int | None
    findings: tuple[Finding, ...] = ()


@sensitive_variables()
def prove(bundle: Bundle, credential: ApiCredential, hvca_url: str, root: Path | None = None) -> Proof:
    """Sign in with what the vault holds, over mutual TLS, and read policy and quota. Takes seconds: workers only.

    `root` is a PEM bundle that the server's certificate must chain to; None: the system's. Raises InvalidArtifact
    `proof-refused` or `proof-rejected` if Atlas says no, VaultError, or the other AtlasErrors (Unreachable,
    RateLimited...), after which it can be tried again.
    """
    identity, opened = pfx.identity(bundle), credentials.load(credential)
    try:
        budget = budget_of("hvca", hvca_url, opened.api_key, calls=CALLS)
        with Hvca(hvca_url, opened.api_key, opened.api_secret, identity, root, budget=budget) as hvca:
            hvca.login()
            policy, quota = hvca.validation_policy(), hvca.issuance_quota()
    except Refused as refused:
        raise InvalidArtifact(
            [finding(FindingCode.PROOF_REFUSED, description=refused.description or "401")]
        ) from None
    except Rejected as rejected:
        raise InvalidArtifact(
            [finding(FindingCode.PROOF_REJECTED, description=rejected.description)]
        ) from None
    certificate = x509.load_pem_x509_certificate(identity.certificate_pem)
    key = keys.public_key(certificate)
    return Proof(
        at=clock.now(),
        certificate_sha256=certificate.fingerprint(hashes.SHA256()).hex(),
        public_key_sha256=keys.spki_sha256(key) if key else "",
        serial=serial_in_hex(certificate),
        policy=_core(policy),
        quota=quota,
        findings=tuple(_remarks(policy)),
    )


def read_answer(text: str, certificate_sha256: str = "") -> Proof:
    """Read what a person pasted after running local_command().

    `certificate_sha256` is the fingerprint of the case's certificate; if the answer shows one, they must agree.
    Raises InvalidArtifact: Atlas's refusal, curl's errors in plain words, no policy in it, a token or secret pasted
    along.
    """
    data = text.encode(errors="replace")
    refuse_size(data)
    refuse_private_key(data)
    seen = _fingerprint(text)
    rest = FINGERPRINT.sub("", text)
    _refuse_leaks(rest)
    if certificate_sha256 and seen and seen != certificate_sha256:
        raise InvalidArtifact(
            [finding(FindingCode.PROOF_OTHER_CERTIFICATE, seen=seen, wanted=certificate_sha256)]
        )
    policy = _policy(rest)
    return Proof(
        at=clock.now(),
        certificate_sha256=seen,
        public_key_sha256="",
        serial="",
        policy=_core(policy),
        quota=None,
        findings=(*_remarks(policy), *_no_fingerprint(seen, text)),
    )


def _no_fingerprint(seen: str, text: str) -> Iterator[Finding]:
    """The sign-in worked, and the line before it, which only shows the certificate, did not."""
    if not seen and re.search("could not (?:read|find) certificate|unable to load certificate", text, re.I):
        yield finding(FindingCode.PROOF_NO_FINGERPRINT)


def _fingerprint(text: str) -> str:
    match = FINGERPRINT.search(text)
    return re.sub("[:-]", "", match[1]).lower() if match else ""


def _refuse_leaks(text: str) -> None:
    """The command itself may be pasted along; it names token and secret but holds neither."""
    if _TOKEN.search(text):
        raise InvalidArtifact([finding(FindingCode.PROOF_TOKEN)])
    if contains_secret(text):
        raise InvalidArtifact([finding(FindingCode.PROOF_SECRET)])


def _policy(text: str) -> ValidationPolicy:
    found = list(json_objects(text))
    for body in found:
        try:
            return Response(200, {"Content-Type": "application/json"}, body).parse(ValidationPolicy)
        except Unexpected:
            continue
    if problem := _problem(text):
        raise InvalidArtifact([problem])
    raise InvalidArtifact([finding(FindingCode.PROOF_NOT_A_POLICY if found else FindingCode.PROOF_NOTHING)])


# What curl (with OpenSSL or Windows' Schannel) and Atlas say, most telling first.
_CURL = (
    (
        r"curl: \(58\)|could not load PKCS12|Incorrect password|unable to set private key|could not open",
        FindingCode.PROOF_FILE,
    ),
    (r"curl: \(60\)|self.signed certificate|unable to get local issuer", FindingCode.PROOF_SERVER_TRUST),
    (r"curl: \([56]\)|Could not resolve", FindingCode.PROOF_NO_NAME),
    (r"curl: \((?:7|28)\)|Failed to connect|timed out|Connection refused", FindingCode.PROOF_NO_CONNECTION),
    (r"curl: \((?:35|55|56)\)|alert|handshake", FindingCode.PROOF_HANDSHAKE),
)


def _problem(text: str) -> Finding | None:
    """Atlas's refusal or curl's error, in plain words."""
    if said := re.search(r'"description"\s*:\s*"([^"]{0,200})"', text):
        refused = said[1].lower() in ("unauthorized", "forbidden")
        return finding(
            FindingCode.PROOF_REFUSED if refused else FindingCode.PROOF_REJECTED, description=said[1]
        )
    for pattern, code in _CURL:
        if re.search(pattern, text, re.I):
            return finding(code)
    return None


def _core(policy: ValidationPolicy) -> Policy:
    subject = policy.raw.get("subject_dn")
    organization = subject.get("organization") if isinstance(subject, dict) else None
    fixed = organization.get("format", "") if isinstance(organization, dict) else ""
    return Policy(
        key_type=policy.key_type.value,
        allowed_lengths=policy.allowed_lengths,
        seconds_max=policy.validity.seconds_max,
        organization=str(fixed)[:200],
    )


def _remarks(policy: ValidationPolicy) -> Iterator[Finding]:
    if policy.key_type is not KeyType.RSA or keys.BITS not in policy.allowed_lengths:
        yield finding(FindingCode.PROOF_KEY_SIZE)
