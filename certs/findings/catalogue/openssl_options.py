"""What is said about messages of OpenSSL on its options, the subject, folders and issuers.

Which words betray them is in messages/openssl_rows.py.
"""

from certs.findings.catalogue.catalogue_entry import CatalogueEntry
from certs.findings.codes import FindingCode
from certs.findings.keytool_commands import legacy_by_keytool
from certs.findings.openssl_commands import (
    go_home,
    make_request,
    pkcs7_der_to_certificate,
    remake_pfx,
    verify_certificate,
)

_NOTHING_MADE = "No CSR was made, or not the right one."

ENTRIES = {
    FindingCode.OPENSSL_SUBJECT_SLASH: CatalogueEntry(
        "error",
        "OpenSSL got a subject that does not begin with a slash.",
        "It wants /CN=onboarding_key. The slash is missing, is a backslash, or something stands before it. "
        + _NOTHING_MADE,
        "Delete the key file that this left, and run the command as it stands here.",
        make_request,
    ),
    FindingCode.OPENSSL_SUBJECT_FORM: CatalogueEntry(
        "error",
        "OpenSSL does not know a part of the subject.",
        "Each part is a slash, a known type, an equals sign and a value: /CN=onboarding_key. "
        + _NOTHING_MADE,
        "Make a new key and CSR with this command, exactly as it stands.",
        make_request,
    ),
    FindingCode.OPENSSL_LONG_DASH: CatalogueEntry(
        "error",
        "The dash before an option in the command is a long one.",
        "A word processor, chat or web page made it of the hyphen, and the program does not take what "
        "follows for an option.",
        "Type the hyphens again, or run the command as it stands here.",
        make_request,
    ),
    FindingCode.OPENSSL_OPTION: CatalogueEntry(
        "error",
        "OpenSSL does not know one of the options.",
        "It is spelt wrong, or another version has it: LibreSSL on a Mac and OpenSSL 1.1.1 know -nodes, "
        "and not -noenc.",
        "Run the command as it stands here; it has only options that all of them know.",
        make_request,
    ),
    FindingCode.OPENSSL_NO_LEGACY: CatalogueEntry(
        "error",
        "This OpenSSL does not know the option -legacy.",
        "OpenSSL 3 has it. LibreSSL on a Mac and OpenSSL 1.1.1 have not, and need not: they read old "
        "ciphers anyway.",
        "Leave -legacy out, as this command does.",
        remake_pfx,
    ),
    FindingCode.OPENSSL_LEGACY_MODULE: CatalogueEntry(
        "error",
        "This OpenSSL comes without its module for old ciphers (legacy).",
        "The option -legacy loads it, and the package that was installed has left it out.",
        "Install the full package, or use the openssl of a Mac or of Git Bash. With Java, keytool reads "
        "the file, as here.",
        legacy_by_keytool,
    ),
    FindingCode.OPENSSL_CANNOT_WRITE: CatalogueEntry(
        "error",
        "OpenSSL may not read or write a file where the command says.",
        "You have no right in this folder, or the folder is not there.",
        "Go to a folder of your own, as here, copy your files there and run the command again.",
        go_home,
    ),
    FindingCode.OPENSSL_NOT_PKCS7: CatalogueEntry(
        "error",
        "OpenSSL did not find a .p7b in the file.",
        "It is a .p7b in the other form (DER and text are told apart by -inform), or a certificate already.",
        "Check the file here. If it is a .p7b that is no text, use this command; a certificate needs none.",
        pkcs7_der_to_certificate,
    ),
    FindingCode.OPENSSL_ISSUER_MISSING: CatalogueEntry(
        "error",
        "OpenSSL cannot check the certificate, because its issuer was not given.",
        "It knows the certificate and a root, and not the issuing CA in between. The certificate itself "
        "may be in order.",
        "Give it the issuing CA's certificate, which Atlas shows beside yours: -partial_chain -CAfile as "
        "here, or "
        "-untrusted beside the root.",
        verify_certificate,
    ),
    FindingCode.OPENSSL_ROOT_UNTRUSTED: CatalogueEntry(
        "error",
        "OpenSSL does not trust the root of the chain.",
        "The chain is complete, and its root is not among those that this computer trusts.",
        "Check it against the issuing CA's certificate, which Atlas shows beside yours.",
        verify_certificate,
    ),
    FindingCode.OPENSSL_SELF_SIGNED: CatalogueEntry(
        "error",
        "OpenSSL says that the certificate is signed by its own key.",
        "GlobalSign did not issue it, so it opens nothing at Atlas. The option -x509 makes such a certificate.",
        "Use the certificate that Atlas shows for your CSR.",
    ),
}
