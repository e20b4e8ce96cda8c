"""The portal's own identity in Azure, and whether a sign-in failed or could not be tried.

What is done with it is in azure_key_vault.py; the packages are the extra `key-vault`.
"""

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken, TokenCredential
    from azure.core.exceptions import ClientAuthenticationError

CONNECT_SECONDS, READ_SECONDS = 5, 30  # making RSA 4096 in a vault takes some seconds
# What Azure's own packages call transient at the place that gives tokens to managed identities, without 5xx.
TRANSIENT = frozenset({404, 408, 410, 429})


class AzureSignInUnavailable(Exception):
    """Nobody could be asked who the portal is: Entra ID cannot be reached or is busy."""


class PortalIdentity:
    """The first of `credentials` that has what it needs signs in, as in azure-identity's own chain.

    That chain makes one error of everything (`ClientAuthenticationError`, its cause dropped), so that an outage of
    Entra ID looks like a wrong secret. Here it is told apart.
    """

    def __init__(self, credentials: Sequence["TokenCredential"]) -> None:
        self.credentials = tuple(credentials)
        self._worked: TokenCredential | None = None

    def get_token(self, *scopes: str, **options: Any) -> "AccessToken":
        """A token.

        Raises AzureSignInUnavailable; ClientAuthenticationError if refused, or if no identity is configured.
        """
        from azure.core.exceptions import ClientAuthenticationError
        from azure.identity import CredentialUnavailableError

        for each in (self._worked,) if self._worked else self.credentials:
            try:
                token = each.get_token(*scopes, **options)
            except CredentialUnavailableError:
                continue
            except ClientAuthenticationError as error:
                if _is_unavailable(error):
                    raise AzureSignInUnavailable from None
                raise
            self._worked = each
            return token
        if self._worked:  # what was configured once does not go away by itself
            raise AzureSignInUnavailable
        raise ClientAuthenticationError("no identity is configured")


def _is_unavailable(error: "ClientAuthenticationError") -> bool:
    """Whether no answer came, or one of a server that is busy."""
    from azure.core.exceptions import ServiceRequestError, ServiceResponseError
    from msal.exceptions import MsalServiceError  # type: ignore[import-untyped]

    # MSAL raises its error for 5xx only: a refusal is an answer in JSON.
    status = (error.response.status_code if error.response is not None else 0) or 0
    no_answer = isinstance(error.__cause__, ServiceRequestError | ServiceResponseError | MsalServiceError)
    return no_answer or status in TRANSIENT or status >= 500


@functools.cache
def portal_identity() -> PortalIdentity:
    """Managed, workload, or by AZURE_... variables; never a person's. One try each: the caller looks again."""
    from azure.identity import DefaultAzureCredential

    chain = DefaultAzureCredential(
        exclude_developer_cli_credential=True,
        exclude_cli_credential=True,
        exclude_powershell_credential=True,
        exclude_visual_studio_code_credential=True,
        exclude_shared_token_cache_credential=True,
        exclude_interactive_browser_credential=True,
        exclude_broker_credential=True,
        connection_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retry_total=0,
    )
    return PortalIdentity(cast("tuple[TokenCredential, ...]", chain.credentials))
