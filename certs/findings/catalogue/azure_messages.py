"""What is said about messages of Azure Key Vault, its command line and its services that a person pastes.

Failure modes F10 to F20, F33 to F38; which words betray them is in messages/azure_rows.py.
"""

from certs.findings import Command
from certs.findings.azure_key_vault_instructions import download_pfx, make_request, merge_certificate
from certs.findings.catalogue.catalogue_entry import CatalogueEntry
from certs.findings.codes import FindingCode
from certs.findings.openssl_commands import make_pfx, pkcs7_to_certificate, remake_pfx


def _clicks_to_request() -> tuple[Command, ...]:
    return (make_request(),)


def _clicks_to_merge() -> tuple[Command, ...]:
    return (merge_certificate(),)


def _clicks_to_download() -> tuple[Command, ...]:
    return (download_pfx(),)


ENTRIES = {
    FindingCode.VAULT_OTHER_REQUEST: CatalogueEntry(
        "error",
        "Key Vault says that the certificate's key is not the one of this request.",
        "The certificate was made for another CSR: each pending request in Key Vault has a key of its own.",
        "Merge it into the request whose CSR went to Atlas; if that is lost, make a new CSR and certificate.",
        _clicks_to_merge,
    ),
    FindingCode.VAULT_X5C: CatalogueEntry(
        "error",
        "Key Vault found no certificate in the file that you merged.",
        "It was a PKCS#7 (.p7b) file. Key Vault wants a certificate that begins with BEGIN CERTIFICATE.",
        "Take the certificate out of the .p7b, then merge that.",
        pkcs7_to_certificate,
    ),
    FindingCode.VAULT_ASN1: CatalogueEntry(
        "error",
        "Key Vault got base64 text where it wanted bytes.",
        "The program that calls it must pass the certificate in DER, not as text.",
        "Decode the text first, or merge the certificate in the Azure portal.",
        _clicks_to_merge,
    ),
    FindingCode.VAULT_IN_PROGRESS: CatalogueEntry(
        "error",
        "Key Vault still waits for the certificate of an earlier request of this name.",
        "There can be one pending request at a time.",
        "Merge the certificate of that one; or open Certificate Operation, delete the operation, and "
        "begin again.",
        _clicks_to_merge,
    ),
    FindingCode.VAULT_PENDING_GONE: CatalogueEntry(
        "error",
        "Key Vault no longer has the pending request.",
        "It was deleted or overwritten, and its key with it.",
        "Make a new request, then a new mTLS certificate in Atlas with its CSR.",
        _clicks_to_request,
    ),
    FindingCode.VAULT_ISSUER: CatalogueEntry(
        "error",
        "Key Vault refuses to merge, because the request was made with an integrated CA.",
        "Only requests for a non-integrated CA (issuer Unknown) wait for a certificate from outside.",
        "Make a new request and choose the non-integrated CA.",
        _clicks_to_request,
    ),
    FindingCode.VAULT_DELETED: CatalogueEntry(
        "error",
        "A certificate of this name was deleted, and Key Vault still keeps it.",
        "The name is free only when it has been purged.",
        "If you work by hand, recover it, purge it, or take another name. This portal takes a new name at "
        "each try.",
        _clicks_to_request,
    ),
    FindingCode.VAULT_NAME: CatalogueEntry(
        "error",
        "Key Vault does not take this name for a certificate.",
        "A name may have letters, digits and hyphens. The underscore belongs into the subject only.",
        "If you work by hand, name it onboarding-key, with the subject CN=onboarding_key.",
        _clicks_to_request,
    ),
    FindingCode.VAULT_SUBJECT: CatalogueEntry(
        "error",
        "Key Vault does not take the subject.",
        "It must be written like CN=onboarding_key, without a slash and without quotes.",
        "Type CN=onboarding_key exactly like that.",
        _clicks_to_request,
    ),
    FindingCode.VAULT_FORBIDDEN: CatalogueEntry(
        "error",
        "Key Vault says that you may not do this.",
        "Making and merging needs rights on certificates; downloading the PFX needs the right to read secrets.",
        "Ask for Key Vault Certificates Officer to make and merge, and Key Vault Secrets User to download.",
        _clicks_to_download,
    ),
    FindingCode.VAULT_DISABLED: CatalogueEntry(
        "error",
        "Key Vault gives nothing out under this name, because it is disabled.",
        "It is disabled until its certificate is merged, and when somebody disables it later. The key is "
        "still there.",
        "Merge the certificate if that was not done; else open its current version and set Enabled to "
        "Yes. Then try "
        "again, with the same key.",
        _clicks_to_merge,
    ),
    FindingCode.VAULT_EXPIRED: CatalogueEntry(
        "error",
        "Key Vault gives nothing out under this name, because it has expired.",
        "Key and secret stop working at the expiration date of the version, which may lie before the "
        "certificate's.",
        "Open the current version. If the certificate is still valid, set a later expiration date and try "
        "again. If "
        "not, a new CSR and a new certificate are needed.",
    ),
    FindingCode.VAULT_NOT_YET: CatalogueEntry(
        "error",
        "Key Vault gives nothing out under this name yet: its activation date lies ahead.",
        "The key is good, and can be used from that date on.",
        "Open the current version and clear the activation date, or wait until it has come. Then try "
        "again, with the "
        "same key.",
    ),
    FindingCode.VAULT_NOT_THERE: CatalogueEntry(
        "error",
        "Key Vault has nothing under this name.",
        "It was deleted, or it lies in another vault. What was deleted can be recovered with its key for "
        "a while.",
        "Look in the right vault and, under the deleted certificates, recover it. Then try again. Make a "
        "new CSR only "
        "if it was purged.",
    ),
    FindingCode.VAULT_TAKEN: CatalogueEntry(
        "error",
        "Key Vault holds a finished certificate under the name of this request, and the CSR is not there "
        "any more.",
        "A second request under the same name would hide the first one's key.",
        "Try again: the next request has another name. What is in the vault stays as it is.",
    ),
    FindingCode.VAULT_SIGN_IN: CatalogueEntry(
        "error",
        "Key Vault does not know the identity that asks, or the portal has none in Azure.",
        "Without a sign-in to the right tenant the vault answers nothing.",
        "Whoever runs the portal gives it an identity in the vault's tenant. Until then choose another way.",
    ),
    FindingCode.VAULT_FIREWALL: CatalogueEntry(
        "error",
        "The key vault's firewall does not let the portal in.",
        "It takes requests only from the networks that its owner allows.",
        "Ask the vault's owner to allow the portal's address under Networking, or choose another way.",
    ),
    FindingCode.VAULT_NO_PFX: CatalogueEntry(
        "error",
        "What the key vault keeps under this name is no PFX.",
        "The certificate's content type is not PKCS #12, or it has not been merged yet.",
        "Merge the certificate in the vault, download the PFX there and upload it here.",
        _clicks_to_download,
    ),
    FindingCode.VAULT_UNKNOWN: CatalogueEntry(
        "error",
        "Key Vault refused, with an answer that is not known here ({status}).",
        "Nothing was changed here.",
        "Look at the certificate in the Azure portal, or choose another way.",
        _clicks_to_request,
    ),
    FindingCode.VAULT_MERGE_CLOSED: CatalogueEntry(
        "error",
        "Merge Signed Request cannot be clicked.",
        "The page shows a version that is completed, not the one that waits.",
        "Open the certificate's overview, choose the pending version, then Certificate Operation.",
        _clicks_to_merge,
    ),
    FindingCode.VAULT_IMPORT: CatalogueEntry(
        "error",
        "Key Vault was asked to import a certificate without its key.",
        "Import makes a new entry from a PFX. The key of your request is in the vault already and waits "
        "for its certificate.",
        "Do not choose Import. Open the request and choose Merge Signed Request, as here; or az keyvault "
        "certificate "
        "pending merge.",
        _clicks_to_merge,
    ),
    FindingCode.VAULT_KEY_STATE: CatalogueEntry(
        "error",
        "PowerShell could not import the PFX, because it opens it on your computer first.",
        "That fails for files without a password.",
        "Import it in the Azure portal or with az, or give the PFX a password for the way.",
    ),
    FindingCode.VAULT_CANNOT_PARSE: CatalogueEntry(
        "error",
        "Azure's command line could not read the file.",
        "The file is neither a PEM nor a PFX, or its password was not named.",
        "Check the file here; for a PFX with a password add --password.",
    ),
    FindingCode.VAULT_PFX_CONTENT: CatalogueEntry(
        "error",
        "Key Vault cannot read the PFX.",
        "The password is another one, the file is base64 text, or an older service does not know its AES "
        "cipher.",
        "Write it again with triple DES and import that.",
        remake_pfx,
    ),
    FindingCode.VAULT_PEM_CONTENT: CatalogueEntry(
        "error",
        "Key Vault cannot read the PEM file.",
        "Its key is written in the old form (BEGIN RSA PRIVATE KEY); Key Vault wants BEGIN PRIVATE KEY.",
        "Make a PFX from key and certificate with this command and import that.",
        make_pfx,
    ),
    FindingCode.AZURE_SERVICE_PFX: CatalogueEntry(
        "error",
        "An Azure service did not take the PFX: wrong password or invalid certificate, it says.",
        "Some of them read only PFX files with triple DES and SHA-1.",
        "Write it again with this command and upload that.",
        remake_pfx,
    ),
}
