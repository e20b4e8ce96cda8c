"""What is said about a connection that failed: curl with each of its TLS libraries, and other programs' clients.

Curl's number is no cause: 35 and 56 stand for a dozen of them. The words name it, and only a TLS alert (RFC 8446 section 6)
speaks of the certificate that was shown.
"""

from certs.findings.codes import FindingCode
from certs.findings.messages.known_message import REGEX, KnownMessage

_CURL = "lib/cf-h1-proxy.c"


def _row(
    code: FindingCode, program: str, versions: str, source: str, *pieces: str, unless: tuple[str, ...] = ()
) -> KnownMessage:
    return KnownMessage(code, program, versions, source, pieces, unless)


_407 = (
    rf"{REGEX}(?:tunnelfailed,response|receivedhttpcode|tunnelconnectionfailed:|failedwithstatuscode'|http/[12](?:\.\d)?|"
    r"statuscode:?\"?'?|proxyreturns\"http/1\.\d)407"
)
_NO_PROXY = (_407, "could not resolve proxy")

PROXY_ROWS = (
    _row(FindingCode.PROOF_PROXY_SIGN_IN, "curl, Python, .NET, Java", "all", _CURL, _407),
    _row(FindingCode.PROOF_PROXY_SIGN_IN, "any", "all", "RFC 9110 section 15.5.8", "proxy authentication required | proxy authorization required | proxyauthenticationrequired | proxy-authenticate:"),
    _row(FindingCode.PROOF_PROXY_UNKNOWN, "curl", "all", "lib/hostip.c, lib/strerror.c", "could not resolve proxy | couldn't resolve proxy"),
    _row(FindingCode.PROOF_PROXY_UNKNOWN, "Go", "all", "net/http/transport.go", "proxyconnect tcp: dial"),
    _row(FindingCode.PROOF_PROXY_UNKNOWN, "Python requests", "urllib3 1", "urllib3/connectionpool.py", "cannot connect to proxy", unless=(_407, "tunnel connection failed")),
    _row(FindingCode.PROOF_PROXY_UNKNOWN, "Python requests", "urllib3 2", "urllib3/connection.py", "unable to connect to proxy", unless=(_407, "tunnel connection failed")),
    _row(FindingCode.PROOF_PROXY_UNKNOWN, "curl", "8.21 and newer", "lib/cf-ip-happy.c", rf"{REGEX}failedtoconnectto\S{{1,200}}overproxy\S{{1,200}}after"),
    _row(FindingCode.PROOF_PROXY_REFUSED, "curl", "7.87 and newer", _CURL, "connect tunnel failed, response", unless=_NO_PROXY),
    _row(FindingCode.PROOF_PROXY_REFUSED, "curl", "to 7.86", "lib/http_proxy.c", "from proxy after connect", unless=_NO_PROXY),
    _row(FindingCode.PROOF_PROXY_REFUSED, "curl", "all", _CURL, "proxy connect aborted | failed sending connect to proxy", unless=_NO_PROXY),
    _row(FindingCode.PROOF_PROXY_REFUSED, "curl", "all", "lib/socks.c", "socks5 connection to | user was rejected by the socks5 server | socks4 connection"),
    _row(FindingCode.PROOF_PROXY_REFUSED, "curl", "8.17 and newer", "lib/socks.c", "failed to send socks request | failed to receive socks response | no authentication method was acceptable"),
    _row(FindingCode.PROOF_PROXY_REFUSED, "Python", "all", "Lib/http/client.py", "tunnel connection failed:", unless=_NO_PROXY),
    _row(FindingCode.PROOF_PROXY_REFUSED, "Java", "all", "HttpURLConnection.java", "unable to tunnel through proxy", unless=_NO_PROXY),
    _row(FindingCode.PROOF_PROXY_REFUSED, ".NET", "6 and newer", "System.Net.Http Strings.resx", "the proxy tunnel request to proxy", "failed with status code", unless=_NO_PROXY),
    _row(FindingCode.PROOF_PROXY_REFUSED, "Squid", "all", "errors/templates", "the requested url could not be retrieved | x-squid-error"),
    _row(FindingCode.PROOF_PROXY_REFUSED, "Zscaler, Blue Coat, Forcepoint, FortiGuard", "all", "report", "zscaler | blue coat | bluecoat | forcepoint | fortiguard | netskope | umbrella.com | mcafee web gateway", "block | denied | policy | not allowed"),
)  # fmt: skip

NOT_TLS_ROWS = (
    _row(FindingCode.PROOF_NOT_TLS, "OpenSSL", "1.1.1 to 4.0", "ssl/ssl_err.c", "wrong version number | wrong_version_number"),
    _row(FindingCode.PROOF_NOT_TLS, "OpenSSL", "all", "ssl/ssl_err.c", "ssl routines::http request | ssl routines:ssl3_get_record:http request | ssl routines::https proxy request | ssl routines::packet length too long | ssl23_get_server_hello:unknown protocol | http_request"),
    _row(FindingCode.PROOF_NOT_TLS, "Schannel", "all", "winerror.h SEC_E_INVALID_TOKEN", "0x80090308"),
    _row(FindingCode.PROOF_NOT_TLS, "GnuTLS", "3", "lib/errors.c", "an unexpected tls packet was received"),
    _row(FindingCode.PROOF_NOT_TLS, "Java", "8 to 25", "SSLSocketInputRecord.java", "unrecognized ssl message, plaintext connection | unsupported or unrecognized ssl message"),
    _row(FindingCode.PROOF_NOT_TLS, "Go", "all", "crypto/tls/conn.go", "first record does not look like a tls handshake | server gave http response to https client"),
    _row(FindingCode.PROOF_NOT_TLS, ".NET", "5 and newer", "System.Net.Security Strings.resx", "cannot determine the frame size or a corrupted frame was received"),
    _row(FindingCode.PROOF_NOT_TLS, ".NET", "Framework to Core 3.1", "System.Net.Security Strings.resx", "the handshake failed due to an unexpected packet format"),
    _row(FindingCode.PROOF_NOT_TLS, "NSS", "3", "lib/ssl/SSLerrs.h", "ssl_error_rx_record_too_long"),
    _row(FindingCode.PROOF_NOT_TLS, "NSS", "3, in words", "lib/ssl/SSLerrs.h", "ssl received a record that exceeded the maximum permissible length"),
    _row(FindingCode.PROOF_NOT_TLS, "rustls", "0.21 and newer", "src/error.rs", "received corrupt message of type invalidcontenttype"),
)  # fmt: skip

REVOCATION_ROWS = (
    _row(FindingCode.PROOF_REVOCATION, "Schannel", "all", "winerror.h CRYPT_E_NO_REVOCATION_CHECK, CRYPT_E_REVOCATION_OFFLINE", "0x80092012 | 0x80092013"),
    _row(FindingCode.PROOF_REVOCATION, "Windows", "English", "winerror.h", "unable to check revocation for the certificate | revocation server was offline"),
    _row(FindingCode.PROOF_REVOCATION, ".NET", "all", "X509ChainStatusFlags.cs", "revocationstatusunknown | offlinerevocation"),
    _row(FindingCode.PROOF_REVOCATION, "OpenSSL", "all", "crypto/x509/x509_txt.c", "unable to get certificate crl"),
)  # fmt: skip

_VERIFY = "openssl verify"
SERVER_ROWS = (
    _row(FindingCode.PROOF_SERVER_NAME, "curl with OpenSSL", "all", "lib/vtls/openssl.c", "no alternative certificate subject name matches | does not match target host"),
    _row(FindingCode.PROOF_SERVER_NAME, "Schannel", "all", "winerror.h SEC_E_WRONG_PRINCIPAL, CERT_E_CN_NO_MATCH", "0x80090322 | 0x800b010f"),
    _row(FindingCode.PROOF_SERVER_NAME, "rustls", "0.21 and newer", "src/error.rs", "invalid peer certificate: notvalidforname | invalid peer certificate: certificate not valid for name"),
    _row(FindingCode.PROOF_SERVER_NAME, "Python, Node, Go, Java, .NET", "all", "each library's source", "hostname mismatch | err_tls_cert_altname_invalid | x509: certificate is valid for | no subject alternative dns name matching | no subject alternative names matching | remotecertificatenamemismatch"),
    _row(FindingCode.PROOF_SERVER_DATE, "curl, Python, Node", "all", "crypto/x509/x509_txt.c", "ssl certificate problem: certificate has expired | verify failed: certificate has expired | ssl certificate problem: certificate is not yet valid | verify failed: certificate is not yet valid | cert_has_expired | certificate has expired or is not yet valid"),
    _row(FindingCode.PROOF_SERVER_DATE, "Schannel", "all", "winerror.h SEC_E_CERT_EXPIRED, CERT_E_EXPIRED", "0x80090328 | 0x800b0101"),
    _row(FindingCode.PROOF_SERVER_DATE, "curl with GnuTLS", "8.17 and newer", "lib/vtls/gtls.c", "ssl certificate verification failed: certificate has expired"),
    _row(FindingCode.PROOF_SERVER_DATE, "rustls", "0.21 and newer", "src/error.rs", "invalid peer certificate: expired | invalid peer certificate: notvalidyet | invalid peer certificate: certificate expired | invalid peer certificate: certificate not valid yet"),
    _row(FindingCode.PROOF_SERVER_TRUST, "curl", "all", "lib/vtls/openssl.c", "ssl certificate problem:", unless=("has expired", "not yet valid", "certificate crl", "hostname mismatch")),
    _row(FindingCode.PROOF_SERVER_TRUST, "curl", "all", "lib/vtls/openssl.c, gtls.c, lib/strerror.c", "ssl: unable to obtain common name | ssl certificate verification failed | ssl peer certificate or ssh remote key was not ok | server certificate verification failed"),
    _row(FindingCode.PROOF_SERVER_TRUST, "Schannel", "all", "winerror.h SEC_E_UNTRUSTED_ROOT", "0x80090325"),
    _row(FindingCode.PROOF_SERVER_TRUST, "Schannel", "all", "winerror.h CERT_E_UNTRUSTEDROOT, CERT_E_CHAINING", "schannel", "0x800b0109 | 0x800b010a"),
    _row(FindingCode.PROOF_SERVER_TRUST, "Python", "3", "Modules/_ssl.c", "certificate_verify_failed | certificate verify failed", unless=("has expired", "not yet valid", "hostname mismatch")),
    _row(FindingCode.PROOF_SERVER_TRUST, "Java", "all", "PKIXValidator.java, SunCertPathBuilder.java, PKIXParameters.java", "pkix path building failed | pkix path validation failed | unable to find valid certification path | trustanchors parameter must be non-empty"),
    _row(FindingCode.PROOF_SERVER_TRUST, "Go", "all", "crypto/x509/verify.go", "certificate signed by unknown authority"),
    _row(FindingCode.PROOF_SERVER_TRUST, "rustls", "0.21 and newer", "src/error.rs", "invalid peer certificate: unknownissuer"),
    _row(FindingCode.PROOF_SERVER_TRUST, "Node", "all", "src/crypto/crypto_common.cc", "self_signed_cert_in_chain | unable_to_get_issuer_cert_locally | unable_to_verify_leaf_signature | depth_zero_self_signed_cert"),
    _row(FindingCode.PROOF_SERVER_TRUST, ".NET", "all", "System.Net.Security Strings.resx", "the remote certificate is invalid | could not establish trust relationship", unless=("namemismatch", "revocationstatusunknown", "offlinerevocation")),
    _row(FindingCode.PROOF_SERVER_TRUST, ".NET", "5 and newer", "System.Net.Security Strings.resx", "the remote certificate was rejected by"),
    _row(FindingCode.PROOF_SERVER_TRUST, "GnuTLS", "3", "lib/cert-cred.c; curl lib/vtls/gtls.c", "certificate signer not trusted | issuer is unknown"),
    _row(FindingCode.PROOF_SERVER_TRUST, "any", "all", "crypto/x509/x509_txt.c", "self signed certificate in certificate chain | self-signed certificate in certificate chain", unless=("depthlookup", "verificationfailed")),
)  # fmt: skip

_OF_THE_CERTIFICATE = (
    r"(?:bad_?certificate|unsupported_?certificate|certificate_?revoked|certificate_?expired|certificate_?unknown|"
    r"unknown_?certificate|unknown_?ca|unknowncertificateauthority|certificate_?required|handshake_?failure|access_?denied)"
)
ALERT_ROWS = (
    _row(FindingCode.PROOF_HANDSHAKE, "OpenSSL, LibreSSL, BoringSSL", "1.0 to 4.0", "ssl/ssl_err.c", rf"{REGEX}alert_?{_OF_THE_CERTIFICATE}"),
    _row(FindingCode.PROOF_HANDSHAKE, "OpenSSL", "all", "RFC 8446 section 6: the numbers", rf"{REGEX}alertnumber(?:40|42|43|44|45|46|48|49|116)(?!\d)"),
    _row(FindingCode.PROOF_HANDSHAKE, "LibreSSL", "without the words", "ssl.h SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED", "reason(1116) | reason(1048) | reason(1042) | reason(1045) | reason(1046) | 1409445c"),
    _row(FindingCode.PROOF_HANDSHAKE, "Go", "all", "crypto/tls/alert.go", rf"{REGEX}remoteerror:tls:{_OF_THE_CERTIFICATE}"),
    _row(FindingCode.PROOF_HANDSHAKE, "Java", "8 to 25", "sun/security/ssl/Alert.java", rf"{REGEX}fatalalert:{_OF_THE_CERTIFICATE}"),
    _row(FindingCode.PROOF_HANDSHAKE, "Schannel", "all", "winerror.h SEC_E_ILLEGAL_MESSAGE", "0x80090326 | 0x80090327"),
    _row(FindingCode.PROOF_HANDSHAKE, ".NET", "all", "System.Net.Security Strings.resx", rf"{REGEX}tlsalert:?'(?:40|42|43|44|45|46|48|49|116)'"),
    _row(FindingCode.PROOF_HANDSHAKE, ".NET", "5 and newer", "report", rf"{REGEX}tlsalert:?'(?:{_OF_THE_CERTIFICATE}|unsupportedcert)'"),
    _row(FindingCode.PROOF_HANDSHAKE, "NSS", "3", "lib/ssl/SSLerrs.h", "ssl_error_bad_cert_alert | ssl_error_unknown_ca_alert | ssl_error_revoked_cert_alert | ssl_error_expired_cert_alert | ssl_error_certificate_unknown_alert | ssl_error_handshake_failure_alert | ssl_error_rx_certificate_required_alert"),
    _row(FindingCode.PROOF_HANDSHAKE, "NSS", "3, in words", "lib/ssl/SSLerrs.h", "ssl peer cannot verify your certificate | ssl peer rejected your certificate as | peer does not recognize and trust the ca that issued your certificate | ssl received a certificate_required alert | ssl peer had some unspecified issue with the certificate"),
    _row(FindingCode.PROOF_HANDSHAKE, "nginx", "all", "ngx_http_special_response.c", "no required ssl certificate was sent | the ssl certificate error"),
    _row(FindingCode.PROOF_TLS_VERSION, "any", "all", "RFC 8446 section 6", "alert protocol version | alert_protocol_version | protocol version not supported | ssl_error_protocol_version_alert | fatal alert: protocol_version | unsupported protocol | no protocols available | 0x80090331 | alert insufficient security"),
)  # fmt: skip

_CAUSES = (
    "alert",
    "wrong version",
    "http code 407",
    "0x8009",
    "connect tunnel failed",
    "proxy connect aborted",
)
CUT_ROWS = (
    _row(FindingCode.PROOF_CUT_OFF, "curl", "all", "lib/cf-socket.c", "connection reset by peer | connection was reset | connection was aborted | recv failure | send failure", unless=_CAUSES),
    _row(FindingCode.PROOF_CUT_OFF, "curl", "all", "lib/http.c, lib/vtls", "empty reply from server | ssl_error_syscall | ssl_error_zero_return | ssl/tls connection failed | unexpected eof while reading | server closed abruptly | unexpected_eof_while_reading", unless=_CAUSES),
    _row(FindingCode.PROOF_CUT_OFF, "GnuTLS", "3", "lib/errors.c", "the tls connection was non-properly terminated"),
    _row(FindingCode.PROOF_CUT_OFF, "curl with OpenSSL", "7.68 and newer", "lib/vtls/openssl.c", "connection closed abruptly"),
    _row(FindingCode.PROOF_CUT_OFF, ".NET", "all", "System.Net.Security Strings.resx", "the remote party has closed the transport stream"),
    _row(FindingCode.PROOF_CUT_OFF, "Node, Java, Python, .NET, Windows", "all", "each library's source", "econnreset | socket hang up | remote host terminated the handshake | remote host closed connection during handshake | connectionreseterror | forcibly closed by the remote host | received an unexpected eof or 0 bytes from the transport stream | wsaeconnreset", unless=_CAUSES),
)  # fmt: skip

NETWORK_ROWS = (
    _row(FindingCode.PROOF_NO_NAME, "curl", "all", "lib/vdns/hostip.c", "could not resolve host | couldn't resolve host | could not resolve: | resolving timed out | name lookup timed out | could not resolve hostname"),
    _row(FindingCode.PROOF_NO_NAME, "libc", "all", "getaddrinfo", "name or service not known | nodename nor servname provided | temporary failure in name resolution | no address associated with hostname"),
    _row(FindingCode.PROOF_NO_NAME, "Node, Java, Go, .NET, Windows", "all", "each library's source", "getaddrinfo enotfound | getaddrinfo eai_again | java.net.unknownhostexception | no such host | getaddrinfo failed | name does not resolve | the remote name could not be resolved | 0x80072ee7"),
    _row(FindingCode.PROOF_NO_CONNECTION, "curl", "all", "lib/connect.c", rf"{REGEX}failedtoconnectto\S{{1,200}}port|couldn'tconnecttoserver|connectiontimedout|connectiontimeout|operationtimedout|couldnotconnecttoserver"),
    _row(FindingCode.PROOF_NO_CONNECTION, "curl", "8.21 and newer", "lib/cf-ip-happy.c", rf"{REGEX}failedtoconnectto[^\s:]{{1,200}}:\d{{1,5}}\S{{0,200}}after\d+ms"),
    _row(FindingCode.PROOF_NO_CONNECTION, "any", "all", "each library's source", "econnrefused | etimedout | enetunreach | ehostunreach | java.net.connectexception | connect timed out | connection refused | network is unreachable | no route to host | i/o timeout | context deadline exceeded | winerror 10060 | winerror 10061 | no connection could be made because the target machine actively refused | did not properly respond after a period of time | connection timed out | ssl connection timeout | 0x80072ee2 | 0x80072efd"),
)  # fmt: skip

_PFX = f"{REGEX}\\.(?:pfx|p12)"
_NO_FILE = ("no such file", "could not open pkcs12 file")
CERTIFICATE_ROWS = (
    _row(FindingCode.PROOF_PFX_AS_PEM, "curl with OpenSSL", "all", "lib/vtls/openssl.c", "could not load pem client certificate", _PFX, unless=("no such file",)),
    _row(FindingCode.PROOF_PFX_AS_PEM, "curl with OpenSSL", "all", "lib/vtls/openssl.c", rf"{REGEX}unabletosetprivatekeyfile:'[^']{{1,200}}\.(?:pfx|p12)'"),
    _row(FindingCode.PROOF_SCHANNEL_PEM, "curl with Schannel", "7.70 and newer", "lib/vtls/schannel.c", "schannel: failed to import cert file", "last error is", unless=("password is bad", "0x80070056")),
    _row(FindingCode.PROOF_SCHANNEL_PEM, "curl with Schannel", "7.71 and newer", "lib/vtls/schannel.c", "schannel: certificate format compatibility error"),
    _row(FindingCode.WINDOWS_PASSWORD, "curl with Schannel", "7.70 and newer", "lib/vtls/schannel.c", "schannel: failed to import cert file", "password is bad | 0x80070056"),
    _row(FindingCode.PROOF_FILE, "curl with Schannel", "7.61 and newer", "lib/vtls/schannel.c", "schannel: failed to get certificate location | schannel: failed to read cert file | schannel: failed to open cert store"),
    _row(FindingCode.PROOF_FILE, "curl with Schannel", "7.70 and newer", "lib/vtls/schannel.c", "schannel: failed to get certificate from file | schannel: client cert not found in cert store"),
    _row(FindingCode.PROOF_PEM_ONLY, "curl with GnuTLS", "all", "lib/vtls/gtls.c", "error reading x.509 key or certificate file"),
    _row(FindingCode.PROOF_PEM_ONLY, "curl with GnuTLS", "all", "lib/vtls/gtls.c", "error reading x.509 potentially-encrypted key | error reading x.509 key file"),
    _row(FindingCode.PROOF_PEM_ONLY, "Python ssl", "3", "Modules/_ssl.c", rf"{REGEX}\[ssl\]pemlib"),
    _row(FindingCode.PFX_RC2, "curl with OpenSSL", "3 to 4", "lib/vtls/openssl.c", "could not parse pkcs12 file", "unsupported"),
    _row(FindingCode.PFX_RC2, "Python", "3", "Modules/_ssl.c", "digital envelope routines: unsupported"),
    _row(FindingCode.PROOF_FILE, "curl", "all", "lib/vtls/openssl.c", "could not open pkcs12 file | error reading pkcs12 file | could not load pkcs12 client certificate"),
    _row(FindingCode.PROOF_FILE, "curl", "all", "lib/vtls/openssl.c", "could not parse pkcs12 file", unless=("unsupported",)),
    _row(FindingCode.PROOF_FILE, "curl on macOS", "Secure Transport, to 8.14", "lib/vtls/sectransp.c", "incorrect password for the certificate | ssl: can't load the certificate"),
    _row(FindingCode.PROOF_FILE, "curl", "all", "lib/vtls/openssl.c", "unable to use private key from pkcs12 file"),
    _row(FindingCode.OPENSSL_CANNOT_READ_CERTIFICATE, "curl", "all", "lib/vtls/openssl.c", "could not load asn1 client certificate", unless=("no such file",)),
    _row(FindingCode.PROOF_FILE, "curl", "all", "lib/vtls/openssl.c", "could not load pem client certificate", "no such file"),
    _row(FindingCode.OPENSSL_CANNOT_READ_CERTIFICATE, "curl", "all", "lib/vtls/openssl.c", "could not load pem client certificate", unless=("no such file", _PFX)),
    _row(FindingCode.OPENSSL_NO_KEY, "curl", "all", "lib/vtls/openssl.c", "unable to set private key file", unless=(rf"{REGEX}unabletosetprivatekeyfile:'[^']{{1,200}}\.(?:pfx|p12)'",)),
    _row(FindingCode.OPENSSL_OTHER_KEY, "curl", "all", "lib/vtls/openssl.c", "private key does not match the certificate public key"),
    _row(FindingCode.OPENSSL_OTHER_KEY, "curl", "all", "lib/vtls/openssl.c", "private key from pkcs12 file", "does not match certificate in same file"),
)  # fmt: skip

ROWS = (
    *PROXY_ROWS, *NOT_TLS_ROWS, *REVOCATION_ROWS, *CERTIFICATE_ROWS, *ALERT_ROWS, *SERVER_ROWS, *CUT_ROWS, *NETWORK_ROWS,
)  # fmt: skip
