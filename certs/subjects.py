"""Distinguished names: is the subject exactly CN=onboarding_key, and if not, which trap was it?

The rest of a CSR is read in csr.py.
"""

import re

from cryptography import x509
from cryptography.x509.oid import NameOID

from certs.findings import Finding
from certs.findings.catalogue import finding
from certs.findings.codes import FindingCode
from certs.findings.openssl_commands import SUBJECT

_PATH = re.compile(r"Program Files|^[A-Za-z]:[/\\]|/Git/|/CN=", re.I)
_QUOTES = "\"'\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb \t\xa0"
_HOST = re.compile(r"(?:[\w*-]+\.)+[A-Za-z]{2,}")
_NEAR = re.compile(r"onboarding[\s_-]*key", re.I)


def subject_finding(name: x509.Name) -> Finding | None:
    """None if `name` is exactly CN=onboarding_key (R42, R46); else the one finding that names the trap."""
    parts = list(name)
    if not parts:
        return finding(FindingCode.CSR_SUBJECT_EMPTY)
    if any(_PATH.search(str(part.value)) for part in parts):
        return finding(FindingCode.CSR_SUBJECT_PATH, subject=format_name(name))
    names = [str(part.value) for part in parts if part.oid == NameOID.COMMON_NAME]
    if names != [SUBJECT]:
        return _wrong_name(names, name)
    if len(parts) > 1:
        extra = x509.Name([part for part in parts if part.oid != NameOID.COMMON_NAME])
        return finding(FindingCode.CSR_SUBJECT_EXTRA, extra=format_name(extra))
    return None


def format_name(name: x509.Name) -> str:
    """RFC 4514, but in the order in which it is written; "empty" if it is."""
    return ", ".join(part.rfc4514_string() for part in name) or "empty"


def describe_subject(pem: str) -> str:
    """The subject of a stored certificate, as format_name() writes it; "not readable" where it cannot be read."""
    try:
        return format_name(x509.load_pem_x509_certificate(pem.encode()).subject)
    except ValueError:
        return "not readable"


def is_onboarding_key(name: x509.Name) -> bool:
    """Whether the subject is exactly CN=onboarding_key."""
    return subject_finding(name) is None


def _wrong_name(names: list[str], name: x509.Name) -> Finding:
    common = names[0] if len(names) == 1 else ""
    if common.rstrip(".") == SUBJECT:
        return finding(FindingCode.CSR_SUBJECT_FULL_STOP, name=common)
    if common.strip(_QUOTES) == SUBJECT:
        return finding(FindingCode.CSR_SUBJECT_QUOTES, name=common)
    if _NEAR.fullmatch(common.strip(_QUOTES + ".")):
        return finding(FindingCode.CSR_SUBJECT_NEAR, name=common)
    if _HOST.fullmatch(common):
        return finding(FindingCode.CSR_SUBJECT_HOST, name=common)
    return finding(FindingCode.CSR_SUBJECT_OTHER, subject=format_name(name))
