#!/usr/bin/env bash
# Surprise: pyhanko-certvalidator calls a certificate without the extensions keyUsage and extendedKeyUsage “not
# valid for the purposes of client auth, digital signature”. OpenSSL's verify -purpose sslclient accepts the same
# one.
# One would guess: an extension that is absent restricts nothing: RFC 5280 section 4.2.1.3 and 4.2.1.12 speak of
# restrictions only where it is present.
# Whom it hurts: who validates client certificates of an old or internal CA with it: every one is refused, with
# words that suggest that it was issued for something else.
# Seen: pyhanko-certvalidator 0.33.0, cryptography 50.0.2, OpenSSL 3.0, November 2026.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m pip install -qq --no-compile --disable-pip-version-check --root-user-action=ignore --target lib \
  pyhanko-certvalidator==0.33.0 cryptography==50.0.2
export PYTHONPATH="$folder/lib"

openssl req -x509 -new -newkey rsa:2048 -nodes -keyout ca.key -subj "/CN=Example CA" -days 30 -out ca.pem 2>openssl.log \
  -addext basicConstraints=critical,CA:TRUE
openssl req -new -newkey rsa:2048 -nodes -keyout own.key -subj /CN=onboarding_key -out own.csr 2>>openssl.log
openssl x509 -req -in own.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -out bare.pem 2>>openssl.log
printf 'keyUsage=digitalSignature\nextendedKeyUsage=clientAuth\n' >usage.txt
openssl x509 -req -in own.csr -CA ca.pem -CAkey ca.key -days 30 -extfile usage.txt -out full.pem 2>>openssl.log
openssl verify -purpose sslclient -CAfile ca.pem bare.pem full.pem
cat >validate.py <<'END'
import asyncio
import sys
from importlib.metadata import version
from asn1crypto import pem, x509
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import InvalidCertificateError

print("pyhanko-certvalidator", version("pyhanko-certvalidator"))


def load(name):
    return x509.Certificate.load(pem.unarmor(open(name, "rb").read())[2])


seen = {}
for name in ("bare", "full"):
    context = ValidationContext(trust_roots=[load("ca.pem")], allow_fetching=False)
    validator = CertificateValidator(load(f"{name}.pem"), validation_context=context)
    try:
        asyncio.run(validator.async_validate_usage({"digital_signature"}, {"client_auth"}))
        seen[name] = "valid"
    except InvalidCertificateError as error:
        seen[name] = str(error)
    print(f"{name}: {seen[name]}")
sys.exit(0 if "is not valid for the purposes of client auth" in seen["bare"] and seen["full"] == "valid" else 1)
END
python3 validate.py
