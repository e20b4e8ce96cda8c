"""Known error messages: which words of a pasted text betray which finding.

The findings' sentences are in on_openssl.py, on_azure.py, on_readers.py and sign_in.py. No text is ever repeated.
"""

import re
from dataclasses import dataclass

from certs.doctor import CATALOGUE, finding
from certs.findings import Finding

LONGEST = 100_000  # characters looked at; the longest message of the table has some three hundred
MOST = 4  # findings from one text
_BASE64_LINE = re.compile(r"(?m)^[A-Za-z0-9+/=]{60,76}\r?$")  # of a file beside the message: no words
_STRAIGHT = str.maketrans("\u2018\u2019\u201c\u201d\xa0", "''\"\" ")


@dataclass(frozen=True)
class Message:
    """A finding's code, and the pieces of text that must all be there, in small letters with single spaces.

    `unless`: another row says it better when this is there too.
    """

    code: str
    pieces: tuple[str, ...]
    unless: tuple[str, ...] = ()


_SUBJECT = "subject name is expected to be in the format /type0=value0"
_NO_KEY = "could not read private key from"
_NOT_HERE = "was not found in this key vault"
# Of a good key: Azure/azure-sdk-for-js#24756, Azure/AzureKeyVault#19. The words for "not yet" are in no public report.
_SHUT = "operation get is not allowed on"

MESSAGES: tuple[Message, ...] = (
    Message("openssl-git-bash-path", ("name is not in that format: 'c:/",)),
    Message("openssl-git-bash-path", ("is not in that format", "/git/cn=")),
    Message("openssl-quotes", (_SUBJECT,), ("/git/cn=", "format: 'c:/")),
    Message("openssl-double-slash", ("skipping unknown subject name attribute",)),
    Message("openssl-key-locked", ("maybe wrong password",)),
    Message("openssl-key-locked", ("evp_decryptfinal_ex:bad decrypt",)),
    Message("openssl-key-locked", ("bad decrypt", "private key")),
    Message("openssl-pass-phrase", ("enter pem pass phrase",), ("bad decrypt",)),
    Message("openssl-pass-phrase", ("problems getting password",)),
    Message("openssl-name-long", ("string too long", "maxsize=64")),
    Message("openssl-name-long", ("asn1_mbstring_ncopy:string too long",)),
    Message("openssl-missing", ("openssl: command not found",)),
    Message("openssl-missing", ("openssl: not found",)),
    Message("openssl-missing", ("openssl: no such file or directory",)),
    Message("openssl-missing", ("term 'openssl' is not recognized",)),
    Message("openssl-missing", ("'openssl' is not recognized",)),
    Message("openssl-config", ("openssl.cnf", "can't open config file")),
    Message("openssl-config", ("unable to load config info from",)),
    Message("openssl-config", ("unable to find 'distinguished_name' in config",)),
    Message("openssl-no-file", ("can't open", "no such file or directory"), ("openssl.cnf",)),
    Message("openssl-no-file", ("could not open file or uri for loading",)),
    Message("openssl-other-key", ("no cert in -in file", "matches private key")),
    Message("openssl-other-key", ("x509_check_private_key:key values mismatch",)),
    Message("openssl-other-key", ("no certificate matches private key",)),
    Message("openssl-other-key", ("certificate public key and provided private key do not match",)),
    Message("openssl-csr-for-certificate", ("could not read any certificates from", ".csr")),
    Message("openssl-cannot-read-certificate", ("could not read certificate from",)),
    Message("openssl-cannot-read-certificate", ("could not read any certificates from",), (".csr",)),
    Message("openssl-cannot-read-certificate", ("unable to load certificate",)),
    Message("openssl-request-unreadable", ("unable to load x509 request",)),
    Message("openssl-request-unreadable", ("unable to load certificate request",)),
    Message("openssl-no-key", (_NO_KEY,), ("bad decrypt", "maybe wrong password")),
    Message("openssl-no-key", ("unable to load private key",), ("bad decrypt",)),
    Message("openssl-pfx-text", ("asn1_check_tlen:wrong tag", "type=pkcs12")),
    Message("openssl-no-mac", ("mac is absent",)),
    Message("openssl-mac", ("mac verify error: invalid password",), ("mac is absent",)),
    Message("openssl-mac", ("mac verify failure",)),
    Message("openssl-mac", ("invalid password or pkcs12 data",)),
    Message("openssl-legacy", ("inner_evp_generic_fetch:unsupported",)),
    Message("openssl-legacy", ("rc2-40-cbc", "unsupported")),
    Message("openssl-output", ("error outputting keys and certificates",), ("inner_evp_generic_fetch",)),
    Message("keystore-password", ("keystore was tampered with, or password was incorrect",)),
    Message("keystore-password", ("keystore password was incorrect",)),
    Message("nss-password", ("sec_error_bad_password",)),
    Message("nss-password", ("pk12util: pkcs12 decode",)),
    Message(
        "vault-other-request",
        (
            "public key of the end-entity certificate",
            "does not match the public part of the specified private",
        ),
    ),
    Message("vault-x5c", ("x5c", "at least one valid item")),
    Message("vault-asn1", ("asn1 bad tag value met",)),
    Message("vault-in-progress", ("pending key vault certificate's status is inprogress",)),
    Message("vault-pending-gone", ("pendingcertificatenotfound",)),
    Message("vault-pending-gone", ("pending certificate not found",)),
    Message("vault-not-there", ("secretnotfound",)),
    Message("vault-not-there", ("certificatenotfound",), ("pendingcertificatenotfound",)),
    Message("vault-not-there", ("a secret with (name/id)", _NOT_HERE)),
    Message("vault-not-there", ("a certificate with (name/id)", _NOT_HERE)),
    Message("vault-disabled", (_SHUT, "disabled secret")),
    Message("vault-disabled", ("secretdisabled",)),
    Message("vault-expired", (_SHUT, "expired secret")),
    Message("vault-expired", ("secretexpired",)),
    Message("vault-not-yet", (_SHUT, "not yet valid")),
    Message("vault-not-yet", (_SHUT, "not-yet-valid")),
    Message("vault-not-yet", ("secretnotyetvalid",)),
    Message("vault-issuer", ("merge is forbidden on pending object",)),
    Message("vault-deleted", ("currently in a deleted but recoverable state",)),
    Message("vault-name", ("request uri contains an invalid name",)),
    Message("vault-name", ("^[0-9a-za-z-]+$",)),
    Message("vault-subject", ("subject name provided is not a valid x500 name",)),
    Message("vault-firewall", ("client address is not authorized",)),
    Message("vault-firewall", ("public network access is disabled", "vault")),
    Message("vault-sign-in", ("akv10032",)),
    Message("vault-forbidden", ("invalid status code 'forbidden'",), (_SHUT,)),
    Message("vault-forbidden", ("does not have certificates", "permission on key vault")),
    Message("vault-forbidden", ("does not have secrets", "permission on key vault")),
    Message("vault-forbidden", ("caller is not authorized to perform action on resource",)),
    Message("vault-merge-closed", ("merge signed request", "grey")),
    Message("vault-merge-closed", ("merge signed request", "gray")),
    Message("vault-merge-closed", ("merge signed request", "disabled")),
    Message("vault-key-state", ("key not valid for use in specified state",)),
    Message("vault-cannot-parse", ("could not parse the provided certificate as .pem or .pfx",)),
    Message("vault-pfx-content", ("specified pkcs#12 x.509 certificate content can not be read",)),
    Message("vault-pem-content", ("specified pem x.509 certificate content is in an unexpected format",)),
    Message("azure-service-pfx", ("certificatemustcontainoneprivatekey",)),
    Message("azure-service-pfx", ("certificate invalid, or password is incorrect",)),
    Message("azure-service-pfx", ("password is incorrect", "certificate is not valid")),
    Message("node-unsupported", ("unsupported pkcs12 pfx data",)),
    Message("node-unsupported", ("error: unsupported", "node:")),
    Message("windows-password", ("specified network password is not correct",)),
    Message("windows-password", ("the password you entered is incorrect",)),
    Message("macos-mac", ("mac verification failed during pkcs12 import",)),
    Message("macos-decode", ("seckeychainitemimport: unable to decode",)),
    Message("proof-file", ("incorrect password for the certificate", "private key")),
    Message("proof-no-connection", ("hvca.globalsign.com", "failed to connect")),
    Message("proof-no-connection", ("hvca.globalsign.com", "timed out")),
    Message("proof-no-connection", ("hvca.globalsign.com", "connection refused")),
    Message("proof-handshake", ("alert certificate required",)),
    Message("proof-handshake", ("sslv3 alert handshake failure",)),
    Message("proof-handshake", ("alert certificate unknown",)),
)


def known(text: str) -> tuple[Finding, ...]:
    """The findings that a pasted message betrays, most telling first; none if it is in no row."""
    plain = " ".join(_BASE64_LINE.sub("", text[:LONGEST]).translate(_STRAIGHT).lower().split())
    codes = dict.fromkeys(row.code for row in MESSAGES if _fits(row, plain))
    return tuple(finding(code) for code in list(codes)[:MOST])


def words_of(code: str) -> tuple[str, ...]:
    """The pieces of messages by which a search finds this finding."""
    return tuple(piece for row in MESSAGES if row.code == code for piece in row.pieces)


def _fits(row: Message, plain: str) -> bool:
    return all(piece in plain for piece in row.pieces) and not any(other in plain for other in row.unless)


assert {row.code for row in MESSAGES} <= set(CATALOGUE)
