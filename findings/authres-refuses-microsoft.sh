#!/usr/bin/env bash
# Surprise: authres cannot read the Authentication-Results header that Microsoft 365 writes: it begins with a
# result and names no server, and authres takes the first words for the server's name and stops at a syntax error,
# so that not one of the results is had. Behind a server's name it reads the very same words, compauth too.
# One would guess: the header of the largest mail service is read, with an empty server name, or the error says
# that the server's name is missing.
# Whom it hurts: who takes mail that passed through Microsoft 365 as evidence: SPF, DKIM and DMARC passed, and the
# program sees an unreadable header. RFC 8601 section 2.2 demands the name; Microsoft's documentation of anti-spam
# message headers shows the header without it.
# Seen: authres 1.2.0, November 2026. The addresses are examples.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m pip install -qq --no-compile --disable-pip-version-check --root-user-action=ignore --target lib \
  authres==1.2.0
export PYTHONPATH="$folder/lib"

cat >read.py <<'END'
import sys
from importlib.metadata import version
from authres import AuthenticationResultsHeader
from authres.core import SyntaxError as HeaderError

print("authres", version("authres"))
RESULTS = (
    "spf=pass (sender IP is 192.0.2.10) smtp.mailfrom=example.com; dkim=pass (signature was verified) "
    "header.d=example.com; dmarc=pass action=none header.from=example.com; compauth=pass reason=100"
)
seen = []
for name, value in {"as Microsoft 365 writes it": RESULTS, "the same behind a server's name": f"mx.example.net; {RESULTS}"}.items():
    try:
        read = AuthenticationResultsHeader.parse(f"Authentication-Results: {value}")
        seen.append([each.method for each in read.results])
    except HeaderError as error:
        seen.append(str(error)[:70])
    print(f"{name}: {seen[-1]}")
sys.exit(0 if seen[0].startswith('Syntax error: Expected "none"') and seen[1] == ["spf", "dkim", "dmarc", "compauth"] else 1)
END
python3 read.py
