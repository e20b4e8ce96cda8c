#!/usr/bin/env bash
# Surprise: PHP's openssl_x509_parse() gives serialNumber in decimal up to 127 bits and in hex with 0x before it
# above that; nothing says which it is. serialNumberHex is always hex.
# One would guess: one base for all, as the field of the same name has in every other library.
# Whom it hurts: who looks a certificate up by its serial number: it works for one CA, and for another whose
# numbers have 20 bytes no row is found; or the string is cast to a number.
# Seen: PHP 8.2 of Debian 12 with OpenSSL 3.0, November 2026. Needs openssl and Debian's apt-get.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
fetch() { (apt-get download "$@" >apt.log 2>&1 && for each in *.deb; do dpkg -x "$each" tree; done); }

fetch php8.2-cli=8.2.36-1~deb12u1 libargon2-1=0~20171227-0.3+deb12u1 libsodium23=1.0.18-1+deb12u1 \
  libxml2=2.9.14+dfsg-1.3~deb12u6 libicu72=72.1-3+deb12u1
export LD_LIBRARY_PATH="$folder/tree/usr/lib/x86_64-linux-gnu"
php="$folder/tree/usr/bin/php8.2"
make() { openssl req -x509 -new -newkey rsa:2048 -nodes -keyout key.pem -subj /CN=onboarding_key -days 30 -set_serial "$1" -out "$2.pem" 2>openssl.log; }
make 0x40000000000000000000000000000001 small
make 0x80000000000000000000000000000001 large
"$php" -n -r 'echo "PHP ", PHP_VERSION, ", ", OPENSSL_VERSION_TEXT, "\n";
foreach (["small", "large"] as $name) {
  $read = openssl_x509_parse(file_get_contents("$name.pem"));
  echo "$name: serialNumber $read[serialNumber], serialNumberHex $read[serialNumberHex]\n";
}' | tee seen.txt
if ! grep -q "^small: serialNumber 85070591730234615865843651857942052865, serialNumberHex 40000000000000000000000000000001$" seen.txt ||
  ! grep -q "^large: serialNumber 0x80000000000000000000000000000001, serialNumberHex 80000000000000000000000000000001$" seen.txt; then
  echo "The behaviour has changed."
  exit 1
fi
