"""A company's Azure Key Vault: make the key there, fetch its CSR, merge the certificate, export the PFX.

Only where an operator has connected one (docs/operations.md); the packages are the extra `key-vault`. What to click
there by hand is in findings/azure_key_vault_instructions.py. Every call is one request with a time limit and no retry:
the caller asks again later.
"""

import base64
import binascii
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.views.decorators.debug import sensitive_variables

from certs import keys
from certs.azure_identity import CONNECT_SECONDS, READ_SECONDS, AzureSignInUnavailable
from certs.findings import Finding, InvalidArtifact
from certs.findings.catalogue import finding
from certs.findings.codes import FindingCode
from certs.findings.known_messages import recognise_messages
from certs.findings.openssl_commands import SUBJECT

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential
    from azure.core.exceptions import HttpResponseError
    from azure.keyvault.certificates import CertificatePolicy

_UNDER_WAY = ("inProgress", "completed")  # states of a request, in Azure's words
PACKAGES = ("azure.identity", "azure.keyvault.certificates", "azure.keyvault.secrets")
PKCS12 = "application/x-pkcs12"


class AzureKeyVaultUnavailable(Exception):
    """The vault cannot be reached or is busy; nothing is known about the request. `str()` says it for people."""


def is_installed() -> bool:
    """Whether the packages of the extra `key-vault` are there."""
    try:
        return all(find_spec(name) is not None for name in PACKAGES)
    except ModuleNotFoundError:  # a parent package is missing
        return False


class AzureKeyVault:
    """One vault, at `url` (https, no path), with the identity whose rights there decide what works.

    `root`: PEM file of the authority of a stand-in's TLS certificate (tests); None: a vault of Azure.
    """

    def __init__(self, url: str, credential: "TokenCredential", root: Path | None = None) -> None:
        from azure.core.pipeline.transport import RequestsTransport
        from azure.keyvault.certificates import CertificateClient
        from azure.keyvault.secrets import SecretClient

        def options() -> dict[str, Any]:
            return {
                "transport": RequestsTransport(
                    connection_timeout=CONNECT_SECONDS,
                    read_timeout=READ_SECONDS,
                    connection_verify=str(root) if root else True,
                    use_env_settings=False,
                ),
                "retry_total": 0,
                "permit_redirects": False,
                "logging_enable": False,
                # A stand-in has no name of Azure's; for a real vault the token goes only where it is meant for.
                "verify_challenge_resource": root is None,
            }

        self._certificates = CertificateClient(url, credential, **options())
        self._secrets = SecretClient(url, credential, **options())

    def request(self, name: str) -> bytes:
        """The CSR (PKCS#10, DER) of the request under `name`, waiting or merged; made now if there is none.

        RSA 4096, exportable, subject CN=onboarding_key, issuer Unknown (R40 to R43). Whoever repeats it gets the same
        CSR. Raises InvalidArtifact, AzureKeyVaultUnavailable.
        """
        with _translate_errors():
            operation = self._request_in_vault(name) or self._create(name)
        if not operation.csr or (operation.issuer_name or "Unknown") != "Unknown":
            raise InvalidArtifact([finding(FindingCode.VAULT_ISSUER)])
        return bytes(operation.csr)

    def _create(self, name: str) -> Any:
        from azure.core.exceptions import ResourceExistsError

        if self._current(name):  # a new version would be the one that everybody sees
            raise InvalidArtifact([finding(FindingCode.VAULT_TAKEN)])
        try:
            self._certificates.begin_create_certificate(
                name, _policy()
            )  # for issuer Unknown it is done at once
        except ResourceExistsError:  # F13: another worker was quicker; F16: the name is not free
            quicker = self._request_in_vault(name)
            if quicker is None:
                raise
            return quicker
        return self._certificates.get_certificate_operation(name)

    def _request_in_vault(self, name: str) -> Any:
        """The request that is in progress or was completed, or None."""
        from azure.core.exceptions import ResourceNotFoundError

        try:
            found = self._certificates.get_certificate_operation(name)
        except ResourceNotFoundError:
            return None
        return found if found.status in _UNDER_WAY else None

    def merge(self, name: str, certificate: x509.Certificate, issuers: tuple[x509.Certificate, ...]) -> None:
        """Complete the request of `name` with its certificate, unless that was done.

        Raises InvalidArtifact, AzureKeyVaultUnavailable.
        """
        from azure.core.exceptions import HttpResponseError

        leaf = certificate.public_bytes(Encoding.DER)
        chain = [each.public_bytes(Encoding.DER) for each in issuers]
        with _translate_errors():
            if self._current(name) == leaf:
                return
            try:
                self._certificates.merge_certificate(name, [leaf, *chain])
            except HttpResponseError as error:  # F14, and the same if another worker was quicker
                if _is_unavailable(error) or self._current(name) != leaf:
                    raise

    def _current(self, name: str) -> bytes | None:
        """The certificate (DER) that the vault shows under this name, or None."""
        from azure.core.exceptions import ResourceNotFoundError

        try:
            cer = self._certificates.get_certificate(name).cer
        except ResourceNotFoundError:
            return None
        return bytes(cer) if cer else None

    @sensitive_variables()
    def export(self, name: str) -> bytes:
        """The PFX (PKCS#12, blank password) of a merged certificate.

        Raises InvalidArtifact, AzureKeyVaultUnavailable.
        """
        with _translate_errors():
            secret = self._secrets.get_secret(name)
        if secret.properties.content_type != PKCS12:
            raise InvalidArtifact([finding(FindingCode.VAULT_NO_PFX)])
        try:
            return base64.b64decode(secret.value or "", validate=True)
        except (binascii.Error, ValueError):
            raise InvalidArtifact([finding(FindingCode.VAULT_NO_PFX)]) from None


def _policy() -> "CertificatePolicy":
    from azure.keyvault.certificates import (
        CertificateContentType,
        CertificatePolicy,
        KeyType,
        WellKnownIssuerNames,
    )

    return CertificatePolicy(
        issuer_name=WellKnownIssuerNames.unknown,
        subject=f"CN={SUBJECT}",
        exportable=True,
        key_type=KeyType.rsa,
        key_size=keys.BITS,
        reuse_key=False,
        content_type=CertificateContentType.pkcs12,
        validity_in_months=12,  # the vault's own wish; Atlas decides
    )


@contextmanager
def _translate_errors() -> Iterator[None]:
    """Turn what the packages raise into InvalidArtifact or AzureKeyVaultUnavailable; no text of theirs is repeated."""
    from azure.core.exceptions import (
        AzureError,
        ClientAuthenticationError,
        HttpResponseError,
        ServiceRequestError,
        ServiceResponseError,
    )

    try:
        yield
    except AzureSignInUnavailable:
        raise AzureKeyVaultUnavailable("the sign-in to Azure could not be reached") from None
    except ClientAuthenticationError:  # also: no identity is configured, or its tenant is another
        raise InvalidArtifact([finding(FindingCode.VAULT_SIGN_IN)]) from None
    except HttpResponseError as error:
        raise _error_of(error) from None
    except (ServiceRequestError, ServiceResponseError):
        raise AzureKeyVaultUnavailable("the key vault could not be reached") from None
    except AzureError as error:
        raise InvalidArtifact([finding(FindingCode.VAULT_UNKNOWN, status=type(error).__name__)]) from None


def _error_of(error: "HttpResponseError") -> Exception:
    status = error.status_code or 0
    if _is_unavailable(error):
        return AzureKeyVaultUnavailable(f"the key vault is busy (HTTP {status})")
    return InvalidArtifact(recognise_messages(str(error.message or ""))[:1] or _by_status(status))


def _is_unavailable(error: "HttpResponseError") -> bool:
    status = error.status_code or 0
    return status in (408, 429) or status >= 500


def _by_status(status: int) -> tuple[Finding, ...]:
    """What is said of an answer whose words nobody knows; never that a key is lost (F14 has words)."""
    if status == 403:
        return (finding(FindingCode.VAULT_FORBIDDEN),)
    return (finding(FindingCode.VAULT_UNKNOWN, status=f"HTTP {status}"),)
