"""What is said about a PFX.

Rules R51 to R53; traps T9, T10; failure modes F8, F21 to F31; the measurements of section 5.2.
"""

from certs.findings.catalogue.catalogue_entry import CatalogueEntry
from certs.findings.codes import FindingCode
from certs.findings.openssl_commands import make_pfx, remake_pfx, remake_pfx_legacy, remake_pfx_with_password

_MAKE = "Make the PFX again from your key and certificate with this command."

ENTRIES = {
    FindingCode.PFX_UNREADABLE: CatalogueEntry(
        "error",
        "The PFX cannot be read: it is damaged, or not written as the standard says.",
        "The DIP could not open it.",
        _MAKE,
        make_pfx,
    ),
    FindingCode.PFX_PASSWORD: CatalogueEntry(
        "error",
        "The PFX does not open with an empty password.",
        "The DIP asks for a PFX without a password; this one has one, or it is damaged.",
        "Export it again with an empty password. OpenSSL asks for the present one; the new file is apicert-new.pfx.",
        remake_pfx_with_password,
    ),
    FindingCode.PFX_WRONG_PASSWORD: CatalogueEntry(
        "error",
        "The PFX does not open with this password.",
        "The password is another one, or the file is damaged.",
        "Try the password again, or make the PFX again.",
        make_pfx,
    ),
    FindingCode.PFX_NO_KEY: CatalogueEntry(
        "error",
        "There is no private key in the PFX.",
        "Without the key nobody can sign in. In Key Vault this happens when the key is not exportable, or when only "
        "the certificate was downloaded.",
        "With OpenSSL, name the key file after -inkey. In Key Vault, make a new version whose key is exportable, "
        "and download it as PFX.",
        make_pfx,
    ),
    FindingCode.PFX_NO_CERTIFICATE: CatalogueEntry(
        "error",
        "There is no certificate in the PFX.",
        "A key alone does not say who you are.",
        _MAKE,
        make_pfx,
    ),
    FindingCode.PFX_KEY_MISMATCH: CatalogueEntry(
        "error",
        "The key in the PFX does not belong to its certificate.",
        "Nobody can sign in with the two of them. Most often the command that makes the key was run twice.",
        "Find the key that belongs to the certificate and make the PFX again.",
        make_pfx,
    ),
    FindingCode.PFX_OTHER_KEY: CatalogueEntry(
        "error",
        "The PFX is for another key than your CSR: the SHA-256 of its public key begins {bundle}, the CSR's {request}.",
        "The certificate in it is not the one made for this onboarding.",
        "Make the PFX from the key of that CSR and the certificate that Atlas gave for it.",
        make_pfx,
    ),
    FindingCode.PFX_SEVERAL_KEYS: CatalogueEntry(
        "warning",
        "There are {count} private keys in the PFX.",
        "Tools differ in which of them they take.",
        "Make a PFX with your key and certificate only.",
        make_pfx,
    ),
    FindingCode.PFX_NO_MAC: CatalogueEntry(
        "warning",
        "The PFX has no integrity check (MAC).",
        "Firefox and some other programs refuse such a file, and Java finds nothing in it if the key is in clear, too.",
        "Make it again without -nomac.",
        remake_pfx,
    ),
    FindingCode.PFX_PLAIN: CatalogueEntry(
        "warning",
        "The key in the PFX is not encrypted at all, not even with the empty password.",
        "Java finds nothing in such a file and says nothing about it.",
        "Make it again; the command keeps the password empty and encrypts as the tools expect.",
        remake_pfx,
    ),
    FindingCode.PFX_RC2: CatalogueEntry(
        "warning",
        "The PFX is encrypted with RC2.",
        "OpenSSL 3 and everything built on it refuse it as unsupported.",
        "Make it again with triple DES.",
        remake_pfx_legacy,
    ),
    FindingCode.PFX_AES: CatalogueEntry(
        "info",
        "The PFX is encrypted with AES and has an empty password.",
        "Most tools read it; Windows Server 2016 and older say that the password is wrong.",
        "You need do nothing unless the DIP refuses it; then make it again with triple DES.",
        remake_pfx,
    ),
    FindingCode.PFX_NO_CHAIN: CatalogueEntry(
        "info",
        "There are no issuers' certificates in the PFX.",
        "Some systems want the whole chain.",
        "You need do nothing unless the DIP refuses it; then add the issuing CA's certificate with -certfile.",
    ),
    FindingCode.PFX_ROUNDS: CatalogueEntry(
        "error",
        "The PFX asks for {rounds} rounds of key derivation.",
        "No program writes so many, and opening it takes longer than we allow, so we did not.",
        "Make it again with the usual number.",
        remake_pfx,
    ),
    FindingCode.REVEAL_USED: CatalogueEntry(
        "error",
        "It has been shown already.",
        "A secret is shown once each time you ask for it.",
        "Ask for it again and sign in once more.",
    ),
    FindingCode.REVEAL_EXPIRED: CatalogueEntry(
        "error",
        "You asked for it more than {minutes} minutes ago.",
        "The permission to see a secret is short.",
        "Ask for it again and sign in once more.",
    ),
    FindingCode.PFX_SLOW: CatalogueEntry(
        "error",
        "The PFX takes longer to open than we allow.",
        "It has far more rounds of key derivation than any program writes, or a far larger key than 4096 bits.",
        "Build it again with this command from the key and the certificate.",
        make_pfx,
    ),
    FindingCode.PFX_BUSY: CatalogueEntry(
        "error",
        "Other PFX files are being opened just now, and yours did not get its turn.",
        "Nothing is known about it yet.",
        "Wait a minute, then give it again.",
    ),
    FindingCode.PFX_NOT_PROVEN: CatalogueEntry(
        "error",
        "The proof that this PFX was built with the key of the certificate does not hold.",
        "It was built with another key, or for a certificate that was replaced meanwhile. Nothing was noted.",
        "Build the PFX again in this browser; if that does not help, make a new key and a new CSR.",
    ),
    FindingCode.REVEAL_GONE: CatalogueEntry(
        "error",
        "We no longer hold it, or never did.",
        "Secrets are destroyed once they have served.",
        "Use your own copy; if there is none, make new API credentials or a new key.",
    ),
}
