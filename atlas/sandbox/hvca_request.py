"""A certificate request of HVCA measured against a validation policy: what to issue, or the refusal.

Texts as in the HVCA API document 2.1: `<json path>: <reason>`, one at a time.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

from atlas.sandbox.ca import Extension, SigningHash, key_usage
from atlas.sandbox.fields import clean
from atlas.sandbox.keys import BadKey, PublicKey, key_in_csr, read_csr, read_public_key, spki
from atlas.sandbox.problems import Refusal, invalid

Json = dict[str, Any]

_KNOWN = {
    "validity", "subject_dn", "san", "key_usages", "extended_key_usages", "subject_da", "qualified_statements",
    "ms_extension_template", "custom_extensions", "signature", "public_key", "public_key_signature",
}  # fmt: skip
_NOT_SERVED = ("subject_da", "qualified_statements", "ms_extension_template", "custom_extensions")
_OIDS = {
    "country": NameOID.COUNTRY_NAME,
    "organization": NameOID.ORGANIZATION_NAME,
    "locality": NameOID.LOCALITY_NAME,
    "common_name": NameOID.COMMON_NAME,
}
_HASHES: dict[str, type[hashes.SHA256] | type[hashes.SHA384] | type[hashes.SHA512]] = {
    "SHA-256": hashes.SHA256,
    "SHA-384": hashes.SHA384,
    "SHA-512": hashes.SHA512,
}
_HOST = re.compile(
    r"(\*\.)?([a-z0-9_]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE
)


@dataclass(frozen=True)
class Wanted:
    """A certificate that the policy allows; `validity` in seconds since 1970."""

    subject: x509.Name
    public_key: PublicKey
    validity: tuple[int, int]
    extensions: Sequence[Extension]
    algorithm: SigningHash
    common_name: str


def measure(policy: Json, body: object, now: float) -> Wanted:
    """What to issue. Raises Refusal 400 for what is no certificate request, 422 for what the policy refuses."""
    if not isinstance(body, dict) or not set(body) <= _KNOWN:
        raise malformed()
    validity = _validity(policy["validity"], _block(body, "validity"), now)
    subject = _subject(policy["subject_dn"], _block(body, "subject_dn"))
    names = _dns_names(policy["san"], _block(body, "san"))
    usages = _key_usages(policy["key_usages"], _block(body, "key_usages"))
    extended = _extended(policy["extended_key_usages"], body.get("extended_key_usages"))
    for name in _NOT_SERVED:
        if _block(body, name):
            raise invalid(name, "is forbidden")
    algorithm = _signature(policy["signature"], _block(body, "signature"))
    key = _public_key(policy, body)
    extensions: list[Extension] = [
        (x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), policy["san"]["critical"]),
        (key_usage(*usages), True),
        (x509.ExtendedKeyUsage([x509.ObjectIdentifier(oid) for oid in extended]), False),
    ]
    return Wanted(_name(subject), key, validity, extensions, algorithm, subject["common_name"])


def malformed() -> Refusal:
    """The body is not a certificate request at all."""
    return Refusal(400, "Invalid certificate issuance request")


def _block(body: Json, name: str) -> Json:
    block = body.get(name)
    if block is None:
        return {}
    if not isinstance(block, dict):
        raise malformed()
    return block


def _validity(policy: Json, sent: Json, now: float) -> tuple[int, int]:
    start, end = sent.get("not_before"), sent.get("not_after") or 0
    if start is None:
        raise invalid("validity.not_before", "is required")
    if type(start) is not int or type(end) is not int:
        raise malformed()
    if not now - policy["not_before_negative_skew"] <= start <= now + policy["not_before_positive_skew"]:
        raise invalid("validity.not_before")
    end = end or start + policy["secondsmax"]
    if not policy["secondsmin"] <= end - start <= policy["secondsmax"]:
        raise invalid("validity.not_after")
    return start, end


def _subject(policy: Json, sent: Json) -> dict[str, str]:
    """The values of the subject, sent and static, in the order of the policy."""
    for name in ("organizational_unit", "extra_attributes"):
        if sent.get(name):
            raise invalid(f"subject_dn.{name}", "is forbidden")
    rules = {name: rule for name, rule in policy.items() if "presence" in rule}
    if not set(sent) <= set(policy):
        raise malformed()
    found = {name: _string(f"subject_dn.{name}", rule, sent.get(name)) for name, rule in rules.items()}
    return {name: value for name, value in found.items() if value is not None}


def _string(path: str, rule: Json, value: object) -> str | None:
    """One value under a string policy {presence, format}."""
    if value is None or value == "":
        if rule["presence"] == "REQUIRED":
            raise invalid(path, "is required")
        return rule["format"] if rule["presence"] == "STATIC" else None
    if not isinstance(value, str):
        raise malformed()
    if rule["presence"] in ("STATIC", "FORBIDDEN"):
        raise invalid(path, f"is {rule['presence'].lower()}")
    if not re.fullmatch(rule["format"], value) or not clean(value):
        raise invalid(path)
    return value


def _dns_names(policy: Json, sent: Json) -> list[str]:
    if not set(sent) <= set(policy) - {"critical"}:
        raise malformed()
    for name in ("emails", "ip_addresses", "uris", "other_names"):
        if sent.get(name):
            raise invalid(f"san.{name}", "is forbidden")
    names = _strings("san.dns_names", policy["dns_names"], sent.get("dns_names"))
    if not all(_is_host(name, policy["dns_names"]["list"]) for name in names):
        raise invalid("san.dns_names")
    return names


def _is_host(name: str, suffixes: list[str]) -> bool:
    """A suffix of "." stands for any name with a dot."""
    if len(name) > 253 or not _HOST.fullmatch(name):
        return False
    return any("." in name if suffix == "." else name.lower().endswith(suffix) for suffix in suffixes)


def _strings(path: str, rule: Json, values: object) -> list[str]:
    """A list of texts, counted under a list policy {list, mincount, maxcount}."""
    values = [] if values is None else values
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise malformed()
    if len(values) < rule["mincount"]:
        raise invalid(path, "invalid value" if values else "is required")
    if len(values) > rule["maxcount"]:
        raise invalid(path)
    return values


def _key_usages(policy: Json, sent: Json) -> list[str]:
    for name, value in sent.items():
        if type(value) is not bool or not clean(name):
            raise malformed()
        if name not in policy:
            raise invalid(f"key_usages.{name[:64]}", "is forbidden")
        if policy[name] != "OPTIONAL":
            raise invalid(f"key_usages.{name}", "is static")
    return [name for name, rule in policy.items() if rule == "STATIC_TRUE" or sent.get(name)]


def _extended(policy: Json, sent: object) -> list[str]:
    values = _strings("extended_key_usages", policy["ekus"], sent)
    if len(set(values)) < len(values):
        raise invalid("extended_key_usages")
    for value in values:
        if not any(re.fullmatch(pattern, value) for pattern in policy["ekus"]["list"]):
            raise invalid("extended_key_usages")
    return values


def _signature(policy: Json, sent: Json) -> SigningHash:
    """The CA's hash. An empty object and empty texts mean "not sent": cert-manager's issuer sends them."""
    if not set(sent) <= set(policy):
        raise malformed()
    for name, value in sent.items():
        if value and value not in policy[name]["list"]:
            raise invalid(f"signature.{name}")
    return _HASHES[sent.get("hash_algorithm") or "SHA-256"]()


def _public_key(policy: Json, body: Json) -> PublicKey:
    text = body.get("public_key")
    if not text:
        raise invalid("public_key", "is required")
    if not isinstance(text, str):
        raise malformed()
    rule = policy["public_key"]
    try:
        key = key_in_csr(read_csr(text)) if rule["key_format"] == "PKCS10" else read_public_key(text)
    except BadKey as bad:
        raise invalid("public_key", str(bad)) from None
    if isinstance(key, rsa.RSAPublicKey) is not (rule["key_type"] == "RSA"):
        raise invalid("public_key", f"unsupported key type: {rule['key_type']}")
    if key.key_size not in rule["allowed_lengths"]:
        raise invalid("public_key", "unsupported key length")
    _proof(policy["public_key_signature"], key, body.get("public_key_signature"))
    return key


def _proof(presence: str, key: PublicKey, signature: object) -> None:
    """`public_key_signature`: over the DER SubjectPublicKeyInfo, SHA-256, PKCS#1 v1.5 or ECDSA."""
    path = "public_key_signature"
    if not signature:
        if presence == "REQUIRED":
            raise invalid(path, "is required")
        return
    if not isinstance(signature, str):
        raise malformed()
    if presence == "FORBIDDEN":
        raise invalid(path, "is forbidden")
    try:
        _verify(key, base64.b64decode(signature, validate=True))
    except (binascii.Error, ValueError, InvalidSignature):
        raise invalid(path) from None


def _verify(key: PublicKey, signature: bytes) -> None:
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, spki(key), padding.PKCS1v15(), hashes.SHA256())
    else:
        key.verify(signature, spki(key), ec.ECDSA(hashes.SHA256()))


def _name(subject: dict[str, str]) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(oid, subject[name]) for name, oid in _OIDS.items() if name in subject]
    )
