"""Reads HVCA's answers into records, and writes a certificate request down as HVCA wants it.
Not here: the calls themselves.
"""

import re
from typing import Any

from atlas.answers import Answer
from atlas.errors import Unexpected
from atlas.reading import Fields, as_fields, choose
from atlas.types import (
    CertificateRequest,
    CertificateStatus,
    IssuedCertificate,
    KeyFormat,
    KeyType,
    Presence,
    ValidationPolicy,
    ValidityPolicy,
)

LONGEST_SPAN = 10**11  # seconds, over 3000 years: more is no policy but a mistake
PEM_CERTIFICATE = r"-----BEGIN CERTIFICATE-----\r?\n[A-Za-z0-9+/=\r\n]+-----END CERTIFICATE-----\s*"
_SERIAL = re.compile(r"[0-9A-Fa-f]{1,40}", re.ASCII)  # RFC 5280 section 4.1.2.2: at most 20 octets


def read_token(answer: Answer) -> str:
    """The access token: opaque, but only what may stand in a header."""
    return as_fields(answer.json()).text("access_token", r"[!-~]+", limit=16_384)


def read_value(answer: Answer) -> int:
    """A counter or quota."""
    return as_fields(answer.json()).whole("value")


def read_location(answer: Answer) -> str:
    """The serial number, in upper-case hex, at the end of Location: a path or a whole address."""
    serial = answer.headers.get("Location", "").rstrip("/").rpartition("/")[2]
    if not _SERIAL.fullmatch(serial):
        raise Unexpected("the answer to a certificate request names no serial number")
    return serial.upper()


def read_trust_chain(answer: Answer) -> tuple[str, ...]:
    """PEM certificates, issuer first."""
    return Fields({"trustchain": answer.json()}).texts("trustchain", PEM_CERTIFICATE)


def read_certificate(answer: Answer, serial: str) -> IssuedCertificate:
    """A certificate; there is exactly one PEM block in it."""
    fields = as_fields(answer.json())
    return IssuedCertificate(
        serial=serial.upper(),
        pem=fields.text("certificate", PEM_CERTIFICATE, limit=100_000),
        status=fields.choice("status", CertificateStatus),
        updated_at=fields.unix_time("updated_at"),
    )


def read_policy(answer: Answer) -> ValidationPolicy:
    """The validation policy; members that we do not know are kept in `raw` and do no harm."""
    fields = as_fields(answer.json())
    key = fields.inner("public_key")
    return ValidationPolicy(
        validity=_read_validity(fields.inner("validity")),
        key_type=key.choice("key_type", KeyType),
        allowed_lengths=key.wholes("allowed_lengths", highest=65_536),
        key_format=key.choice("key_format", KeyFormat) if key.values.get("key_format") else None,
        subject_dn=_read_presences(fields) if fields.values.get("subject_dn") else {},
        raw=fields.values,
    )


def _read_validity(fields: Fields) -> ValidityPolicy:
    return ValidityPolicy(
        seconds_min=fields.whole("secondsmin", LONGEST_SPAN),
        seconds_max=fields.whole("secondsmax", LONGEST_SPAN),
        not_before_negative_skew=fields.whole("not_before_negative_skew", LONGEST_SPAN),
        not_before_positive_skew=fields.whole("not_before_positive_skew", LONGEST_SPAN),
    )


def _read_presences(policy: Fields) -> dict[str, Presence]:
    fields = policy.inner("subject_dn")
    return {
        name: choose(Fields(rule, f"subject_dn.{name}.").text("presence"), Presence, f"subject_dn.{name}")
        for name, rule in fields.values.items()
        if isinstance(rule, dict) and "presence" in rule
    }


def write_request(request: CertificateRequest) -> dict[str, Any]:
    """The body of POST /certificates, without what is empty: a STATIC field must not be sent."""
    validity = {"not_before": int(request.not_before.timestamp())}
    if request.not_after is not None:
        validity["not_after"] = int(request.not_after.timestamp())
    optional = {
        "san": {name: list(values) for name, values in request.san.items()},
        "extended_key_usages": list(request.extended_key_usages),
        "public_key_signature": request.public_key_signature,
    }
    return {
        "validity": validity,
        "subject_dn": dict(request.subject_dn),
        "public_key": request.public_key,
    } | {name: value for name, value in optional.items() if value}
