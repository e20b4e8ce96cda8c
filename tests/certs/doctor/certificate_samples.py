"""Samples: certificates and chains with every fault that they can have.

Made with openssl and cryptography; the local authorities are those of tests/certs/x509_factories.py.
"""

from __future__ import annotations

import inspect
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from tests.certs.doctor.csr_samples import close_key, roca_key
from tests.certs.doctor.sample import CER, CLEAN_COPY, Sample, made_by
from tests.certs.x509_factories import (
    YEAR,
    Authority,
    common,
    csr_pem,
    ec_key,
    intermediate,
    issue,
    key_pem,
    leaf,
    pem_of,
    root,
    rsa_key,
)

NOW = datetime.now(UTC)
PUBLIC = rsa_key().public_key()


def issued(**how: object) -> Sample.make:
    """A certificate for the good key that is wrong in one way."""
    return lambda folder: pem_of(issue(PUBLIC, intermediate(), **how))  # type: ignore[arg-type]


def for_key(key: object) -> Sample.make:
    return lambda folder: pem_of(issue(key().public_key(), intermediate()))  # type: ignore[operator]


def _sha1(folder: Path) -> bytes:
    """OpenSSL signs what cryptography refuses to."""
    (folder / "ca.pem").write_bytes(pem_of(root().certificate))
    (folder / "ca.key").write_bytes(key_pem(root().key))
    (folder / "ext").write_text("extendedKeyUsage=clientAuth\n")
    return made_by(
        "openssl x509 -req -sha1 -days 900 -in apicert.csr -CA ca.pem -CAkey ca.key -set_serial 7 -extfile ext -out old.cer",
        "old.cer",
    )(folder)


def _chain(*parts: x509.Certificate) -> Sample.make:
    return lambda folder: b"".join(pem_of(part) for part in parts)


def _impostor(folder: Path) -> bytes:
    """Another authority of the same name."""
    key = ec_key("impostor")
    name = common("Test Issuing CA")
    other = Authority(key, issue(key.public_key(), root(), name=name, is_authority=True))
    return pem_of(leaf()) + pem_of(other.certificate)


def _not_allowed(folder: Path) -> bytes:
    """An authority whose key usage allows no certificates."""
    key, by = ec_key("lists only"), root()
    usage = {name: name == "crl_sign" for name in inspect.signature(x509.KeyUsage).parameters}
    issued = (
        x509.CertificateBuilder()
        .subject_name(common("Lists Only"))
        .issuer_name(by.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(by.certificate.not_valid_before_utc)
        .not_valid_after(NOW + timedelta(days=900))
        .add_extension(x509.BasicConstraints(True, None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .sign(by.key, hashes.SHA256())
    )
    return pem_of(issue(rsa_key().public_key(), Authority(key, issued))) + pem_of(issued)


def _p7b(form: Encoding) -> Sample.make:
    return lambda folder: pkcs7.serialize_certificates([leaf(), intermediate().certificate], form)


def _crl(folder: Path) -> bytes:
    builder = x509.CertificateRevocationListBuilder().issuer_name(root().certificate.subject)
    builder = builder.last_update(NOW).next_update(NOW + timedelta(days=1))
    return builder.sign(root().key, hashes.SHA256()).public_bytes(Encoding.PEM)


SELF = "openssl req -x509 -key apicert.key -subj /CN=onboarding_key -days 900 -addext extendedKeyUsage=clientAuth -out self.cer"
BELOW = intermediate().certificate

SAMPLES = (
    Sample(
        "Certificate signed by its own key",
        "openssl",
        "certificate-self-signed",
        made_by(SELF, "self.cer"),
        CER,
    ),
    Sample("Certificate of the authority", "cryptography", "certificate-is-ca", _chain(BELOW), CER),
    Sample(
        "Expired certificate",
        "cryptography",
        "certificate-expired",
        issued(begins=NOW - 2 * YEAR, lasts=YEAR),
        CER,
    ),
    Sample(
        "Certificate that is not valid yet",
        "cryptography",
        "certificate-not-yet",
        issued(begins=NOW + timedelta(days=2)),
        CER,
    ),
    Sample(
        "Certificate that ends in a week",
        "cryptography",
        "certificate-soon",
        issued(lasts=timedelta(days=7)),
        CER,
    ),
    Sample(
        "No client authentication",
        "cryptography",
        "certificate-no-client-auth",
        issued(client_auth=False),
        CER,
    ),
    Sample(
        "Certificate with another name",
        "cryptography",
        "certificate-subject",
        issued(name=common("northwind.example")),
        CER,
    ),
    Sample(
        "Certificate for an elliptic curve key", "cryptography", "certificate-key-type", for_key(ec_key), CER
    ),
    Sample(
        "Certificate for a key of 2048 bits",
        "cryptography",
        "certificate-key-size",
        for_key(lambda: rsa_key("two", 2048)),
        CER,
    ),
    Sample("Certificate for a key of a broken chip", "cryptography", "key-roca", for_key(roca_key), CER),
    Sample(
        "Certificate for a key with close primes", "cryptography", "key-close-primes", for_key(close_key), CER
    ),
    Sample("Certificate signed with SHA-1", "openssl", "certificate-signature-weak", _sha1, CER),
    Sample("Not issued by GlobalSign", "cryptography", "certificate-issuer", _chain(leaf()), CER),
    Sample("Issuer's certificate missing", "cryptography", "chain-incomplete", _chain(leaf()), CER),
    Sample("Issuer that did not sign", "cryptography", "chain-broken", _impostor, CER),
    Sample("Issuer that may not sign", "cryptography", "chain-refused", _not_allowed, CER),
    Sample("Chain in the wrong order", "cryptography", "chain-order", _chain(BELOW, leaf()), CER, CLEAN_COPY),
    Sample(
        "Root in the chain",
        "cryptography",
        "chain-root",
        _chain(leaf(), BELOW, root().certificate),
        CER,
        CLEAN_COPY,
    ),
    Sample("Chain in the right order", "cryptography", "chain-kept", _chain(leaf(), BELOW), CER),
    Sample(
        "Two certificates of one's own",
        "cryptography",
        "certificate-several",
        _chain(leaf(), leaf("two", 2048)),
        CER,
    ),
    Sample(
        "Certificate for another CSR",
        "cryptography",
        "certificate-other-key",
        lambda folder: csr_pem() + pem_of(leaf("two", 2048)),
        CER,
    ),
    Sample("PKCS#7 as text", "cryptography", "wrong-kind-pkcs7", _p7b(Encoding.PEM), "apicert.p7b", CER),
    Sample("PKCS#7 as bytes", "cryptography", "wrong-kind-pkcs7", _p7b(Encoding.DER), "apicert.p7b", CER),
    Sample("Revocation list", "cryptography", "wrong-kind-crl", _crl, CER),
    Sample(
        "Certificate damaged inside",
        "cryptography",
        "certificate-unreadable",
        lambda folder: (
            leaf().public_bytes(Encoding.DER).replace(b"\x0c\x0eonboarding_key", b"\x01\x0eonboarding_key")
        ),
        CER,
    ),
)
