"""The validation policy of one API credential: the document that GET /validationpolicy answers (HVCA API document 2.1).

Requests are measured against it in hvca_request.py. It names no more members as required than GlobalSign's own clients
send: the integration tests of its Go client send a common name alone, its cert-manager issuer no extended key usage.
"""

from __future__ import annotations

from typing import Any

from atlas.sandbox.app_state import KeyFormat

SECONDS_MIN = 60
SECONDS_MAX = 199 * 86_400
SKEW = 600

_FORBIDDEN_NAMES = (
    "given_name", "surname", "state", "street_address", "postal_code", "organization_identifier", "email",
    "serial_number", "pseudonym", "business_category", "jurisdiction_of_incorporation_locality_name",
    "jurisdiction_of_incorporation_state_or_province_name", "jurisdiction_of_incorporation_country_name",
)  # fmt: skip

_KEY_USAGES = {
    "digital_signature": "STATIC_TRUE",
    "content_commitment": "STATIC_FALSE",
    "key_encipherment": "OPTIONAL",
    "data_encipherment": "STATIC_FALSE",
    "key_agreement": "OPTIONAL",
    "key_certificate_sign": "STATIC_FALSE",
    "crl_sign": "STATIC_FALSE",
    "encipher_only": "STATIC_FALSE",
    "decipher_only": "STATIC_FALSE",
}
"""All nine: one that is not named is forbidden, and GlobalSign's Vault plug-in leaves out static ones only."""


def policy_for(profile: dict[str, str], key_format: KeyFormat) -> dict[str, Any]:
    """An organisation-validated TLS service: the vetted details of the identity profile are static."""
    return {
        "validity": {
            "secondsmin": SECONDS_MIN,
            "secondsmax": SECONDS_MAX,
            "not_before_negative_skew": SKEW,
            "not_before_positive_skew": SKEW,
            "issuer_expiry": 0,
        },
        "subject_dn": _subject_policy(profile),
        "san": _san_policy(),
        "key_usages": _KEY_USAGES,
        "extended_key_usages": {
            "ekus": _list_policy([r"^1\.3\.6\.1\.5\.5\.7\.3\.[12]$"], 0, 2),
            "critical": False,
        },
        "custom_extensions": {},
        "signature": {
            "algorithm": {"presence": "OPTIONAL", "list": ["RSA"]},
            "hash_algorithm": {"presence": "OPTIONAL", "list": ["SHA-256", "SHA-384"]},
        },
        "public_key": {"key_type": "RSA", "allowed_lengths": [2048, 3072, 4096], "key_format": key_format},
        "public_key_signature": "REQUIRED" if key_format == "PKCS8" else "FORBIDDEN",
    }


def _subject_policy(profile: dict[str, str]) -> dict[str, Any]:
    forbidden = {name: {"presence": "FORBIDDEN", "format": ""} for name in _FORBIDDEN_NAMES}
    return {
        "common_name": {"presence": "REQUIRED", "format": "^.{1,64}$"},
        "organization": {"presence": "STATIC", "format": profile["organization"]},
        "country": {"presence": "STATIC", "format": profile["country"]},
        "locality": {"presence": "STATIC", "format": profile["locality"]},
        **forbidden,
        "organizational_unit": _list_policy([], 0, 0),
        "extra_attributes": {},
    }


def _san_policy() -> dict[str, Any]:
    return {
        "critical": False,
        "dns_names": _list_policy(["."], 0, 20),
        "emails": _list_policy([], 0, 0),
        "ip_addresses": _list_policy([], 0, 0),
        "uris": _list_policy([], 0, 0),
        "other_names": None,
    }


def _list_policy(values: list[str], least: int, most: int) -> dict[str, Any]:
    return {"static": False, "list": values, "mincount": least, "maxcount": most}
