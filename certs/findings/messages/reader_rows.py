"""What the programs and libraries say that open a PFX or a keystore: .NET, Java, Go, Node, Python, NSS, Apple, GnuPG."""

from certs.findings.codes import FindingCode
from certs.findings.messages.known_message import REGEX, KnownMessage

_DOTNET, _GO, _JAVA = (
    "System.Security.Cryptography Strings.resx",
    "golang/crypto pkcs12",
    "sun/security/pkcs12",
)
_KEYTOOL = "sun/security/tools/keytool/Resources.java"


def _row(
    code: FindingCode, program: str, versions: str, source: str, *pieces: str, unless: tuple[str, ...] = ()
) -> KnownMessage:
    return KnownMessage(code, program, versions, source, pieces, unless)


DOTNET_ROWS = (
    _row(FindingCode.OPENSSL_MAC, ".NET", "5 to 10", "report", "the certificate data cannot be read with the provided password"),
    _row(FindingCode.OPENSSL_MAC, ".NET", "Core 3 to 10", f"{_DOTNET} Cryptography_Pkcs8_EncryptedReadFailed", "encryptedprivatekeyinfo structure was decoded but was not successfully interpreted"),
    _row(FindingCode.OPENSSL_MAC, ".NET", "Framework 4.8, 6 to 8", f"{_DOTNET} Cryptography_PfxWithoutPassword", "problem with the pkcs12 (pfx) without a supplied password"),
    _row(FindingCode.DOTNET_ROUNDS, ".NET", "Framework 4.8, 6, 7", "KB5025823", "without a supplied password has exceeded maximum allowed iterations"),
    _row(FindingCode.DOTNET_ROUNDS, ".NET", "9 and newer", "Pkcs12LoadLimitExceededException.cs", "the pkcs#12/pfx violated the", "iterationlimit"),
    _row(FindingCode.OPENSSL_OTHER_KEY, ".NET", "all", f"{_DOTNET} Cryptography_PrivateKey_DoesNotMatch", "the provided key does not match the public key"),
    _row(FindingCode.OPENSSL_CANNOT_READ_CERTIFICATE, ".NET", "5 and newer", "not checked", "certificate contents do not contain a pem with a certificate label"),
)  # fmt: skip

JAVA_ROWS = (
    _row(FindingCode.KEYSTORE_PASSWORD, "Java", "to 8", "JavaKeyStore.java", "keystore was tampered with, or password was incorrect"),
    _row(FindingCode.KEYSTORE_PASSWORD, "Java", "8 to 25", f"{_JAVA}/PKCS12KeyStore.java", "keystore password was incorrect | failed to decrypt safe contents entry"),
    _row(FindingCode.JAVA_OLD, "Java", "to 8u300, 11.0.11", f"{_JAVA}/PKCS12KeyStore.java", rf"{REGEX}(?:algorithm)?hmacpbesha(?:224|256|384|512)(?:notavailable)?"),
    _row(FindingCode.JAVA_OLD, "Java", "to 8u300", f"{_JAVA}/PKCS12KeyStore.java, util/ObjectIdentifier.java", "parsealgparameters failed | objectidentifier() -- data isn't an object id (tag = 48) | 1.2.840.113549.1.5.13", "java"),
    _row(FindingCode.JAVA_KEY_PASSWORD, "Java", "all", f"{_JAVA}/PKCS12KeyStore.java, provider/KeyProtector.java", "get key failed: | cannot recover key | unrecoverablekeyexception", unless=("keystore password was incorrect",)),
    _row(FindingCode.JAVA_KEY_PASSWORD, "keytool", "all", _KEYTOOL, "different storepass and keypass"),
    _row(FindingCode.JAVA_KEYSTORE_TYPE, "Java", "all", "JavaKeyStore.java", "invalid keystore format"),
    _row(FindingCode.JAVA_KEYSTORE_TYPE, "Java", "9 and newer", "java/security/KeyStore.java", "unrecognized keystore format"),
    _row(FindingCode.OPENSSL_PFX_TEXT, "Java", "all", "sun/security/util/DerValue.java, DerInputStream.java", "toderinputstream rejects tag type | derinputstream.getlength()"),
    _row(FindingCode.OPENSSL_OTHER_KEY, "keytool", "all", _KEYTOOL, "public keys in reply and keystore don't match"),
    _row(FindingCode.KEYTOOL_CHAIN, "keytool", "all", _KEYTOOL, "failed to establish chain from reply | incomplete certificate chain in reply"),
    _row(FindingCode.KEYTOOL_ALIAS, "keytool", "all", _KEYTOOL, rf"{REGEX}alias<[^>]{{1,100}}>doesnotexist|alias<[^>]{{1,100}}>hasnokey|aliasonboardingdoesnotexist"),
    _row(FindingCode.KEYTOOL_EXISTS, "keytool", "all", _KEYTOOL, rf"{REGEX}alias<[^>]{{1,100}}>alreadyexists"),
    _row(FindingCode.KEYTOOL_EXISTS, "keytool", "to 6", "report", "key pair not generated, alias already exists"),
    _row(FindingCode.OPENSSL_OTHER_KEY, "keytool", "all", _KEYTOOL, "certificate reply does not contain public key for"),
    _row(FindingCode.KEYTOOL_EXISTS, "keytool", "all", _KEYTOOL, "certificate reply and certificate in keystore are identical"),
    _row(FindingCode.KEYTOOL_PASSWORD_SHORT, "keytool", "all", _KEYTOOL, rf"{REGEX}passwordmustbeatleast6characters|passwordistooshort-must"),
    _row(FindingCode.KEYTOOL_NOT_A_CERTIFICATE, "keytool", "all", _KEYTOOL, "input not an x.509 certificate | reply has no certificates | not an x.509 certificate"),
    _row(FindingCode.KEYTOOL_NOT_A_CERTIFICATE, "Java", "all", "sun/security/provider/X509Factory.java, x509/X509CertImpl.java", "could not parse certificate: | signed fields invalid | unable to initialize, java.io"),
)  # fmt: skip

GO_ROWS = (
    _row(FindingCode.GO_OLD, "Go", "x/crypto, all", f"{_GO}/mac.go, crypto.go", "pkcs12: unknown digest algorithm | unknown digest algorithm: 2.16.840"),
    _row(FindingCode.GO_OLD, "Go", "x/crypto, all", f"{_GO}/crypto.go", rf"{REGEX}pkcs12:(?:unknown)?algorithm[0-9.]+(?:isnotsupported)?"),
    _row(FindingCode.GO_PARTS, "Go", "x/crypto, go-pkcs12, all", f"{_GO}/pkcs12.go, golang/go#19542", "expected exactly two items in the authenticated safe"),
    _row(FindingCode.GO_ISSUERS, "Go", "x/crypto, all", f"{_GO}/pkcs12.go", "expected exactly two safe bags | expected exactly one certificate bag"),
    _row(FindingCode.OPENSSL_MAC, "Go", "all", f"{_GO}/errors.go", "pkcs12: decryption password incorrect | pkcs12: decryption error, incorrect padding"),
    _row(FindingCode.OPENSSL_NO_MAC, "Go", "all", f"{_GO}/pkcs12.go", "pkcs12: no mac in data"),
    _row(FindingCode.OPENSSL_PFX_TEXT, "Go", "all", f"{_GO}/pkcs12.go", "pkcs12: error reading p12 data | pkcs12: trailing data found"),
    _row(FindingCode.OPENSSL_OTHER_KEY, "Go", "all", "crypto/tls/tls.go", "tls: private key does not match public key | tls: private key type does not match public key"),
    _row(FindingCode.OPENSSL_CANNOT_READ_CERTIFICATE, "Go", "all", "crypto/tls/tls.go", "tls: failed to find any pem data in certificate input | tls: failed to find \"certificate\" pem block | x509: malformed certificate"),
    _row(FindingCode.OPENSSL_NO_KEY, "Go", "all", "crypto/tls/tls.go", "tls: failed to find any pem data in key input | found a certificate rather than a key"),
    _row(FindingCode.CSR_STRING_TYPE, "Go", "all", "encoding/asn1, x/crypto cryptobyte", "printablestring contains invalid character | invalid printablestring"),
)  # fmt: skip

NODE_ROWS = (
    _row(FindingCode.NODE_UNSUPPORTED, "Node", "18 and newer", "report", "unsupported pkcs12 pfx data"),
    _row(FindingCode.NODE_UNSUPPORTED, "Node", "17 and newer", "report", "error: unsupported", "node:"),
    _row(FindingCode.NODE_UNSUPPORTED, "Node", "17 and newer", "report", "err_ossl_evp_unsupported | digital envelope routines::unsupported", "node | pfx | securecontext", unless=("curl:",)),
    _row(FindingCode.PFX_NO_KEY, "Node", "to 20", "nodejs/node#49562", "passed a null parameter", "securecontext"),
    _row(FindingCode.DENO_PFX, "Deno", "2.8 and newer", "denoland/deno#34434", "failed to encode pfx contents | pfx contains no usable private key"),
    _row(FindingCode.OPENSSL_MAC, "node-forge", "0.7 to 1.4", "lib/pkcs12.js", "pkcs#12 mac could not be verified"),
    _row(FindingCode.OPENSSL_MAC, "node-forge", "0.7 to 1.4", "lib/pkcs12.js", "unable to decrypt pkcs#8 shroudedkeybag | failed to decrypt pkcs#12 safecontents"),
    _row(FindingCode.OPENSSL_PFX_TEXT, "node-forge", "0.7 to 1.4", "lib/pkcs12.js", "cannot read pkcs#12 pfx. asn.1 object is not an pkcs#12 pfx"),
    _row(FindingCode.OPENSSL_PFX_TEXT, "Node", "all", "src/crypto/crypto_context.cc", "wrong tag | not enough data | header too long", "loadpkcs12"),
    _row(FindingCode.OPENSSL_OTHER_KEY, "rustls", "0.23 and newer", "src/error.rs", "keymismatch | inconsistentkeys"),
    _row(FindingCode.OPENSSL_OTHER_KEY, "GnuTLS", "3", "lib/errors.c", "the certificate and the given key do not match"),
)  # fmt: skip

PYTHON_ROWS = (
    _row(FindingCode.OPENSSL_OTHER_KEY, "cryptography", "all", "not checked", "certificate public key and provided private key do not match"),
    _row(FindingCode.OPENSSL_MAC, "cryptography", "all", "hazmat/backends/openssl/backend.py", "invalid password or pkcs12 data"),
    _row(FindingCode.OPENSSL_CANNOT_READ_CERTIFICATE, "cryptography", "all", "not checked", "unable to load pem file", "x509 | certificate | malformedframing | invaliddata"),
    _row(FindingCode.CSR_STRING_TYPE, "cryptography", "45 and newer", "not checked", "error parsing asn.1 value: parseerror { kind: invalidvalue, location: [\"certificationrequestinfo::subject | printablestring"),
)  # fmt: skip

OTHER_ROWS = (
    _row(FindingCode.NSS_PASSWORD, "NSS", "3", "lib/util/SECerrs.h", "sec_error_bad_password | sec_error_pkcs12_invalid_mac | sec_error_pkcs12_decoding_pfx | sec_error_pkcs12_unable_to_import_key | sec_error_pkcs12_unsupported | sec_error_pkcs12_corrupt_pfx_structure | sec_error_pkcs12_privacy_password_incorrect"),
    _row(FindingCode.NSS_PASSWORD, "NSS", "3, in words", "lib/util/SECerrs.h", rf"{REGEX}unabletoimport\.(?:decodingerror|invalidmac|macalgorithmnotsupported|encryptionalgorithmnotsupported|incorrectprivacypassword|filestructureiscorrupt|errorattemptingtoimportprivatekey)"),
    _row(FindingCode.NSS_PASSWORD, "pk12util", "3", "cmd/pk12util/pk12util.c", "pk12util: pkcs12 decod"),
    _row(FindingCode.NSS_PASSWORD, "Firefox, Thunderbird", "all", "certManager.ftl pkcs12-unknown-err", "the pkcs #12 operation failed for unknown reasons | failed to restore the pkcs #12 file for unknown reasons"),
    _row(FindingCode.NSS_PASSWORD, "Firefox, Thunderbird", "all", "certManager.ftl pkcs12-decode-err", "it is not in pkcs #12 format, has been corrupted, or the password you entered was incorrect"),
    _row(FindingCode.NSS_PASSWORD, "Firefox, Thunderbird", "all languages", "certManager.ftl", rf"{REGEX}pkcs#?12[a-z\s-]{{0,45}}(?:fehlgeschlagen|aechoue|eragiketakhutsegin|fallo|nonriuscita|mislukt|zlyhala|nemsikerult|epaonnistui)|(?:echecd|falha|fallo)[^.]{{0,40}}pkcs#?12"),
    _row(FindingCode.NSS_PASSWORD, "Firefox, Thunderbird", "French, Spanish, German, Portuguese", "certManager.ftl pkcs12-decode-err", rf"{REGEX}pkcs#?12[^.]{{0,80}}(?:lemotdepasseestincorrect|contrasenasuministradaesincorrecta|contrasenaqueingresoesincorrecta|passwort,dassieeingegebenhaben|senhafornecidaestaincorreta)"),
    _row(FindingCode.NSS_PASSWORD, "Firefox, Thunderbird", "Czech, Portuguese of Portugal", "not checked", rf"{REGEX}pkcs#?12[a-z\s-]{{0,45}}(?:falhou|selhala)"),
    _row(FindingCode.MACOS_MAC, "macOS", "all", "report", "mac verification failed during pkcs12 import | errsecpkcs12verifyfailure | -25264"),
    _row(FindingCode.MACOS_DECODE, "macOS", "15 and newer", "report", "seckeychainitemimport: unable to decode | -26275"),
    _row(FindingCode.OPENSSL_MAC, "Bouncy Castle", "1.x", "jcajce/provider/keystore/pkcs12/PKCS12KeyStoreSpi.java", "pkcs12 key store mac invalid"),
    _row(FindingCode.BOUNCY_CASTLE_AES, "Bouncy Castle", "1.72", "crypto/generators/PKCS5S2ParametersGenerator", "exception decrypting data - java.lang.illegalargumentexception: password empty"),
    _row(FindingCode.GPGSM_PFX, "gpgsm", "2.2", "sm/minip12.c", "pkcs5pbes2-params"),
    _row(FindingCode.OPENSSL_MAC, "strongSwan", "5", "libstrongswan/plugins/pkcs12/pkcs12_decode.c", "mac verification of pkcs#12 container failed"),
    _row(FindingCode.OPENSSL_MAC, "GnuTLS", "3", "lib/errors.c", "the message authentication code verification failed"),
)  # fmt: skip

ROWS = (*DOTNET_ROWS, *JAVA_ROWS, *GO_ROWS, *NODE_ROWS, *PYTHON_ROWS, *OTHER_ROWS)
