"""What Windows says: certreq, certutil, IIS, MMC and PowerShell's commands for certificates.

Its sentences come in forty languages and its numbers in one, so the numbers are looked for: an HRESULT as hex, as a
signed decimal or by its name in winerror.h (windows_numbers.py makes one of them).
"""

from certs.findings.codes import FindingCode
from certs.findings.messages.known_message import REGEX, KnownMessage

_H, _LEARN, _REPORT, _UNCHECKED = "winerror.h", "learn.microsoft.com", "report", "not checked"


def _row(
    code: FindingCode, program: str, versions: str, source: str, *pieces: str, unless: tuple[str, ...] = ()
) -> KnownMessage:
    return KnownMessage(code, program, versions, source, pieces, unless)


_NOT_AZURE = ("azurekeyvault", "(badparameter)", "keyvault")
_NO_IMPORT = ("import-azkeyvaultcertificate",)
_SCHANNEL = ("schannel",)
_IMPORTING = f"{REGEX}-?importpfx|import-pfxcertificate"

ROWS = (
    _row(FindingCode.WINDOWS_PASSWORD, "any", "all languages", f"{_H} ERROR_INVALID_PASSWORD", "0x80070056", unless=_SCHANNEL),
    _row(FindingCode.WINDOWS_PASSWORD, "any", "English", _LEARN, "specified network password is not correct | the password you entered is incorrect | specified network password is incorrect"),
    _row(FindingCode.WINDOWS_PASSWORD, "any", "German", _LEARN, "angegebene netzwerkkennwort ist falsch | angegebene netzwerkkennwort ist nicht korrekt"),
    _row(FindingCode.WINDOWS_PASSWORD, "any", "French", _LEARN, "mot de passe reseau specifie"),
    _row(FindingCode.WINDOWS_PASSWORD, "any", "Spanish", _LEARN, "contrasena de red especificada"),
    _row(FindingCode.WINDOWS_PASSWORD, "any", "Italian", _LEARN, "password di rete specificata"),
    _row(FindingCode.WINDOWS_PASSWORD, "any", "Portuguese", _REPORT, "senha de rede especificada | palavra-passe de rede especificada"),
    _row(FindingCode.WINDOWS_NOT_EXPORTABLE, "certutil", "all languages", f"{_H} NTE_BAD_KEY_STATE, NTE_NOT_SUPPORTED", "0x8009000b | 0x80090029", unless=_NO_IMPORT),
    _row(FindingCode.WINDOWS_NOT_EXPORTABLE, "certutil", "English", _H, "key not valid for use in specified state", unless=_NO_IMPORT),
    _row(FindingCode.WINDOWS_NOT_EXPORTABLE, "PowerShell", "English", _REPORT, "cannot export non-exportable private key"),
    _row(FindingCode.WINDOWS_NOT_EXPORTABLE, "PowerShell", "German", _UNCHECKED, "nicht exportierbare privatschlussel | nicht exportierbarer privater schlussel | nicht exportierbaren privaten schlussel"),
    _row(FindingCode.WINDOWS_NOT_EXPORTABLE, "MMC", "English", _UNCHECKED, "private key is marked as not exportable | private key is not exportable"),
    _row(FindingCode.WINDOWS_NOT_EXPORTABLE, "certutil", "English", _REPORT, "private key is not plain text exportable"),
    _row(FindingCode.WINDOWS_NOT_EXPORTABLE, "MMC", "English", _REPORT, "export the private key", "greyed | grayed | disabled | unavailable | dimmed"),
    _row(FindingCode.WINDOWS_NO_REQUEST, "IIS", "English", _REPORT, "cannot find the certificate request that is associated with this certificate"),
    _row(FindingCode.WINDOWS_NO_REQUEST, "IIS", "English", _REPORT, "must be completed on the computer where the request was created"),
    _row(FindingCode.WINDOWS_NO_REQUEST, "certreq", "all languages", f"{_H} CRYPT_E_NOT_FOUND", "0x80092004", "certreq | certificate request processor | -accept | x509enrollment"),
    _row(FindingCode.WINDOWS_NO_REQUEST, "certreq", "all languages", f"{_H} ERROR_NOT_FOUND", "0x80070490", "certreq | certificate request processor | -accept | x509enrollment"),
    _row(FindingCode.WINDOWS_NO_REQUEST, "MMC", "English", _UNCHECKED, "private key cannot be found. only the certificate can be exported"),
    _row(FindingCode.WINDOWS_NO_REQUEST, "certutil", "English", f"{_H} CRYPT_E_NO_KEY_PROPERTY", "cannot find the certificate and private key for decryption | cannot find the certificate and private key to use for decryption"),
    _row(FindingCode.WINDOWS_NO_REQUEST, "certutil", "all languages", f"{_H} CRYPT_E_NO_KEY_PROPERTY, CRYPT_E_NO_DECRYPT_CERT", "0x8009200b | 0x8009200c", unless=_SCHANNEL),
    _row(FindingCode.WINDOWS_NO_KEYSET, "any", "all languages", f"{_H} NTE_BAD_KEYSET, NTE_NO_KEY", "0x80090016 | 0x8009000d"),
    _row(FindingCode.WINDOWS_NO_KEYSET, "any", "English", f"{_H}, learn.microsoft.com", "keyset does not exist | key set does not exist"),
    _row(FindingCode.WINDOWS_NO_KEYSET, "certutil -store", "English", _REPORT, "missing stored keyset"),
    _row(FindingCode.VAULT_ASN1, "Key Vault", "all", "report", "(badparameter)", "asn1 bad tag value met | 0x8009310b"),
    _row(FindingCode.WINDOWS_NOT_A_CERTIFICATE, "certreq, certutil", "all languages", f"{_H} CRYPT_E_ASN1_BADTAG, _EOD, _CORRUPT, _LARGE", "0x8009310b | 0x80093102 | 0x80093103 | 0x80093104", unless=_NOT_AZURE),
    _row(FindingCode.WINDOWS_NOT_A_CERTIFICATE, "certreq, certutil", "English", _H, "asn1 bad tag value met | asn1 unexpected end of data", unless=_NOT_AZURE),
    _row(FindingCode.WINDOWS_NOT_A_CERTIFICATE, "any", "all languages", f"{_H} CRYPT_E_NO_MATCH, CRYPT_E_BAD_ENCODE, CRYPT_E_BAD_MSG", "0x80092009 | 0x80092002 | 0x8009200d", unless=("schannel", *_NOT_AZURE)),
    _row(FindingCode.WINDOWS_NOT_A_CERTIFICATE, ".NET, PowerShell", "English", _H, "cannot find the requested object", unless=("schannel", *_NOT_AZURE)),
    _row(FindingCode.WINDOWS_ACCESS, "certreq, certutil", "all languages", f"{_H} E_ACCESSDENIED, NTE_PERM", "0x80070005 | 0x80090010"),
    _row(FindingCode.WINDOWS_ACCESS, "PowerShell", "all languages", "UnauthorizedAccessException", "pfxcertificate | certreq | certutil | cert:\\localmachine", "unauthorizedaccessexception | access is denied | zugriff verweigert | acces refuse"),
    _row(FindingCode.WINDOWS_CHAIN, "certreq -accept", "all languages", f"{_H} CERT_E_CHAINING, CERT_E_UNTRUSTEDROOT", "0x800b010a | 0x800b0109", unless=_SCHANNEL),
    _row(FindingCode.WINDOWS_CHAIN, "certreq -accept", "English", _H, "a certificate chain could not be built to a trusted root authority"),
    _row(FindingCode.WINDOWS_PROVIDER, "import wizard", "English", _UNCHECKED, "might require a cryptographic service provider that is not installed"),
    _row(FindingCode.WINDOWS_PROVIDER, "any", "all languages", f"{_H} NTE_PROV_TYPE_NOT_DEF, NTE_KEYSET_NOT_DEF", "0x80090017 | 0x80090019"),
    _row(FindingCode.OPENSSL_OTHER_KEY, "certutil, .NET", "all languages", f"{_H} NTE_BAD_PUBLIC_KEY", "0x80090015"),
)  # fmt: skip
