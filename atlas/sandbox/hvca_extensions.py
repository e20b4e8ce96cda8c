"""The extensions of a certificate request, measured against a validation policy: what to put into the certificate."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Sequence

from cryptography import x509

from atlas.sandbox import der
from atlas.sandbox.ca import Extension, key_usage
from atlas.sandbox.hvca_rules import (
    Json,
    attributes,
    block,
    flag,
    has_type,
    is_expression,
    malformed,
    matches,
    may_be_sent,
    number,
    text,
    texts,
)  # fmt: skip
from atlas.sandbox.problems import invalid

_HOST = re.compile(
    r"(\*\.)?([a-z0-9_]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?",
    re.IGNORECASE | re.ASCII,
)
_LOCAL_PART = re.compile(r"[^@\s,;<>\"]{1,64}", re.ASCII)
_LISTS = ("emails", "ip_addresses", "uris", "dns_names")
_USAGES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_certificate_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip
OURS = {f"2.5.29.{arc}" for arc in (9, 14, 15, 17, 19, 31, 35, 37)} | {
    "1.3.6.1.5.5.7.1.1", "1.3.6.1.5.5.7.1.3", "1.3.6.1.4.1.311.21.7",
}  # fmt: skip
_QC = "0.4.0.1862.1."  # ETSI EN 319 412-5


def is_host(name: str) -> bool:
    """A DNS name, maybe with a wildcard as its first label."""
    return len(name) <= 253 and _HOST.fullmatch(name) is not None


def alternative_names(policy: Json, sent: Json) -> tuple[list[Extension], list[str]]:
    """The extension, if there are names, and what domain validation has to look at. Raises Refusal 400 or 422."""
    if not set(sent) <= {*_LISTS, "other_names"}:
        raise malformed()
    found = {name: _names(name, policy.get(name), sent.get(name)) for name in _LISTS}
    others = attributes("san.other_names", policy.get("other_names"), sent.get("other_names"))
    names: list[x509.GeneralName] = [
        *map(x509.DNSName, found["dns_names"]),
        *map(x509.RFC822Name, found["emails"]),
        *(x509.IPAddress(ipaddress.ip_address(value)) for value in found["ip_addresses"]),
        *map(x509.UniformResourceIdentifier, found["uris"]),
        *(_other_name(oid, kind, value) for oid, kind, value in others),
    ]
    hosts = [*found["dns_names"], *(email.rpartition("@")[2] for email in found["emails"])]
    extension = [(x509.SubjectAlternativeName(names), bool(policy.get("critical")))] if names else []
    return list(extension), hosts


def _names(kind: str, rule: Json | None, sent: object) -> list[str]:
    """DNS names and email addresses are compared by suffix, the others by regular expression."""
    listed: list[str] = (rule or {}).get("list") or []

    def fits(value: str) -> bool:
        if kind in ("dns_names", "emails"):
            well_formed = is_host(value) if kind == "dns_names" else _is_email(value)
            return well_formed and any(_ends_in(value.lower(), suffix.lower()) for suffix in listed)
        well_formed = _is_address(value) if kind == "ip_addresses" else value.isascii() and bool(value)
        return well_formed and any(matches(pattern, value) for pattern in listed)

    return texts(f"san.{kind}", rule, sent, fits)


def _ends_in(value: str, suffix: str) -> bool:
    """A suffix of "." stands for any name with a dot."""
    return "." in value if suffix == "." else value.endswith(suffix)


def _is_email(value: str) -> bool:
    local, _, host = value.rpartition("@")
    return _LOCAL_PART.fullmatch(local) is not None and "*" not in host and is_host(host)


def _is_address(value: str) -> bool:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return "%" not in value


def _other_name(oid: str, kind: str, value: str | None) -> x509.OtherName:
    try:
        return x509.OtherName(x509.ObjectIdentifier(oid), der.typed(kind, value))
    except ValueError:
        raise invalid("san.other_names") from None


def key_usages(policy: Json, sent: Json) -> Iterator[Extension]:
    """Key usage, critical as RFC 5280 section 4.2.1.3 wants it. Raises Refusal 400 or 422."""
    for name in sent:
        if name not in _USAGES:
            raise invalid(f"key_usages.{name[:64].encode('ascii', 'replace').decode()}", "is forbidden")
    used = [name for name in _USAGES if flag(f"key_usages.{name}", policy.get(name), sent.get(name))]
    for name in ("encipher_only", "decipher_only"):
        if name in used and "key_agreement" not in used:
            raise invalid(f"key_usages.{name}")
    if used:
        yield key_usage(*(name.replace("key_certificate_sign", "key_cert_sign") for name in used)), True


def extended_key_usages(policy: Json | None, sent: object) -> Iterator[Extension]:
    """Extended key usage. Raises Refusal 400 or 422."""
    path, rule = "extended_key_usages", policy or {}
    values = texts(path, rule.get("ekus"), sent)
    try:
        usages = [x509.ObjectIdentifier(value) for value in values]
    except ValueError:
        raise invalid(path) from None
    if len(set(values)) < len(values):
        raise invalid(path)
    if usages:
        yield x509.ExtendedKeyUsage(usages), bool(rule.get("critical"))


def statements(policy: Json | None, sent: Json) -> Iterator[Extension]:
    """Qualified certificate statements (RFC 3739 section 3.2.6, ETSI EN 319 412-5). Raises Refusal 400 or 422."""
    if not policy:
        may_be_sent("qualified_statements", None, bool(sent))
        return
    parts = [*_semantics(policy, sent), *_etsi(policy, sent)]
    if parts:
        yield _unrecognized("1.3.6.1.5.5.7.1.3", der.sequence(*parts)), False


def _semantics(policy: Json, sent: Json) -> Iterator[bytes]:
    path, rule, own = (
        "qualified_statements.semantics",
        policy.get("semantics") or {},
        block(sent, "semantics"),
    )
    identifier = text(f"{path}.identifier", rule.get("identifier"), own.get("identifier"))
    authorities = texts(f"{path}.name_authorities", rule.get("name_authorities"), own.get("name_authorities"))
    if not all(value.isascii() for value in authorities):
        raise invalid(f"{path}.name_authorities")
    if identifier or authorities:
        parts = [_oid(f"{path}.identifier", identifier)] if identifier else []
        if authorities:
            parts.append(der.sequence(*(der.tlv(0x86, value.encode()) for value in authorities)))
        yield der.sequence(der.oid("1.3.6.1.5.5.7.11.2"), der.sequence(*parts))


def _oid(path: str, value: str) -> bytes:
    try:
        return der.oid(value)
    except ValueError:
        raise invalid(path) from None


def _etsi(policy: Json, sent: Json) -> Iterator[bytes]:
    def at(name: str) -> str:
        return f"qualified_statements.{name}"

    for name, arc in (("etsi_qc_compliance", "1"), ("etsi_qc_sscd_compliance", "4")):
        if flag(at(name), policy.get(name), sent.get(name)):
            yield der.sequence(der.oid(_QC + arc))
    kind = text(at("etsi_qc_type"), policy.get("etsi_qc_type"), sent.get("etsi_qc_type"))
    if kind:
        yield der.sequence(der.oid(_QC + "6"), der.sequence(_oid(at("etsi_qc_type"), kind)))
    name = "etsi_qc_retention_period"
    years = number(at(name), policy.get(name), sent.get(name))
    if years is not None:
        yield der.sequence(der.oid(_QC + "3"), der.integer(years))
    places = _disclosures(at("etsi_qc_pds"), policy.get("etsi_qc_pds") or {}, block(sent, "etsi_qc_pds"))
    if places:
        pairs = [
            der.sequence(der.ia5(url), der.printable(language.lower())) for language, url in places.items()
        ]
        yield der.sequence(der.oid(_QC + "5"), der.sequence(*pairs))


def _disclosures(path: str, rule: Json, sent: Json) -> Json:
    """PKI disclosure statements: language to address."""
    presence, patterns = rule.get("presence"), rule.get("policies") or {}
    may_be_sent(path, presence, bool(sent))
    if not sent:
        return patterns if presence == "STATIC" else {}
    for language, url in sent.items():
        if not isinstance(url, str):
            raise malformed()
        if language not in patterns or not url.isascii() or not matches(patterns[language], url):
            raise invalid(path)
    return sent


def template(policy: Json | None, sent: Json) -> Iterator[Extension]:
    """Microsoft's certificate template. Raises Refusal 400 or 422."""
    path = "ms_extension_template"
    if not policy:
        may_be_sent(path, None, bool(sent))
        return
    identifier = text(f"{path}.id", policy.get("template_id"), sent.get("id"))
    versions = [
        number(f"{path}.{name}", policy.get(name), sent.get(name))
        for name in ("major_version", "minor_version")
    ]
    if identifier:
        parts = [
            _oid(f"{path}.id", identifier),
            *(der.integer(value) for value in versions if value is not None),
        ]
        yield _unrecognized("1.3.6.1.4.1.311.21.7", der.sequence(*parts)), bool(policy.get("critical"))


def custom(rules: Json | None, sent: Json) -> Sequence[Extension]:
    """Extensions by OID; "NIL" stands for no value. Raises Refusal 400 or 422."""
    if not rules:
        may_be_sent("custom_extensions", None, bool(sent))
        return []
    return [
        made for oid in dict.fromkeys([*rules, *sent]) for made in _custom(oid, rules.get(oid), sent.get(oid))
    ]


def _custom(oid: str, rule: Json | None, value: object) -> Iterator[Extension]:
    path = f"custom_extensions.{oid[:64].encode('ascii', 'replace').decode()}"
    rule = rule or {}
    if not isinstance(value, str | None):
        raise malformed()
    may_be_sent(path, rule.get("presence"), value is not None)
    kind, pattern = rule.get("value_type", "NIL"), rule.get("value_format") or ""
    if value is None and rule.get("presence") != "STATIC":
        return
    if value is not None and (oid in OURS or not has_type(kind, pattern, value)):
        raise invalid(path)
    if value is None and kind != "NIL" and is_expression(pattern):
        return  # nobody but GlobalSign knows the value that is meant
    yield _unrecognized(oid, der.typed(kind, pattern if value is None else value)), bool(rule.get("critical"))


def _unrecognized(oid: str, content: bytes) -> x509.UnrecognizedExtension:
    return x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), content)
