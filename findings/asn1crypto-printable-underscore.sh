#!/usr/bin/env bash
# Surprise: asn1crypto's Name.build(..., use_printable=True) writes an underscore into a PrintableString without a
# word, and refuses it neither when writing nor when reading its own bytes. cryptography then refuses the name.
# One would guess: the library falls back to UTF8String where the characters do not fit, as OpenSSL does, or
# raises an error.
# Whom it hurts: who follows old advice to use PrintableString for a CSR with a name such as onboarding_key: the
# CSR is made, and strict readers (cryptography, Go) refuse it later.
# Seen: asn1crypto 1.5.1, cryptography 46.0.3, November 2026. X.680 section 41.4 lists the characters of a
# PrintableString.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m pip install -qq --no-compile --disable-pip-version-check --root-user-action=ignore --target lib \
  asn1crypto==1.5.1 cryptography==46.0.3
export PYTHONPATH="$folder/lib"

cat >build.py <<'END'
import sys
import asn1crypto
from asn1crypto import x509
from cryptography import x509 as strict
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

print("asn1crypto", asn1crypto.__version__)
der = x509.Name.build({"common_name": "onboarding_key"}, use_printable=True).dump()
printable = bytes([0x13, 14]) + b"onboarding_key"
print("tag 0x13 (PrintableString) with an underscore:", printable in der)
print("read again by itself:", x509.Name.load(der).native)
key = rsa.generate_private_key(65537, 2048)
utf8 = strict.Name([strict.NameAttribute(strict.NameOID.COMMON_NAME, "onboarding_key")])
made = strict.CertificateSigningRequestBuilder().subject_name(utf8).sign(key, hashes.SHA256())
request = made.public_bytes(serialization.Encoding.DER).replace(utf8.public_bytes(), der)
try:
    said = strict.load_der_x509_csr(request).subject.rfc4514_string()
except ValueError as error:
    said = None
    print("cryptography:", str(error).splitlines()[0][:100])
sys.exit(0 if printable in der and said is None else 1)
END
python3 build.py
