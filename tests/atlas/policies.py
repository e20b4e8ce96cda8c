"""Validation policies that use every kind of rule (HVCA API document 2.1), one for each key format.
Not here: requests; see requests_for.
"""

from typing import Any


def text(presence: str, pattern: str = "") -> dict[str, str]:
    return {"presence": presence, "format": pattern}


def some(least: int, most: int, *patterns: str, static: bool = False) -> dict[str, Any]:
    return {"static": static, "list": list(patterns), "mincount": least, "maxcount": most}


def attribute(kind: str, pattern: str = "", *, static: bool = False, least: int = 0, most: int = 1) -> Any:
    return {
        "static": static,
        "value_type": kind,
        "value_format": pattern,
        "mincount": least,
        "maxcount": most,
    }


def extension(presence: str, kind: str, pattern: str = "") -> dict[str, Any]:
    return {"presence": presence, "critical": False, "value_type": kind, "value_format": pattern}


WHOLE_POLICY: dict[str, Any] = {
    "validity": {
        "secondsmin": 3600,
        "secondsmax": 7_776_000,
        "not_before_negative_skew": 3600,
        "not_before_positive_skew": 3600,
        "issuer_expiry": 86_401,  # hvclient 1.5.0 (policy.go) reads it; document 2.1 has none
    },
    "subject_dn": {
        "common_name": text("REQUIRED", "^[a-z0-9. -]{1,64}$"),
        "given_name": text("OPTIONAL", "^.{1,20}$"),
        "surname": text("OPTIONAL", "^.{1,20}$"),
        "country": text("STATIC", "GB"),
        "state": text("FORBIDDEN"),
        "locality": text("OPTIONAL", "^[A-Za-z ]{1,30}$"),
        "street_address": text("OPTIONAL", "^.{1,30}$"),
        "postal_code": text("OPTIONAL", "^[A-Z0-9 ]{2,10}$"),
        "organization": text("STATIC", "Harbour Lantern Energy Ltd"),
        "organization_identifier": text("FORBIDDEN"),
        "email": text("OPTIONAL", "^[a-z.]+@one[.]example$"),
        "serial_number": text("OPTIONAL", "^[0-9]{1,10}$"),
        "pseudonym": text("FORBIDDEN"),
        "business_category": text("OPTIONAL", "^(Private|Government) Organization$"),
        "jurisdiction_of_incorporation_locality_name": text("FORBIDDEN"),
        "jurisdiction_of_incorporation_state_or_province_name": text("FORBIDDEN"),
        "jurisdiction_of_incorporation_country_name": text("OPTIONAL", "^[A-Z]{2}$"),
        "organizational_unit": some(0, 2, "^[A-Z]{1,8}$"),
        "extra_attributes": {
            "1.2.3.4.1": attribute("UTF8STRING", "^[a-z]{1,9}$"),
            "1.2.3.4.2": attribute("INTEGER", most=2),
        },
    },
    "san": {
        "critical": False,
        "dns_names": some(1, 3, ".one.example", "two.example"),
        "emails": some(0, 2, "@one.example"),
        "ip_addresses": some(0, 2, r"^192[.]0[.]2[.][0-9]{1,3}$", "^2001:db8::[0-9a-f]{1,4}$"),
        "uris": some(0, 1, "^https://one[.]example/[a-z]*$"),
        "other_names": {"1.3.6.1.4.1.311.20.2.3": attribute("UTF8STRING", "^[a-z]+@one[.]example$")},
    },
    "key_usages": {
        "digital_signature": "STATIC_TRUE",
        "content_commitment": "OPTIONAL",
        "key_encipherment": "OPTIONAL",
        "data_encipherment": "STATIC_FALSE",
    },
    "extended_key_usages": {"ekus": some(1, 2, r"^1\.3\.6\.1\.5\.5\.7\.3\.[12]$"), "critical": False},
    "subject_da": {
        "gender": text("OPTIONAL", "^[MF]$"),
        "date_of_birth": "OPTIONAL",
        "place_of_birth": text("OPTIONAL", "^[A-Za-z ]{1,20}$"),
        "country_of_citizenship": some(0, 2, "^[A-Z]{2}$"),
        "country_of_residence": some(0, 1, "^GB$"),
        "extra_attributes": {},
    },
    "qualified_statements": {
        "semantics": {
            "identifier": text("OPTIONAL", r"^0[.]4[.]0[.]194121[.]1[.][12]$"),
            "name_authorities": some(0, 1, "^https://one[.]example/$"),
        },
        "etsi_qc_compliance": "OPTIONAL",
        "etsi_qc_sscd_compliance": "STATIC_FALSE",
        "etsi_qc_type": text("OPTIONAL", r"^0[.]4[.]0[.]1862[.]1[.]6[.][123]$"),
        "etsi_qc_retention_period": {"presence": "OPTIONAL", "min": 1, "max": 30},
        "etsi_qc_pds": {"presence": "OPTIONAL", "policies": {"EN": "^https://one[.]example/pds$"}},
    },
    "ms_extension_template": {
        "critical": False,
        "template_id": text("OPTIONAL", r"^1[.]3[.]6[.]1[.]4[.]1[.]311[.]21[.]8[.][0-9.]{1,40}$"),
        "major_version": {"presence": "OPTIONAL", "min": 0, "max": 200},
        "minor_version": {"presence": "OPTIONAL", "min": 0, "max": 200},
    },
    "custom_extensions": {
        "1.2.3.5.1": extension("OPTIONAL", "UTF8STRING", "^[a-z]{1,9}$"),
        "1.2.3.5.2": extension("OPTIONAL", "NIL"),
        "1.2.3.5.3": extension("OPTIONAL", "DER"),
        "1.2.3.5.4": extension("STATIC", "INTEGER", "7"),
        "1.2.3.5.5": extension("FORBIDDEN", "IA5STRING"),
    },
    "signature": {
        "algorithm": {"presence": "OPTIONAL", "list": ["RSA"]},
        "hash_algorithm": {"presence": "OPTIONAL", "list": ["SHA-256", "SHA-384"]},
    },
    "public_key": {"key_type": "RSA", "allowed_lengths": [2048], "key_format": "PKCS8"},
    "public_key_signature": "REQUIRED",
}
CSR_POLICY: dict[str, Any] = WHOLE_POLICY | {
    "public_key": {"key_type": "RSA", "allowed_lengths": [2048], "key_format": "PKCS10"},
    "public_key_signature": "FORBIDDEN",
}
