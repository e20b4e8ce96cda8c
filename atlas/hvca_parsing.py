"""Parses those of HVCA's responses that are more, or less, than one record of types.
Not here: the calls themselves; answers that are a record already, which Response.parse reads.
"""

import re
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field, StringConstraints

from atlas.errors import Unexpected
from atlas.json_fields import (
    Members,
    PemCertificate,
    Texts,
    UnixTime,
    load_certificate,
    null_is,
    wire_name,
)
from atlas.responses import Response
from atlas.serials import is_serial, normal_serial
from atlas.types import (
    Assertion,
    CertificateStatus,
    ClaimEmails,
    ClaimToken,
    IssuedCertificate,
    SubmittedClaim,
)

_ASSERTIONS = {201: Assertion.SCHEDULED, 202: Assertion.PENDING, 204: Assertion.VERIFIED}
_NEXT = re.compile(r"rel\s*=\s*\"?next\b", re.ASCII | re.IGNORECASE)
_Domain = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,255}$")]


@dataclass(frozen=True, slots=True)
class _TokenAnswer:
    # Opaque, but only what may stand in a header.
    access_token: Annotated[str, StringConstraints(pattern="^[!-~]+$", max_length=16_384)] = field(repr=False)


@dataclass(frozen=True, slots=True)
class _ValueAnswer:
    value: Annotated[int, Field(ge=0, le=2**53 - 1)]


@dataclass(frozen=True, slots=True)
class _CertificateAnswer:
    certificate: PemCertificate
    status: CertificateStatus
    updated_at: UnixTime


@dataclass(frozen=True, slots=True)
class _ClaimAnswer:
    token: ClaimToken
    assert_by: UnixTime


@dataclass(frozen=True, slots=True)
class _EmailGroup:
    emails: Annotated[Texts, null_is(())] = ()
    errors: Annotated[Texts, null_is(())] = ()


@dataclass(frozen=True, slots=True)
class _EmailsAnswer:
    constructed: Annotated[Texts, null_is(())] = ()
    dns: Annotated[Members[str, _EmailGroup], wire_name("DNS")] = field(default_factory=dict)


def parse_token(response: Response) -> str:
    """The access token."""
    return response.parse(_TokenAnswer).access_token


def parse_value(response: Response) -> int:
    """A counter or quota."""
    return response.parse(_ValueAnswer).value


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
    return response.parse(tuple[PemCertificate, ...])


def parse_certificate(response: Response, serial: str) -> IssuedCertificate:
    """A certificate, the one that was asked for; there is exactly one PEM block in it."""
    answer = response.parse(_CertificateAnswer)
    if not is_serial(serial) or load_certificate(answer.certificate).serial_number != int(serial, 16):
        raise Unexpected("a certificate with another serial number than the one asked for")
    return IssuedCertificate(normal_serial(serial), answer.certificate, answer.status, answer.updated_at)


def parse_total(response: Response) -> int | None:
    """`Total-Count`: how many rows a list has on all its pages; None if it does not say."""
    total = response.headers.get("Total-Count", "").strip()
    return int(total) if re.fullmatch(r"\d{1,15}", total, re.ASCII) else None


def has_next_page(response: Response, page: int, per_page: int) -> bool:
    """Whether a list goes on after this page: what `Links` says, or else what `Total-Count` leaves."""
    links, total = response.headers.get("Links"), parse_total(response)
    if links is not None:
        return _NEXT.search(links[:4000]) is not None
    if total is not None:
        return page * per_page < total
    raise Unexpected("a list that does not say how long it is")


def parse_submitted_claim(response: Response, claim_id: str = "") -> SubmittedClaim:
    """Token and time limit of a claim; the id at the end of Location, unless we know it already."""
    found = claim_id or _end_of_location(response)
    if not re.fullmatch(r"[0-9A-Za-z]{1,64}", found, re.ASCII):
        raise Unexpected("the answer to a claim names no id")
    answer = response.parse(_ClaimAnswer)
    return SubmittedClaim(found, answer.token, answer.assert_by)


def parse_assertion(response: Response) -> Assertion:
    """What became of asking for a check; the status says it all."""
    return _ASSERTIONS[response.status]


def parse_authorization_domains(response: Response) -> tuple[str, ...]:
    """Names at which a token may stand."""
    return response.parse(tuple[_Domain, ...])


def parse_claim_emails(response: Response) -> ClaimEmails:
    """Addresses to verify a claim by: usual ones, and those of the DNS by type of record."""
    answer = response.parse(_EmailsAnswer)
    return ClaimEmails(
        constructed=answer.constructed,
        dns={name: group.emails for name, group in answer.dns.items()},
        errors={name: group.errors for name, group in answer.dns.items() if group.errors},
    )
