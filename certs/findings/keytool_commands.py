"""The commands of keytool, which comes with Java: make a key and its CSR, and bring the certificate to the key.

Every one of them is run by tests/certs/test_keytool_commands.py. The keystore is a PFX with a password;
openssl_commands.py takes the password off.
"""

from certs.findings import Command, Shell
from certs.findings.openssl_commands import PLAIN, SUBJECT, FileNames, remake_pfx_with_password

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


def import_issuer(names: FileNames = PLAIN) -> tuple[Command, ...]:
    """Put the issuer's certificate into the keystore, then bring the own one to its key."""
    issuer = f"keytool -importcert -noprompt -alias issuer -file {names.chain} -keystore {names.pfx} -storetype PKCS12"
    own = f"keytool -importcert -noprompt -file {names.cer} {_store(names)}"
    return tuple(Command(shell, f"{issuer}\n{own}") for shell in SHELLS)


def list_keystore(names: FileNames = PLAIN) -> tuple[Command, ...]:
    """Show the entries with their names."""
    return tuple(Command(shell, f"keytool -list -keystore {names.pfx} -storetype PKCS12") for shell in SHELLS)


def legacy_by_keytool(names: FileNames = PLAIN) -> tuple[Command, ...]:
    """Read a PFX with old ciphers by Java, which writes it with a password that it asks for; then take that off."""
    between = FileNames(f"{names.stem}-java")
    read = (
        f'keytool -importkeystore -srckeystore {names.pfx} -srcstoretype PKCS12 -srcstorepass "" '
        f"-destkeystore {between.pfx} -deststoretype PKCS12"
    )
    return tuple(Command(then.shell, f"{read}\n{then.text}") for then in remake_pfx_with_password(between))


def _store(names: FileNames) -> str:
    return f"-alias onboarding -keystore {names.pfx} -storetype PKCS12"
