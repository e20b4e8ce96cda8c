"""Samples: CSRs with every fault that a subject, a key or a signature can have, and keys where they do not belong.

Made with openssl, ssh-keygen and cryptography.
"""

from __future__ import annotations

import base64
import functools
import math
import random
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import PrivateFormat

from tests.certs.doctor.sample import CSR, NEW_CSR, Sample, just, made_by
from tests.certs.x509_factories import csr_der, csr_pem, key_pem, rsa_key

OPENSSL = "openssl"


def with_subject(subject: str) -> Sample.make:
    return made_by(
        f"rm apicert.csr; openssl req -utf8 -new -key apicert.key -subj '{subject}' -out apicert.csr", CSR
    )


def with_key(options: str) -> Sample.make:
    return made_by(
        f"openssl req -new -nodes -keyout other.key -subj /CN=onboarding_key -out apicert.csr {options}", CSR
    )


def _primes(seed: int, bits: int, step: int, start: int) -> int:
    """The first (probable) prime among start, start + step..."""
    found = start
    while pow(2, found - 1, found) != 1:
        found += step
    return found


@functools.cache
def roca_key() -> rsa.RSAPrivateKey:
    """Primes k*M + (65537^a mod M), as the broken library made them."""
    product = math.prod(n for n in range(2, 168) if all(n % d for d in range(2, n)))
    drawn = random.Random(17)
    p, q = (
        _primes(
            0,
            512,
            product,
            (drawn.getrandbits(292) | 1 << 291) * product + pow(65537, drawn.getrandbits(60), product),
        )
        for _ in range(2)
    )
    return _key(p, q)


@functools.cache
def close_key() -> rsa.RSAPrivateKey:
    """Two primes that are neighbours."""
    p = _primes(0, 512, 2, random.Random(18).getrandbits(512) | 3 << 510 | 1)
    return _key(p, _primes(0, 512, 2, p + 2))


@functools.cache
def small_factor_key() -> rsa.RSAPrivateKey:
    """The smaller prime has ten bits."""
    return _key(rsa_key("small", 2048).private_numbers().p, 751)


def listed_key() -> rsa.RSAPrivateKey:
    """Nothing is wrong with it, but that everybody has it: test_catalogue.py puts it into a list."""
    return rsa_key("listed", 2048)


def _key(p: int, q: int) -> rsa.RSAPrivateKey:
    d = pow(65537, -1, (p - 1) * (q - 1))
    numbers = rsa.RSAPrivateNumbers(
        p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), rsa.RSAPublicNumbers(65537, p * q)
    )
    return numbers.private_key()


def _flipped(folder: Path) -> bytes:
    der = csr_der()
    return der[:-1] + bytes([der[-1] ^ 1])


def _damaged(folder: Path) -> bytes:
    """The tag of the subject's text is none that a name may have."""
    return csr_der().replace(b"\x0c\x0eonboarding_key", b"\x01\x0eonboarding_key")


CHALLENGE = (
    "printf '[req]\\ndistinguished_name=d\\nattributes=a\\nprompt=no\\n[d]\\nCN=onboarding_key\\n"
    "[a]\\nchallengePassword=horses\\n' >a.cnf; rm apicert.csr; openssl req -new -key apicert.key -config a.cnf -out apicert.csr"
)
JWK = '{"kty":"RSA","n":"0vx7agoebGcQ","e":"AQAB","d":"X4cTteJY_gn4FYPsXB8rdXix5vwsg1FLN5E3EaG6RJoVH-HLLKD9"}'

SAMPLES = (
    Sample(
        "Full stop after the name",
        OPENSSL,
        "csr-subject-full-stop",
        with_subject("/CN=onboarding_key."),
        CSR,
        NEW_CSR,
    ),
    Sample(
        "Path of Git Bash in the subject",
        OPENSSL,
        "csr-subject-path",
        with_subject(r"/CN=C:\/Program Files\/Git\/CN=onboarding_key"),
        CSR,
        NEW_CSR,
    ),
    Sample(
        "Curly quotes in the name",
        OPENSSL,
        "csr-subject-quotes",
        with_subject("/CN=“onboarding_key”"),
        CSR,
        NEW_CSR,
    ),
    Sample(
        "Two slashes and an empty subject",
        OPENSSL,
        "csr-subject-empty",
        with_subject("//CN=onboarding_key"),
        CSR,
        NEW_CSR,
    ),
    Sample(
        "Hyphen for underscore", OPENSSL, "csr-subject-near", with_subject("/CN=onboarding-key"), CSR, NEW_CSR
    ),
    Sample(
        "Own host as the name",
        OPENSSL,
        "csr-subject-host",
        with_subject("/CN=dip.northwind.example"),
        CSR,
        NEW_CSR,
    ),
    Sample(
        "Company as the name",
        OPENSSL,
        "csr-subject-other",
        with_subject("/CN=Northwind Energy"),
        CSR,
        NEW_CSR,
    ),
    Sample(
        "Country and company beside the name",
        OPENSSL,
        "csr-subject-extra",
        with_subject("/C=GB/O=Northwind/CN=onboarding_key"),
        CSR,
        NEW_CSR,
    ),
    Sample("Key of 2048 bits", OPENSSL, "csr-key-small", with_key("-newkey rsa:2048"), CSR, NEW_CSR),
    Sample("Key of 4608 bits", OPENSSL, "csr-key-large", with_key("-newkey rsa:4608"), CSR, NEW_CSR),
    Sample(
        "Elliptic curve key",
        OPENSSL,
        "csr-key-type",
        with_key("-newkey ec -pkeyopt ec_paramgen_curve:P-256"),
        CSR,
        NEW_CSR,
    ),
    Sample("Ed25519 key", OPENSSL, "csr-key-type", with_key("-newkey ed25519"), CSR, NEW_CSR),
    Sample(
        "Public exponent 3",
        OPENSSL,
        "csr-exponent",
        with_key("-newkey rsa:2048 -pkeyopt rsa_keygen_pubexp:3"),
        CSR,
        NEW_CSR,
    ),
    Sample(
        "Signed with MD5",
        OPENSSL,
        "csr-signature-weak",
        made_by("openssl req -new -md5 -key apicert.key -subj /CN=onboarding_key -out apicert.csr", CSR),
        CSR,
        NEW_CSR,
    ),
    Sample(
        "Signed with SHA-1",
        OPENSSL,
        "csr-signature-weak",
        made_by("openssl req -new -sha1 -key apicert.key -subj /CN=onboarding_key -out apicert.csr", CSR),
        CSR,
        NEW_CSR,
    ),
    Sample("Changed after signing", "cryptography", "csr-signature", _flipped, CSR, NEW_CSR),
    Sample("Damaged inside", "cryptography", "csr-unreadable", _damaged, CSR, NEW_CSR),
    Sample(
        "Key of a broken chip (ROCA)",
        "cryptography",
        "key-roca",
        lambda folder: csr_pem(roca_key()),
        CSR,
        NEW_CSR,
    ),
    Sample(
        "Primes too close together",
        "cryptography",
        "key-close-primes",
        lambda folder: csr_pem(close_key()),
        CSR,
        NEW_CSR,
    ),
    Sample(
        "Modulus with a small factor",
        "cryptography",
        "key-small-factor",
        lambda folder: csr_pem(small_factor_key()),
        CSR,
        NEW_CSR,
    ),
    Sample(
        "Key that everybody knows, as those of Debian in 2008",
        "cryptography",
        "key-listed",
        lambda folder: csr_pem(listed_key()),
        CSR,
        NEW_CSR,
    ),
    Sample(
        "Extensions that Atlas ignores",
        OPENSSL,
        "csr-extensions",
        made_by(
            "openssl req -new -key apicert.key -subj /CN=onboarding_key -addext subjectAltName=DNS:a.example -out apicert.csr",
            CSR,
        ),
    ),
    Sample("Challenge password", OPENSSL, "csr-attributes", made_by(CHALLENGE, CSR)),
    Sample(
        "Two CSRs in one file",
        "cryptography",
        "pem-several",
        lambda folder: csr_pem() + csr_pem(rsa_key("two", 2048)),
    ),
    Sample(
        "Key and CSR in one file",
        OPENSSL,
        "private-key-pasted",
        made_by("cat apicert.key apicert.csr >both.csr", "both.csr"),
        CSR,
        NEW_CSR,
    ),
    Sample(
        "Private key (PKCS#8)",
        OPENSSL,
        "private-key-pasted",
        made_by("true", "apicert.key"),
        "apicert.key",
        NEW_CSR,
    ),
    Sample(
        "Private key in the old form",
        "cryptography",
        "key-pkcs1",
        lambda folder: key_pem(rsa_key(), PrivateFormat.TraditionalOpenSSL),
        "apicert.key",
    ),
    Sample(
        "Private key with a pass phrase",
        OPENSSL,
        "key-passphrase",
        made_by("openssl pkcs8 -topk8 -in apicert.key -out p.key -passout pass:horse", "p.key"),
        "apicert.key",
        NEW_CSR,
    ),
    Sample(
        "Private key of OpenSSH",
        "ssh-keygen",
        "private-key-pasted",
        made_by("ssh-keygen -q -t ed25519 -N '' -f ssh.key", "ssh.key"),
        "apicert.key",
        NEW_CSR,
    ),
    Sample("Private key as JSON (JWK)", "text", "private-key-pasted", just(JWK), "apicert.key", NEW_CSR),
    Sample(
        "Private key as bare base64",
        "cryptography",
        "private-key-pasted",
        lambda folder: base64.b64encode(base64.b64decode(b"".join(key_pem(rsa_key()).splitlines()[1:-1]))),
        "apicert.key",
        NEW_CSR,
    ),
)
