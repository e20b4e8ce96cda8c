"""What is said about a CSR.

Rules R42, R43, R46; traps T1, T2, T4, T5, T11; failure modes F2, F3, F4, F7.
"""

from certs.findings.catalogue.catalogue_entry import CatalogueEntry
from certs.findings.codes import FindingCode
from certs.findings.openssl_commands import make_request

_AGAIN = "Make a new key and CSR with this command, exactly as it stands."
_NAME = "The subject must be CN=onboarding_key and nothing else."

ENTRIES = {
    FindingCode.CSR_UNREADABLE: CatalogueEntry(
        "error",
        "The CSR cannot be read: its contents are damaged.",
        "Atlas would refuse it.",
        "Copy it again; if it still fails, make a new key and CSR.",
        make_request,
    ),
    FindingCode.CSR_SIGNATURE: CatalogueEntry(
        "error",
        "The CSR's own signature is not right.",
        "It was changed after it was made, or its key is not the one that signed it.",
        "Copy it again; if it still fails, make a new key and CSR.",
        make_request,
    ),
    FindingCode.CSR_SIGNATURE_WEAK: CatalogueEntry(
        "error",
        "The CSR is signed with {hash}.",
        "{hash} is broken, and certificate authorities refuse it.",
        "Make a new key and CSR with SHA-256, which this command uses.",
        make_request,
    ),
    FindingCode.CSR_KEY_TYPE: CatalogueEntry(
        "error",
        "The key in the CSR is {kind}.",
        "The DIP asks for an RSA key of 4096 bits.",
        _AGAIN,
        make_request,
    ),
    FindingCode.CSR_KEY_SMALL: CatalogueEntry(
        "error",
        "The key has {bits} bits.",
        "The DIP asks for 4096; Atlas accepts 2048, so the refusal would come only at the end.",
        "Make a new key and CSR; in Azure Key Vault, set 4096 under Advanced Policy Configuration.",
        make_request,
    ),
    FindingCode.CSR_KEY_LARGE: CatalogueEntry(
        "error",
        "The key has {bits} bits.",
        "The DIP asks for exactly 4096.",
        _AGAIN,
        make_request,
    ),
    FindingCode.CSR_EXPONENT: CatalogueEntry(
        "error",
        "The key's public exponent is {exponent}.",
        "Certificate authorities expect 65537.",
        _AGAIN,
        make_request,
    ),
    FindingCode.CSR_SUBJECT_EMPTY: CatalogueEntry(
        "error",
        "The subject is empty.",
        _NAME + " A double slash before CN (a trick from Git Bash) empties it elsewhere without an error.",
        "Make a new key and CSR with a single slash: /CN=onboarding_key.",
        make_request,
    ),
    FindingCode.CSR_SUBJECT_FULL_STOP: CatalogueEntry(
        "error",
        "The name ends in a full stop: {name}",
        _NAME + " The full stop was copied along with the command from the end of a sentence.",
        "Make a new key and CSR without the full stop.",
        make_request,
    ),
    FindingCode.CSR_SUBJECT_PATH: CatalogueEntry(
        "error",
        "There is a file path in the subject: {subject}",
        _NAME + " Git Bash took /CN= for a path and rewrote it.",
        "Make a new key and CSR with the Git Bash command, which switches that off.",
        make_request,
    ),
    FindingCode.CSR_SUBJECT_QUOTES: CatalogueEntry(
        "error",
        "The name has quotation marks or spaces around it: {name}",
        _NAME + " Curly quotes from a web page or document become part of the name.",
        "Make a new key and CSR with straight quotes, as in this command.",
        make_request,
    ),
    FindingCode.CSR_SUBJECT_NEAR: CatalogueEntry(
        "error",
        "The name is nearly right: {name}",
        _NAME
        + " The underscore and the small letters count; only the name of the certificate in Key Vault has a "
        "hyphen.",
        _AGAIN,
        make_request,
    ),
    FindingCode.CSR_SUBJECT_HOST: CatalogueEntry(
        "error",
        "The name looks like a host or a domain: {name}",
        _NAME + " Your own domain comes later, in the DIP's certificate step.",
        _AGAIN,
        make_request,
    ),
    FindingCode.CSR_SUBJECT_OTHER: CatalogueEntry(
        "error",
        "The subject is {subject}",
        _NAME,
        _AGAIN,
        make_request,
    ),
    FindingCode.CSR_SUBJECT_EXTRA: CatalogueEntry(
        "error",
        "The subject has more parts than the name: {extra}",
        _NAME,
        "Make a new key and CSR; leave country, organisation and all other questions out, as this command does.",
        make_request,
    ),
    FindingCode.CSR_EXTENSIONS: CatalogueEntry(
        "info",
        "The CSR asks for extensions: {names}.",
        "Atlas takes the key from the CSR and ignores what else it asks for.",
        "You need do nothing.",
    ),
    FindingCode.CSR_KEY_ELSEWHERE: CatalogueEntry(
        "error",
        "Another company has already given a CSR with the same key.",
        "Two companies must not share a private key: either could act as the other.",
        "Make a new key and CSR for this company only.",
        make_request,
    ),
    FindingCode.CSR_KEY_EXPOSED: CatalogueEntry(
        "error",
        "Somebody said that others may have seen the private key of this CSR.",
        "Who has seen it can act as your company, with a new certificate as with the old one.",
        "Make a new key and CSR with this command. In a browser, press “Delete the key from this browser” first.",
        make_request,
    ),
    FindingCode.CSR_KEY_IN_SIGNING: CatalogueEntry(
        "error",
        "A certificate for the same key is being made for another onboarding of your company.",
        "Two orders for one key at the same time could not be told apart.",
        "Wait until that one is done, or make a new key and CSR for this onboarding.",
        make_request,
    ),
}
