"""Programs that one writes: Java, .NET, JavaScript, Python, Go and other languages.

What is ready to run is in command_line.py, what belongs to Windows, macOS and Azure in systems.py.
"""

from certs.programs.shape import Program, ProgramFile

JAVA = (
    Program(
        "java",
        "Java, in code of your own",
        ProgramFile.PASSWORDLESS,
        "Give the empty password as new char[0]. With null Java finds the key without its certificates "
        "and then sends no client certificate, without an error.",
        """\
KeyStore store = KeyStore.getInstance("PKCS12");
try (InputStream file = new FileInputStream("apicert.pfx")) { store.load(file, new char[0]); }
KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
keys.init(store, new char[0]);""",
        "tried with OpenJDK 17.0.15; the file with 25.0.2 as well",
    ),
    Program(
        "java-null",
        "Java, where the program gives null as the password",
        ProgramFile.CERTIFICATES_IN_CLEAR,
        "With null Java leaves encrypted certificates out. In this file they are in clear. If you can "
        "change the program, give new char[0] and take the file for the DIP.",
        """\
KeyStore store = KeyStore.getInstance("PKCS12");
try (InputStream file = new FileInputStream("apicert.pfx")) { store.load(file, null); }
KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
keys.init(store, null);""",
        "tried with OpenJDK 17.0.15; the file with 25.0.2 as well",
    ),
    Program(
        "java-properties",
        "Java, by system properties",
        ProgramFile.CERTIFICATES_IN_CLEAR,
        "An empty javax.net.ssl.keyStorePassword counts as null. With the file for the DIP Java would "
        "then send no client certificate, without an error.",
        "java -Djavax.net.ssl.keyStore=apicert.pfx -Djavax.net.ssl.keyStoreType=PKCS12 "
        "-Djavax.net.ssl.keyStorePassword= -jar client.jar",
        "tried with OpenJDK 17.0.15; the file with 25.0.2 as well",
    ),
    Program(
        "apache-httpclient",
        "Apache HttpClient",
        ProgramFile.PASSWORDLESS,
        "As in Java itself: new char[0] twice, not null.",
        """\
SSLContext context = SSLContexts.custom()
    .loadKeyMaterial(new File("apicert.pfx"), new char[0], new char[0]).build();""",
        "tried with HttpClient 4.5.14 and OpenJDK 17.0.15",
    ),
    Program(
        "bouncy-castle",
        "Bouncy Castle",
        ProgramFile.PASSWORDLESS,
        "With the empty password it reads triple DES and refuses AES (“password empty”). It takes new "
        "char[0] and no null.",
        """\
KeyStore store = KeyStore.getInstance("PKCS12", "BC");
try (InputStream file = new FileInputStream("apicert.pfx")) { store.load(file, new char[0]); }""",
        "tried with Bouncy Castle 1.72",
    ),
)
DOTNET = (
    Program(
        "dotnet",
        ".NET",
        ProgramFile.PASSWORDLESS,
        "Load the whole collection: X509Certificate2 alone keeps no issuers, and they must be sent.",
        """\
var all = new X509Certificate2Collection();
all.Import("apicert.pfx", "", X509KeyStorageFlags.DefaultKeySet);
var own = all.First(each => each.HasPrivateKey);
var context = SslStreamCertificateContext.Create(own, all);""",
        "the same calls tried with .NET 8.0.4, from Python",
    ),
)
JAVASCRIPT = (
    Program(
        "node",
        "Node",
        ProgramFile.PASSWORDLESS,
        "It sends the issuers, too. With such a PFX Node 20 does not look at NODE_EXTRA_CA_CERTS: if the server's "
        "authority is your own, name it by the option ca.",
        """\
const pfx = require("fs").readFileSync("apicert.pfx");
require("https").get("https://api.example/", { pfx, passphrase: "" }, (answer) => answer.pipe(process.stdout));""",
        "tried with Node 20.20.2; the file with 26.13.1 as well",
    ),
    Program(
        "bun",
        "Bun",
        ProgramFile.PASSWORDLESS,
        "It sends the issuers, too. A key in clear is not read.",
        """\
const pfx = require("fs").readFileSync("apicert.pfx");
require("https").get("https://api.example/", { pfx, passphrase: "" }, (answer) => answer.pipe(process.stdout));""",
        "tried with Bun 1.4.4",
    ),
    Program(
        "deno",
        "Deno",
        ProgramFile.PEM,
        "It opens the PFX and does not send the issuers, so the server refuses it. From a PEM file they "
        "are sent.",
        """\
const pem = Deno.readTextFileSync("apicert.pem");
const client = Deno.createHttpClient({ cert: pem, key: pem.slice(0, pem.indexOf("-----BEGIN CERTIFICATE")) });""",
        "the PFX tried with Deno 2.9.8, the lines with 2.9.6",
    ),
    Program(
        "node-forge",
        "node-forge",
        ProgramFile.PASSWORDLESS,
        "Give '' as the password: without one, or with null, it does not open the file.",
        """\
const der = forge.util.createBuffer(require("fs").readFileSync("apicert.pfx").toString("binary"));
const pfx = forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(der), "");""",
        "tried with node-forge 1.4.3",
    ),
    Program(
        "pkijs",
        "PKI.js, and other programs on WebCrypto",
        ProgramFile.AES256_PASSWORD,
        "WebCrypto has no triple DES, so the file for the DIP does not open.",
        """\
const pfx = PFX.fromBER(file);
await pfx.parseInternalValues({ password: new TextEncoder().encode("PASSWORD").buffer });""",
        "tried with PKI.js 4.0.0",
    ),
)
PYTHON = (
    Program(
        "python-requests",
        "Python: requests",
        ProgramFile.PEM,
        "Python's ssl module reads PEM only and answers a PFX with “PEM lib”.",
        """\
import requests
answer = requests.get("https://api.example/", cert="apicert.pem")""",
        "tried with requests 2.34.2",
    ),
    Program(
        "python-httpx",
        "Python: httpx",
        ProgramFile.PEM,
        "Python's ssl module reads PEM only and answers a PFX with “PEM lib”.",
        """\
import httpx, ssl
context = ssl.create_default_context()
context.load_cert_chain("apicert.pem")
answer = httpx.get("https://api.example/", verify=context)""",
        "tried with httpx 0.28.1",
    ),
    Program(
        "python-ssl",
        "Python: ssl, aiohttp, urllib3, paho-mqtt, kafka-python",
        ProgramFile.PEM,
        "All of them hand the file to Python's ssl module, which reads PEM only.",
        """\
import ssl
context = ssl.create_default_context()
context.load_cert_chain("apicert.pem")""",
        "tried with Python 3.11 and paho-mqtt 2.2.0",
    ),
    Program(
        "python-cryptography",
        "Python: cryptography",
        ProgramFile.PASSWORDLESS,
        'It opens every kind of PFX, with None or b"" for the empty password.',
        """\
from cryptography.hazmat.primitives.serialization import pkcs12
key, certificate, issuers = pkcs12.load_key_and_certificates(open("apicert.pfx", "rb").read(), None)""",
        "tried with cryptography 50.0.2",
    ),
    Program(
        "requests-pkcs12",
        "Python: requests-pkcs12",
        ProgramFile.PASSWORDLESS,
        "It opens every kind of PFX. So does httpx-pkcs12.",
        """\
import requests_pkcs12
answer = requests_pkcs12.get("https://api.example/", pkcs12_filename="apicert.pfx", pkcs12_password="")""",
        "tried with requests-pkcs12 1.27",
    ),
)
OTHER_LANGUAGES = (
    Program(
        "go",
        "Go, with its own packages",
        ProgramFile.PEM,
        "Decode of golang.org/x/crypto/pkcs12 refuses a PFX with issuers (“expected exactly two safe bags”).",
        """\
own, err := tls.LoadX509KeyPair("apicert.pem", "apicert.pem")
config := &tls.Config{Certificates: []tls.Certificate{own}}""",
        "the PFX tried with x/crypto 0.4.0, the lines with Go 1.19.8",
    ),
    Program(
        "go-pkcs12",
        "Go, with go-pkcs12",
        ProgramFile.PASSWORDLESS,
        "DecodeChain of software.sslmate.com/src/go-pkcs12 gives key, certificate and issuers.",
        """\
data, err := os.ReadFile("apicert.pfx")
key, certificate, issuers, err := pkcs12.DecodeChain(data, "")""",
        "the file tried with go-pkcs12 0.7.3, the lines with Debian 12's of 2021",
    ),
    Program(
        "ruby",
        "Ruby",
        ProgramFile.PASSWORDLESS,
        'The password may be "" or left out.',
        """\
require "openssl"
pfx = OpenSSL::PKCS12.new(File.binread("apicert.pfx"), "")  # pfx.key, pfx.certificate, pfx.ca_certs""",
        "tried with Ruby 3.1.2",
    ),
    Program(
        "php",
        "PHP",
        ProgramFile.PASSWORDLESS,
        'The issuers are in $parts["extracerts"].',
        """\
openssl_pkcs12_read(file_get_contents("apicert.pfx"), $parts, "");""",
        "tried with PHP 8.2.36",
    ),
    Program(
        "qt",
        "Qt for Python",
        ProgramFile.PEM,
        "It opens the PFX, and the list of issuers stays empty, so the server refuses it.",
        """\
configuration.setLocalCertificateChain(QSslCertificate.fromPath("apicert.pem"))
configuration.setPrivateKey(QSslKey(open("apicert.pem", "rb").read(), QSsl.KeyAlgorithm.Rsa))""",
        "tried with PySide6 and Qt 6.12.0",
    ),
    Program(
        "glib",
        "GLib, and what is built on it",
        ProgramFile.PASSWORDLESS,
        'The password is "", not NULL.',
        """\
GTlsCertificate *own = g_tls_certificate_new_from_file_with_password ("apicert.pfx", "", &error);""",
        "tried with GLib 2.74.6",
    ),
    Program(
        "wolfssl",
        "wolfSSL",
        ProgramFile.PASSWORDLESS,
        'The password is "", not NULL.',
        """\
wc_PKCS12_parse(pfx, "", &key, &keySize, &certificate, &certificateSize, &issuers);""",
        "tried with wolfSSL 5.5.4",
    ),
    Program(
        "erlang",
        "Erlang and Elixir",
        ProgramFile.PEM,
        "Erlang/OTP has no reader for PFX files.",
        """\
ssl:connect("api.example", 443, [{certfile, "apicert.pem"}, {keyfile, "apicert.pem"}]).""",
        "tried with Erlang/OTP 25.2.3",
    ),
)
