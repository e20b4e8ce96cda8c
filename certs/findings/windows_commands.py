"""The commands of Windows' own certreq and certutil, for PowerShell and the Command Prompt.

No test can run them; their words are those of learn.microsoft.com (certreq, certutil). Only findings about
Windows show them.
"""

from certs.findings import Command
from certs.findings.openssl_commands import PLAIN, SUBJECT

_REQUEST = (
    "[NewRequest]",
    f'Subject = "CN={SUBJECT}"',
    "KeyAlgorithm = RSA",
    "KeyLength = 4096",
    "HashAlgorithm = SHA256",
    "Exportable = TRUE",
    "RequestType = PKCS10",
)
_INF = f"{PLAIN.stem}.inf"


def make_exportable_request() -> tuple[Command, ...]:
    """A new key that may be exported, and its CSR in the form that Atlas takes (not CMC)."""
    made = f"certreq -new {_INF} {PLAIN.csr}"
    lines = "\n".join(_REQUEST)
    echoed = "& ".join(f"echo {line}" for line in _REQUEST)
    return (
        Command("powershell", f"@'\n{lines}\n'@ | Set-Content -Encoding ascii {_INF}\n{made}"),
        Command("cmd", f"({echoed}) > {_INF}\n{made}"),
    )


def repair_store() -> tuple[Command, ...]:
    """Show the certificates with their serial numbers, then join one with the key that this computer has for it."""
    return _both("certutil -user -store My", "certutil -user -repairstore My SERIAL-NUMBER")


def accept_certificate() -> tuple[Command, ...]:
    """Bring the certificate to the key that waits for it on this computer."""
    return _both(f"certreq -accept {PLAIN.cer}")


def add_issuer() -> tuple[Command, ...]:
    """Put the issuer's certificate among the intermediate ones of this user, then the own one to its key."""
    return _both(f"certutil -user -addstore CA {PLAIN.chain}", f"certreq -accept {PLAIN.cer}")


def _both(*lines: str) -> tuple[Command, ...]:
    text = "\n".join(lines)
    return (Command("powershell", text), Command("cmd", text))
