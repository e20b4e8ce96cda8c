"""Fixtures of this room: ids, the openssl program, a local Atlas, and a CSR whose key the vault holds.

What they make is in x509_factories.py and atlas_customer.py.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from atlas.sandbox.server import Sandbox
from certs import certificate, csr, vault
from certs.models import Certificate, SigningRequest
from tests.certs.atlas_customer import Customer, customer
from tests.certs.x509_factories import csr_pem, intermediate, leaf, pem_of, rsa_key


@pytest.fixture
def company() -> UUID:
    return uuid4()


@pytest.fixture
def case() -> UUID:
    return uuid4()


@pytest.fixture
def own_request(db: None, company: UUID, case: UUID) -> SigningRequest:
    """A CSR whose key the company keeps."""
    return csr.accept(company, case, csr_pem())


@pytest.fixture
def request_with_key(db: None, company: UUID, case: UUID) -> SigningRequest:
    """A CSR whose key the vault holds; as csr.make() does it, but with a key that costs nothing."""
    made = csr.read(csr_pem())
    request = SigningRequest(
        company_id=company,
        case_id=case,
        origin=SigningRequest.Origin.PORTAL,
        csr_pem=made.pem,
        public_key_sha256=made.public_key_sha256,
    )
    request.key = vault.seal(
        purpose=csr.KEY_PURPOSE,
        company_id=company,
        record_id=request.id,
        plaintext=rsa_key().private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
    )
    request.save()
    return request


@pytest.fixture
def certificate_with_key(request_with_key: SigningRequest) -> Certificate:
    """The certificate for a key that the vault holds."""
    return accepted(request_with_key)


@pytest.fixture
def own(own_request: SigningRequest) -> Certificate:
    """The certificate for a key that the company keeps itself."""
    return accepted(own_request)


def accepted(request: SigningRequest) -> Certificate:
    return certificate.accept(
        request.company_id, request.case_id, pem_of(leaf()), request, [intermediate().pem]
    )


@pytest.fixture(scope="session")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A local Atlas in which a day takes a millisecond."""
    sandbox = Sandbox(tmp_path_factory.mktemp("atlas"), speed=100_000_000)
    sandbox.start()
    yield sandbox
    sandbox.stop()


@pytest.fixture
def at_atlas(atlas: Sandbox) -> Customer:
    """A new company there, with an API credential."""
    return customer(atlas)


@pytest.fixture(scope="session")
def openssl() -> str:
    """The openssl on this machine: our commands are promises about it, so its absence is a failure."""
    return program("openssl", "openssl")


def program(name: str, package: str) -> str:
    """Where a program is; fails with the command that installs it."""
    found = shutil.which(name)
    if found is None:
        install = f"sudo apt-get install -y {package}"
        pytest.fail(f"{name} was not found. Install it first: {install}", pytrace=False)
    return found
