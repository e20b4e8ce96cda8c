#!/usr/bin/env bash
# Surprise: NSS pk12util -i files a renewed certificate (same subject, new key) under the name of the old one: the
# friendly name in the PFX is passed over without a word. pk12util -o -n with that name then writes one PFX with
# both certificates and both private keys.
# One would guess: two entries with the two names that the files have, and a file with the one that was asked for;
# or the import is refused.
# Whom it hurts: who renews a client certificate in an NSS database and hands it on: the file holds the old key
# too, and which of the two a reader takes is open. The new name is not found at all. Mozilla's bug 210941 says
# why (a nickname stands for a subject, not for a certificate); the manual page of pk12util does not.
# Seen: libnss3-tools 3.87.1 of Debian 12, OpenSSL 3.0, November 2026. Needs openssl and Debian's apt-get.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
fetch() { (apt-get download "$@" >apt.log 2>&1 && for each in *.deb; do dpkg -x "$each" tree; done); }

fetch libnss3-tools=2:3.87.1-1+deb12u4 libnss3=2:3.87.1-1+deb12u4 libnspr4=2:4.35-1
nss() { LD_LIBRARY_PATH="$folder/tree/usr/lib/x86_64-linux-gnu" "$folder/tree/usr/bin/$1" "${@:2}"; }
openssl req -x509 -new -newkey rsa:2048 -nodes -keyout ca.key -subj "/CN=Example CA" -days 30 -out ca.pem 2>openssl.log
for name in first second; do
  openssl req -new -newkey rsa:2048 -nodes -keyout "$name.key" -subj /CN=onboarding_key -out "$name.csr" 2>>openssl.log
  openssl x509 -req -in "$name.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -out "$name.pem" 2>>openssl.log
  openssl pkcs12 -export -inkey "$name.key" -in "$name.pem" -name "$name" -passout pass:horse1 -out "$name.pfx"
done
mkdir db
ls libnss3-tools_*.deb
nss certutil -N -d sql:db --empty-password
for name in first second; do nss pk12util -i "$name.pfx" -d sql:db -K "" -W horse1; done
nss certutil -L -d sql:db | tee list.txt
status=0
nss pk12util -o asked-second.pfx -n second -d sql:db -K "" -W horse1 2>said.txt || status=$?
echo "export of second: exit $status, $(head -n 1 said.txt)"
nss pk12util -o asked-first.pfx -n first -d sql:db -K "" -W horse1
openssl pkcs12 -in asked-first.pfx -passin pass:horse1 -nodes >out.txt
keys=$(grep -c "BEGIN PRIVATE KEY" out.txt)
echo "export of first: $(grep -c "BEGIN CERTIFICATE" out.txt) certificates, $keys private keys"
if [ "$(grep -c "^first .*u,u,u" list.txt)" != 2 ] || grep -q "^second" list.txt || [ "$status" = 0 ] || [ "$keys" != 2 ]; then
  echo "The behaviour has changed."
  exit 1
fi
