"""Stores of keys that are no PFX, told by their first bytes, and the program that makes a PFX of each."""

from certs.findings import Finding
from certs.findings.catalogue import finding
from certs.findings.codes import FindingCode

JAVA = (b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce")  # JKS, JCEKS (sun.security.provider.JavaKeyStore)
_OTHERS = (
    ((b"\xa1\xf8\x4e",), "an Oracle wallet (cwallet.sso)", "Oracle's orapki or Wallet Manager, from ewallet.p12"),
    ((b"kych",), "a keychain of a Mac", "the program Keychain Access"),
    ((b"SQLite format 3\0",), "the key database of Firefox or NSS (key4.db)", "pk12util -o, or Firefox"),
    ((b"\x00\x06\x15\x61", b"\x00\x05\x31\x62"), "an old database of NSS (key3.db, cert8.db)", "pk12util -o"),
    ((b"\x00\x00\x00\x00CERT",), "a certificate store of Windows (.sst)", "MMC or Export-PfxCertificate"),
    ((b"\x1e\xf1\xb5\xb0",), "a private key of old Windows tools (.pvk)", "pvk2pfx"),
)  # fmt: skip


def detect_keystore(data: bytes) -> Finding | None:
    """The finding for a keystore that is no PFX; None if `data` is none that we know."""
    if data.startswith(JAVA):
        return finding(FindingCode.KEYSTORE_FOUND)
    for marks, kind, program in _OTHERS:
        if data.startswith(marks) and (not data.startswith(b"SQLite") or b"nssPrivate" in data):
            return finding(FindingCode.KEYSTORE_OTHER, kind=kind, program=program)
    return None
