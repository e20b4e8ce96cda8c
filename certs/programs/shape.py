"""Program: what opens our private key and certificate elsewhere, which file it takes, and the lines that load it.

The programs are in the tables beside this file; the files themselves are written by certs/pfx_encryption.py.
"""

from dataclasses import dataclass
from enum import StrEnum

from certs.findings import Command
from certs.findings.openssl_commands import EMPTY, TRIPLE_DES, pfx_to_pem, remake_pfx

_AES = "-keypbe AES-256-CBC -certpbe AES-256-CBC -macalg sha256"
_CERTIFICATES_OPEN = f"-keypbe PBE-SHA1-3DES -certpbe NONE -macalg sha1 {EMPTY}"


class ProgramFile(StrEnum):
    """The files that a program may take. All but PEM are named as in PfxEncryption."""

    PASSWORDLESS = "passwordless"
    CERTIFICATES_IN_CLEAR = "certificates-in-clear"
    AES256_PASSWORD = "aes256-password"  # noqa: S105  # a name, not a password
    THREE_DES_PASSWORD = "three-des-password"  # noqa: S105  # a name, not a password
    PEM = "pem"

    @property
    def label(self) -> str:
        """What a page calls it."""
        return _LABELS[self]

    @property
    def button(self) -> str:
        """The button of “Download the PFX” that gives it."""
        return _BUTTONS[self]

    @property
    def file_name(self) -> str:
        """What the lines of a program call the file."""
        return "apicert.pem" if self is ProgramFile.PEM else "apicert.pfx"

    @property
    def commands(self) -> tuple[Command, ...]:
        """How OpenSSL makes it of the DIP's PFX, apicert.pfx; nothing for that one itself.

        PEM becomes apicert.pem, every other kind apicert-new.pfx; for a password OpenSSL asks.
        """
        if self is ProgramFile.PEM:
            return pfx_to_pem()
        return remake_pfx(writing=_WRITING[self]) if self in _WRITING else ()


_LABELS = {
    ProgramFile.PASSWORDLESS: "PFX without a password, the same as for the DIP",
    ProgramFile.CERTIFICATES_IN_CLEAR: "PFX without a password, certificates in clear",
    ProgramFile.AES256_PASSWORD: "PFX with a password, AES-256",
    ProgramFile.THREE_DES_PASSWORD: "PFX with a password, triple DES",
    ProgramFile.PEM: "PEM file",
}
_BUTTONS = {
    ProgramFile.PASSWORDLESS: "Download the PFX without a password",
    ProgramFile.CERTIFICATES_IN_CLEAR: "Download with the certificates in clear",
    ProgramFile.AES256_PASSWORD: "Download with a password, AES-256",
    ProgramFile.THREE_DES_PASSWORD: "Download with a password, triple DES",
    ProgramFile.PEM: "Download as PEM",
}
_WRITING = {
    ProgramFile.CERTIFICATES_IN_CLEAR: _CERTIFICATES_OPEN,
    ProgramFile.AES256_PASSWORD: _AES,
    ProgramFile.THREE_DES_PASSWORD: TRIPLE_DES,
}


@dataclass(frozen=True)
class Program:
    """`lines` load `takes.file_name`; PASSWORD stands for its password, https://api.example/ for the address.

    `source` says with which version it was tried, or whose documentation says so. `why` is one or two sentences.
    """

    id: str
    name: str
    takes: ProgramFile
    why: str
    lines: str
    source: str
