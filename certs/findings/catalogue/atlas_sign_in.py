"""What is said about a test sign-in to Atlas, made by us or by a person with the command that we show.

Failure modes F42, F48, F49, F50.
"""

from certs.findings.catalogue.catalogue_entry import CatalogueEntry
from certs.findings.codes import FindingCode

ENTRIES = {
    FindingCode.PROOF_REFUSED: CatalogueEntry(
        "error",
        "Atlas refused the sign-in: {description}",
        "The API key, the API secret and the certificate do not belong together, or one of them is mistyped.",
        "Check in Atlas that the mTLS certificate is linked to this API credential; then check key and secret.",
    ),
    FindingCode.PROOF_REJECTED: CatalogueEntry(
        "error",
        "Atlas did not accept the request: {description}",
        "The sign-in was not tried to its end.",
        "Check the API key and the API secret for spaces and missing characters, then try again.",
    ),
    FindingCode.PROOF_NOTHING: CatalogueEntry(
        "error",
        "There is no answer from Atlas in what you pasted.",
        "We look for the text in braces that Atlas gives after the sign-in.",
        "Run the command again and paste everything that it prints.",
    ),
    FindingCode.PROOF_NOT_A_POLICY: CatalogueEntry(
        "error",
        "There is an answer in what you pasted, but not the one to this command.",
        "The validation policy names at least validity, subject_dn and public_key.",
        "Run the command again, as it stands, and paste everything that it prints.",
    ),
    FindingCode.PROOF_TOKEN: CatalogueEntry(
        "error",
        "There is an access token in what you pasted.",
        "A token opens the account for ten minutes, so it was not stored or logged.",
        "Run the command as it stands; it keeps the token to itself.",
    ),
    FindingCode.PROOF_SECRET: CatalogueEntry(
        "error",
        "There is an API secret in what you pasted.",
        "The secret opens the account at GlobalSign, so it was not stored or logged.",
        "Paste only what the command prints.",
    ),
    FindingCode.PROOF_NO_CONNECTION: CatalogueEntry(
        "error",
        "Your computer could not reach Atlas.",
        "Most often a firewall blocks outgoing connections to port 8443.",
        "Ask your network team to open port 8443 to the host in the command, or run it on another network.",
    ),
    FindingCode.PROOF_NO_NAME: CatalogueEntry(
        "error",
        "Your computer does not know the address of Atlas.",
        "The name server did not answer, or a proxy is needed.",
        "Try again, or run the command on another network.",
    ),
    FindingCode.PROOF_SERVER_TRUST: CatalogueEntry(
        "error",
        "Your computer does not trust the server that answered.",
        "Most often a proxy of your company opens encrypted connections; mutual TLS cannot work through it.",
        "Ask your network team to leave the host in the command out of inspection, or use another network.",
    ),
    FindingCode.PROOF_HANDSHAKE: CatalogueEntry(
        "error",
        "Atlas broke off the connection while the certificate was shown.",
        "Atlas does not know this certificate, or it has expired or been revoked.",
        "Check that the PFX holds the certificate that Atlas generated for your CSR.",
    ),
    FindingCode.PROOF_FILE: CatalogueEntry(
        "error",
        "The command could not open the PFX.",
        "The file is elsewhere, has a password, or this curl cannot read an empty one (as on macOS).",
        "Run the command in the folder of the PFX; on macOS use the command with the certificate and key files.",
    ),
    FindingCode.PROOF_OTHER_CERTIFICATE: CatalogueEntry(
        "error",
        "The sign-in was made with another certificate: {seen}",
        "The one of this onboarding has the fingerprint {wanted}",
        "Run the command in the folder of the PFX that you made for this onboarding.",
    ),
    FindingCode.PROOF_KEY_SIZE: CatalogueEntry(
        "warning",
        "The policy of this credential does not allow RSA keys of 4096 bits.",
        "The DIP's own certificates may be refused later.",
        "Ask GlobalSign whether the credential is for the right service (Internet SSL).",
    ),
    FindingCode.PROOF_NO_FINGERPRINT: CatalogueEntry(
        "info",
        "The sign-in succeeded; only the fingerprint of the certificate could not be shown.",
        "OpenSSL's -clcerts, which an earlier form of this command used, prints nothing of a PFX that does not say "
        "which certificate belongs to its key (localKeyID).",
        "You need do nothing. To see the fingerprint too, copy the command again and run it once more.",
    ),
}
