"""The commands that write a PFX again so that every program takes it, for what each kind needs to be opened at all.

Every one of them is run by tests/certs/test_pfx_of_others.py. The plain cases are in openssl_commands.py.
"""

from certs.findings import Command, Shell
from certs.findings.openssl_commands import (
    PLAIN,
    FileNames,
    remake_pfx,
    remake_pfx_with_password,
)

_BOUNCY_CASTLE = "-providerclass org.bouncycastle.jce.provider.BouncyCastleProvider -providerpath bcprov.jar"
_SHELLS: tuple[Shell, ...] = ("bash", "git-bash", "powershell", "cmd")


def remake_pfx_of(
    names: FileNames = PLAIN, *, old: bool = False, pbmac1: bool = False, password: bool = False
) -> tuple[Command, ...]:
    """As remake_pfx: `old` ciphers need -legacy, and OpenSSL before 3.4 passes over a MAC of RFC 9579 when told to.

    Where the file has a `password`, OpenSSL asks for it.
    """
    options = (("-legacy ", old), ("-nomacver ", pbmac1), ("-passin pass: ", not password))
    return remake_pfx(names, "".join(option for option, wanted in options if wanted))


def remake_pfx_through_java(names: FileNames = PLAIN, kind: str = "PKCS12") -> tuple[Command, ...]:
    """As remake_pfx, for what OpenSSL does not open with one empty password and Java does.

    Java's file gets a password, which OpenSSL then takes off.
    """
    through = FileNames(f"{names.stem}-java")
    call = f"-importkeystore -srckeystore {names.pfx} -srcstoretype {kind} -destkeystore {through.pfx}"
    then = {each.shell: each.text for each in remake_pfx_with_password(through)}
    return tuple(Command(shell, f"{_keytool(call, shell)}\n{then[shell]}") for shell in _SHELLS)


def remake_pfx_with_key_password() -> tuple[Command, ...]:
    """For a key with a password of its own, which keytool asks for.

    Under the name JKS Java opens both kinds of keystore, and only then does keytool ask for a key's own password.
    """
    return remake_pfx_through_java(kind="JKS")


def bouncy_castle_to_pfx(kind: str = "BKS", names: FileNames = PLAIN) -> tuple[Command, ...]:
    """Turn Bouncy Castle's keystore (BKS, UBER, BCFKS) into a PFX with a password, then take it off.

    bcprov.jar is Bouncy Castle's own library.
    """
    store = f"-srckeystore {names.stem}.{kind.lower()} -srcstoretype {kind} {_BOUNCY_CASTLE}"
    keytool = f"keytool -importkeystore {store} -destkeystore {names.pfx} -deststoretype PKCS12"
    return tuple(Command(then.shell, f"{keytool}\n{then.text}") for then in remake_pfx_with_password(names))


def _keytool(call: str, shell: Shell) -> str:
    """With the empty password of the source; PowerShell would not hand on an empty word."""
    text = f'keytool {call} -deststoretype PKCS12 -srcstorepass ""'
    return f"cmd /c '{text}'" if shell == "powershell" else text
