"""What Azure Key Vault, its command line, its SDKs and Azure's services say."""

from certs.findings.codes import FindingCode
from certs.findings.messages.known_message import REGEX, KnownMessage

# Of a good key: Azure/azure-sdk-for-js#24756, Azure/AzureKeyVault#19. The words for "not yet" are in no public report.
_SHUT = "operation get is not allowed on"
_NOT_HERE = "was not found in this key vault"
_LEARN, _REPORT, _UNCHECKED = "learn.microsoft.com", "report", "not checked"


def _vault(code: FindingCode, source: str, *pieces: str, unless: tuple[str, ...] = ()) -> KnownMessage:
    return KnownMessage(code, "Azure Key Vault", "7.0 to 2026", source, pieces, unless)


def _service(code: FindingCode, source: str, *pieces: str) -> KnownMessage:
    return KnownMessage(code, "Azure services", "all", source, pieces)


ROWS = (
    _vault(FindingCode.VAULT_IMPORT, "Azure/azure-sdk-for-net, a report", "no certificate with private key found in the specified x.509 certificate content"),
    _vault(FindingCode.VAULT_IMPORT, _REPORT, rf"{REGEX}privatekeyisnotspecifiedinthespecifiedx\.509(?:pem)?certificatecontent"),
    _vault(FindingCode.VAULT_OTHER_REQUEST, _LEARN, "public key of the end-entity certificate", "does not match the public part of the specified private"),
    _vault(FindingCode.VAULT_X5C, "MicrosoftDocs/azure-docs#100959", "x5c", "at least one valid item"),
    _vault(FindingCode.VAULT_ASN1, "Azure/azure-sdk-for-python#2834", "asn1 bad tag value met | 0x8009310b", "badparameter | key vault | keyvault"),
    _vault(FindingCode.VAULT_IN_PROGRESS, _LEARN, "pending key vault certificate's status is inprogress"),
    _vault(FindingCode.VAULT_PENDING_GONE, _LEARN, "pendingcertificatenotfound | pending certificate not found"),
    _vault(FindingCode.VAULT_NOT_THERE, _LEARN, "secretnotfound"),
    _vault(FindingCode.VAULT_NOT_THERE, _LEARN, "certificatenotfound", unless=("pendingcertificatenotfound",)),
    _vault(FindingCode.VAULT_NOT_THERE, _LEARN, "a secret with (name/id) | a certificate with (name/id)", _NOT_HERE),
    _vault(FindingCode.VAULT_DISABLED, "Azure/AzureKeyVault#19", _SHUT, "disabled secret"),
    _vault(FindingCode.VAULT_DISABLED, _REPORT, "secretdisabled"),
    _vault(FindingCode.VAULT_EXPIRED, "Azure/azure-sdk-for-js#24756", _SHUT, "expired secret"),
    _vault(FindingCode.VAULT_EXPIRED, _UNCHECKED, "secretexpired"),
    _vault(FindingCode.VAULT_NOT_YET, _UNCHECKED, _SHUT, "not yet valid | not-yet-valid"),
    _vault(FindingCode.VAULT_NOT_YET, _UNCHECKED, "secretnotyetvalid"),
    _vault(FindingCode.VAULT_ISSUER, _LEARN, "merge is forbidden on pending object"),
    _vault(FindingCode.VAULT_DELETED, "pulumi/pulumi#14245", "currently in a deleted but recoverable state"),
    _vault(FindingCode.VAULT_NAME, _LEARN, "request uri contains an invalid name | ^[0-9a-za-z-]+$"),
    _vault(FindingCode.VAULT_SUBJECT, _LEARN, "subject name provided is not a valid x500 name"),
    _vault(FindingCode.VAULT_FIREWALL, _LEARN, "client address is not authorized"),
    _vault(FindingCode.VAULT_FIREWALL, _LEARN, "public network access is disabled", "vault"),
    _vault(FindingCode.VAULT_SIGN_IN, _LEARN, "akv10032"),
    _vault(FindingCode.VAULT_FORBIDDEN, "MicrosoftDocs/azure-docs#59310", "invalid status code 'forbidden'", unless=(_SHUT,)),
    _vault(FindingCode.VAULT_FORBIDDEN, _LEARN, "does not have certificates | does not have secrets", "permission on key vault"),
    _vault(FindingCode.VAULT_FORBIDDEN, _LEARN, "caller is not authorized to perform action on resource"),
    _vault(FindingCode.VAULT_MERGE_CLOSED, "MicrosoftDocs/azure-docs#82602", "merge signed request", "grey | gray | disabled"),
    _vault(FindingCode.VAULT_KEY_STATE, "Azure/azure-powershell#16742", "import-azkeyvaultcertificate", "key not valid for use in specified state | 0x8009000b"),
    _vault(FindingCode.VAULT_CANNOT_PARSE, "Azure/azure-cli#24668", "could not parse the provided certificate as .pem or .pfx"),
    _vault(FindingCode.VAULT_PFX_CONTENT, "hashicorp/terraform-provider-azurerm#15914", "specified pkcs#12 x.509 certificate content can not be read | specified pkcs#12 x.509 certificate content cannot be read"),
    _vault(FindingCode.VAULT_PEM_CONTENT, "Azure/azure-cli#19017", "specified pem x.509 certificate content is in an unexpected format"),
    _vault(FindingCode.VAULT_PEM_CONTENT, "Azure-Samples/ms-identity-python-daemon#21", "specified pem x.509 certificate content can not be read | specified pem x.509 certificate content cannot be read"),
    _service(FindingCode.AZURE_SERVICE_PFX, "microsoft/azure-container-apps#229", "certificatemustcontainoneprivatekey"),
    _service(FindingCode.AZURE_SERVICE_PFX, "microsoft/azure-container-apps#511", "certificate invalid, or password is incorrect"),
    _service(FindingCode.AZURE_SERVICE_PFX, "MicrosoftDocs/azure-docs#91029", "password is incorrect", "certificate is not valid"),
)  # fmt: skip
