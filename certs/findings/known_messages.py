"""Known error messages: which words of a pasted text betray which finding.

The findings' sentences are in openssl_messages.py, azure_messages.py, pfx_reader_messages.py and atlas_sign_in.py of
catalogue/. No text is ever repeated.
"""

import re
from dataclasses import dataclass

from certs.findings import Finding
from certs.findings.catalogue import CATALOGUE, finding
from certs.findings.codes import FindingCode

MAX_LENGTH = 100_000  # characters looked at; the longest message of the table has some three hundred
MAX_FINDINGS = 4  # findings from one text
_BASE64_LINE = re.compile(r"(?m)^[A-Za-z0-9+/=]{60,76}\r?$")  # of a file beside the message: no words
_STRAIGHT = str.maketrans("\u2018\u2019\u201c\u201d\xa0", "''\"\" ")


@dataclass(frozen=True)
class KnownMessage:
    """A finding's code, and the pieces of text that must all be there, in small letters with single spaces.

    `unless`: another message says it better when this is there too.
    """

    code: FindingCode
    pieces: tuple[str, ...]
    unless: tuple[str, ...] = ()


_SUBJECT = "subject name is expected to be in the format /type0=value0"
_NO_KEY = "could not read private key from"
_NOT_HERE = "was not found in this key vault"
# Of a good key: Azure/azure-sdk-for-js#24756, Azure/AzureKeyVault#19. The words for "not yet" are in no public report.
_SHUT = "operation get is not allowed on"

KNOWN_MESSAGES: tuple[KnownMessage, ...] = (
    KnownMessage(FindingCode.OPENSSL_GIT_BASH_PATH, ("name is not in that format: 'c:/",)),
    KnownMessage(FindingCode.OPENSSL_GIT_BASH_PATH, ("is not in that format", "/git/cn=")),
    KnownMessage(FindingCode.OPENSSL_QUOTES, (_SUBJECT,), ("/git/cn=", "format: 'c:/")),
    KnownMessage(FindingCode.OPENSSL_DOUBLE_SLASH, ("skipping unknown subject name attribute",)),
    KnownMessage(FindingCode.OPENSSL_KEY_LOCKED, ("maybe wrong password",)),
    KnownMessage(FindingCode.OPENSSL_KEY_LOCKED, ("evp_decryptfinal_ex:bad decrypt",)),
    KnownMessage(FindingCode.OPENSSL_KEY_LOCKED, ("bad decrypt", "private key")),
    KnownMessage(FindingCode.OPENSSL_PASS_PHRASE, ("enter pem pass phrase",), ("bad decrypt",)),
    KnownMessage(FindingCode.OPENSSL_PASS_PHRASE, ("problems getting password",)),
    KnownMessage(FindingCode.OPENSSL_NAME_LONG, ("string too long", "maxsize=64")),
    KnownMessage(FindingCode.OPENSSL_NAME_LONG, ("asn1_mbstring_ncopy:string too long",)),
    KnownMessage(FindingCode.OPENSSL_MISSING, ("openssl: command not found",)),
    KnownMessage(FindingCode.OPENSSL_MISSING, ("openssl: not found",)),
    KnownMessage(FindingCode.OPENSSL_MISSING, ("openssl: no such file or directory",)),
    KnownMessage(FindingCode.OPENSSL_MISSING, ("term 'openssl' is not recognized",)),
    KnownMessage(FindingCode.OPENSSL_MISSING, ("'openssl' is not recognized",)),
    KnownMessage(FindingCode.OPENSSL_CONFIG, ("openssl.cnf", "can't open config file")),
    KnownMessage(FindingCode.OPENSSL_CONFIG, ("unable to load config info from",)),
    KnownMessage(FindingCode.OPENSSL_CONFIG, ("unable to find 'distinguished_name' in config",)),
    KnownMessage(FindingCode.OPENSSL_NO_FILE, ("can't open", "no such file or directory"), ("openssl.cnf",)),
    KnownMessage(FindingCode.OPENSSL_NO_FILE, ("could not open file or uri for loading",)),
    KnownMessage(FindingCode.OPENSSL_OTHER_KEY, ("no cert in -in file", "matches private key")),
    KnownMessage(FindingCode.OPENSSL_OTHER_KEY, ("x509_check_private_key:key values mismatch",)),
    KnownMessage(FindingCode.OPENSSL_OTHER_KEY, ("no certificate matches private key",)),
    KnownMessage(
        FindingCode.OPENSSL_OTHER_KEY, ("certificate public key and provided private key do not match",)
    ),
    KnownMessage(FindingCode.OPENSSL_CSR_FOR_CERTIFICATE, ("could not read any certificates from", ".csr")),
    KnownMessage(FindingCode.OPENSSL_CANNOT_READ_CERTIFICATE, ("could not read certificate from",)),
    KnownMessage(
        FindingCode.OPENSSL_CANNOT_READ_CERTIFICATE, ("could not read any certificates from",), (".csr",)
    ),
    KnownMessage(FindingCode.OPENSSL_CANNOT_READ_CERTIFICATE, ("unable to load certificate",)),
    KnownMessage(FindingCode.OPENSSL_REQUEST_UNREADABLE, ("unable to load x509 request",)),
    KnownMessage(FindingCode.OPENSSL_REQUEST_UNREADABLE, ("unable to load certificate request",)),
    KnownMessage(FindingCode.OPENSSL_NO_KEY, (_NO_KEY,), ("bad decrypt", "maybe wrong password")),
    KnownMessage(FindingCode.OPENSSL_NO_KEY, ("unable to load private key",), ("bad decrypt",)),
    KnownMessage(FindingCode.OPENSSL_PFX_TEXT, ("asn1_check_tlen:wrong tag", "type=pkcs12")),
    KnownMessage(FindingCode.OPENSSL_NO_MAC, ("mac is absent",)),
    KnownMessage(FindingCode.OPENSSL_MAC, ("mac verify error: invalid password",), ("mac is absent",)),
    KnownMessage(FindingCode.OPENSSL_MAC, ("mac verify failure",)),
    KnownMessage(FindingCode.OPENSSL_MAC, ("invalid password or pkcs12 data",)),
    KnownMessage(FindingCode.OPENSSL_LEGACY, ("inner_evp_generic_fetch:unsupported",)),
    KnownMessage(FindingCode.OPENSSL_LEGACY, ("rc2-40-cbc", "unsupported")),
    KnownMessage(
        FindingCode.OPENSSL_OUTPUT, ("error outputting keys and certificates",), ("inner_evp_generic_fetch",)
    ),
    KnownMessage(FindingCode.KEYSTORE_PASSWORD, ("keystore was tampered with, or password was incorrect",)),
    KnownMessage(FindingCode.KEYSTORE_PASSWORD, ("keystore password was incorrect",)),
    KnownMessage(FindingCode.NSS_PASSWORD, ("sec_error_bad_password",)),
    KnownMessage(FindingCode.NSS_PASSWORD, ("pk12util: pkcs12 decode",)),
    KnownMessage(
        FindingCode.VAULT_OTHER_REQUEST,
        (
            "public key of the end-entity certificate",
            "does not match the public part of the specified private",
        ),
    ),
    KnownMessage(FindingCode.VAULT_X5C, ("x5c", "at least one valid item")),
    KnownMessage(FindingCode.VAULT_ASN1, ("asn1 bad tag value met",)),
    KnownMessage(FindingCode.VAULT_IN_PROGRESS, ("pending key vault certificate's status is inprogress",)),
    KnownMessage(FindingCode.VAULT_PENDING_GONE, ("pendingcertificatenotfound",)),
    KnownMessage(FindingCode.VAULT_PENDING_GONE, ("pending certificate not found",)),
    KnownMessage(FindingCode.VAULT_NOT_THERE, ("secretnotfound",)),
    KnownMessage(FindingCode.VAULT_NOT_THERE, ("certificatenotfound",), ("pendingcertificatenotfound",)),
    KnownMessage(FindingCode.VAULT_NOT_THERE, ("a secret with (name/id)", _NOT_HERE)),
    KnownMessage(FindingCode.VAULT_NOT_THERE, ("a certificate with (name/id)", _NOT_HERE)),
    KnownMessage(FindingCode.VAULT_DISABLED, (_SHUT, "disabled secret")),
    KnownMessage(FindingCode.VAULT_DISABLED, ("secretdisabled",)),
    KnownMessage(FindingCode.VAULT_EXPIRED, (_SHUT, "expired secret")),
    KnownMessage(FindingCode.VAULT_EXPIRED, ("secretexpired",)),
    KnownMessage(FindingCode.VAULT_NOT_YET, (_SHUT, "not yet valid")),
    KnownMessage(FindingCode.VAULT_NOT_YET, (_SHUT, "not-yet-valid")),
    KnownMessage(FindingCode.VAULT_NOT_YET, ("secretnotyetvalid",)),
    KnownMessage(FindingCode.VAULT_ISSUER, ("merge is forbidden on pending object",)),
    KnownMessage(FindingCode.VAULT_DELETED, ("currently in a deleted but recoverable state",)),
    KnownMessage(FindingCode.VAULT_NAME, ("request uri contains an invalid name",)),
    KnownMessage(FindingCode.VAULT_NAME, ("^[0-9a-za-z-]+$",)),
    KnownMessage(FindingCode.VAULT_SUBJECT, ("subject name provided is not a valid x500 name",)),
    KnownMessage(FindingCode.VAULT_FIREWALL, ("client address is not authorized",)),
    KnownMessage(FindingCode.VAULT_FIREWALL, ("public network access is disabled", "vault")),
    KnownMessage(FindingCode.VAULT_SIGN_IN, ("akv10032",)),
    KnownMessage(FindingCode.VAULT_FORBIDDEN, ("invalid status code 'forbidden'",), (_SHUT,)),
    KnownMessage(FindingCode.VAULT_FORBIDDEN, ("does not have certificates", "permission on key vault")),
    KnownMessage(FindingCode.VAULT_FORBIDDEN, ("does not have secrets", "permission on key vault")),
    KnownMessage(FindingCode.VAULT_FORBIDDEN, ("caller is not authorized to perform action on resource",)),
    KnownMessage(FindingCode.VAULT_MERGE_CLOSED, ("merge signed request", "grey")),
    KnownMessage(FindingCode.VAULT_MERGE_CLOSED, ("merge signed request", "gray")),
    KnownMessage(FindingCode.VAULT_MERGE_CLOSED, ("merge signed request", "disabled")),
    KnownMessage(FindingCode.VAULT_KEY_STATE, ("key not valid for use in specified state",)),
    KnownMessage(
        FindingCode.VAULT_CANNOT_PARSE, ("could not parse the provided certificate as .pem or .pfx",)
    ),
    KnownMessage(
        FindingCode.VAULT_PFX_CONTENT, ("specified pkcs#12 x.509 certificate content can not be read",)
    ),
    KnownMessage(
        FindingCode.VAULT_PEM_CONTENT, ("specified pem x.509 certificate content is in an unexpected format",)
    ),
    KnownMessage(FindingCode.AZURE_SERVICE_PFX, ("certificatemustcontainoneprivatekey",)),
    KnownMessage(FindingCode.AZURE_SERVICE_PFX, ("certificate invalid, or password is incorrect",)),
    KnownMessage(FindingCode.AZURE_SERVICE_PFX, ("password is incorrect", "certificate is not valid")),
    KnownMessage(FindingCode.NODE_UNSUPPORTED, ("unsupported pkcs12 pfx data",)),
    KnownMessage(FindingCode.NODE_UNSUPPORTED, ("error: unsupported", "node:")),
    KnownMessage(FindingCode.WINDOWS_PASSWORD, ("specified network password is not correct",)),
    KnownMessage(FindingCode.WINDOWS_PASSWORD, ("the password you entered is incorrect",)),
    KnownMessage(FindingCode.MACOS_MAC, ("mac verification failed during pkcs12 import",)),
    KnownMessage(FindingCode.MACOS_DECODE, ("seckeychainitemimport: unable to decode",)),
    KnownMessage(FindingCode.PROOF_FILE, ("incorrect password for the certificate", "private key")),
    KnownMessage(FindingCode.PROOF_NO_CONNECTION, ("hvca.globalsign.com", "failed to connect")),
    KnownMessage(FindingCode.PROOF_NO_CONNECTION, ("hvca.globalsign.com", "timed out")),
    KnownMessage(FindingCode.PROOF_NO_CONNECTION, ("hvca.globalsign.com", "connection refused")),
    KnownMessage(FindingCode.PROOF_HANDSHAKE, ("alert certificate required",)),
    KnownMessage(FindingCode.PROOF_HANDSHAKE, ("sslv3 alert handshake failure",)),
    KnownMessage(FindingCode.PROOF_HANDSHAKE, ("alert certificate unknown",)),
)


def recognise_messages(text: str) -> tuple[Finding, ...]:
    """The findings that a pasted message betrays, most telling first; none if it holds no known message."""
    plain = " ".join(_BASE64_LINE.sub("", text[:MAX_LENGTH]).translate(_STRAIGHT).lower().split())
    codes = dict.fromkeys(message.code for message in KNOWN_MESSAGES if _matches(message, plain))
    return tuple(finding(code) for code in list(codes)[:MAX_FINDINGS])


def pieces_of_messages(code: FindingCode) -> tuple[str, ...]:
    """The pieces of messages by which a search finds this finding."""
    return tuple(piece for message in KNOWN_MESSAGES if message.code == code for piece in message.pieces)


def _matches(message: KnownMessage, plain: str) -> bool:
    return all(piece in plain for piece in message.pieces) and not any(
        other in plain for other in message.unless
    )


assert {message.code for message in KNOWN_MESSAGES} <= set(CATALOGUE)
