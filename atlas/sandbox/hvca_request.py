"""A certificate request of HVCA measured against a validation policy: what to issue, or the refusal.

Texts as in the HVCA API document 2.1: `<json path>: <reason>`, one at a time, in the order of the document.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

from atlas.sandbox import hvca_extensions as extensions
from atlas.sandbox.ca import Extension, Signing
from atlas.sandbox.hvca_rules import Json, block, malformed, may_be_sent
from atlas.sandbox.hvca_subject import directory_attributes, subject
from atlas.sandbox.keys import BadKey, PublicKey, key_in_csr, read_csr, read_public_key, spki
from atlas.sandbox.problems import invalid

_KNOWN = {
    "validity", "subject_dn", "san", "key_usages", "extended_key_usages", "subject_da", "qualified_statements",
    "ms_extension_template", "custom_extensions", "signature", "public_key", "public_key_signature",
}  # fmt: skip
_HASHES: dict[str, type[hashes.SHA256] | type[hashes.SHA384] | type[hashes.SHA512]] = {
    "SHA-256": hashes.SHA256,
    "SHA-384": hashes.SHA384,
    "SHA-512": hashes.SHA512,
}
_LAST_MOMENT = 253_402_300_799  # 9999-12-31T23:59:59Z, RFC 5280 section 4.1.2.5


@dataclass(frozen=True)
class Wanted:
    """A certificate that the policy allows; `validity` in seconds since 1970, `hosts` are under domain validation."""

    subject: x509.Name
    public_key: PublicKey
    validity: tuple[int, int]
    extensions: Sequence[Extension]
    signing: Signing
    hosts: Sequence[str] = ()

    @property
    def common_name(self) -> str:
        """The first one, empty if there is none."""
        found = self.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return str(found[0].value) if found else ""


def measure(policy: Json, body: object, now: float) -> Wanted:
    """What to issue. Raises Refusal 400 for what is no certificate request, 422 for what the policy refuses."""
    if not isinstance(body, dict) or not set(body) <= _KNOWN:
        raise malformed()
    validity = _validity(policy["validity"], block(body, "validity"), now)
    name = subject(policy.get("subject_dn") or {}, block(body, "subject_dn"))
    names, hosts = extensions.alternative_names(policy.get("san") or {}, block(body, "san"))
    wanted: list[Extension] = [
        *names,
        *extensions.key_usages(policy.get("key_usages") or {}, block(body, "key_usages")),
        *extensions.extended_key_usages(policy.get("extended_key_usages"), body.get("extended_key_usages")),
        *directory_attributes(policy.get("subject_da"), block(body, "subject_da")),
        *extensions.statements(policy.get("qualified_statements"), block(body, "qualified_statements")),
        *extensions.template(policy.get("ms_extension_template"), block(body, "ms_extension_template")),
        *extensions.custom(policy.get("custom_extensions"), block(body, "custom_extensions")),
    ]
    signing = signing_choice(policy, block(body, "signature"))
    return Wanted(name, public_key(policy, body), validity, wanted, signing, hosts)


def _validity(policy: Json, sent: Json, now: float) -> tuple[int, int]:
    start, end = sent.get("not_before"), sent.get("not_after") or 0
    if start is None:
        raise invalid("validity.not_before", "is required")
    if type(start) is not int or type(end) is not int:
        raise malformed()
    if not now - policy["not_before_negative_skew"] <= start <= now + policy["not_before_positive_skew"]:
        raise invalid("validity.not_before")
    end = end or start + policy["secondsmax"]
    if not policy["secondsmin"] <= end - start <= policy["secondsmax"] or end > _LAST_MOMENT:
        raise invalid("validity.not_after")
    return start, end


def signing_choice(policy: Json, sent: Json) -> Signing:
    """How the CA signs. An empty object and empty texts mean "not sent": cert-manager's issuer sends them."""
    rules = policy.get("signature")
    if not rules:
        may_be_sent("signature", None, any(sent.values()))
        return Signing()
    if not set(sent) <= {"algorithm", "hash_algorithm"}:
        raise malformed()
    algorithm = _choice("signature.algorithm", rules.get("algorithm"), sent.get("algorithm"))
    chosen = _choice("signature.hash_algorithm", rules.get("hash_algorithm"), sent.get("hash_algorithm"))
    return Signing(_HASHES.get(chosen, hashes.SHA256)(), algorithm == "RSA-PSS")


def _choice(path: str, rule: Json | None, value: object) -> str:
    """One word under {presence, list}; a static one is the first of the list."""
    rule = rule or {"presence": None, "list": []}
    if not isinstance(value, str | None):
        raise malformed()
    may_be_sent(path, rule["presence"], bool(value))
    if not value:
        return rule["list"][0] if rule["presence"] == "STATIC" and rule["list"] else ""
    if value not in rule["list"]:
        raise invalid(path)
    return value


def public_key(policy: Json, body: Json) -> PublicKey:
    """The key of the subject, proved as the policy wants it. Raises Refusal 400 or 422."""
    text = body.get("public_key")
    if not text:
        raise invalid("public_key", "is required")
    if not isinstance(text, str):
        raise malformed()
    rule = policy["public_key"]
    try:
        key = _read(text, rule.get("key_format"))
    except BadKey as bad:
        raise invalid("public_key", str(bad)) from None
    if isinstance(key, rsa.RSAPublicKey) is not (rule["key_type"] == "RSA"):
        raise invalid("public_key", f"unsupported key type: {rule['key_type']}")
    if key.key_size not in rule["allowed_lengths"]:
        raise invalid("public_key", "unsupported key length")
    _proof(policy.get("public_key_signature", "OPTIONAL"), key, body.get("public_key_signature"))
    return key


def _read(text: str, key_format: str | None) -> PublicKey:
    """A policy of 2018 has no `key_format`; then either is taken."""
    is_csr = key_format == "PKCS10" or (key_format is None and "CERTIFICATE REQUEST" in text)
    return key_in_csr(read_csr(text)) if is_csr else read_public_key(text)


def _proof(presence: str, key: PublicKey, signature: object) -> None:
    """`public_key_signature`: over the DER SubjectPublicKeyInfo, SHA-256, PKCS#1 v1.5 or ECDSA."""
    path = "public_key_signature"
    if not isinstance(signature, str | None):
        raise malformed()
    may_be_sent(path, presence, bool(signature))
    if not signature:
        return
    try:
        _verify(key, base64.b64decode(signature, validate=True))
    except (binascii.Error, ValueError, InvalidSignature):
        raise invalid(path) from None


def _verify(key: PublicKey, signature: bytes) -> None:
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, spki(key), padding.PKCS1v15(), hashes.SHA256())
    else:
        key.verify(signature, spki(key), ec.ECDSA(hashes.SHA256()))
