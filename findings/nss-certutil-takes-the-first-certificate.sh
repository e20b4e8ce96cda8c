#!/usr/bin/env bash
# Surprise: NSS certutil -A with a PEM file of two certificates imports the first one, drops the second, and ends
# with 0 and no word.
# One would guess: both are imported, as pk12util and browsers do with a file of several, or the file is refused.
# Whom it hurts: who imports the issuers as a CA offers them, issuing CA and root in one file: the root is
# missing, and the chain is found broken later, at another place.
# Seen: libnss3-tools 3.87.1 of Debian 12, November 2026. Needs openssl and Debian's apt-get.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
fetch() { (apt-get download "$@" >apt.log 2>&1 && for each in *.deb; do dpkg -x "$each" tree; done); }

fetch libnss3-tools=2:3.87.1-1+deb12u4 libnss3=2:3.87.1-1+deb12u4 libnspr4=2:4.35-1
export LD_LIBRARY_PATH="$folder/tree/usr/lib/x86_64-linux-gnu"
certutil="$folder/tree/usr/bin/certutil"
for name in one two; do
  openssl req -x509 -new -newkey rsa:2048 -nodes -keyout "$name.key" -subj "/CN=Example CA $name" -days 30 -out "$name.pem" 2>openssl.log
done
cat one.pem two.pem >both.pem
mkdir db
"$certutil" -N -d sql:db --empty-password
ls libnss3-tools_*.deb
status=0
"$certutil" -A -d sql:db -n example -t C,, -a -i both.pem >said.txt 2>&1 || status=$?
"$certutil" -L -d sql:db | tee list.txt
"$certutil" -L -d sql:db -n example -a | openssl storeutl -noout -text -certs /dev/stdin | grep -E "Subject:|Total" | tee found.txt
echo "exit $status, said: $(cat said.txt)"
[ "$status" = 0 ] && [ ! -s said.txt ] && [ "$(grep -c "C,," list.txt)" = 1 ] && grep -q "Example CA one" found.txt &&
  ! grep -q "Example CA two" found.txt
