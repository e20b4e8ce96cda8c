"""What is said about a CSR that some programs read and strict ones refuse: its form, and the setting that helps.

Found in csr_refusal.py; measured with the makers of November 2026.
"""

from certs.findings.catalogue.catalogue_entry import CatalogueEntry
from certs.findings.codes import FindingCode
from certs.findings.openssl_commands import make_request

_TOOL = " The program wrote it so; copying it again does not help."
_OTHER = "Or make a new key and CSR with another program, as here."

ENTRIES = {
    FindingCode.CSR_STRING_TYPE: CatalogueEntry(
        "error",
        "A name in the CSR is written in a string type that has no such character (often PrintableString "
        "and the underscore).",
        "Strict programs refuse it, and .NET shows an empty name." + _TOOL,
        "Have the program write the name as UTF8String; in node-forge give the subject valueTagClass: "
        "forge.asn1.Type.UTF8. " + _OTHER,
        make_request,
    ),
    FindingCode.CSR_VERSION: CatalogueEntry(
        "error",
        "The CSR says that it is version {version}, and only version 1 exists (RFC 2986).",
        "Strict programs refuse it." + _TOOL,
        "In pyOpenSSL leave set_version out, or call set_version(0). " + _OTHER,
        make_request,
    ),
    FindingCode.CSR_NO_ATTRIBUTES: CatalogueEntry(
        "error",
        "The CSR lacks the field for attributes, which must be there even when it is empty (RFC 2986).",
        "OpenSSL and keytool read it; Go, GnuTLS, .NET and others refuse it." + _TOOL,
        "In PKI.js set attributes to an empty list; in Bouncy Castle do not call "
        "setLeaveOffEmptyAttributes(true); in phpseclib load the CSR again, set an extension (id-ce-keyUsage) and "
        "sign once more. " + _OTHER,
        make_request,
    ),
    FindingCode.CSR_EMPTY_ATTRIBUTE: CatalogueEntry(
        "error",
        "There is an attribute without contents in the CSR.",
        "OpenSSL, Java and .NET refuse it." + _TOOL,
        "With gpgsm give the key a line Key-Usage: sign in the parameter file. " + _OTHER,
        make_request,
    ),
    FindingCode.CSR_TRAILING: CatalogueEntry(
        "error",
        "There are {count} bytes too many in the CSR, after a part that was complete.",
        "Strict programs refuse it." + _TOOL,
        "Use a newer version of the program. " + _OTHER,
        make_request,
    ),
    FindingCode.CSR_NOT_DER: CatalogueEntry(
        "error",
        "The CSR is not written in the one form that the standard allows (DER): {what}.",
        "Strict programs refuse it." + _TOOL,
        "Use a newer version of the program. " + _OTHER,
        make_request,
    ),
    FindingCode.CSR_SIGNATURE_LABEL: CatalogueEntry(
        "error",
        "The CSR is signed with {used} and says {said}.",
        "Nobody can verify it." + _TOOL + " The npm package @root/csr does so with keys of 4096 bits.",
        "Make a new key and CSR with another program, as here.",
        make_request,
    ),
}
