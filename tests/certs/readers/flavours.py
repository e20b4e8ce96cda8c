"""The kinds of PFX that are met, ours and others', each with its password: leaf, issuing CA, no root, RSA 4096.

Which program opens which is in matrix.py.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from certs import pfx
from certs.pfx_encryption import PfxEncryption
from tests.certs.pfx_factories import Style
from tests.certs.x509_factories import intermediate, leaf, rsa_key

PASSWORD = "horse-1"  # of files that are made for a test
# In the order of the matrix's columns: short name, what it is.
FLAVOURS = {
    "DIP": "ours for the DIP: empty password, triple DES, MAC with SHA-1",
    "clear": "ours with the certificates in clear, the rest as for the DIP",
    "AES": "ours with a password, AES-256, MAC with SHA-256",
    "3DES": "ours with a password, triple DES, MAC with SHA-1",
    "plain": "no encryption and no MAC",
    "PBMAC1": "a password, and the MAC of RFC 9579",
    "AES empty": "empty password, AES-256",
    "null": "the null password (no two zero bytes), triple DES: what .NET's Export writes",
}
_OURS = {
    "DIP": PfxEncryption.PASSWORDLESS,
    "clear": PfxEncryption.CERTIFICATES_IN_CLEAR,
    "AES": PfxEncryption.AES256_PASSWORD,
    "3DES": PfxEncryption.THREE_DES_PASSWORD,
}
_OTHERS = {
    "plain": Style(cipher="none", mac="none"),
    "PBMAC1": Style(cipher="aes", mac="pbmac1", password=PASSWORD),
    "AES empty": Style(cipher="aes"),
    "null": Style(null=True),
}


def password_of(flavour: str) -> str:
    """Empty for those without."""
    return PASSWORD if flavour in ("AES", "3DES", "PBMAC1") else ""


def write_all(folder: Path) -> dict[str, Path]:
    """Each as a file."""
    return {name: _write(folder, name) for name in FLAVOURS}


def _write(folder: Path, name: str) -> Path:
    file = folder / f"{name.replace(' ', '-')}.pfx"
    if name in _OURS:
        chain = [intermediate().certificate]
        data = pfx.build(rsa_key(), leaf(), chain, _OURS[name], password_of(name) or None)
    else:
        tie = hashlib.sha1(leaf().public_bytes(Encoding.DER)).digest()
        data = _OTHERS[name].write([(rsa_key(), tie)], [(leaf(), tie), (intermediate().certificate, None)])
    file.write_bytes(data)
    return file
