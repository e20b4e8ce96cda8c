"""What is said about a connection to Atlas that failed before Atlas had a say.

Failure modes F42, F49, F50; which words betray them is in messages/connection_rows.py.
"""

from certs.findings.catalogue.catalogue_entry import CatalogueEntry
from certs.findings.codes import FindingCode
from certs.findings.openssl_commands import make_pfx, remake_pfx, split_pfx

_ROUND = "Nothing reached Atlas, so it says nothing about your certificate, key or secret."
_ASK = "Ask your network team"

ENTRIES = {
    FindingCode.PROOF_PROXY_SIGN_IN: CatalogueEntry(
        "error",
        "Your company's proxy wants a user name and a password before it lets the connection through (407).",
        _ROUND,
        "Sign in to the proxy: give curl --proxy-user NAME: (or --proxy-ntlm --proxy-user : on Windows); "
        "or go round it with "
        "--noproxy '*', or from another network.",
    ),
    FindingCode.PROOF_PROXY_REFUSED: CatalogueEntry(
        "error",
        "Your company's proxy did not let the connection to Atlas through.",
        _ROUND,
        _ASK + " to allow the host in the command and its port 8443 in the proxy, or use another network.",
    ),
    FindingCode.PROOF_PROXY_UNKNOWN: CatalogueEntry(
        "error",
        "The proxy in your computer's settings cannot be reached.",
        "The name or the port is wrong, or it is there only inside the company's network. " + _ROUND,
        "Look at the variables HTTPS_PROXY and ALL_PROXY and at curl's settings (.curlrc); or go round it "
        "with --noproxy '*'.",
    ),
    FindingCode.PROOF_NOT_TLS: CatalogueEntry(
        "error",
        "What answered does not speak TLS.",
        "A proxy or firewall in between answered, or the port or address is wrong; no certificate was "
        "asked for yet.",
        "Check the address and the port 8443. "
        + _ASK
        + " to let the host in the command through, or use another network.",
    ),
    FindingCode.PROOF_CUT_OFF: CatalogueEntry(
        "error",
        "The connection was cut off without a reason.",
        "Most often a firewall or proxy in between does so. A server that minded the certificate would "
        "send an alert.",
        "Try again, and from another network. "
        + _ASK
        + " to let the host in the command and port 8443 through uninspected.",
    ),
    FindingCode.PROOF_REVOCATION: CatalogueEntry(
        "error",
        "Windows could not fetch the revocation list of the server's certificate.",
        "A firewall or proxy blocks the list's address (port 80). It says nothing about your own certificate.",
        "Give curl.exe the option --ssl-revoke-best-effort, or have the list's address let through.",
    ),
    FindingCode.PROOF_SERVER_NAME: CatalogueEntry(
        "error",
        "The server that answered has a certificate for another name.",
        "A proxy or a sign-in page of the network answered in its place, or the address is wrong.",
        "Check the address in the command; then sign in to the network, or use another one.",
    ),
    FindingCode.PROOF_SERVER_DATE: CatalogueEntry(
        "error",
        "Your computer takes the server's certificate for expired or not valid yet.",
        "Most often the computer's clock is wrong, or its list of authorities is old. It is not your own "
        "certificate that is meant.",
        "Set the clock, update the system's certificates, then try again.",
    ),
    FindingCode.PROOF_TLS_VERSION: CatalogueEntry(
        "error",
        "Your program and the server have no version of TLS in common.",
        "The program is old, or a proxy in between is. The certificate was not looked at.",
        "Use a program with TLS 1.2 or newer, such as curl of the last five years.",
    ),
    FindingCode.PROOF_PFX_AS_PEM: CatalogueEntry(
        "error",
        "Curl took the PFX for a PEM file.",
        "Unless it is told, curl expects PEM.",
        "Add --cert-type P12 to the command, and write a colon after the file's name for the empty password, as in "
        "--cert apicert.pfx: with nothing behind it.",
    ),
    FindingCode.PROOF_SCHANNEL_PEM: CatalogueEntry(
        "error",
        "The curl of Windows was given PEM files.",
        "It uses Windows' own TLS (Schannel), which takes a PFX only.",
        "Make a PFX with this command, and name it: --cert-type P12 --cert apicert.pfx: (without --key).",
        make_pfx,
    ),
    FindingCode.PROOF_PEM_ONLY: CatalogueEntry(
        "error",
        "This program reads certificate and key as PEM only.",
        "It was given a PFX, or a PEM file that is damaged. Python's ssl and the curl with GnuTLS read no PFX.",
        "Split the PFX with these commands. The key lies open in the new file: delete it when you are done.",
        split_pfx,
    ),
    FindingCode.DOTNET_ROUNDS: CatalogueEntry(
        "error",
        "The .NET program refuses the PFX: it has too many rounds of key derivation to open without a password.",
        "Where no password argument is given, .NET allows 600,000 rounds in all.",
        'Write it again with the usual number with this command; or pass the empty password "" as an argument.',
        remake_pfx,
    ),
}
