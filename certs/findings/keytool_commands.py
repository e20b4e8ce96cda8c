"""The commands of keytool, which comes with Java: make a key and its CSR, and bring the certificate to the key.

Every one of them is run by tests/certs/test_keytool_commands.py. The keystore is a PFX with a password;
openssl_commands.py takes the password off.
"""

from certs.findings import Command, Shell
from certs.findings.openssl_commands import SUBJECT, FileNames, remake_pfx_with_password

SHELLS: tuple[Shell, ...] = ("bash", "git-bash", "powershell", "cmd")


def make_request(names: FileNames) -> tuple[Command, ...]:
    """Make the key in a keystore and write the CSR. Keytool leaves a key of this name that is there already alone."""
    made = f'keytool -genkeypair -keyalg RSA -keysize 4096 -dname "CN={SUBJECT}" {_store(names)}'
    written = f"keytool -certreq -file {names.csr} {_store(names)}"
    return tuple(Command(shell, f"{made}\n{written}") for shell in SHELLS)


def make_pfx(names: FileNames) -> tuple[Command, ...]:
    """Bring the certificate, with its issuers, to the key; then OpenSSL takes the password off."""
    brought = f"keytool -importcert -noprompt -file {names.cer} {_store(names)}"
    return tuple(Command(then.shell, f"{brought}\n{then.text}") for then in remake_pfx_with_password(names))


def _store(names: FileNames) -> str:
    return f"-alias onboarding -keystore {names.pfx} -storetype PKCS12"
