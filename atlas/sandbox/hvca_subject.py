"""Subject name and subject directory attributes of a certificate request, measured against a validation policy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from cryptography import x509
from cryptography.x509.oid import NameOID

from atlas.sandbox import der
from atlas.sandbox.ca import Extension
from atlas.sandbox.hvca_rules import Json, attributes, malformed, may_be_sent, text, texts
from atlas.sandbox.problems import invalid

_OIDS = {
    "jurisdiction_of_incorporation_country_name": NameOID.JURISDICTION_COUNTRY_NAME,
    "jurisdiction_of_incorporation_state_or_province_name": NameOID.JURISDICTION_STATE_OR_PROVINCE_NAME,
    "jurisdiction_of_incorporation_locality_name": NameOID.JURISDICTION_LOCALITY_NAME,
    "business_category": NameOID.BUSINESS_CATEGORY,
    "serial_number": NameOID.SERIAL_NUMBER,
    "country": NameOID.COUNTRY_NAME,
    "state": NameOID.STATE_OR_PROVINCE_NAME,
    "locality": NameOID.LOCALITY_NAME,
    "street_address": NameOID.STREET_ADDRESS,
    "postal_code": NameOID.POSTAL_CODE,
    "organization": NameOID.ORGANIZATION_NAME,
    "organization_identifier": NameOID.ORGANIZATION_IDENTIFIER,
    "organizational_unit": NameOID.ORGANIZATIONAL_UNIT_NAME,
    "given_name": NameOID.GIVEN_NAME,
    "surname": NameOID.SURNAME,
    "pseudonym": NameOID.PSEUDONYM,
    "common_name": NameOID.COMMON_NAME,
    "email": NameOID.EMAIL_ADDRESS,
}
_LISTS = ("organizational_unit", "extra_attributes")
_DIRECTORY = x509.ObjectIdentifier("2.5.29.9")
_PERSONAL = "1.3.6.1.5.5.7.9."  # id-pda, RFC 3739 section 3.3.2
_MEMBERS = (
    "gender", "date_of_birth", "place_of_birth", "country_of_citizenship", "country_of_residence", "extra_attributes",
)  # fmt: skip


def subject(policy: Json, sent: Json) -> x509.Name:
    """The name, with the policy's static values. Raises Refusal 400 or 422."""
    if not set(sent) <= set(_OIDS) | {"extra_attributes"}:
        raise malformed()
    units = texts(
        "subject_dn.organizational_unit", policy.get("organizational_unit"), sent.get("organizational_unit")
    )
    extra = attributes(
        "subject_dn.extra_attributes", policy.get("extra_attributes"), sent.get("extra_attributes")
    )
    names = [name for name in dict.fromkeys([*policy, *sent]) if name in _OIDS and name not in _LISTS]
    found: dict[str, list[str]] = {"organizational_unit": units}
    for name in names:
        value = text(f"subject_dn.{name}", policy.get(name), sent.get(name))
        found[name] = [] if value is None else [value]
    known = [
        _attribute(f"subject_dn.{name}", oid, value)
        for name, oid in _OIDS.items()
        for value in found.get(name, [])
    ]
    path = "subject_dn.extra_attributes"
    return x509.Name(
        [*known, *(_attribute(path, _oid(path, oid), value) for oid, _, value in extra if value)]
    )


def _oid(path: str, oid: str) -> x509.ObjectIdentifier:
    try:
        return x509.ObjectIdentifier(oid)
    except ValueError:
        raise invalid(path) from None


def _attribute(path: str, oid: x509.ObjectIdentifier, value: str) -> x509.NameAttribute[str]:
    """X.520 has bounds of its own: two letters for a country, 64 for a common name.

    The policy alone judges the country of incorporation: a sample of document 2.1 says "United Kingdom".
    """
    try:
        return x509.NameAttribute(oid, value, _validate=oid != NameOID.JURISDICTION_COUNTRY_NAME)
    except ValueError:
        raise invalid(path) from None


def directory_attributes(policy: Json | None, sent: Json) -> Iterator[Extension]:
    """The extension of RFC 3739 section 3.3.2, if it would hold anything. Raises Refusal 400 or 422."""
    if not policy:
        may_be_sent("subject_da", None, bool(sent))
        return
    if not set(sent) <= set(_MEMBERS):
        raise malformed()
    parts = list(_directory_parts(policy, sent))
    if parts:
        yield x509.UnrecognizedExtension(_DIRECTORY, der.sequence(*parts)), False


def _directory_parts(policy: Json, sent: Json) -> Iterator[bytes]:
    def path(name: str) -> str:
        return f"subject_da.{name}"

    birth = _day(path("date_of_birth"), policy.get("date_of_birth"), sent.get("date_of_birth"))
    if birth:
        yield _part("1", der.noon(birth))
    place = text(path("place_of_birth"), policy.get("place_of_birth"), sent.get("place_of_birth"))
    if place:
        yield _part("2", der.utf8(place))
    gender = text(path("gender"), policy.get("gender"), sent.get("gender"))
    if gender:
        yield _part("3", der.utf8(gender))
    for arc, name in (("4", "country_of_citizenship"), ("5", "country_of_residence")):
        countries = texts(path(name), policy.get(name), sent.get(name))
        if countries:
            yield _part(arc, *map(der.utf8, countries))
    extra = attributes(path("extra_attributes"), policy.get("extra_attributes"), sent.get("extra_attributes"))
    for oid, kind, value in extra:
        yield der.sequence(_oid_der(path("extra_attributes"), oid), der.set_of(der.typed(kind, value)))


def _part(arc: str, *values: bytes) -> bytes:
    return der.sequence(der.oid(_PERSONAL + arc), der.set_of(*values))


def _oid_der(path: str, oid: str) -> bytes:
    try:
        return der.oid(oid)
    except ValueError:
        raise invalid(path) from None


def _day(path: str, presence: str | None, value: Any) -> str | None:
    """YYYY-MM-DD under a bare presence."""
    if not isinstance(value, str | None):
        raise malformed()
    may_be_sent(path, presence, bool(value))
    if not value:
        return None
    try:
        date.fromisoformat(value)
    except ValueError:
        raise invalid(path) from None
    if len(value) != len("YYYY-MM-DD"):
        raise invalid(path)
    return value
