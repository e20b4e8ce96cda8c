"""What the stand-in keeps under one name: a request, then its certificate; and how Azure refuses.

Words are those of section 6.1 and F10 to F19 of the facts; those about disabled, expired and missing secrets are
quoted in Azure/azure-sdk-for-js#24756, Azure/AzureKeyVault#19 and the recordings of that SDK.
"""

import base64
import binascii
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, pkcs7, pkcs12

from certs.pfx_encryption import PfxEncryption, build

IN_PROGRESS = (
    "A new key vault certificate can not be created or imported while a pending key vault certificate's status is "
    "inProgress."
)
DELETED = (
    "Certificate {name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, "
    "the certificate can only be recovered or purged."
)
OTHER_KEY = (
    "The public key of the end-entity certificate in the specified X.509 certificate content does not match the public "
    "part of the specified private key. Please check if certificate is valid"
)
ISSUER = "Merge is forbidden on pending object created with issuer : {name} while it is in progess."
NO_PENDING = "Pending certificate not found: {name}"
NOT_HERE = (
    "A {kind} with (name/id) {name} was not found in this key vault. If you recently deleted this {kind} you may be "
    "able to recover it using the correct recovery command. For help resolving this issue, please see "
    "https://go.microsoft.com/fwlink/?linkid=2125182"
)
NAME = "The request URI contains an invalid name: {name}"
SUBJECT = "The subject name provided is not a valid X500 name"
NO_CERTIFICATE = "Property  x5c has invalid value\r\nX5C must has at least one valid item"
NO_DER = "ASN1 bad tag value met."
SHUT = "Operation get is not allowed on {state} secret."


class Refused(Exception):
    """An answer of the vault that is no success: status, code, message, and the code inside it."""

    def __init__(self, status: int, code: str, message: str, inner: str = "") -> None:
        super().__init__(message)
        self.body: dict[str, Any] = {"error": {"code": code, "message": message}}
        if inner:
            self.body["error"]["innererror"] = {"code": inner}
        self.status = status


@dataclass
class Entry:
    """One certificate of the vault. It is disabled until its merge; afterwards a person may disable it, too.

    `starts`, `ends`: when the secret may be read; None: as the certificate says.
    """

    policy: dict[str, Any]
    key: Any
    csr: bytes
    status: str = "inProgress"
    pending: bool = True
    enabled: bool = False
    chain: list[x509.Certificate] = field(default_factory=list)
    starts: datetime | None = None
    ends: datetime | None = None

    @property
    def issuer(self) -> str:
        """The authority that the request was made for; left out means a manual one."""
        return str(self.policy.get("issuer", {}).get("name", "Unknown"))

    def merge(self, given: list[str]) -> None:
        """Complete the request. Raises Refused."""
        if self.issuer != "Unknown":
            raise Refused(403, "Forbidden", ISSUER.format(name=self.issuer))
        chain = certificates(given)
        if chain[0].public_key() != self.key.public_key():
            raise Refused(400, "BadParameter", OTHER_KEY)
        self.chain, self.status, self.enabled = chain, "completed", True

    def readable(self) -> None:
        """Refuse what Azure does not give out."""
        now = datetime.now(UTC)
        if not self.enabled:
            raise Refused(403, "Forbidden", SHUT.format(state="a disabled"), "SecretDisabled")
        if now < (self.starts or self.chain[0].not_valid_before_utc):
            raise Refused(403, "Forbidden", SHUT.format(state="a not yet valid"), "SecretNotYetValid")
        if now > (self.ends or self.chain[0].not_valid_after_utc):
            raise Refused(403, "Forbidden", SHUT.format(state="an expired"), "SecretExpired")

    def pfx(self) -> bytes:
        """Certificate and chain with a blank password, and the key if the policy lets it out (F21)."""
        leaf, *issuers = self.chain
        asked = self.policy["key_props"]
        if asked["exportable"] and asked["kty"] == "RSA":
            return build(self.key, leaf, tuple(issuers), PfxEncryption.PASSWORDLESS, None)
        return pkcs12.serialize_key_and_certificates(None, None, leaf, issuers, NoEncryption())

    def shown(self) -> dict[str, Any]:
        """What the certificate's bundle says beside its address."""
        bundle: dict[str, Any] = {"attributes": {"enabled": self.enabled}, "policy": self.policy}
        if self.chain:
            bundle["cer"] = base64.b64encode(self.chain[0].public_bytes(Encoding.DER)).decode()
        return bundle


def certificates(given: list[str]) -> list[x509.Certificate]:
    """The certificates of an x5c, leaf first. Raises Refused."""
    if not given:
        raise Refused(400, "BadParameter", NO_CERTIFICATE)
    return [_certificate(each) for each in given]


def _certificate(text: str) -> x509.Certificate:
    try:
        der = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise Refused(400, "BadParameter", NO_CERTIFICATE) from None
    try:
        return x509.load_der_x509_certificate(der)
    except ValueError:
        words = NO_CERTIFICATE if _is_pkcs7(der) else NO_DER  # F11, F12
        raise Refused(400, "BadParameter", words) from None


def _is_pkcs7(der: bytes) -> bool:
    try:
        return bool(pkcs7.load_der_pkcs7_certificates(der))
    except ValueError:
        return False
