"""What to click in Azure Key Vault, in the portal's own words, as ordered text.

The OpenSSL commands are in openssl_commands.py. Sources: Microsoft's page on certificate signing requests, R40 to
R45, F17.
"""

from certs.findings import Command
from certs.findings.openssl_commands import SUBJECT

NAME = "onboarding-key"  # Key Vault allows letters, digits and hyphens in a certificate's name, no underscore (F17)


def make_request() -> Command:
    """Make the key in the vault and download the CSR (A22a)."""
    return _steps(
        "Open your key vault in the Azure portal and choose Certificates.",
        "Choose Generate/Import.",
        "For the method, choose Generate.",
        f"For the certificate's name, type {NAME} (letters, digits and hyphens; no underscore here).",
        "For Type of Certificate Authority (CA), choose Certificate issued by a non-integrated CA. "
        "Do not choose GlobalSign from the list of integrated ones: the certificate could not be merged.",
        f"For Subject, type CN={SUBJECT} exactly like that, with the underscore and without a full stop.",
        "Leave the DNS names empty. For the content type, choose PKCS #12.",
        "Open Advanced Policy Configuration. Set the key type to RSA, the key size to 4096, "
        "and the private key to be exportable. Close it with OK.",
        "Choose Create.",
        "Open the new certificate (it is disabled until the last step), choose Certificate Operation, "
        "then Download CSR. Upload that file here.",
    )


def merge_certificate() -> Command:
    """Bring the issued certificate back into the vault (A29a)."""
    return _steps(
        f"Open your key vault in the Azure portal, choose Certificates and open {NAME}.",
        "Choose Certificate Operation.",
        "Choose Merge Signed Request and pick the .cer file. It must be the certificate as text or DER, not a .p7b.",
        "The certificate now shows as completed and enabled.",
    )


def download_pfx() -> Command:
    """Take the PFX, key included, out of the vault (A30a). Needs the right to read secrets (F19)."""
    return _steps(
        f"Open your key vault in the Azure portal, choose Certificates, open {NAME} and then its current version.",
        "Choose to download it in PFX format. Its password is blank. "
        "If the button is missing, you lack the right to read secrets in this vault.",
        f"On the command line: az keyvault secret download --vault-name YOUR-VAULT --name {NAME} "
        "--encoding base64 --file apicert.pfx (without the encoding you get text that no tool opens).",
    )


def _steps(*clicks: str) -> Command:
    return Command("key-vault", "\n".join(f"{number}. {click}" for number, click in enumerate(clicks, 1)))
