"""Samples: error messages, provoked with openssl, keytool and pk12util, or as their sources have them.

Sources are the failure modes F1 to F50 of the facts.
"""

from __future__ import annotations

from tests.certs.doctor.pfx_samples import EMPTY, FROM
from tests.certs.doctor.sample import NEW_CSR, NEW_PFX, PFX, PRINTED, Sample, just, printed_by

REQUEST = "openssl req -new -nodes -key apicert.key -out new.csr"
AZURE, READER = "Azure", "other program"


def openssl(words: str, code: str, text: str, fixed: str = "", typed: str = "", given: str = "") -> Sample:
    """What openssl prints; `given` is what it reads, `typed` what the repair is answered."""
    return Sample(words, "openssl", code, printed_by(text, given), "message.txt", fixed, typed)


def seen(words: str, code: str, text: str, tool: str = AZURE, fixed: str = "", before: str = "") -> Sample:
    """What another program prints; `before` makes the PFX that it was about."""
    make = just(text) if not before else lambda folder: (printed_by(before)(folder), text.encode())[1]
    return Sample(words, tool, code, make, "message.txt", fixed)


AES = f"openssl pkcs12 -export {FROM} -passout pass:"
OLD = f"{AES} -legacy"

SAMPLES = (
    openssl("F1 curly quotes", "openssl-quotes", f"{REQUEST} -subj “/CN=onboarding_key”", NEW_CSR),
    openssl(
        "F3 Git Bash",
        "openssl-git-bash-path",
        f"{REQUEST} -subj 'C:/Program Files/Git/CN=onboarding_key'",
        NEW_CSR,
    ),
    openssl("F4 two slashes", "openssl-double-slash", f"{REQUEST} -subj //CN=onboarding_key", NEW_CSR),
    openssl(
        "F5 no -nodes",
        "openssl-pass-phrase",
        "openssl req -new -newkey rsa:2048 -subj /CN=onboarding_key -keyout k -out c",
        NEW_CSR,
    ),
    openssl("F6 name too long", "openssl-name-long", f"{REQUEST} -subj /CN={'x' * 65}", NEW_CSR),
    openssl(
        "F8 key of another certificate",
        "openssl-other-key",
        "openssl genrsa -out other.key 2048; openssl pkcs12 -export -inkey other.key -in apicert.cer -out a.pfx -passout pass:",
        PRINTED,
    ),
    openssl(
        "F22 text for a PFX",
        "openssl-pfx-text",
        f"{AES}; base64 -w0 apicert.pfx >t; cp t apicert.pfx; openssl pkcs12 -in apicert.pfx -passin pass: -noout",
        NEW_PFX,
    ),
    openssl(
        "F24 PFX with a password",
        "openssl-mac",
        f"{EMPTY}; openssl pkcs12 -in apicert.pfx -passin pass: -noout",
        NEW_PFX,
        "horses\n",
    ),
    openssl(
        "F25 RC2 read by OpenSSL 3",
        "openssl-legacy",
        f"{OLD}; openssl pkcs12 -in apicert.pfx -passin pass: -nodes",
        NEW_PFX,
    ),
    openssl(
        "F31 no MAC",
        "openssl-no-mac",
        f"{AES} -nomac; openssl pkcs12 -in apicert.pfx -passin pass: -noout",
        NEW_PFX,
    ),
    openssl(
        "F39 damaged certificate",
        "openssl-cannot-read-certificate",
        "tr -d '\\n' <apicert.cer >bad.cer; openssl x509 -in bad.cer -noout",
        PFX,
    ),
    openssl(
        "F40 CSR given for the certificate",
        "openssl-csr-for-certificate",
        "openssl pkcs12 -export -inkey apicert.key -in apicert.csr -out a.pfx -passout pass:",
        PFX,
    ),
    openssl(
        "F41 no -inkey",
        "openssl-no-key",
        "openssl pkcs12 -export -in apicert.cer -out a.pfx -passout pass:",
        PFX,
    ),
    openssl(
        "Wrong pass phrase of a key",
        "openssl-key-locked",
        "openssl pkey -in apicert.key -aes256 -passout pass:right -out locked.key; "
        "openssl req -new -key locked.key -passin pass:wrong -subj /CN=onboarding_key -out a.csr",
        NEW_CSR,
    ),
    openssl("File in another folder", "openssl-no-file", "openssl req -in elsewhere.csr -noout", PFX),
    openssl("openssl not installed", "openssl-missing", "PATH=; openssl version"),
    Sample(
        "keytool with a wrong password",
        "keytool",
        "keystore-password",
        printed_by(f"{EMPTY}; keytool -list -keystore apicert.pfx -storepass donkey; {AES}"),
        "message.txt",
        PRINTED,
        "horses\n",
    ),
    Sample(
        "pk12util with a wrong password",
        "pk12util",
        "nss-password",
        printed_by(f"{EMPTY}; pk12util -l apicert.pfx -W donkey; {AES}"),
        "message.txt",
        NEW_PFX,
    ),
    seen(
        "F9 Python, key of another certificate",
        "openssl-other-key",
        "ValueError: Certificate public key and provided private key do not match",
        "Python",
        PRINTED,
    ),
    seen(
        "F32 old OpenSSL, empty password",
        "openssl-output",
        "Error outputting keys and certificates",
        "openssl",
        NEW_PFX,
        AES,
    ),
    seen(
        "No openssl.cnf",
        "openssl-config",
        "WARNING: can't open config file: /usr/local/ssl/openssl.cnf",
        "openssl",
        NEW_CSR,
    ),
    seen(
        "Request unreadable",
        "openssl-request-unreadable",
        "unable to load X509 request",
        "openssl",
        PRINTED,
    ),
    seen(
        "F10 merged into another request",
        "vault-other-request",
        "The public key of the end-entity certificate in the specified X.509 certificate content does not match the public part of the specified private key. Please check if certificate is valid",
    ),
    seen(
        "F11 PKCS#7 merged",
        "vault-x5c",
        "Property x5c has invalid value X5C must has at least one valid item",
    ),
    seen("F12 text for bytes", "vault-asn1", "(BadParameter) ASN1 bad tag value met"),
    seen(
        "F13 second attempt",
        "vault-in-progress",
        "A new key vault certificate can not be created or imported while a pending key vault certificate's status is inProgress.",
    ),
    seen("F14 pending request gone", "vault-pending-gone", "PendingCertificateNotFound"),
    seen(
        "F14 secret not there",
        "vault-not-there",
        "SecretNotFound: A secret with (name/id) onboarding-key was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command.",
    ),
    seen(
        "F14 certificate not there",
        "vault-not-there",
        "A certificate with (name/id) onboarding-key was not found in this key vault.",
    ),
    seen(
        "F15 integrated authority",
        "vault-issuer",
        "Merge is forbidden on pending object created with issuer : GlobalSign while it is in progess.",
    ),
    seen(
        "F16 deleted but kept",
        "vault-deleted",
        "Certificate onboarding-key is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the certificate can only be recovered or purged.",
    ),
    seen(
        "F17 underscore in the name", "vault-name", "The request URI contains an invalid name: onboarding_key"
    ),
    seen("F18 subject refused", "vault-subject", "The subject name provided is not a valid X500 name"),
    seen("F19 no right", "vault-forbidden", "Operation returned an invalid status code 'Forbidden'"),
    seen(
        "F19 firewall of the vault",
        "vault-firewall",
        "Client address is not authorized and caller is not a trusted service.",
    ),
    seen("F19 other tenant", "vault-sign-in", "AKV10032: Invalid issuer. Expected one of the vault's tenant"),
    seen(
        "F19 secret disabled",
        "vault-disabled",
        "Operation returned an invalid status code 'Forbidden' Code: Forbidden Message: Operation get is not allowed on a disabled secret.",
    ),
    seen("F19 secret expired", "vault-expired", "Operation get is not allowed on an expired secret."),
    seen("F19 secret not yet valid", "vault-not-yet", 'Inner error: { "code": "SecretNotYetValid" }'),
    seen(
        "F20 merge greyed out",
        "vault-merge-closed",
        "The button Merge Signed Request is greyed out, status Completed",
    ),
    seen(
        "F33 PowerShell import",
        "vault-key-state",
        "Import-AzKeyVaultCertificate: Key not valid for use in specified state.",
    ),
    seen(
        "F34 no --password",
        "vault-cannot-parse",
        "We could not parse the provided certificate as .pem or .pfx. Please verify the certificate with OpenSSL.",
    ),
    seen(
        "F35 PFX content",
        "vault-pfx-content",
        "The specified PKCS#12 X.509 certificate content can not be read. Please check if certificate is in valid PKCS#12 format.",
        AZURE,
        NEW_PFX,
        AES,
    ),
    seen(
        "F36 old form of the key",
        "vault-pem-content",
        "The specified PEM X.509 certificate content is in an unexpected format. Please check if certificate is in valid PEM format.",
        AZURE,
        PFX,
    ),
    seen(
        "F37 Container Apps", "azure-service-pfx", "CertificateMustContainOnePrivateKey", AZURE, NEW_PFX, AES
    ),
    seen(
        "F38 App Service",
        "azure-service-pfx",
        "The password is incorrect, or the certificate is not valid",
        AZURE,
        NEW_PFX,
        AES,
    ),
    seen("F26 Node", "node-unsupported", "Error: Unsupported PKCS12 PFX data", READER, NEW_PFX, OLD),
    seen(
        "F27 .NET on Windows Server 2016",
        "windows-password",
        "The specified network password is not correct.",
        READER,
        NEW_PFX,
        AES,
    ),
    seen(
        "F28 wizard of Windows",
        "windows-password",
        "The password you entered is incorrect.",
        READER,
        NEW_PFX,
        AES,
    ),
    seen(
        "F29 keychain",
        "macos-mac",
        "MAC verification failed during PKCS12 import (wrong password?)",
        READER,
        NEW_PFX,
        AES,
    ),
    seen(
        "F30 key in clear on a Mac",
        "macos-decode",
        "SecKeychainItemImport: Unable to decode the provided data.",
        READER,
        NEW_PFX,
        AES,
    ),
    seen(
        "F42 curl on a Mac",
        "proof-file",
        'curl: (58) SSL: Incorrect password for the certificate "./cert.pfx" and its private key.',
        READER,
    ),
    seen(
        "F49 port closed",
        "proof-no-connection",
        "curl: (7) Failed to connect to emea.api.hvca.globalsign.com port 8443: Connection refused",
        READER,
    ),
    seen(
        "F50 handshake refused",
        "proof-handshake",
        "error:1409445C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required",
        READER,
    ),
    seen("Refused by Atlas", "proof-refused", '{"description": "Unauthorized"}', READER),
)
