"""Known error messages: which words of a pasted text betray which finding.

The findings' sentences are in openssl_messages.py, azure_messages.py, pfx_reader_messages.py and atlas_sign_in.py of
catalogue/. No text is ever repeated.
"""

import re
from dataclasses import dataclass

from certs.findings import Finding
from certs.findings.catalogue import CATALOGUE, finding

MAX_LENGTH = 100_000  # characters looked at; the longest message of the table has some three hundred
MAX_FINDINGS = 4  # findings from one text
_BASE64_LINE = re.compile(r"(?m)^[A-Za-z0-9+/=]{60,76}\r?$")  # of a file beside the message: no words
_STRAIGHT = str.maketrans("\u2018\u2019\u201c\u201d\xa0", "''\"\" ")


@dataclass(frozen=True)
class KnownMessage:
    """A finding's code, and the pieces of text that must all be there, in small letters with single spaces.

    `unless`: another message says it better when this is there too.
    """

    code: str
    pieces: tuple[str, ...]
    unless: tuple[str, ...] = ()


_SUBJECT = "subject name is expected to be in the format /type0=value0"
_NO_KEY = "could not read private key from"
_NOT_HERE = "was not found in this key vault"
# Of a good key: Azure/azure-sdk-for-js#24756, Azure/AzureKeyVault#19. The words for "not yet" are in no public report.
_SHUT = "operation get is not allowed on"

KNOWN_MESSAGES: tuple[KnownMessage, ...] = (
    KnownMessage("openssl-git-bash-path", ("name is not in that format: 'c:/",)),
    KnownMessage("openssl-git-bash-path", ("is not in that format", "/git/cn=")),
    KnownMessage("openssl-quotes", (_SUBJECT,), ("/git/cn=", "format: 'c:/")),
    KnownMessage("openssl-double-slash", ("skipping unknown subject name attribute",)),
    KnownMessage("openssl-key-locked", ("maybe wrong password",)),
    KnownMessage("openssl-key-locked", ("evp_decryptfinal_ex:bad decrypt",)),
    KnownMessage("openssl-key-locked", ("bad decrypt", "private key")),
    KnownMessage("openssl-pass-phrase", ("enter pem pass phrase",), ("bad decrypt",)),
    KnownMessage("openssl-pass-phrase", ("problems getting password",)),
    KnownMessage("openssl-name-long", ("string too long", "maxsize=64")),
    KnownMessage("openssl-name-long", ("asn1_mbstring_ncopy:string too long",)),
    KnownMessage("openssl-missing", ("openssl: command not found",)),
    KnownMessage("openssl-missing", ("openssl: not found",)),
    KnownMessage("openssl-missing", ("openssl: no such file or directory",)),
    KnownMessage("openssl-missing", ("term 'openssl' is not recognized",)),
    KnownMessage("openssl-missing", ("'openssl' is not recognized",)),
    KnownMessage("openssl-config", ("openssl.cnf", "can't open config file")),
    KnownMessage("openssl-config", ("unable to load config info from",)),
    KnownMessage("openssl-config", ("unable to find 'distinguished_name' in config",)),
    KnownMessage("openssl-no-file", ("can't open", "no such file or directory"), ("openssl.cnf",)),
    KnownMessage("openssl-no-file", ("could not open file or uri for loading",)),
    KnownMessage("openssl-other-key", ("no cert in -in file", "matches private key")),
    KnownMessage("openssl-other-key", ("x509_check_private_key:key values mismatch",)),
    KnownMessage("openssl-other-key", ("no certificate matches private key",)),
    KnownMessage("openssl-other-key", ("certificate public key and provided private key do not match",)),
    KnownMessage("openssl-csr-for-certificate", ("could not read any certificates from", ".csr")),
    KnownMessage("openssl-cannot-read-certificate", ("could not read certificate from",)),
    KnownMessage("openssl-cannot-read-certificate", ("could not read any certificates from",), (".csr",)),
    KnownMessage("openssl-cannot-read-certificate", ("unable to load certificate",)),
    KnownMessage("openssl-request-unreadable", ("unable to load x509 request",)),
    KnownMessage("openssl-request-unreadable", ("unable to load certificate request",)),
    KnownMessage("openssl-no-key", (_NO_KEY,), ("bad decrypt", "maybe wrong password")),
    KnownMessage("openssl-no-key", ("unable to load private key",), ("bad decrypt",)),
    KnownMessage("openssl-pfx-text", ("asn1_check_tlen:wrong tag", "type=pkcs12")),
    KnownMessage("openssl-no-mac", ("mac is absent",)),
    KnownMessage("openssl-mac", ("mac verify error: invalid password",), ("mac is absent",)),
    KnownMessage("openssl-mac", ("mac verify failure",)),
    KnownMessage("openssl-mac", ("invalid password or pkcs12 data",)),
    KnownMessage("openssl-legacy", ("inner_evp_generic_fetch:unsupported",)),
    KnownMessage("openssl-legacy", ("rc2-40-cbc", "unsupported")),
    KnownMessage("openssl-output", ("error outputting keys and certificates",), ("inner_evp_generic_fetch",)),
    KnownMessage("keystore-password", ("keystore was tampered with, or password was incorrect",)),
    KnownMessage("keystore-password", ("keystore password was incorrect",)),
    KnownMessage("nss-password", ("sec_error_bad_password",)),
    KnownMessage("nss-password", ("pk12util: pkcs12 decode",)),
    KnownMessage(
        "vault-other-request",
        (
            "public key of the end-entity certificate",
            "does not match the public part of the specified private",
        ),
    ),
    KnownMessage("vault-x5c", ("x5c", "at least one valid item")),
    KnownMessage("vault-asn1", ("asn1 bad tag value met",)),
    KnownMessage("vault-in-progress", ("pending key vault certificate's status is inprogress",)),
    KnownMessage("vault-pending-gone", ("pendingcertificatenotfound",)),
    KnownMessage("vault-pending-gone", ("pending certificate not found",)),
    KnownMessage("vault-not-there", ("secretnotfound",)),
    KnownMessage("vault-not-there", ("certificatenotfound",), ("pendingcertificatenotfound",)),
    KnownMessage("vault-not-there", ("a secret with (name/id)", _NOT_HERE)),
    KnownMessage("vault-not-there", ("a certificate with (name/id)", _NOT_HERE)),
    KnownMessage("vault-disabled", (_SHUT, "disabled secret")),
    KnownMessage("vault-disabled", ("secretdisabled",)),
    KnownMessage("vault-expired", (_SHUT, "expired secret")),
    KnownMessage("vault-expired", ("secretexpired",)),
    KnownMessage("vault-not-yet", (_SHUT, "not yet valid")),
    KnownMessage("vault-not-yet", (_SHUT, "not-yet-valid")),
    KnownMessage("vault-not-yet", ("secretnotyetvalid",)),
    KnownMessage("vault-issuer", ("merge is forbidden on pending object",)),
    KnownMessage("vault-deleted", ("currently in a deleted but recoverable state",)),
    KnownMessage("vault-name", ("request uri contains an invalid name",)),
    KnownMessage("vault-name", ("^[0-9a-za-z-]+$",)),
    KnownMessage("vault-subject", ("subject name provided is not a valid x500 name",)),
    KnownMessage("vault-firewall", ("client address is not authorized",)),
    KnownMessage("vault-firewall", ("public network access is disabled", "vault")),
    KnownMessage("vault-sign-in", ("akv10032",)),
    KnownMessage("vault-forbidden", ("invalid status code 'forbidden'",), (_SHUT,)),
    KnownMessage("vault-forbidden", ("does not have certificates", "permission on key vault")),
    KnownMessage("vault-forbidden", ("does not have secrets", "permission on key vault")),
    KnownMessage("vault-forbidden", ("caller is not authorized to perform action on resource",)),
    KnownMessage("vault-merge-closed", ("merge signed request", "grey")),
    KnownMessage("vault-merge-closed", ("merge signed request", "gray")),
    KnownMessage("vault-merge-closed", ("merge signed request", "disabled")),
    KnownMessage("vault-key-state", ("key not valid for use in specified state",)),
    KnownMessage("vault-cannot-parse", ("could not parse the provided certificate as .pem or .pfx",)),
    KnownMessage("vault-pfx-content", ("specified pkcs#12 x.509 certificate content can not be read",)),
    KnownMessage(
        "vault-pem-content", ("specified pem x.509 certificate content is in an unexpected format",)
    ),
    KnownMessage("azure-service-pfx", ("certificatemustcontainoneprivatekey",)),
    KnownMessage("azure-service-pfx", ("certificate invalid, or password is incorrect",)),
    KnownMessage("azure-service-pfx", ("password is incorrect", "certificate is not valid")),
    KnownMessage("node-unsupported", ("unsupported pkcs12 pfx data",)),
    KnownMessage("node-unsupported", ("error: unsupported", "node:")),
    KnownMessage("windows-password", ("specified network password is not correct",)),
    KnownMessage("windows-password", ("the password you entered is incorrect",)),
    KnownMessage("macos-mac", ("mac verification failed during pkcs12 import",)),
    KnownMessage("macos-decode", ("seckeychainitemimport: unable to decode",)),
    KnownMessage("proof-file", ("incorrect password for the certificate", "private key")),
    KnownMessage("proof-no-connection", ("hvca.globalsign.com", "failed to connect")),
    KnownMessage("proof-no-connection", ("hvca.globalsign.com", "timed out")),
    KnownMessage("proof-no-connection", ("hvca.globalsign.com", "connection refused")),
    KnownMessage("proof-handshake", ("alert certificate required",)),
    KnownMessage("proof-handshake", ("sslv3 alert handshake failure",)),
    KnownMessage("proof-handshake", ("alert certificate unknown",)),
)


def recognise_messages(text: str) -> tuple[Finding, ...]:
    """The findings that a pasted message betrays, most telling first; none if it holds no known message."""
    plain = " ".join(_BASE64_LINE.sub("", text[:MAX_LENGTH]).translate(_STRAIGHT).lower().split())
    codes = dict.fromkeys(message.code for message in KNOWN_MESSAGES if _matches(message, plain))
    return tuple(finding(code) for code in list(codes)[:MAX_FINDINGS])


def pieces_of_messages(code: str) -> tuple[str, ...]:
    """The pieces of messages by which a search finds this finding."""
    return tuple(piece for message in KNOWN_MESSAGES if message.code == code for piece in message.pieces)


def _matches(message: KnownMessage, plain: str) -> bool:
    return all(piece in plain for piece in message.pieces) and not any(
        other in plain for other in message.unless
    )


assert {message.code for message in KNOWN_MESSAGES} <= set(CATALOGUE)
