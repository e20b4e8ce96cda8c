#!/usr/bin/env bash
# Surprise: Java's keytool finds “0 entries” in a PFX whose private key is not encrypted, such as cryptography
# writes with NoEncryption() and OpenSSL with -keypbe NONE, and ends with 0; -importkeystore makes an empty store
# of it and calls the command completed. The password protects the file and is right.
# One would guess: the key is read, as OpenSSL and cryptography read it (RFC 7292 section 4.2.1 has the bag for
# it), or an error says that this kind of bag is not known.
# Whom it hurts: who makes the PFX for a Java server: all other programs open it, and the server starts without a
# certificate or says that the alias does not exist. Java's documentation does not name it; one reads “Unsupported
# PKCS12 bag type” only with -J-Djava.security.debug=pkcs12 (KeyStore Explorer's issue 391).
# Seen: OpenJDK 17, cryptography 50.0.2, OpenSSL 3.0, November 2026. Needs openssl and a JDK.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
command -v keytool >/dev/null || { echo "This needs a JDK 17 or newer (keytool)."; exit 2; }
python3 -m pip install -qq --no-compile --disable-pip-version-check --root-user-action=ignore --target lib \
  cryptography==50.0.2
export PYTHONPATH="$folder/lib"

openssl req -x509 -new -newkey rsa:2048 -nodes -keyout own.key -subj /CN=onboarding_key -days 30 -out own.pem 2>openssl.log
openssl pkcs12 -export -inkey own.key -in own.pem -name own -passout pass:horse1 -out encrypted.pfx
openssl pkcs12 -export -inkey own.key -in own.pem -name own -passout pass:horse1 -keypbe NONE -out plain.pfx
cat >handle.py <<'END'
import sys
from cryptography import x509
from cryptography.hazmat.primitives.serialization import NoEncryption, load_pem_private_key, pkcs12

key = load_pem_private_key(open("own.key", "rb").read(), None)
own = x509.load_pem_x509_certificate(open("own.pem", "rb").read())
open("python.pfx", "wb").write(pkcs12.serialize_key_and_certificates(b"own", key, own, None, NoEncryption()))
for name, password in {"encrypted": b"horse1", "plain": b"horse1", "python": None}.items():
    read = pkcs12.load_pkcs12(open(f"{name}.pfx", "rb").read(), password)
    print(f"{name}.pfx: cryptography reads a private key of {read.key.key_size} bits")
END
python3 handle.py
java -version 2>&1 | sed -n 1p
seen=""
for each in encrypted:horse1 plain:horse1 python:; do
  count=$(LC_ALL=C keytool -list -keystore "${each%:*}.pfx" -storepass "${each#*:}" 2>&1 | grep -o "contains [0-9]* entr[a-z]*")
  echo "${each%:*}.pfx: keytool says that it $count"
  seen="$seen $count,"
done
keytool -J-Duser.language=en -importkeystore -srckeystore plain.pfx -srcstorepass horse1 -destkeystore new.p12 -deststorepass horse1 2>&1 |
  tee import.txt
if [ "$seen" != " contains 1 entry, contains 0 entries, contains 0 entries," ] || ! grep -q "command completed:  *0 entries" import.txt; then
  echo "The behaviour has changed."
  exit 1
fi
