"""Makers of CSRs whose lines are not shown on a page, because few people have them or their page would be too long.

As in certs/programs/csr_scripts.py the lines write KEY_FILE and CSR_FILE, if the maker gives its key out at all.
"""

from __future__ import annotations

from certs.programs.csr_makers import CsrMaker

GPGSM = """\
export GNUPGHOME=$PWD/STEM-gpg && mkdir -m 700 $GNUPGHOME && echo allow-loopback-pinentry > $GNUPGHOME/gpg-agent.conf &&
printf 'Key-Type: RSA\\nKey-Length: 4096\\nKey-Usage: sign\\nName-DN: CN=onboarding_key\\n' > STEM.parm &&
gpgsm --batch --pinentry-mode loopback --passphrase-fd 0 --armor --output CSR_FILE --gen-key STEM.parm <<< horse
gpgconf --kill all"""
BOTAN = """\
botan keygen --algo=RSA --params=4096 > KEY_FILE && botan gen_pkcs10 KEY_FILE onboarding_key > CSR_FILE"""
BOUNCY_CASTLE = """\
import java.io.*;
import java.security.*;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

public class Request {
    public static void main(String[] words) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(4096);
        KeyPair keys = generator.generateKeyPair();
        var signer = new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate());
        var name = new X500Principal("CN=onboarding_key");
        try (var file = new JcaPEMWriter(new FileWriter("CSR_FILE"))) {
            file.writeObject(new JcaPKCS10CertificationRequestBuilder(name, keys.getPublic()).build(signer));
        }
    }
}"""
JSRSASIGN = """\
const rs = require("jsrsasign"), { generateKeyPairSync } = require("node:crypto");
const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 4096 });
const sbjpubkey = publicKey.export({ type: "spki", format: "pem" });
const sbjprvkey = privateKey.export({ type: "pkcs8", format: "pem" });
const request = new rs.KJUR.asn1.csr.CertificationRequest({
  subject: { str: "/CN=onboarding_key" }, sbjpubkey, sigalg: "SHA256withRSA", sbjprvkey });
require("node:fs").writeFileSync("CSR_FILE", request.getPEM());"""
PECULIAR = """\
import "reflect-metadata";
import { writeFileSync } from "node:fs";
import * as x509 from "@peculiar/x509";
x509.cryptoProvider.set(crypto);
const signingAlgorithm = {
  name: "RSASSA-PKCS1-v1_5", modulusLength: 4096, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" };
const keys = await crypto.subtle.generateKey(signingAlgorithm, true, ["sign", "verify"]);
const request = await x509.Pkcs10CertificateRequestGenerator.create({
  name: "CN=onboarding_key", keys, signingAlgorithm });
writeFileSync("CSR_FILE", request.toString("pem"));"""
ACME_CLIENT = """\
const acme = require("acme-client");
acme.crypto.createPrivateRsaKey(4096)
  .then((key) => acme.crypto.createCsr({ commonName: "onboarding_key" }, key))
  .then(([, request]) => require("node:fs").writeFileSync("CSR_FILE", request));"""
PEM = """\
require("pem").createCSR({ commonName: "onboarding_key", keyBitsize: 4096, hash: "sha256" }, (error, made) => {
  if (error) throw error;
  require("node:fs").writeFileSync("CSR_FILE", made.csr);
});"""
M2CRYPTO = """\
from M2Crypto import EVP, RSA, X509
key = EVP.PKey()
key.assign_rsa(RSA.gen_key(4096, 65537, lambda *words: None))
request, name = X509.Request(), X509.X509_Name()
name.CN = "onboarding_key"
request.set_subject_name(name)
request.set_pubkey(key)
request.sign(key, "sha256")
open("CSR_FILE", "wb").write(request.as_pem())"""
MBEDTLS = """\
from mbedtls import hashlib, pk, x509
key = pk.RSA()
key.generate(key_size=4096)
open("CSR_FILE", "w").write(x509.CSR.new(key, "CN=onboarding_key", hashlib.sha256()).to_PEM())"""
# Without an extension it leaves the field for attributes out, which RFC 2986 does not allow.
PHPSECLIB = """\
<?php
require "phpseclib3/autoload.php";
use phpseclib3\\Crypt\\RSA;
$key = RSA::createKey(4096)->withHash("sha256")->withPadding(RSA::SIGNATURE_PKCS1);
$request = new phpseclib3\\File\\X509();
$request->setPrivateKey($key);
$request->setPublicKey($key->getPublicKey());
$request->setDNProp("id-at-commonName", "onboarding_key");
$request->loadCSR($request->saveCSR($request->signCSR()));
$request->setExtension("id-ce-keyUsage", ["digitalSignature"]);
file_put_contents("CSR_FILE", $request->saveCSR($request->signCSR()));"""
PERL = """\
use Crypt::OpenSSL::PKCS10 qw(:const);
my $request = Crypt::OpenSSL::PKCS10->new(4096);
$request->set_subject("/CN=onboarding_key");
$request->sign();
$request->write_pem_req("CSR_FILE");"""
_NODE = "node -p 'require(\"./node_modules/{0}/package.json\").version'"
_DEBIAN = "dpkg-query -W -f '${{Version}}' {0}"
_JARS = "/usr/share/java/bcprov.jar:/usr/share/java/bcpkix.jar:/usr/share/java/bcutil.jar"
# fmt: off
# The maker, and the command that prints its version.
OTHERS: tuple[tuple[CsrMaker, str], ...] = (
    (CsrMaker("gpgsm", "gpgsm with Key-Usage", GPGSM), "gpgsm --version | sed -n '1s/.* //p'"),
    (CsrMaker("botan", "Botan", BOTAN), "botan version"),
    (
        CsrMaker(
            "bouncy-castle",
            "Bouncy Castle",
            BOUNCY_CASTLE,
            "",
            "Request.java",
            f"java -cp {_JARS} Request.java",
        ),
        _DEBIAN.format("libbcpkix-java"),
    ),
    (
        CsrMaker("jsrsasign", "Node, jsrsasign", JSRSASIGN, "", "csr.cjs", "node csr.cjs"),
        _NODE.format("jsrsasign"),
    ),
    (
        CsrMaker("peculiar", "Node, @peculiar/x509", PECULIAR, "", "csr.mjs", "node csr.mjs"),
        _NODE.format("@peculiar/x509"),
    ),
    (
        CsrMaker("acme-client", "Node, acme-client", ACME_CLIENT, "", "csr.cjs", "node csr.cjs"),
        _NODE.format("acme-client"),
    ),
    (CsrMaker("pem", "Node, pem", PEM, "", "csr.cjs", "node csr.cjs"), _NODE.format("pem")),
    (
        CsrMaker("m2crypto", "Python, M2Crypto", M2CRYPTO, "", "csr.py", "/usr/bin/python3 csr.py"),
        "/usr/bin/python3 -c 'import M2Crypto; print(M2Crypto.__version__)'",
    ),
    (
        CsrMaker("mbedtls", "Python, Mbed TLS", MBEDTLS, "", "csr.py", "${MAKERS_PYTHON:-python} csr.py"),
        "${MAKERS_PYTHON:-python} -c 'import importlib.metadata as m; print(m.version(\"python-mbedtls\"))'",
    ),
    (
        CsrMaker("phpseclib", "PHP, phpseclib", PHPSECLIB, "", "csr.php", "php csr.php"),
        _DEBIAN.format("php-phpseclib3"),
    ),
    (
        CsrMaker("perl", "Perl, Crypt::OpenSSL::PKCS10", PERL, "", "csr.pl", "perl csr.pl"),
        "perl -MCrypt::OpenSSL::PKCS10 -e 'print $Crypt::OpenSSL::PKCS10::VERSION'",
    ),
)
# fmt: on
