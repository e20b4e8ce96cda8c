"""What is said about messages of OpenSSL, Python and Firefox that a person pastes.

Failure modes F1, F3 to F6, F8, F9, F22, F24, F25, F31, F32, F39 to F41; which words betray them is in
messages/openssl_rows.py. What it says about options, folders and issuers is in openssl_options.py.
"""

from certs.findings.catalogue.catalogue_entry import CatalogueEntry
from certs.findings.codes import FindingCode
from certs.findings.openssl_commands import (
    base64_to_file,
    check_request,
    make_pfx,
    make_request,
    remake_pfx,
    remake_pfx_legacy,
    remake_pfx_with_password,
    show_public_keys,
)

_NOTHING_MADE = "No CSR was made, or not the right one."

ENTRIES = {
    FindingCode.OPENSSL_QUOTES: CatalogueEntry(
        "error",
        "OpenSSL got curly quotes, or no quotes, around the subject.",
        "A web page or document turned the straight quotes of the command into curly ones. " + _NOTHING_MADE,
        "Delete the key file that this left, and run the command as it stands here.",
        make_request,
    ),
    FindingCode.OPENSSL_GIT_BASH_PATH: CatalogueEntry(
        "error",
        "Git Bash turned /CN= into a folder on your disk before OpenSSL saw it.",
        _NOTHING_MADE,
        "Use the command for Git Bash, which switches that off, or PowerShell.",
        make_request,
    ),
    FindingCode.OPENSSL_DOUBLE_SLASH: CatalogueEntry(
        "error",
        "OpenSSL skipped the subject, because it begins with two slashes.",
        "That is a trick for Git Bash; everywhere else the subject becomes empty, and the CSR is made all "
        "the same.",
        "Make a new key and CSR with a single slash.",
        make_request,
    ),
    FindingCode.OPENSSL_PASS_PHRASE: CatalogueEntry(
        "error",
        "OpenSSL asks for a pass phrase for the key, or could not get one.",
        "The option -nodes is missing, so the key would be locked; a key file of no bytes may be left behind.",
        "Stop it with Ctrl+C, delete the key file, and run the command as it stands here.",
        make_request,
    ),
    FindingCode.OPENSSL_NAME_LONG: CatalogueEntry(
        "error",
        "OpenSSL says that a part of the subject is too long (64 characters at most).",
        "The name for the API certificate is fixed: CN=onboarding_key, 14 characters.",
        "Use this command as it stands; the DIP's other names must stay under 35 characters.",
        make_request,
    ),
    FindingCode.OPENSSL_MISSING: CatalogueEntry(
        "error",
        "Your shell does not find the program openssl.",
        "It is not installed, or not in the search path; Windows does not bring it.",
        "Use Git Bash, which brings openssl, or let the portal or Azure Key Vault make the key.",
    ),
    FindingCode.OPENSSL_CONFIG: CatalogueEntry(
        "error",
        "OpenSSL does not find its configuration file.",
        "Some builds for Windows look for it in a folder that does not exist.",
        "Run the command in Git Bash, whose openssl brings its own.",
        make_request,
    ),
    FindingCode.OPENSSL_NO_FILE: CatalogueEntry(
        "error",
        "OpenSSL does not find a file that the command names.",
        "The shell is in another folder, or the file has another name (Windows hides endings such as .txt).",
        "Change to the folder with the files, list them, and put their real names into the command.",
        make_pfx,
    ),
    FindingCode.OPENSSL_OTHER_KEY: CatalogueEntry(
        "error",
        "The certificate does not belong to the private key.",
        "Most often the command that makes the key was run twice, so the key is no longer the one of the CSR.",
        "Compare the three fingerprints to find the right key. If it is lost, make a new CSR and certificate.",
        show_public_keys,
    ),
    FindingCode.OPENSSL_CANNOT_READ_CERTIFICATE: CatalogueEntry(
        "error",
        "OpenSSL cannot read the certificate file.",
        "The text was damaged on its way: saved as UTF-16, joined into one line, cut, or without its "
        "BEGIN line.",
        "Check the file here: we fix what can be fixed and show a clean copy. Then make the PFX.",
        make_pfx,
    ),
    FindingCode.OPENSSL_CSR_FOR_CERTIFICATE: CatalogueEntry(
        "error",
        "OpenSSL was given the CSR where the certificate belongs.",
        "The CSR is only the question; Atlas's answer to it is the certificate.",
        "Name the certificate's file after -in.",
        make_pfx,
    ),
    FindingCode.OPENSSL_NO_KEY: CatalogueEntry(
        "error",
        "OpenSSL found no private key for the PFX.",
        "The option -inkey is missing, or names a file without a key, or the file is damaged.",
        "Name the key file after -inkey, as this command does.",
        make_pfx,
    ),
    FindingCode.OPENSSL_KEY_LOCKED: CatalogueEntry(
        "error",
        "OpenSSL could not unlock the private key.",
        "The pass phrase that it was given is not the one with which the key was locked.",
        "Try again with the right one. If nobody knows it, the key is lost: make a new key and CSR with "
        "this command, "
        "which locks nothing.",
        make_request,
    ),
    FindingCode.OPENSSL_PFX_TEXT: CatalogueEntry(
        "error",
        "OpenSSL got text, or something else, where it expected a PFX.",
        "Key Vault's command line writes base64 text when the encoding is left out.",
        "Download it again with --encoding base64, or turn the text into the file.",
        base64_to_file,
    ),
    FindingCode.OPENSSL_MAC: CatalogueEntry(
        "error",
        "The PFX did not open: the password is wrong, or it has none and the program expects one.",
        "The DIP wants a PFX that opens with the empty password.",
        "Write it again without a password; OpenSSL asks for the present one.",
        remake_pfx_with_password,
    ),
    FindingCode.OPENSSL_LEGACY: CatalogueEntry(
        "error",
        "OpenSSL 3 does not know the old cipher of this PFX.",
        "It is encrypted with RC2, which OpenSSL 3 and all programs built on it leave out.",
        "Write it again; the command reads the old file with -legacy.",
        remake_pfx_legacy,
    ),
    FindingCode.OPENSSL_NO_MAC: CatalogueEntry(
        "warning",
        "OpenSSL says that the PFX has no MAC.",
        "Firefox and some other programs refuse such a file, often as a wrong password; Java finds nothing in it if "
        "the key is in clear, too.",
        "Write it again with one.",
        remake_pfx,
    ),
    FindingCode.OPENSSL_OUTPUT: CatalogueEntry(
        "error",
        "OpenSSL could not write key and certificates.",
        "Old versions stop when the password for the new file is empty and -nodes is missing.",
        "Write it again with this command.",
        remake_pfx,
    ),
    FindingCode.OPENSSL_REQUEST_UNREADABLE: CatalogueEntry(
        "error",
        "OpenSSL cannot read the CSR file.",
        "The text was damaged, or the file holds something else.",
        "Check the file here: we fix what can be fixed and show a clean copy. Then look at it again.",
        check_request,
    ),
    FindingCode.NSS_PASSWORD: CatalogueEntry(
        "error",
        "Firefox or pk12util did not open the PFX.",
        "The password is wrong, or the PFX has no MAC.",
        "Write the PFX again with this command, then import it with an empty password.",
        remake_pfx,
    ),
}
