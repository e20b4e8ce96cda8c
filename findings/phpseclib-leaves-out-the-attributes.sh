#!/usr/bin/env bash
# Surprise: a CSR that phpseclib's signCSR() makes without an extension lacks the field for attributes. OpenSSL
# verifies it; GnuTLS certtool and cryptography refuse it as malformed.
# One would guess: the field is there and empty: RFC 2986 section 4.1 has no way to leave it out.
# Whom it hurts: who makes a CSR in PHP without the openssl extension: the maker's own check and OpenSSL are
# content, and a CA that is written in Go or Python refuses it. With any extension set after loadCSR() the field
# is written.
# Seen: php-phpseclib3 3.0.19 of Debian 12, PHP 8.2, cryptography 46.0.3, November 2026. Needs openssl and
# Debian's apt-get.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
fetch() { (apt-get download "$@" >apt.log 2>&1 && for each in *.deb; do dpkg -x "$each" tree; done); }
python3 -m pip install -qq --no-compile --disable-pip-version-check --root-user-action=ignore --target lib \
  cryptography==46.0.3
export PYTHONPATH="$folder/lib"

fetch php8.2-cli=8.2.36-1~deb12u1 libargon2-1=0~20171227-0.3+deb12u1 libsodium23=1.0.18-1+deb12u1 \
  libxml2=2.9.14+dfsg-1.3~deb12u6 libicu72=72.1-3+deb12u1 php-phpseclib3=3.0.19-1+deb12u6 php-constant-time=2.6.3-1
export LD_LIBRARY_PATH="$folder/tree/usr/lib/x86_64-linux-gnu"
cat >make.php <<'END'
<?php
spl_autoload_register(function ($name) {
    $name = str_replace(["phpseclib3\\", "ParagonIE\\ConstantTime\\", "\\"], ["phpseclib3/", "ParagonIE/ConstantTime/", "/"], $name);
    foreach (["$name.php", substr($name, 0) . ".php"] as $file) {
        $path = getenv("TREE") . "/usr/share/php/$file";
        if (is_file($path)) { require $path; return; }
    }
});
use phpseclib3\Crypt\RSA;
use phpseclib3\File\X509;
$key = RSA::createKey(2048)->withHash("sha256")->withPadding(RSA::SIGNATURE_PKCS1);
$request = new X509();
$request->setPrivateKey($key);
$request->setPublicKey($key->getPublicKey());
$request->setDNProp("id-at-commonName", "onboarding_key");
$made = $request->saveCSR($request->signCSR());
file_put_contents("own.csr", $made);
$again = new X509();
echo "phpseclib reads it: ", $again->loadCSR($made) && $again->validateSignature() ? "yes" : "no", "\n";
END
ls php-phpseclib3_*.deb
TREE="$folder/tree" "$folder/tree/usr/bin/php8.2" -n make.php
openssl req -in own.csr -noout -verify 2>&1 | tee openssl.txt
refused=0
python3 -c '
import sys
from cryptography import x509
try:
    x509.load_pem_x509_csr(open("own.csr", "rb").read())
except ValueError as error:
    print("cryptography:", str(error).splitlines()[0])
    sys.exit(1)' || refused=1
grep -q "verify OK" openssl.txt && [ "$refused" = 1 ]
