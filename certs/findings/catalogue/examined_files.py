"""What is said about a file that belongs to no step: that it is in order, what it holds, or that nobody knows it.

Rules R42 to R53; failure modes F5, F36, F50; the weak keys of certs/weak_keys.py.
"""

from certs.findings.catalogue.catalogue_entry import CatalogueEntry
from certs.findings.codes import FindingCode
from certs.findings.openssl_commands import check_request, keystore_to_pfx, make_pfx, make_request

_NEW = "Make a new key and CSR with this command, on another computer or with another program than before."

ENTRIES = {
    FindingCode.CSR_GOOD: CatalogueEntry(
        "info",
        "This CSR is as the DIP wants it: RSA 4096, CN=onboarding_key. The SHA-256 of its public key begins {key}.",
        "Nothing is wrong with it.",
        "Upload it in the step “Create the CSR”, or paste it in Atlas under Generate mTLS Certificates.",
        check_request,
    ),
    FindingCode.CERTIFICATE_GOOD: CatalogueEntry(
        "info",
        "This certificate is as the DIP wants it, valid until {date}. The SHA-256 of its public key begins {key}.",
        "Nothing is wrong with it.",
        "Upload it in the step for the certificate, or join it with its key in a PFX.",
        make_pfx,
    ),
    FindingCode.PFX_GOOD: CatalogueEntry(
        "info",
        "This PFX is as the DIP wants it: no password, key and certificate fit. The SHA-256 of its public key begins "
        "{key}.",
        "Nothing is wrong with it.",
        "Upload it to the DIP together with the API key and the API secret.",
    ),
    FindingCode.CREDENTIALS_GOOD: CatalogueEntry(
        "info",
        "There are an API key and an API secret, both complete.",
        "The secret opens the account at GlobalSign; here it was neither shown, stored nor logged.",
        "Enter them in the step “Create API credentials” and show them to nobody else.",
    ),
    FindingCode.POLICY_GOOD: CatalogueEntry(
        "info",
        "Atlas answered the sign-in with its policy.",
        "API key, API secret and certificate belong together.",
        "Paste the same text in the step “Prove that it works”.",
    ),
    FindingCode.UNKNOWN_INPUT: CatalogueEntry(
        "error",
        "This is nothing that we know: no CSR, certificate, PFX or API credentials, and no error message of our list.",
        "It may be damaged, or the lines with BEGIN and END may be missing.",
        "Give the file itself, or copy the text again from its first line to its last. For a message, copy all of it.",
    ),
    FindingCode.FILE_UNREADABLE: CatalogueEntry(
        "error",
        "The file cannot be opened.",
        "It is not there, is a folder, or you may not read it.",
        "Check the name and the folder, then try again.",
    ),
    FindingCode.TEXT_TIDIED: CatalogueEntry(
        "info",
        "The text has {what}.",
        "Windows writes it so. Most programs read it, a few do not.",
        "You need do nothing here; elsewhere, use the clean copy that we show.",
    ),
    FindingCode.TOO_MANY: CatalogueEntry(
        "warning",
        "There are more than {most} things in it, and the rest was not looked at.",
        "Nothing that belongs here holds so many.",
        "Give only the CSR, the certificate with its issuers', or the PFX.",
    ),
    FindingCode.KEY_ROCA: CatalogueEntry(
        "error",
        "The key was made by a broken chip or library (ROCA, CVE-2017-15361).",
        "From its public half anybody with enough computers can work out the private one.",
        _NEW,
        make_request,
    ),
    FindingCode.KEY_CLOSE_PRIMES: CatalogueEntry(
        "error",
        "The two primes of the key are too close together (CVE-2022-26320).",
        "From its public half anybody can work out the private one in a moment.",
        _NEW,
        make_request,
    ),
    FindingCode.KEY_SMALL_FACTOR: CatalogueEntry(
        "error",
        "A small prime number divides the key's modulus.",
        "The key can be broken in a moment; it was made by a broken program or damaged on the way.",
        _NEW,
        make_request,
    ),
    FindingCode.KEY_LISTED: CatalogueEntry(
        "error",
        "The key stands in a list of keys whose private half is known.",
        "Debian's random generator of 2006 to 2008 made only some thousands of keys (CVE-2008-0166); others leaked, or "
        "came with a device or a manual. Whoever looks them up can use yours.",
        _NEW,
        make_request,
    ),
    FindingCode.KEY_HERE: CatalogueEntry(
        "info",
        "This is a private key. It was read on this computer only; nothing was sent anywhere.",
        "Nobody asks for it: the DIP gets it inside the PFX, Atlas and this portal never.",
        "Keep it where it is, and give the CSR, the certificate or the PFX to be checked.",
    ),
    FindingCode.KEY_PASSPHRASE: CatalogueEntry(
        "info",
        "The private key is locked with a pass phrase.",
        "OpenSSL asks for one when -nodes is left out; programs that run by themselves then stop and wait.",
        "Make the new key with -nodes, as this command does.",
        make_request,
    ),
    FindingCode.KEY_PKCS1: CatalogueEntry(
        "info",
        "The private key is written in the old form (BEGIN RSA PRIVATE KEY).",
        "OpenSSL reads it; Azure Key Vault wants the newer form (BEGIN PRIVATE KEY).",
        "Nothing is to be done about this key: make a new one, as said above.",
    ),
    FindingCode.CSR_ATTRIBUTES: CatalogueEntry(
        "info",
        "The CSR carries a challenge password or other attributes.",
        "Atlas ignores them. They are not secret: who has the CSR can read them.",
        "You need do nothing; if you use that password anywhere else, change it there.",
    ),
    FindingCode.CERTIFICATE_ISSUER: CatalogueEntry(
        "warning",
        "The certificate was issued by {issuer}",
        "Atlas lets in certificates that GlobalSign issued; this one may be for something else.",
        "Check in Atlas that you copied the mTLS certificate for your CSR.",
    ),
    FindingCode.CHAIN_ORDER: CatalogueEntry(
        "warning",
        "The certificates are in the wrong order.",
        "Programs take the first one for yours, and expect each to be followed by its issuer's.",
        "Use the clean copy that we show: yours first, then its issuers', without the root.",
    ),
    FindingCode.CHAIN_ROOT: CatalogueEntry(
        "info",
        "The root certificate is among them.",
        "Who checks a chain has the root already, and some programs refuse a chain with it.",
        "You need do nothing: the clean copy that we show leaves it out.",
    ),
    FindingCode.KEYSTORE_FOUND: CatalogueEntry(
        "error",
        "This is a Java keystore (JKS or JCEKS), and the DIP reads PFX files only.",
        "Keytool writes it when no store type is named.",
        "Turn it into a PFX with keytool, which asks for its password, then take the password off.",
        keystore_to_pfx,
    ),
}
