"""Parses HVCA's responses into records.
Not here: the calls themselves; the validation policy, see policy_parsing.
"""

import re

from cryptography import x509

from atlas.errors import Unexpected
from atlas.json_fields import Fields, as_fields, as_fields_list
from atlas.policy_parsing import parse_policy
from atlas.responses import Response
from atlas.serials import is_serial, normal_serial
from atlas.types import (
    Assertion,
    CertificateStat,
    CertificateStatus,
    ClaimEmails,
    ClaimLogEntry,
    ClaimStatus,
    DomainClaim,
    IssuedCertificate,
    LogStatus,
    SubmittedClaim,
)

__all__ = ["parse_policy"]
PEM_CERTIFICATE = r"-----BEGIN CERTIFICATE-----\r?\n[A-Za-z0-9+/=\r\n]+-----END CERTIFICATE-----\s*"
CLAIM_ID = r"[0-9A-Za-z]{1,64}"
_ASSERTIONS = {201: Assertion.SCHEDULED, 202: Assertion.PENDING, 204: Assertion.VERIFIED}
_NEXT = re.compile(r"rel\s*=\s*\"?next\b", re.ASCII | re.IGNORECASE)


def parse_token(response: Response) -> str:
    """The access token: opaque, but only what may stand in a header."""
    return as_fields(response.json()).text("access_token", r"[!-~]+", limit=16_384)


def parse_value(response: Response) -> int:
    """A counter or quota."""
    return as_fields(response.json()).integer("value")


def parse_location(response: Response) -> str:
    """The serial number at the end of Location, a path or a whole address; in its full form."""
    serial = _end_of_location(response)
    if not is_serial(serial):
        raise Unexpected("the answer to a certificate request names no serial number")
    return normal_serial(serial)


def _end_of_location(response: Response) -> str:
    return response.headers.get("Location", "").rstrip("/").rpartition("/")[2]


def parse_trust_chain(response: Response) -> tuple[str, ...]:
    """PEM certificates, issuer first."""
    chain = Fields({"trustchain": response.json()}).texts("trustchain", PEM_CERTIFICATE)
    for pem in chain:
        _parse(pem)
    return chain


def parse_certificate(response: Response, serial: str) -> IssuedCertificate:
    """A certificate, the one that was asked for; there is exactly one PEM block in it."""
    fields = as_fields(response.json())
    pem = fields.text("certificate", PEM_CERTIFICATE, limit=100_000)
    if not is_serial(serial) or _parse(pem).serial_number != int(serial, 16):
        raise Unexpected("a certificate with another serial number than the one asked for")
    return IssuedCertificate(
        serial=normal_serial(serial),
        pem=pem,
        status=fields.choice("status", CertificateStatus),
        updated_at=fields.unix_time("updated_at"),
    )


def _parse(pem: str) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(pem.encode())
    except ValueError:
        pass
    raise Unexpected("something in PEM form that is no certificate")


def parse_stat(fields: Fields) -> CertificateStat:
    """One line of a statistic. HVCA API document 2.1 shows decimal serials; the service gives hex."""
    return CertificateStat(
        serial=normal_serial(fields.text("serial_number", r"[0-9A-Fa-f]{1,40}")),
        not_before=fields.unix_time("not_before"),
        not_after=fields.unix_time("not_after"),
    )


def has_next_page(response: Response, page: int, per_page: int) -> bool:
    """Whether a list goes on after this page: what `Links` says, or else what `Total-Count` leaves."""
    links, total = response.headers.get("Links"), response.headers.get("Total-Count", "").strip()
    if links is not None:
        return _NEXT.search(links[:4000]) is not None
    if re.fullmatch(r"\d{1,15}", total, re.ASCII):
        return page * per_page < int(total)
    raise Unexpected("a list that does not say how long it is")


def parse_submitted_claim(response: Response, claim_id: str = "") -> SubmittedClaim:
    """Token and time limit of a claim; the id at the end of Location, unless we know it already."""
    found = claim_id or _end_of_location(response)
    if not re.fullmatch(CLAIM_ID, found, re.ASCII):
        raise Unexpected("the answer to a claim names no id")
    fields = as_fields(response.json())
    return SubmittedClaim(found, _token(fields), fields.unix_time("assert_by"))


def _token(fields: Fields) -> str:
    return fields.text("token", r"[ -~]{1,1000}")  # opaque; it goes into a TXT record as it is


def parse_claim(fields: Fields) -> DomainClaim:
    """One claim; the last three members are newer than the first version and may be missing."""
    return DomainClaim(
        id=fields.text("id", CLAIM_ID),
        status=fields.choice("status", ClaimStatus),
        domain=fields.text("domain", r"[!-~]{1,255}").removesuffix("."),
        created_at=fields.unix_time("created_at"),
        expires_at=fields.unix_time("expires_at") if fields.values.get("expires_at") else None,
        assert_by=fields.unix_time("assert_by"),
        log=tuple(
            _log_entry(row) for row in as_fields_list(fields.values.get("log") or [], f"{fields.path}log")
        ),
        token=_token(fields) if fields.values.get("token") else None,
        last_verified_at=fields.unix_time("last_verified_at")
        if fields.values.get("last_verified_at")
        else None,
        last_verification_method=fields.text_or_none("last_verification_method") or None,
    )


def _log_entry(fields: Fields) -> ClaimLogEntry:
    return ClaimLogEntry(
        fields.choice("status", LogStatus), fields.text("description"), fields.unix_time("timestamp")
    )


def parse_assertion(response: Response) -> Assertion:
    """What became of asking for a check; the status says it all."""
    return _ASSERTIONS[response.status]


def parse_authorization_domains(response: Response) -> tuple[str, ...]:
    """Names at which a token may stand."""
    return Fields({"dns": response.json()}).texts("dns", r"[!-~]{1,255}")


def parse_claim_emails(response: Response) -> ClaimEmails:
    """Addresses to verify a claim by: usual ones, and those of the DNS by type of record."""
    fields = as_fields(response.json())
    groups = fields.nested("DNS") if fields.values.get("DNS") else Fields({})
    found = {name: groups.nested(name) for name, group in groups.values.items() if group is not None}
    return ClaimEmails(
        constructed=_some(fields, "constructed"),
        dns={name: _some(group, "emails") for name, group in found.items()},
        errors={name: _some(group, "errors") for name, group in found.items() if group.values.get("errors")},
    )


def _some(fields: Fields, name: str) -> tuple[str, ...]:
    return fields.texts(name) if fields.values.get(name) is not None else ()
