"""The doctor on each kind of file, beside `cryptography` (its bare parse, and with every field read) and one openssl.

The bare parse is lazy: names, extensions and keys are decoded when somebody asks for them, as the doctor does.

Keys and files are made for the measurement and forgotten.
"""

import itertools
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.harness import ROOT, Entry, compare, measurement, milliseconds, portal

MAKE = """
openssl req -x509 -new -newkey rsa:4096 -nodes -keyout ca.key -out ca.cer -days 30 -subj /O=GlobalSign/CN=Bench
openssl req -new -newkey rsa:4096 -nodes -keyout a.key -out a.csr -subj /CN=onboarding_key
printf 'extendedKeyUsage=clientAuth\\nbasicConstraints=CA:FALSE' > ext
openssl x509 -req -in a.csr -CA ca.cer -CAkey ca.key -CAcreateserial -out a.cer -days 20 -extfile ext
cat a.cer ca.cer > chain.cer
openssl pkcs12 -export -inkey a.key -in a.cer -out a.pfx -passout pass: \\
    -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1
"""


@dataclass(frozen=True)
class Kind:
    """What is examined, how `cryptography` alone reads it (barely, and wholly), and the openssl command for it."""

    name: str
    file: str
    parse: Callable[[bytes], object]
    whole: Callable[[bytes], object]
    openssl: str


def _kinds() -> tuple[Kind, ...]:
    from cryptography import x509

    return (
        Kind("CSR", "a.csr", _csr, _whole_csr, "openssl req -in a.csr -noout -verify -text"),
        Kind(
            "certificate",
            "a.cer",
            x509.load_pem_x509_certificate,
            _whole_certificates,
            "openssl x509 -in a.cer -noout -text",
        ),
        Kind(
            "chain",
            "chain.cer",
            x509.load_pem_x509_certificates,
            _whole_certificates,
            "openssl x509 -in chain.cer -noout -text",
        ),
        Kind("PFX", "a.pfx", _pfx, _whole_pfx, "openssl pkcs12 -in a.pfx -passin pass: -nodes -info"),
    )


def _csr(data: bytes) -> object:
    """Parsing without the signature is no answer to "is this CSR good": the peer checks it too."""
    from cryptography import x509

    request = x509.load_pem_x509_csr(data)
    return request.is_signature_valid


def _whole_csr(data: bytes) -> object:
    from cryptography import x509

    request = x509.load_pem_x509_csr(data)
    return [request.is_signature_valid, *_fields(request), list(request.attributes)]


def _whole_certificates(data: bytes) -> object:
    """Each certificate's fields, and each link's signature."""
    from cryptography import x509

    found = x509.load_pem_x509_certificates(data)
    for below, above in itertools.pairwise(found):
        below.verify_directly_issued_by(above)
    return [
        [*_fields(each), each.issuer, each.not_valid_before_utc, each.not_valid_after_utc] for each in found
    ]


def _fields(one: Any) -> list[object]:
    return [list(one.subject), list(one.extensions), one.public_key().public_numbers().n]


def _pfx(data: bytes) -> Any:
    from cryptography.hazmat.primitives.serialization import pkcs12

    return pkcs12.load_pkcs12(data, b"")


def _whole_pfx(data: bytes) -> object:
    return _fields(_pfx(data).cert.certificate)


@measurement
def examine() -> Iterator[Entry]:
    """Everything that is to be said about a CSR, a certificate, a chain and a PFX (aims: under 3x, over 5x)."""
    portal()
    from certs.doctor.examiner import examine_or_raise

    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["bash", "-ec", MAKE], cwd=folder, check=True, capture_output=True)
        for kind in _kinds():
            data = (Path(folder) / kind.file).read_bytes()
            ours = milliseconds(lambda data=data, kind=kind: examine_or_raise(data, kind.file), 30)  # type: ignore[misc]
            parse = milliseconds(lambda data=data, kind=kind: kind.parse(data), 30)  # type: ignore[misc]
            yield compare(f"doctor, {kind.name}", ours=ours, unit="ms", against="cryptography", theirs=parse)
            whole = milliseconds(lambda data=data, kind=kind: kind.whole(data), 30)  # type: ignore[misc]
            yield compare(
                f"doctor, {kind.name}", ours=ours, unit="ms", against="cryptography, read", theirs=whole
            )
            theirs = milliseconds(lambda kind=kind: _run(kind.openssl, folder), 15)  # type: ignore[misc]
            yield compare(f"doctor, {kind.name}", ours=ours, unit="ms", against="openssl", theirs=theirs)


@measurement
def cold() -> Iterator[Entry]:
    """`./run doctor FILE` from its start to its end, beside a Python that only imports x509 (aim: 12 times as long)."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["bash", "-ec", MAKE], cwd=folder, check=True, capture_output=True)
        bare = milliseconds(
            lambda: subprocess.run([sys.executable, "-c", "import cryptography.x509"], check=True), 7
        )
        for file in ("a.csr", "a.pfx"):
            ours = milliseconds(lambda file=file: _run(f"{ROOT / 'run'} doctor {folder}/{file}", folder), 7)  # type: ignore[misc]
            yield compare(f"./run doctor {file}", ours=ours, unit="ms", against="bare import", theirs=bare)


def _run(command: str, folder: str) -> None:
    subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
