#!/usr/bin/env bash
# Surprise: GnuTLS certtool --to-p12 --password "" writes a PFX that only certtool opens: the private key is in the
# clear, in the kind of bag that is for an encrypted one. certtool ends with 0 and reads it again; OpenSSL,
# cryptography and Node refuse it. With --empty-password in its place all of them open the file.
# One would guess: both options say the same, a password without a character, and a file that was written without
# a word is one that others read.
# Whom it hurts: who makes a PFX in a script where the variable with the password is empty: the file is found
# broken by the one who receives it. certtool's manual says that '' is the same as no password; that such a file
# is not of the standard's form (RFC 7292 section 4.2.2) it does not say.
# Seen: gnutls-bin 3.7.9 of Debian 12, cryptography 50.0.2, Node 20.20.2, OpenSSL 3.0, November 2026. Needs Node,
# openssl and Debian's apt-get.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
fetch() { (apt-get download "$@" >apt.log 2>&1 && for each in *.deb; do dpkg -x "$each" tree; done); }
python3 -m pip install -qq --no-compile --disable-pip-version-check --root-user-action=ignore --target lib \
  cryptography==50.0.2
export PYTHONPATH="$folder/lib"

fetch gnutls-bin=3.7.9-2+deb12u7 libgnutls30=3.7.9-2+deb12u7
certtool() { LD_LIBRARY_PATH="$folder/tree/usr/lib/x86_64-linux-gnu" "$folder/tree/usr/bin/certtool" "$@"; }
openssl req -x509 -new -newkey rsa:2048 -nodes -keyout own.key -subj /CN=onboarding_key -days 30 -out own.pem 2>openssl.log
write() { certtool --to-p12 --load-privkey own.key --load-certificate own.pem --p12-name own --outder "$@" 2>certtool.log; }
write --password "" --outfile password.pfx
write --empty-password --outfile empty-password.pfx
cat >open.py <<'END'
import sys
from cryptography.hazmat.primitives.serialization import pkcs12

pkcs12.load_pkcs12(open(sys.argv[1], "rb").read(), b"")
END
cat >open.cjs <<'END'
const pfx = require("node:fs").readFileSync(process.argv[2]);
require("node:tls").createSecureContext({ pfx, passphrase: "" });
END
certtool --version | head -n 1
openssl version
seen=""
attempt() { if "${@:2}" >said.txt 2>&1; then said=opens; else said=refuses; fi; seen="$seen $said"; echo "$name.pfx: $1 $said"; }
for name in password empty-password; do
  attempt certtool certtool --p12-info --inder --empty-password --infile "$name.pfx"
  attempt OpenSSL openssl pkcs12 -in "$name.pfx" -passin pass: -nodes
  attempt cryptography python3 open.py "$name.pfx"
  attempt Node node open.cjs "$name.pfx"
done
if [ "$seen" != " opens refuses refuses refuses opens opens opens opens" ]; then
  echo "The behaviour has changed."
  exit 1
fi
