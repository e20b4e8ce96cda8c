"""Programs that are ready to run: curl, OpenSSL, servers and tools for keys.

Languages are in languages.py, what belongs to Windows, macOS and Azure in systems.py.
"""

from certs.programs.shape import Program, ProgramFile

CURL = (
    Program(
        "curl",
        "curl with OpenSSL (most of Linux)",
        ProgramFile.PASSWORDLESS,
        "“curl --version” names its library. The colon behind the name stands for the empty password.",
        "curl --cert-type P12 --cert apicert.pfx: https://api.example/",
        "tried with curl 7.88.1 and OpenSSL 3.0",
    ),
    Program(
        "curl-gnutls",
        "curl with GnuTLS",
        ProgramFile.PEM,
        "It reads no PFX (“error reading X.509 key or certificate file”).",
        "curl --cert apicert.pem https://api.example/",
        "the PFX tried with libcurl-gnutls 7.88.1",
    ),
    Program(
        "curl-schannel",
        "curl of Windows (Schannel)",
        ProgramFile.PASSWORDLESS,
        "It reads no PEM. Not tried by us: if it refuses the file, take the PFX with a password, triple "
        "DES, and write the password behind the colon.",
        "curl.exe --cert-type P12 --cert apicert.pfx: https://api.example/",
        "as curl documents it, not tried",
    ),
    Program(
        "wget",
        "wget and wget2",
        ProgramFile.PEM,
        "They read no PFX. wget2 then goes on without a client certificate and ends without an error.",
        "wget --certificate=apicert.pem --private-key=apicert.pem https://api.example/",
        "the PFX tried with wget2 1.99.1; the options as wget documents them",
    ),
)
TOOLS = (
    Program(
        "openssl",
        "OpenSSL",
        ProgramFile.PASSWORDLESS,
        "It opens every kind but PBMAC1, which OpenSSL reads from 3.4.",
        "openssl pkcs12 -in apicert.pfx -passin pass: -nokeys",
        "tried with OpenSSL 3.0.19",
    ),
    Program(
        "keytool",
        "Java's keytool",
        ProgramFile.PASSWORDLESS,
        "It gives the empty password as it should be given.",
        'keytool -list -keystore apicert.pfx -storetype PKCS12 -storepass ""',
        "tried with OpenJDK 17.0.15; the file with 25.0.2 as well",
    ),
    Program(
        "nss",
        "Firefox and other programs on NSS",
        ProgramFile.PASSWORDLESS,
        "In Firefox: Settings, Certificates, Your Certificates, Import, and leave the password empty.",
        'pk12util -i apicert.pfx -d sql:FOLDER -W ""',
        "tried with NSS 3.87.1",
    ),
    Program(
        "gnutls",
        "GnuTLS",
        ProgramFile.PASSWORDLESS,
        "certtool must be told that the password is empty.",
        "certtool --p12-info --inder --infile apicert.pfx --empty-password",
        "tried with GnuTLS 3.7.9",
    ),
    Program(
        "gpgsm",
        "gpgsm (GnuPG)",
        ProgramFile.PASSWORDLESS,
        "Version 2.2 reads triple DES only. Leave the passphrase empty when it asks.",
        "gpgsm --import apicert.pfx",
        "tried with gpgsm 2.2.40",
    ),
    Program(
        "strongswan",
        "strongSwan",
        ProgramFile.AES256_PASSWORD,
        "It refuses the empty password (“MAC verification failed”).",
        "pki --pkcs12 --list --in apicert.pfx",
        "tried with strongSwan 5.9.8",
    ),
    Program(
        "xmlsec",
        "xmlsec1",
        ProgramFile.PASSWORDLESS,
        "Without --pwd it does not try the empty password.",
        'xmlsec1 --sign --pkcs12 apicert.pfx --pwd "" template.xml',
        "tried with xmlsec1 1.2.37 and OpenSSL",
    ),
)
SERVERS = (
    Program(
        "stunnel",
        "stunnel",
        ProgramFile.PEM,
        "From a PFX it sends your certificate and no issuers, so the server refuses it (“unknown ca”).",
        """\
cert = apicert.pem
key = apicert.pem""",
        "tried with stunnel 5.68",
    ),
    Program(
        "nginx",
        "nginx, as a proxy",
        ProgramFile.PEM,
        "It reads PEM only.",
        """\
proxy_ssl_certificate apicert.pem;
proxy_ssl_certificate_key apicert.pem;""",
        "tried with nginx 1.22.1",
    ),
    Program(
        "openvpn",
        "OpenVPN",
        ProgramFile.PASSWORDLESS,
        "It opens every kind but PBMAC1.",
        "pkcs12 apicert.pfx",
        "tried with OpenVPN 2.6.14",
    ),
)
