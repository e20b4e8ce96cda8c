"""The doctor on each kind of file, beside the bare parse of `cryptography` and one process of the openssl command.

Keys and files are made for the measurement and forgotten.
"""

import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.harness import Entry, compare, measurement, milliseconds, portal

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
    """What is examined, how `cryptography` alone reads it, and the openssl command that looks at it."""

    name: str
    file: str
    parse: Callable[[bytes], object]
    openssl: str


def _kinds() -> tuple[Kind, ...]:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import pkcs12

    return (
        Kind("CSR", "a.csr", _csr, "openssl req -in a.csr -noout -verify -text"),
        Kind("certificate", "a.cer", x509.load_pem_x509_certificate, "openssl x509 -in a.cer -noout -text"),
        Kind(
            "chain", "chain.cer", x509.load_pem_x509_certificates, "openssl x509 -in chain.cer -noout -text"
        ),
        Kind(
            "PFX",
            "a.pfx",
            lambda data: pkcs12.load_pkcs12(data, b""),
            "openssl pkcs12 -in a.pfx -passin pass: -nodes -info",
        ),
    )


def _csr(data: bytes) -> object:
    """Parsing without the signature is no answer to "is this CSR good": the peer checks it too."""
    from cryptography import x509

    request = x509.load_pem_x509_csr(data)
    return request.is_signature_valid


@measurement
def examine() -> Iterator[Entry]:
    """Everything that is to be said about a CSR, a certificate, a chain and a PFX (aims: under 3x, over 5x)."""
    portal()
    from certs.doctor.examine import look

    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["bash", "-ec", MAKE], cwd=folder, check=True, capture_output=True)
        for kind in _kinds():
            data = (Path(folder) / kind.file).read_bytes()
            ours = milliseconds(lambda data=data, kind=kind: look(data, kind.file), 30)  # type: ignore[misc]
            parse = milliseconds(lambda data=data, kind=kind: kind.parse(data), 30)  # type: ignore[misc]
            yield compare(f"doctor, {kind.name}", ours=ours, unit="ms", against="cryptography", theirs=parse)
            theirs = milliseconds(lambda kind=kind: _run(kind.openssl, folder), 15)  # type: ignore[misc]
            yield compare(f"doctor, {kind.name}", ours=ours, unit="ms", against="openssl", theirs=theirs)


def _run(command: str, folder: str) -> None:
    subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
