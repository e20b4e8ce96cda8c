#!/usr/bin/env bash
# Surprise: node-forge opens a PFX whose RSA certificate was signed by an issuer with an EC key, and gives null
# for both certificates: cert is null, with no error, although key and certificate of its owner are RSA.
# One would guess: forge knows RSA only, so the issuer may be missing; the owner's own RSA certificate is there,
# or an exception says why not.
# Whom it hurts: who loads client certificates with forge: bag.cert.subject fails with “Cannot read properties of
# null” on the day on which the CA changes to an EC issuer.
# Seen: node-forge 1.4.3, Node 20.20.2, OpenSSL 3.0, November 2026. Needs Node and openssl.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --no-package-lock node-forge@1.4.3 >/dev/null

openssl ecparam -name prime256v1 -genkey -noout -out ca.key
openssl req -x509 -new -key ca.key -subj "/CN=Example CA" -days 30 -out ca.pem -addext basicConstraints=critical,CA:TRUE
openssl req -new -newkey rsa:2048 -nodes -keyout own.key -subj /CN=onboarding_key -out own.csr 2>openssl.log
openssl x509 -req -in own.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -out ec-issued.pem 2>>openssl.log
openssl x509 -req -in own.csr -key own.key -days 30 -out rsa-issued.pem 2>>openssl.log
write() { openssl pkcs12 -export -inkey own.key "$@" -passout pass:horse -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1; }
write -in ec-issued.pem -certfile ca.pem -out ec.pfx
write -in rsa-issued.pem -out rsa.pfx
cat >read.cjs <<'END'
const fs = require("node:fs"), forge = require("node-forge");
const type = forge.pki.oids.certBag;
const seen = ["rsa", "ec"].map((name) => {
  const file = forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(fs.readFileSync(`${name}.pfx`, "latin1")), "horse");
  const found = file.getBags({ bagType: type })[type].map((bag) => bag.cert && bag.cert.subject.getField("CN").value);
  console.log(`issuer with a key of type ${name}: certificates`, found);
  return JSON.stringify(found);
});
process.exit(seen.join() === '["onboarding_key"],[null,null]' ? 0 : 1);
END
node -p '"node-forge " + require("node-forge/package.json").version'
if ! node read.cjs; then
  echo "The behaviour has changed."
  exit 1
fi
