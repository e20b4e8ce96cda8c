"""What is said about messages of Windows' certificate tools, and of shells.

Which words and numbers betray them is in messages/windows_rows.py and messages/shell_rows.py.
"""

from certs.findings.catalogue.catalogue_entry import CatalogueEntry
from certs.findings.codes import FindingCode
from certs.findings.openssl_commands import make_request, remake_pfx
from certs.findings.windows_commands import (
    accept_certificate,
    add_issuer,
    make_exportable_request,
    repair_store,
)

ENTRIES = {
    FindingCode.WINDOWS_NOT_EXPORTABLE: CatalogueEntry(
        "error",
        "Windows does not give the private key out: it was made not exportable.",
        "A PFX holds the key, and this key stays in Windows' store for good.",
        "Make a new request with Exportable = TRUE, as here, and a new mTLS certificate in Atlas with it. "
        "In MMC tick "
        "Make private key exportable.",
        make_exportable_request,
    ),
    FindingCode.WINDOWS_NO_REQUEST: CatalogueEntry(
        "error",
        "Windows has no request waiting that belongs to this certificate.",
        "A request is completed on the computer, and by the user, that made it: the key is there. Or the "
        "request was deleted.",
        "Run certreq -accept there. If the certificate is in the store without its key, -repairstore "
        "joins the two. If "
        "the key is nowhere, make a new CSR and certificate.",
        repair_store,
    ),
    FindingCode.WINDOWS_NO_KEYSET: CatalogueEntry(
        "error",
        "Windows does not find the private key of the certificate.",
        "It belongs to another user or computer, you may not read it, or only the certificate was imported.",
        "On the computer that made the request, as the same user, join the two with these commands. The "
        "first shows the "
        "serial number for the second.",
        repair_store,
    ),
    FindingCode.WINDOWS_NOT_A_CERTIFICATE: CatalogueEntry(
        "error",
        "Windows was given something else than the file that it wants.",
        "For a certificate it gets a .p7b, a web page, a CSR, or base64 that was encoded twice; for a "
        "PFX, text.",
        "Check the file here: we say what it is and show a clean copy. Then run the command with that.",
        accept_certificate,
    ),
    FindingCode.WINDOWS_ACCESS: CatalogueEntry(
        "error",
        "Windows does not let you do this.",
        "The computer's own store and the keys in it belong to its administrators.",
        "Open PowerShell or the Command Prompt as administrator; or use your own store: -user with "
        "certutil and certreq, "
        "Cert:\\CurrentUser\\My in PowerShell.",
    ),
    FindingCode.WINDOWS_CHAIN: CatalogueEntry(
        "error",
        "Windows does not take the certificate, because it does not know its issuer.",
        "It builds the chain up to a root that it trusts before it joins the certificate with its key.",
        "Download the issuing CA's certificate in Atlas, put it into the store, then accept yours.",
        add_issuer,
    ),
    FindingCode.WINDOWS_PROVIDER: CatalogueEntry(
        "error",
        "Windows does not have the program part (provider) that the PFX names for its key.",
        "A PFX may say which provider is to keep the key, and this one is not installed here.",
        "Write the PFX again with this command, which leaves the name out.",
        remake_pfx,
    ),
    FindingCode.PROGRAM_MISSING: CatalogueEntry(
        "error",
        "Your shell does not find the program that the command names.",
        "It is not installed, or not in the search path.",
        "Install it (keytool comes with Java, certtool with GnuTLS, certutil and pk12util with NSS, pki with "
        "strongSwan), open a new window and try again; or choose another way.",
    ),
    FindingCode.KEY_FILE_EXISTS: CatalogueEntry(
        "error",
        "The file or folder of the new key is there already.",
        "Nothing was written over it: it may hold the key of an earlier try, whose CSR may be at Atlas.",
        "Go on with that key if its CSR is the one in Atlas; if not, run the lines in an empty folder.",
    ),
    FindingCode.FILE_NOT_FOUND: CatalogueEntry(
        "error",
        "The program does not find the file that it was told to open.",
        "The shell is in another folder, or the file has another name (Windows hides endings such as .txt).",
        "Change to the folder with the files, list them, and put their real names into the command.",
    ),
    FindingCode.WRONG_SHELL: CatalogueEntry(
        "error",
        "The command is written for another shell.",
        "Bash, PowerShell and the Command Prompt of Windows write conditions and quotes differently.",
        "Copy the command for the shell that you use: its name stands above each of them.",
        make_request,
    ),
}
