"""Where an operating system or a cloud keeps keys: Windows, macOS, Azure.

None of them could be tried: each row says whose documentation it rests on.
"""

from certs.programs.shape import Program, ProgramFile

WINDOWS = (
    Program(
        "windows",
        "Windows certificate store (Windows 10, Server 2019 and newer)",
        ProgramFile.AES256_PASSWORD,
        "In the Certificate Import Wizard mark the key as exportable only if you must move it later.",
        """\
$password = Read-Host -AsSecureString "Password of the PFX"
Import-PfxCertificate -FilePath apicert.pfx -CertStoreLocation Cert:\\CurrentUser\\My -Password $password""",
        "as Microsoft documents it, not tried",
    ),
    Program(
        "windows-2016",
        "Windows certificate store (Server 2016 and older)",
        ProgramFile.THREE_DES_PASSWORD,
        "It reads no AES, and says that the password is wrong.",
        """\
$password = Read-Host -AsSecureString "Password of the PFX"
Import-PfxCertificate -FilePath apicert.pfx -CertStoreLocation Cert:\\CurrentUser\\My -Password $password""",
        "as Microsoft documents it, not tried",
    ),
)
CLOUD = (
    Program(
        "azure-app-service",
        "Azure App Service",
        ProgramFile.THREE_DES_PASSWORD,
        "App Service asks for a PFX with a password, encrypted with triple DES.",
        "az webapp config ssl upload --resource-group GROUP --name APP --certificate-file apicert.pfx "
        "--certificate-password PASSWORD",
        "as Microsoft documents it, not tried",
    ),
    Program(
        "azure-key-vault",
        "Azure Key Vault, import",
        ProgramFile.PEM,
        "The key must be in the same file as the certificate, as here. A key that was made in the vault "
        "is merged there, not imported.",
        "az keyvault certificate import --vault-name VAULT --name onboarding-key --file apicert.pem",
        "as Microsoft documents it, not tried",
    ),
    Program(
        "azure-identity",
        "azure-identity for Python",
        ProgramFile.PASSWORDLESS,
        "It opens every kind of PFX and sends the chain. No password need be given.",
        """\
from azure.identity import CertificateCredential
credential = CertificateCredential(TENANT, CLIENT, "apicert.pfx")""",
        "the file read with azure-identity 1.27.0; no sign-in to Azure tried",
    ),
)
MACOS = (
    Program(
        "macos",
        "macOS keychain, Safari",
        ProgramFile.THREE_DES_PASSWORD,
        "It reads no AES, and does not take every way to write an empty password.",
        "security import apicert.pfx -k ~/Library/Keychains/login.keychain-db -P PASSWORD",
        "as Apple documents it, not tried",
    ),
)
