"""Inputs that people really have, in cases/, and the finding that each must get; recreated from public reports.

The keys, names and companies are made up. Further members of each kind are in openssl_members.py, reader_members.py and artifact_members.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class Case:
    """`code` is the finding of the file; `source` says in words who makes or prints it."""

    file: str
    code: str
    source: str

    @property
    def data(self) -> bytes:
        return (FOLDER / self.file).read_bytes()


CASES = (
    Case("x01-leaf-ica.cer", "certificate-good", "what Atlas offers for download: leaf and issuing CA, no root"),
    Case("c14-forge.csr", "csr-string-type", "node-forge with default settings: PrintableString with an underscore"),
    Case("c16-pyopenssl-v3.csr", "csr-version", "pyOpenSSL with set_version(2)"),
    Case("c18-noattributes.csr", "csr-no-attributes", "PKI.js by default, Bouncy Castle with setLeaveOffEmptyAttributes"),
    Case("c19-bmp.csr", "csr-good", "certreq and IIS: Microsoft's own attributes"),
    Case("x18-az-pending.json", "csr-good", "az keyvault certificate pending show"),
    Case("x28-3dashes.cer", "pem-repaired", "a chat that made three dashes of five"),
    Case("y12-qp-real.eml", "certificate-good", "a certificate in a quoted-printable mail"),
    Case("y13-url-escaped.txt", "certificate-good", "a certificate copied out of an address"),
    Case("r-r50.txt", "proof-proxy-sign-in", "curl 7.88 behind a proxy that asks for a sign-in"),
    Case("r-r52.txt", "proof-not-tls", "curl with OpenSSL 3.0: a proxy answers in plain HTTP"),
    Case("m-m15d-curl-schannel-revocation.txt", "proof-revocation", "curl of Windows: no revocation list"),
    Case("r-r10.txt", "pfx-rc2", "curl with OpenSSL 3.0 given a PFX with RC2"),
    Case("r-r13.txt", "proof-pfx-as-pem", "curl without --cert-type P12"),
    Case("m-m15b-curl-schannel-pem.txt", "proof-schannel-pem", "curl of Windows given PEM files"),
    Case("m-m32-ssl35-could-not-find-cert.txt", "openssl-cannot-read-certificate", "OpenSSL 3.5 x509"),
    Case("m-m45-ssl4-cnf.txt", "openssl-config", "OpenSSL 4.0 on Windows without its openssl.cnf"),
    Case("m-m01-libressl-subject.txt", "openssl-quotes", "LibreSSL of macOS, curly quotes in the command"),
    Case("m-m03-111-name-format.txt", "openssl-quotes", "OpenSSL 1.1.1, curly quotes in the command"),
    Case("m-m04-unrecognized-flag-legacy.txt", "openssl-no-legacy", "OpenSSL 1.1.1 given -legacy"),
    Case("r-r01.txt", "openssl-legacy-module", "OpenSSL 3.0 without its legacy module"),
    Case("r-r18.txt", "openssl-long-dash", "OpenSSL 3.0, a long dash of a word processor before nodes"),
    Case("r-r31.txt", "openssl-subject-slash", "OpenSSL 3.0, -subj without a slash"),
    Case("r-r60.txt", "openssl-cannot-write", "OpenSSL 3.0 in a folder of the system"),
    Case("m-m06-dotnet-password.txt", "openssl-mac", ".NET 8 on Linux, wrong password"),
    Case("m-m07-dotnet-iterations.txt", "dotnet-rounds", ".NET without a password argument"),
    Case("m-m08-go-digest.txt", "go-old", "Terraform, by Go's x/crypto/pkcs12"),
    Case("m-m09-java8-mac.txt", "java-old", "Java 8 before update 301"),
    Case("r-r03.txt", "openssl-other-key", "keytool -importcert of another key's certificate"),
    Case("r-r07.txt", "openssl-mac", "node-forge"),
    Case("r-r14.txt", "openssl-other-key", "Python's ssl"),
    Case("m-m51-go-key.txt", "openssl-other-key", "Go's crypto/tls"),
    Case("m-m16-iis-complete.txt", "windows-no-request", "IIS on another computer than the request's"),
    Case("m-m17b-certreq-badtag.txt", "windows-not-a-certificate", "certreq -accept of a .p7b or a web page"),
    Case("m-m18b-certutil-exportpfx.txt", "windows-not-exportable", "certutil -exportpfx"),
    Case("m-m18d-powershell-nonexportable.txt", "windows-not-exportable", "Export-PfxCertificate"),
    Case("m-m19-de-netzwerk.txt", "windows-password", "Import-PfxCertificate on a German Windows"),
    Case("m-m46-hardwrap.txt", "windows-password", "a console that breaks lines in mid-word"),
    Case("m-m48b-ansi-split.txt", "openssl-missing", "PowerShell 7 with its colours copied along"),
    Case("m-m20c-zsh-missing.txt", "openssl-missing", "zsh"),
    Case("m-m23-vault-no-private-key.txt", "vault-import", "Key Vault: Import chosen instead of Merge Signed Request"),
    Case("m-m24-firefox-unknown.txt", "nss-password", "Firefox"),
    Case("r-r25.txt", "openssl-issuer-missing", "openssl verify with the root alone"),
    Case("m-m60-proof-no-localkeyid.txt", "policy-good", "our own sign-in command with a PFX without localKeyID"),
    Case("csv-v26-two-lines-labels.txt", "credentials-good", "a page copied: labels over values"),
    Case("csv-v14-json.json", "credentials-good", "credentials kept as JSON"),
    Case("csv-v13-upright-colon.txt", "credentials-good", "labels with colons"),
    Case("csv-v09-formula.csv", "csv-formula", "a spreadsheet's formulas"),
    Case("csv-v21-numeric-key-lost-zero.csv", "csv-spreadsheet", "a spreadsheet that dropped a leading zero"),
)  # fmt: skip
