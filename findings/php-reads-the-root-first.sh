#!/usr/bin/env bash
# Surprise: PHP's openssl_pkcs12_read() gives the further certificates in the reverse of their order in the file:
# the root comes before the issuing CA. What openssl_pkcs12_export() writes from that array has the order turned,
# and the next round turns it back.
# One would guess: extracerts has the order of the file, as OpenSSL's own command and cryptography keep it.
# Whom it hurts: who takes a PFX apart in PHP and writes certificate and extracerts as the chain of a server: root
# before issuing CA, an order that RFC 5246 section 7.4.2 does not allow. It comes with OpenSSL 3.0, whose
# PKCS12_parse() no longer turns the list (its issue 6698), while PHP still turns it itself. PHP's manual says
# nothing of an order.
# Seen: PHP 8.2 of Debian 12 with OpenSSL 3.0, cryptography 50.0.2, November 2026. Needs openssl and Debian's
# apt-get.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
fetch() { (apt-get download "$@" >apt.log 2>&1 && for each in *.deb; do dpkg -x "$each" tree; done); }
python3 -m pip install -qq --no-compile --disable-pip-version-check --root-user-action=ignore --target lib \
  cryptography==50.0.2
export PYTHONPATH="$folder/lib"

fetch php8.2-cli=8.2.36-1~deb12u1 libargon2-1=0~20171227-0.3+deb12u1 libsodium23=1.0.18-1+deb12u1 \
  libxml2=2.9.14+dfsg-1.3~deb12u6 libicu72=72.1-3+deb12u1
php() { LD_LIBRARY_PATH="$folder/tree/usr/lib/x86_64-linux-gnu" "$folder/tree/usr/bin/php8.2" -n "$@"; }
echo "basicConstraints=critical,CA:TRUE" >ca.txt
openssl req -x509 -new -newkey rsa:2048 -nodes -keyout root.key -subj "/CN=Root" -days 30 -out root.pem 2>openssl.log
issue() {
  openssl req -new -newkey rsa:2048 -nodes -keyout "$1.key" -subj "/CN=$2" -out "$1.csr" 2>>openssl.log
  openssl x509 -req -in "$1.csr" -CA "$3.pem" -CAkey "$3.key" -CAcreateserial -days 30 -out "$1.pem" "${@:4}" 2>>openssl.log
}
issue sub "Issuing CA" root -extfile ca.txt
issue own onboarding_key sub
cat sub.pem root.pem >chain.pem
openssl pkcs12 -export -inkey own.key -in own.pem -certfile chain.pem -passout pass:horse1 -out own.pfx
cat >read.php <<'END'
<?php
foreach (["own.pfx" => "again.pfx", "again.pfx" => "third.pfx"] as $from => $to) {
    openssl_pkcs12_read(file_get_contents($from), $read, "horse1");
    $names = array_map(fn($each) => openssl_x509_parse($each)["subject"]["CN"], $read["extracerts"]);
    echo "PHP reads $from: ", implode(", ", $names), "\n";
    openssl_pkcs12_export_to_file($read["cert"], $to, $read["pkey"], "horse1", ["extracerts" => $read["extracerts"]]);
}
END
cat >read.py <<'END'
from cryptography.hazmat.primitives.serialization import pkcs12

for name in ("own.pfx", "again.pfx", "third.pfx"):
    read = pkcs12.load_pkcs12(open(name, "rb").read(), b"horse1")
    print(f"cryptography reads {name}:", ", ".join(each.certificate.subject.rfc4514_string()[3:] for each in read.additional_certs))
END
php -r 'echo "PHP ", PHP_VERSION, ", ", OPENSSL_VERSION_TEXT, "\n";'
{
  openssl pkcs12 -in own.pfx -passin pass:horse1 -nokeys | sed -n "s/^subject=CN = /OpenSSL reads own.pfx: /p"
  php read.php
  python3 read.py
} | tee seen.txt
cat >wanted.txt <<'END'
OpenSSL reads own.pfx: onboarding_key
OpenSSL reads own.pfx: Issuing CA
OpenSSL reads own.pfx: Root
PHP reads own.pfx: Root, Issuing CA
PHP reads again.pfx: Issuing CA, Root
cryptography reads own.pfx: Issuing CA, Root
cryptography reads again.pfx: Root, Issuing CA
cryptography reads third.pfx: Issuing CA, Root
END
if ! cmp -s seen.txt wanted.txt; then
  echo "The behaviour has changed."
  exit 1
fi
