"""The OpenSSL commands of each shell, ready to copy: straight quotes, no full stop, nothing overwritten.

Every one of them is run by tests/certs/test_openssl_commands.py. What to click in Azure Key Vault is in
azure_key_vault_instructions.py.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from certs import clock
from certs.findings import Command, Shell

SUBJECT = "onboarding_key"  # R42, R46: exactly this common name, nothing else
STEM = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
EMPTY = "-passout pass:"
TRIPLE_DES = "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1"


@dataclass(frozen=True)
class FileNames:
    """What the files of one key are called: `stem` plus .key, .csr, .cer, .pfx and so on.

    Raises ValueError unless the stem is small letters, digits and hyphens: it goes into command lines as it is.
    """

    stem: str = "apicert"

    def __post_init__(self) -> None:
        if not STEM.fullmatch(self.stem):
            raise ValueError("a stem is made of small letters, digits and hyphens, at most 40")

    @classmethod
    def fresh(cls, at: datetime | None = None) -> "FileNames":
        """Names with the time in them, so that no earlier key is overwritten (T3)."""
        return cls(f"apicert-{at or clock.now():%Y%m%d-%H%M%S}")

    @property
    def key(self) -> str:
        """The private key, PEM."""
        return f"{self.stem}.key"

    @property
    def csr(self) -> str:
        """The request, PEM."""
        return f"{self.stem}.csr"

    @property
    def cer(self) -> str:
        """The certificate, PEM."""
        return f"{self.stem}.cer"

    @property
    def pfx(self) -> str:
        """Key and certificate, PKCS#12."""
        return f"{self.stem}.pfx"

    @property
    def p7b(self) -> str:
        """Certificates in a PKCS#7 file."""
        return f"{self.stem}.p7b"

    @property
    def csv(self) -> str:
        """The API credentials as Atlas gives them."""
        return f"{self.stem}.csv"

    @property
    def chain(self) -> str:
        """The issuers' certificates, PEM, one after the other."""
        return f"{self.stem}-chain.cer"


PLAIN = FileNames()


def make_request(names: FileNames | None = None) -> tuple[Command, ...]:
    """Make the key and the CSR (R46). Does nothing if the key file exists: a second run would replace it (T3)."""
    names = names or FileNames.fresh()
    openssl = (
        f'openssl req -new -newkey rsa:4096 -nodes -keyout {names.key} -out {names.csr} -subj "/CN={SUBJECT}"'
    )
    there = f"{names.key} is there already. Nothing was changed."
    bash = f'if [ -e {names.key} ]; then echo "{there}"; else {openssl}; fi'
    return (
        Command("bash", bash),
        Command("git-bash", _git(bash)),
        Command("powershell", f'if (Test-Path {names.key}) {{ "{there}" }} else {{ {openssl} }}'),
        Command("cmd", f"if exist {names.key} (echo {there}) else ({openssl})"),
    )


def check_request(names: FileNames = PLAIN) -> tuple[Command, ...]:
    """Print the CSR in words and check its own signature (R45, T23)."""
    return _everywhere(f"openssl req -in {names.csr} -noout -verify -text")


def make_pfx(
    names: FileNames = PLAIN, cipher: str = TRIPLE_DES, *, password: bool = False, chain: bool = False
) -> tuple[Command, ...]:
    """Join key and certificate into a PFX (R51 to R53; A29b).

    Without `password` the empty one is used, which the DIP wants; with it OpenSSL asks for one, twice.
    `chain` adds the issuers' certificates from `names.chain`.
    """
    issuers = f" -certfile {names.chain}" if chain else ""
    end = "" if password else f" {EMPTY}"
    return _everywhere(
        f"openssl pkcs12 -export -inkey {names.key} -in {names.cer}{issuers} -out {names.pfx} {cipher}{end}"
    )


def check_pfx(names: FileNames = PLAIN) -> tuple[Command, ...]:
    """Say how the PFX is encrypted and whether the empty password opens it (A31)."""
    return _everywhere(f"openssl pkcs12 -in {names.pfx} -passin pass: -noout -info")


def show_public_keys(names: FileNames = PLAIN) -> tuple[Command, ...]:
    """Print the SHA-256 of the public key in key, CSR and certificate: three equal lines mean a match (5.4).

    It is the fingerprint that our pages show. PowerShell goes by files: its pipe changes bytes.
    """
    reads = {
        "key": f"openssl pkey -in {names.key} -pubout",
        "csr": f"openssl req -in {names.csr} -noout -pubkey",
        "cer": f"openssl x509 -in {names.cer} -noout -pubkey",
    }
    piped = "\n".join(
        f"{read} | openssl pkey -pubin -outform DER | openssl dgst -sha256" for read in reads.values()
    )
    filed = "\n".join(_by_file(read, f"{names.stem}-{kind}") for kind, read in reads.items())
    return (
        Command("bash", piped),
        Command("git-bash", _git(piped)),
        Command("powershell", filed),
        Command("cmd", piped),
    )


def pkcs7_to_certificate(names: FileNames = PLAIN) -> tuple[Command, ...]:
    """Take the certificates out of a .p7b (F11)."""
    return _everywhere(f"openssl pkcs7 -in {names.p7b} -print_certs -out {names.cer}")


def base64_to_file(names: FileNames = PLAIN, *, wrapped: bool = False) -> tuple[Command, ...]:
    """Turn base64 text into the PFX that it stands for (F22).

    With -A OpenSSL reads one long line, as Key Vault writes it, and nothing of a text that is `wrapped`.
    """
    form = "" if wrapped else "-A "
    return _everywhere(f"openssl base64 -d {form}-in {names.pfx} -out {names.stem}-new.pfx")


def pkcs7_der_to_certificate(names: FileNames = PLAIN) -> tuple[Command, ...]:
    """As pkcs7_to_certificate, for a .p7b that is no text."""
    return _everywhere(f"openssl pkcs7 -inform DER -in {names.p7b} -print_certs -out {names.cer}")


def keystore_to_pfx(names: FileNames = PLAIN) -> tuple[Command, ...]:
    """Turn a Java keystore into a PFX with its password, which keytool asks for; then take the password off."""
    keytool = f"keytool -importkeystore -srckeystore {names.stem}.jks -destkeystore {names.pfx} -deststoretype PKCS12"
    return tuple(Command(then.shell, f"{keytool}\n{then.text}") for then in remake_pfx_with_password(names))


def remake_pfx(
    names: FileNames = PLAIN, opening: str = "-passin pass: ", writing: str = f"{TRIPLE_DES} {EMPTY}"
) -> tuple[Command, ...]:
    """Write a PFX again with the empty password and triple DES; the file with the open key is removed at once.

    `opening` are OpenSSL's options for reading the old one, `writing` those for the new one.
    """
    opened, new = f"{names.stem}-open.pem", f"{names.stem}-new.pfx"
    read = f"openssl pkcs12 {opening}-in {names.pfx} -nodes -out {opened}"
    write = f"openssl pkcs12 -export -in {opened} -out {new} {writing}"
    bash = f"{read} && {write}; rm -f {opened}"
    return (
        Command("bash", bash),
        Command("git-bash", _git(bash)),
        Command("powershell", f"{read}; {write}; Remove-Item {opened}"),
        Command("cmd", f"{read} && {write} & del {opened}"),
    )


def remake_pfx_legacy(names: FileNames = PLAIN) -> tuple[Command, ...]:
    """As remake_pfx, for a PFX that OpenSSL 3 opens only with its legacy ciphers (F25)."""
    return remake_pfx(names, "-legacy -passin pass: ")


def remake_pfx_with_password(names: FileNames = PLAIN) -> tuple[Command, ...]:
    """As remake_pfx, for a PFX with a password, which OpenSSL asks for (F24)."""
    return remake_pfx(names, "")


def split_pfx(names: FileNames = PLAIN) -> tuple[Command, ...]:
    """Take key and certificates out of the PFX as PEM, for programs that read no PFX. Nothing else is changed."""
    read = f"openssl pkcs12 -in {names.pfx} -passin pass:"
    return _everywhere(
        f"{read} -nokeys -out {names.stem}-certificates.pem\n{read} -nocerts -nodes -out {names.stem}-key.pem"
    )


def pfx_to_pem(names: FileNames = PLAIN) -> tuple[Command, ...]:
    """Write key, certificate and issuers into one PEM file; the key in it is not encrypted."""
    return _everywhere(f"openssl pkcs12 -in {names.pfx} -passin pass: -nodes -out {names.stem}.pem")


def verify_certificate(names: FileNames = PLAIN) -> tuple[Command, ...]:
    """Check the certificate against its issuer's, which need not be a root."""
    return _everywhere(f"openssl verify -partial_chain -CAfile {names.chain} {names.cer}")


def go_home() -> tuple[Command, ...]:
    """A folder of one's own, in which one may write."""
    bash = "mkdir -p ~/dip && cd ~/dip"
    return (
        Command("bash", bash),
        Command("git-bash", bash),
        Command("powershell", "mkdir -Force ~/dip | Set-Location"),
        Command("cmd", 'mkdir "%USERPROFILE%\\dip" & cd /d "%USERPROFILE%\\dip"'),
    )


def _by_file(read: str, stem: str) -> str:
    return (
        f"{read} -out {stem}.txt; openssl pkey -pubin -in {stem}.txt -outform DER -out {stem}.der; "
        f"openssl dgst -sha256 {stem}.der"
    )


def _everywhere(openssl: str) -> tuple[Command, ...]:
    shells: tuple[Shell, ...] = ("bash", "powershell", "cmd")
    return (*(Command(shell, openssl) for shell in shells), Command("git-bash", _git(openssl)))


def _git(openssl: str) -> str:
    """Git Bash takes a leading slash for a path unless told not to (T4, F3)."""
    return openssl.replace("openssl ", "MSYS_NO_PATHCONV=1 openssl ")
