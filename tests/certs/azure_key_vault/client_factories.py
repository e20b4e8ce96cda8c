"""What the tests of the client share: a name, an identity, a certificate, and an eye on refusals.

The stand-in itself is in fake_key_vault.py.
"""

import time
from collections.abc import Callable
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from certs.findings import InvalidArtifact
from tests.certs import x509_factories

NAME = "onboarding-key-test"
CHAIN = (x509_factories.intermediate().certificate,)


class Identity:
    """What azure-identity gives, with a token that no Azure has signed."""

    def __init__(self, token: str = "token-of-the-portal", **options: Any) -> None:
        self.token = token

    @property
    def credentials(self) -> tuple["Identity"]:
        return (self,)

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        return AccessToken(self.token, int(time.time()) + 3600)


def certificate(csr: bytes) -> x509.Certificate:
    key = x509.load_der_x509_csr(csr).public_key()
    assert isinstance(key, RSAPublicKey)
    return x509_factories.issue(key, x509_factories.intermediate())


def refused(act: Callable[[], object], code: str) -> str:
    """What a person reads of the refusal of `act`, which must have this code."""
    with pytest.raises(InvalidArtifact) as invalid:
        act()
    assert invalid.value.codes == (code,)
    return str(invalid.value)
