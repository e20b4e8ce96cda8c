"""Short programs that make a key of 4096 bits and its CSR: the lines of csr_makers.py for languages and Ansible.

Each refuses to write over a key that is there, and nobody else may read the new one. KEY_FILE, CSR_FILE and STEM are
replaced by the names of an onboarding's files.
"""

ANSIBLE = """\
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - community.crypto.openssl_privatekey:
        path: KEY_FILE
        size: 4096
        regenerate: never
    - community.crypto.openssl_csr:
        path: CSR_FILE
        privatekey_path: KEY_FILE
        common_name: onboarding_key
        use_common_name_for_san: false"""

PYTHON = """\
import os
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

key = rsa.generate_private_key(65537, 4096)
name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "onboarding_key")])
request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
with open(os.open("KEY_FILE", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
    file.write(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
with open("CSR_FILE", "wb") as file:
    file.write(request.public_bytes(pem))"""

GO = """\
package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"os"
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func main() {
	key := must(rsa.GenerateKey(rand.Reader, 4096))
	form := &x509.CertificateRequest{Subject: pkix.Name{CommonName: "onboarding_key"}}
	request := must(x509.CreateCertificateRequest(rand.Reader, form, key))
	file := must(os.OpenFile("KEY_FILE", os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0600))
	pem.Encode(file, &pem.Block{Type: "PRIVATE KEY", Bytes: must(x509.MarshalPKCS8PrivateKey(key))})
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: request})
	if err := os.WriteFile("CSR_FILE", text, 0644); err != nil {
		panic(err)
	}
}"""

RUBY = """\
require "openssl"
key = OpenSSL::PKey::RSA.new(4096)
File.open("KEY_FILE", File::WRONLY | File::CREAT | File::EXCL, 0600) { |file| file.write(key.to_pem) }
request = OpenSSL::X509::Request.new
request.version = 0
request.subject = OpenSSL::X509::Name.new([["CN", "onboarding_key"]])
request.public_key = key.public_key
request.sign(key, OpenSSL::Digest.new("SHA256"))
File.write("CSR_FILE", request.to_pem)"""

# The settings of the system would add C=AU and others, and PHP's own hash is SHA-1.
PHP = """\
<?php
umask(0077);
file_put_contents("STEM.cnf", "[req]\\ndistinguished_name=name\\n[name]\\n");
$settings = ["config" => "STEM.cnf", "digest_alg" => "sha256", "private_key_bits" => 4096];
$key = openssl_pkey_new($settings);
openssl_pkey_export($key, $text, null, $settings);
$file = fopen("KEY_FILE", "x") or exit(1);
fwrite($file, $text);
$request = openssl_csr_new(["commonName" => "onboarding_key"], $key, $settings);
openssl_csr_export_to_file($request, "CSR_FILE");"""

DOTNET = """\
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

using var key = RSA.Create(4096);
var request = new CertificateRequest(
    "CN=onboarding_key", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
using (var file = new StreamWriter(new FileStream("KEY_FILE", FileMode.CreateNew)))
    file.WriteLine(key.ExportPkcs8PrivateKeyPem());
File.WriteAllText("CSR_FILE", request.CreateSigningRequestPem() + "\\n");"""

# As PrintableString, which is forge's own choice, strict programs refuse the underscore; its own hash is SHA-1.
FORGE = """\
// npm install node-forge
const { writeFileSync } = require("node:fs");
const forge = require("node-forge");

const keys = forge.pki.rsa.generateKeyPair({ bits: 4096 });
const request = forge.pki.createCertificationRequest();
request.publicKey = keys.publicKey;
request.setSubject([
  { name: "commonName", value: "onboarding_key", valueTagClass: forge.asn1.Type.UTF8 },
]);
request.sign(keys.privateKey, forge.md.sha256.create());
writeFileSync("KEY_FILE", forge.pki.privateKeyToPem(keys.privateKey), { flag: "wx", mode: 0o600 });
writeFileSync("CSR_FILE", forge.pki.certificationRequestToPem(request));"""

# Without the empty list of attributes the field is left out, which RFC 2986 does not allow.
PKIJS = """\
// npm install pkijs asn1js
import { writeFileSync } from "node:fs";
import * as asn1js from "asn1js";
import * as pkijs from "pkijs";

const toPem = (label, der) =>
  `-----BEGIN ${label}-----\\n${Buffer.from(der).toString("base64").replace(/.{1,64}/g, "$&\\n")}` +
  `-----END ${label}-----\\n`;
const publicExponent = new Uint8Array([1, 0, 1]);
const keys = await crypto.subtle.generateKey(
  { name: "RSASSA-PKCS1-v1_5", modulusLength: 4096, publicExponent, hash: "SHA-256" }, true, ["sign", "verify"]);
const request = new pkijs.CertificationRequest();
request.attributes = [];
request.subject.typesAndValues.push(
  new pkijs.AttributeTypeAndValue({ type: "2.5.4.3", value: new asn1js.Utf8String({ value: "onboarding_key" }) }));
await request.subjectPublicKeyInfo.importKey(keys.publicKey);
await request.sign(keys.privateKey, "SHA-256");
const key = toPem("PRIVATE KEY", await crypto.subtle.exportKey("pkcs8", keys.privateKey));
writeFileSync("KEY_FILE", key, { flag: "wx", mode: 0o600 });
writeFileSync("CSR_FILE", toPem("CERTIFICATE REQUEST", request.toSchema().toBER()));"""
