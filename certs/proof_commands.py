"""The command with which a person signs in to Atlas from their own computer and gets an answer to paste.

It asks for key and secret, so neither is in the shell's history or a process list, and keeps the token to itself.
"""

import re
import shlex
from pathlib import Path

from certs.findings import Command
from certs.findings.openssl_commands import PLAIN, SUBJECT, FileNames

FINGERPRINT = re.compile(r"sha256 fingerprint=((?:[0-9a-f]{2}[:-]?){31}[0-9a-f]{2})(?![0-9a-f])", re.I)
_JSON = "Content-Type: application/json;charset=utf-8"  # the exact form in HVCA API document 2.1


def local_command(
    hvca_url: str, names: FileNames = PLAIN, root: Path | None = None, *, with_key_file: bool = False
) -> tuple[Command, ...]:
    """Sign in (POST /login), then print the fingerprint of the certificate used and the validation policy.

    Uses the PFX, or with `with_key_file` certificate and key as PEM (curl on macOS cannot open a PFX with an empty
    password, F42). `root` is added as the only root to trust, where HVCA's server does not have a public one.
    What it prints goes to proof.read_answer().
    """
    if not re.fullmatch(r"https://[\w.:\[\]/-]+", hvca_url, re.ASCII):
        raise ValueError("the address of HVCA must be plain https://host:port/path")
    bash = _bash(hvca_url.rstrip("/"), names, root, with_key_file)
    return (
        Command("bash", bash),
        Command("git-bash", "export MSYS_NO_PATHCONV=1\n" + bash),
        Command("powershell", _powershell(hvca_url.rstrip("/"), names, root, with_key_file)),
    )


def _bash(url: str, names: FileNames, root: Path | None, with_key_file: bool) -> str:
    """One compound command: the shell reads it to the end before it asks, so pasting cannot answer the questions."""
    trust = f" --cacert {shlex.quote(str(root))}" if root else ""
    curl = f"curl -sS{trust} {_certificate(names, with_key_file)}"
    show = (
        f"openssl x509 -in {names.cer}"
        if with_key_file
        # Not -clcerts, which prints nothing of a PFX without localKeyID: OpenSSL writes each subject above its
        # certificate, and of an issuer's subject and of no other line this is the beginning.
        else f"openssl pkcs12 -in {names.pfx} -passin pass: -nokeys 2>&1 | "
        f"sed -n '/^subject.*{SUBJECT}/,/END CERT/p' | openssl x509"
    )
    return "\n".join(
        (
            "(",
            f"  {show} -noout -fingerprint -sha256",
            "  printf 'API key: '; read -r key",
            "  printf 'API secret (not shown): '; read -r -s secret; echo",
            """  answer=$(printf '{"api_key":"%s","api_secret":"%s"}' "$key" "$secret" |""",
            f'    {curl} -H "{_JSON}" --data-binary @- {url}/login 2>&1)',
            r"""  token=$(printf '%s' "$answer" | sed -n 's/.*"access_token" *: *"\([^"]*\)".*/\1/p')""",
            """  if [ -z "$token" ]; then printf '%s\\n' "$answer"; else""",
            """    printf 'Authorization: Bearer %s' "$token" |""",
            f"    {curl} -H @- {url}/validationpolicy 2>&1; echo; fi",
            ")",
        )
    )


def _powershell(url: str, names: FileNames, root: Path | None, with_key_file: bool) -> str:
    """curl.exe, because plain curl is something else in Windows PowerShell; .NET shows the fingerprint."""
    trust = " --cacert '{}'".format(str(root).replace("'", "''")) if root else ""
    curl = f"curl.exe -sS{trust} {_certificate(names, with_key_file, quote=chr(34))}"
    file = names.cer if with_key_file else names.pfx
    return "\n".join(
        (
            "& {",
            "  $type = 'Security.Cryptography.X509Certificates.X509Certificate2'",
            f"  $raw = (New-Object $type \"$PWD\\{file}\", '').RawData",
            "  $hash = [Security.Cryptography.SHA256]::Create().ComputeHash($raw)",
            "  'sha256 Fingerprint=' + [BitConverter]::ToString($hash)",
            "  $key = (Read-Host 'API key').Trim()",
            "  $hidden = Read-Host 'API secret (not shown)' -AsSecureString",
            "  $secret = (New-Object Net.NetworkCredential '', $hidden).Password.Trim()",
            "  $body = @{ api_key = $key; api_secret = $secret } | ConvertTo-Json -Compress",
            f'  $answer = $body | {curl} -H "{_JSON}" --data-binary "@-" {url}/login',
            """  $token = [regex]::Match("$answer", '"access_token"\\s*:\\s*"([^"]+)"').Groups[1].Value""",
            "  if (-not $token) { $answer } else {",
            f'    "Authorization: Bearer $token" | {curl} -H "@-" {url}/validationpolicy',
            "  }",
            "}",
        )
    )


def _certificate(names: FileNames, with_key_file: bool, quote: str = "") -> str:
    if with_key_file:
        return f"--cert {names.cer} --key {names.key}"
    return f"--cert-type P12 --cert {quote}{names.pfx}:{quote}"
