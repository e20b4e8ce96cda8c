#!/usr/bin/env bash
# Surprise: jsrsasign reads no CSR whose PEM label is NEW CERTIFICATE REQUEST; it says “argument is not PEM file”.
# The same bytes under the label CERTIFICATE REQUEST are read.
# One would guess: both labels are read. RFC 7468 section 7 allows the old one to be parsed, keytool, certtool and
# NSS certutil write it, and node-forge, OpenSSL and @peculiar/x509 read it.
# Whom it hurts: who checks a customer's CSR in JavaScript: a good file from Java or Firefox's tools is called no
# PEM at all.
# Seen: jsrsasign 11.1.5, node-forge 1.4.3, Node 20.20.2, November 2026. Needs Node and openssl.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --no-package-lock jsrsasign@11.1.5 node-forge@1.4.3 >/dev/null

openssl req -new -newkey rsa:2048 -nodes -keyout key.pem -subj /CN=onboarding_key -newhdr -out new.csr 2>openssl.log
sed 's/ NEW / /' new.csr >plain.csr
cat >read.cjs <<'END'
const fs = require("node:fs"), rs = require("jsrsasign"), forge = require("node-forge");
const attempt = (name, read) => {
  try { console.log(`${name}: ${read()}`); return "read"; } catch (error) { console.log(`${name}: ${error.message || error}`); return "refused"; }
};
const seen = ["plain", "new"].map((file) => {
  const text = fs.readFileSync(`${file}.csr`, "latin1");
  console.log(text.split("\n")[0]);
  return [
    attempt("  node-forge", () => forge.pki.certificationRequestFromPem(text).subject.getField("CN").value),
    attempt("  jsrsasign ", () => rs.KJUR.asn1.csr.CSRUtil.getParam(text).subject.str),
  ].join(" ");
});
process.exit(seen.join(", ") === "read read, read refused" ? 0 : 1);
END
node -p '"jsrsasign " + require("jsrsasign/package.json").version'
if ! node read.cjs; then
  echo "The behaviour has changed."
  exit 1
fi
