"""What is said about a certificate and its chain.

Rules R43, R50; traps T5, T25; failure modes F7, F8, F10, F50.
"""

from certs.findings.catalogue.catalogue_entry import CatalogueEntry
from certs.findings.codes import FindingCode
from certs.findings.openssl_commands import show_public_keys

_FROM_ATLAS = "Copy the certificate that Atlas shows for your CSR under Generate mTLS Certificates."

ENTRIES = {
    FindingCode.CERTIFICATE_UNREADABLE: CatalogueEntry(
        "error",
        "The certificate cannot be read: its contents are damaged.",
        "No tool could use it.",
        "Copy it again from Atlas, with the button beside it.",
    ),
    FindingCode.CERTIFICATE_SEVERAL: CatalogueEntry(
        "error",
        "There are {count} certificates that could be yours.",
        "We cannot know which of them you mean.",
        "Give the one that Atlas shows for your CSR, alone or with the certificates of its issuers.",
    ),
    FindingCode.CERTIFICATE_IS_CA: CatalogueEntry(
        "error",
        "This is the certificate of a certificate authority ({subject}).",
        "It belongs to the issuer, not to you, and nobody but the issuer has its key.",
        _FROM_ATLAS,
    ),
    FindingCode.CERTIFICATE_SELF_SIGNED: CatalogueEntry(
        "error",
        "This certificate is signed by its own key.",
        "GlobalSign did not issue it, so it opens nothing at Atlas.",
        _FROM_ATLAS,
    ),
    FindingCode.CERTIFICATE_EXPIRED: CatalogueEntry(
        "error",
        "The certificate expired on {date}.",
        "Atlas refuses it from then on.",
        "Generate a new mTLS certificate in Atlas with a new CSR.",
    ),
    FindingCode.CERTIFICATE_NOT_YET: CatalogueEntry(
        "error",
        "The certificate is valid only from {date}.",
        "Atlas refuses it until then; if that time has passed, a clock is wrong.",
        "Wait until then, or check the clock of the computer that runs the portal.",
    ),
    FindingCode.CERTIFICATE_SOON: CatalogueEntry(
        "warning",
        "The certificate expires on {date}.",
        "Certificates of this kind are made for five years; this one is nearly over.",
        "Generate a new mTLS certificate in Atlas before that day.",
    ),
    FindingCode.CERTIFICATE_NO_CLIENT_AUTH: CatalogueEntry(
        "error",
        "The certificate is not made for client authentication.",
        "Atlas lets in only certificates whose extended key usage has clientAuth.",
        "In Atlas choose Generate mTLS Certificates, Directly via the API, and use that certificate.",
    ),
    FindingCode.CERTIFICATE_KEY_TYPE: CatalogueEntry(
        "error",
        "The key in the certificate is {kind}.",
        "The DIP asks for an RSA key of 4096 bits.",
        "Make a new key and CSR, then generate a new mTLS certificate in Atlas.",
    ),
    FindingCode.CERTIFICATE_KEY_SIZE: CatalogueEntry(
        "error",
        "The key in the certificate has {bits} bits.",
        "The DIP asks for 4096; Atlas accepts 2048, so it did not say so.",
        "Make a new key and CSR with 4096 bits, then generate a new mTLS certificate in Atlas.",
    ),
    FindingCode.CERTIFICATE_SIGNATURE_WEAK: CatalogueEntry(
        "error",
        "The certificate is signed with {hash}.",
        "{hash} is broken, and most systems refuse it.",
        "Ask GlobalSign for a certificate signed with SHA-256.",
    ),
    FindingCode.CERTIFICATE_SUBJECT: CatalogueEntry(
        "warning",
        "The certificate's subject is {subject}",
        "The one for the DIP is CN=onboarding_key, as in the CSR; this may be another certificate of yours.",
        "Check in Atlas that you copied the mTLS certificate for your CSR.",
    ),
    FindingCode.CERTIFICATE_OTHER_KEY: CatalogueEntry(
        "error",
        "The certificate is for another key than the CSR: the SHA-256 of its public key begins {certificate}, "
        "the CSR's {request}.",
        "It cannot be joined with your private key. Most often the command that makes the key was run twice.",
        "Find the key file with the CSR's fingerprint; if it is lost, make a new CSR and a new mTLS certificate.",
        show_public_keys,
    ),
    FindingCode.CHAIN_KEPT: CatalogueEntry(
        "info",
        "The issuers' certificates were there too ({count}).",
        "The PFX needs them.",
        "You need do nothing: we put them in order and left the root out.",
    ),
    FindingCode.CHAIN_INCOMPLETE: CatalogueEntry(
        "warning",
        "The certificate of the issuer is missing: {issuer}",
        "Some systems want the whole chain in the PFX.",
        "Download the issuing CA's certificate in Atlas, where it shows yours, and give it together with yours.",
    ),
    FindingCode.CHAIN_REFUSED: CatalogueEntry(
        "error",
        "The chain up to this issuer does not pass the check of the whole path: {issuer}",
        "A date, a path length, a key usage, a name constraint or an algorithm of one issuer forbids it (RFC 5280).",
        "Download the issuing CA's certificate in Atlas again, where it shows yours.",
    ),
    FindingCode.CHAIN_BROKEN: CatalogueEntry(
        "error",
        "The certificate named as issuer did not sign this one: {issuer}",
        "The names agree, but the signature or the dates do not, so the chain leads nowhere.",
        "Download the issuing CA's certificate in Atlas again, where it shows yours.",
    ),
}
