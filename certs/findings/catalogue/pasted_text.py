"""What is said about pasted text and uploaded files as such: PEM damage, wrong kinds, private keys.

Failure modes F11, F12, F22, F36, F39, F40 and the measurements of section 5.3.
"""

from certs.findings.catalogue.catalogue_entry import CatalogueEntry
from certs.findings.codes import FindingCode
from certs.findings.openssl_commands import base64_to_file, make_request, pkcs7_to_certificate
from certs.findings.windows_commands import make_exportable_request

ENTRIES = {
    FindingCode.NOTHING_GIVEN: CatalogueEntry(
        "error",
        "Nothing was given.",
        "There is nothing to check.",
        "Paste the text or choose the file, then send it again.",
    ),
    FindingCode.TOO_LARGE: CatalogueEntry(
        "error",
        "You gave {size} KB.",
        "Nothing that belongs here is larger than {limit} KB, so it was not read.",
        "Choose the file that your tool or Atlas made, and nothing else.",
    ),
    FindingCode.PRIVATE_KEY_PASTED: CatalogueEntry(
        "error",
        "There is a private key in what you gave.",
        "A private key that has been sent anywhere counts as known to others, so we refused it: nothing "
        "was stored "
        "or logged.",
        "Delete that key, make a new key and CSR, and give us the CSR or the certificate only.",
        make_request,
    ),
    FindingCode.PEM_REPAIRED: CatalogueEntry(
        "info",
        "The text needed tidying: {repairs}.",
        "Some tools, OpenSSL among them, refuse it as it was.",
        "You need do nothing here; elsewhere, use the clean copy that we show.",
    ),
    FindingCode.PEM_UTF16: CatalogueEntry(
        "info",
        "The text is saved as UTF-16 (Notepad calls it Unicode, and PowerShell writes it with >).",
        "OpenSSL and Azure Key Vault cannot read it.",
        "You need do nothing here; elsewhere, use the clean copy that we show, or save the file again as "
        "UTF-8.",
    ),
    FindingCode.PEM_CUT: CatalogueEntry(
        "error",
        "The end is missing: {there} of {needed} bytes are there.",
        "Part of it was not copied, so it cannot be read.",
        "Copy it again, from the line with BEGIN to the line with END, both included.",
    ),
    FindingCode.PEM_BAD_CHARACTER: CatalogueEntry(
        "error",
        "There is a character that does not belong there, {character}, in line {line} after BEGIN.",
        "The text was changed on its way, so it cannot be read.",
        "Copy it again as plain text, straight from where it was made, not through a document or a chat.",
    ),
    FindingCode.PEM_EXTRA: CatalogueEntry(
        "error",
        "There is more than one thing between BEGIN and END.",
        "We cannot know which of them you mean.",
        "Copy it again, from the line with BEGIN to the line with END, both included.",
    ),
    FindingCode.PEM_EMPTY: CatalogueEntry(
        "error",
        "There is nothing between BEGIN and END.",
        "Only the outer lines were copied.",
        "Copy it again, from the line with BEGIN to the line with END, both included.",
    ),
    FindingCode.PEM_SEVERAL: CatalogueEntry(
        "error",
        "There are {count} of them in what you gave, and one is needed: {expected}.",
        "We cannot know which of them you mean.",
        "Give only the one that belongs here.",
    ),
    FindingCode.NOT_RECOGNISED: CatalogueEntry(
        "error",
        "This is not {expected}, and nothing else that we know.",
        "It may be damaged, or its BEGIN and END lines may be missing.",
        "Copy it again, from the line with BEGIN to the line with END, both included, or upload the file "
        "itself.",
    ),
    FindingCode.WRONG_KIND_CSR: CatalogueEntry(
        "error",
        "This is a CSR, and {expected} is needed.",
        "The CSR goes to Atlas; Atlas answers with a certificate.",
        "Paste the CSR in Atlas under Generate mTLS Certificates, then upload the certificate that Atlas "
        "shows.",
    ),
    FindingCode.WRONG_KIND_CERTIFICATE: CatalogueEntry(
        "error",
        "This is a certificate, and {expected} is needed.",
        "A certificate is what comes back for a CSR; it is public and holds no private key.",
        "Choose the other file: {expected}.",
    ),
    FindingCode.WRONG_KIND_PKCS7: CatalogueEntry(
        "error",
        "This is a PKCS#7 (.p7b) file, and {expected} is needed.",
        "OpenSSL cannot put it into a PFX, and Azure Key Vault refuses to merge it.",
        "Copy the certificate from Atlas as text (BEGIN CERTIFICATE), or take it out of the .p7b with OpenSSL.",
        pkcs7_to_certificate,
    ),
    FindingCode.WRONG_KIND_CSV: CatalogueEntry(
        "error",
        "These look like API credentials, and {expected} is needed.",
        "An API key and secret open the account at GlobalSign, so they were not stored or logged.",
        "Give the credentials only on the page that asks for them; here choose {expected}.",
    ),
    FindingCode.WRONG_KIND_PUBLIC_KEY: CatalogueEntry(
        "error",
        "This is a bare public key, and {expected} is needed.",
        "A public key says neither who it belongs to nor that its owner has the private key.",
        "Choose the other file: {expected}.",
    ),
    FindingCode.WRONG_KIND_CRL: CatalogueEntry(
        "error",
        "This is a revocation list, and {expected} is needed.",
        "A revocation list holds no certificate and no key.",
        "Choose the other file: {expected}.",
    ),
    FindingCode.WRONG_KIND_DOCUMENT: CatalogueEntry(
        "error",
        "This is a document, an archive or a web page, and {expected} is needed.",
        "Text inside a document is changed in ways that break it.",
        "Give the text itself, or the file that your tool or Atlas made.",
    ),
    FindingCode.WRONG_KIND_CMC: CatalogueEntry(
        "error",
        "This is a request in the CMC form, and {expected} is needed.",
        "Windows writes it where PKCS #10 was not chosen; Atlas reads PKCS #10 only.",
        "With certreq set RequestType = PKCS10, as here; in MMC choose PKCS #10 under the request's format.",
        make_exportable_request,
    ),
    FindingCode.PFX_BASE64: CatalogueEntry(
        "error",
        "The file is base64 text with a PFX inside.",
        "No tool opens it like that; Key Vault's command line writes it when the encoding is left out.",
        "Download it again with the encoding option, or turn the text into the file.",
        base64_to_file,
    ),
    FindingCode.PFX_KEYSTORE: CatalogueEntry(
        "error",
        "This is a Java keystore (JKS), and a PFX is needed.",
        "The DIP reads PFX files only.",
        "Make a PFX from your key and certificate.",
    ),
}
