"""The account API, one method per call: what the Atlas portal does and no published API offers.
Not here: what the answers mean for a case. The contract is docs/atlas-account-api.yaml, our own.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Self

from atlas.account_types import (
    Account,
    AccountChanges,
    ApiCredential,
    Email,
    GeneratedApiCredential,
    IdentityProfile,
    MtlsCertificate,
    MtlsCertificateEntry,
    NewIdentityProfile,
    NewRegistration,
    NewUser,
    OrderedMtlsCertificate,
    Registration,
    RequestedIdentityProfile,
    User,
)
from atlas.breaker import Breaker
from atlas.budget import Budget
from atlas.responses import Response
from atlas.transport import Transport
from atlas.types import Timeouts

SERVICE = "Internet SSL"
_ACCOUNT = "/accounts/{account_id}"


class AccountApi:
    """The account API at `url` (ends in /account/v1), with the installation's bearer token.

    For one thread at a time. Every call may raise any AtlasError; Rejected 409 means that it is not yet, or
    no longer, the time for it. An `idempotency_key` names one intent (1 to 128 visible ASCII characters): the
    same key with the same request gives the first answer again and creates nothing. Guard it like the answer.
    `budget` limits the calls and `breaker` stops them while Atlas is down; None: neither.
    """

    def __init__(
        self,
        url: str,
        token: str,
        root: Path | None = None,
        timeouts: Timeouts | None = None,
        budget: Budget | None = None,
        breaker: Breaker | None = None,
    ) -> None:
        self._token = token
        self._transport = Transport(url, None, root, timeouts, budget, breaker)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def register(self, registration: NewRegistration, idempotency_key: str) -> Registration:
        """POST /registrations: send the form "Get Started with Atlas"; two emails follow."""
        body = {name: value for name, value in asdict(registration).items() if value is not None}
        answer = self._create("/registrations", {}, body, idempotency_key)
        return answer.parse(Registration)

    def find_accounts(self, email: str) -> tuple[Account, ...]:
        """GET /accounts: those whose contact has this email address, oldest first, maybe none."""
        answer = self._get("/accounts", query={"email": email})
        return answer.parse(tuple[Account, ...])

    def changes(self, since: datetime | None) -> AccountChanges:
        """GET /account-changes: accounts that show something new since then, by Atlas's clock; None: only its time.

        Rejected if Atlas does not offer the list.
        """
        query = {"changed_since": f"{since:%Y-%m-%dT%H:%M:%SZ}"} if since else None
        return self._get("/account-changes", query=query).parse(AccountChanges)

    def account(self, account_id: str) -> Account:
        """GET the account: how far it is."""
        return self._get(_ACCOUNT, account_id=account_id).parse(Account)

    def emails(self, account_id: str) -> tuple[Email, ...]:
        """GET the emails that Atlas has sent so far, oldest first."""
        return self._get(f"{_ACCOUNT}/emails", account_id=account_id).parse(tuple[Email, ...])

    def accept_invitation(self, account_id: str, password: str) -> None:
        """POST: accept the invitation; `password` (8 to 200 characters) becomes the contact's."""
        self._do("POST", f"{_ACCOUNT}/invitation/accept", {"password": password}, account_id=account_id)

    def set_payment_method(self, account_id: str) -> None:
        """POST: pay by invoice. Nothing is charged; the quotation email follows."""
        self._do("POST", f"{_ACCOUNT}/payment-method", {"kind": "INVOICE"}, account_id=account_id)

    def accept_quote(self, account_id: str) -> None:
        """POST: accept the quotation and the Master Services Agreement."""
        agreed = {"quotation": True, "msa": True}
        self._do("POST", f"{_ACCOUNT}/quote/accept", agreed, account_id=account_id)

    def request_identity_profile(
        self, account_id: str, profile: NewIdentityProfile, idempotency_key: str
    ) -> RequestedIdentityProfile:
        """POST: send what GlobalSign is to verify; it cannot be changed afterwards."""
        template = f"{_ACCOUNT}/identity-profiles"
        answer = self._create(template, {"account_id": account_id}, asdict(profile), idempotency_key)
        return answer.parse(RequestedIdentityProfile)

    def identity_profiles(self, account_id: str) -> tuple[IdentityProfile, ...]:
        """GET all identity profiles, oldest first."""
        answer = self._get(f"{_ACCOUNT}/identity-profiles", account_id=account_id)
        return answer.parse(tuple[IdentityProfile, ...])

    def identity_profile(self, account_id: str, identity_profile_id: str) -> IdentityProfile:
        """GET one identity profile with its vetting status."""
        template = f"{_ACCOUNT}/identity-profiles/{{identity_profile_id}}"
        answer = self._get(template, account_id=account_id, identity_profile_id=identity_profile_id)
        return answer.parse(IdentityProfile)

    def generate_api_credential(
        self, account_id: str, name: str, identity_profile_id: str, idempotency_key: str
    ) -> GeneratedApiCredential:
        """POST: make an API key and secret, told here only. `name`: a-z, 0-9 and _, at most 64."""
        body = {"name": name, "identity_profile_id": identity_profile_id, "service": SERVICE}
        template = f"{_ACCOUNT}/api-credentials"
        answer = self._create(template, {"account_id": account_id}, body, idempotency_key)
        return answer.parse(GeneratedApiCredential)

    def api_credentials(self, account_id: str) -> tuple[ApiCredential, ...]:
        """GET the API credentials, oldest first, without their secrets."""
        answer = self._get(f"{_ACCOUNT}/api-credentials", account_id=account_id)
        return answer.parse(tuple[ApiCredential, ...])

    def order_mtls_certificate(
        self, account_id: str, csr: str, api_credential_ids: tuple[str, ...], idempotency_key: str
    ) -> OrderedMtlsCertificate:
        """POST: order a certificate for a CSR (PEM), bound to these credentials; collect it by its serial."""
        body = {"csr": csr, "api_credential_ids": list(api_credential_ids)}
        template = f"{_ACCOUNT}/mtls-certificates"
        answer = self._create(template, {"account_id": account_id}, body, idempotency_key)
        return answer.parse(OrderedMtlsCertificate)

    def mtls_certificates(self, account_id: str) -> tuple[MtlsCertificateEntry, ...]:
        """GET all mTLS certificates, oldest first, those still being signed included."""
        answer = self._get(f"{_ACCOUNT}/mtls-certificates", account_id=account_id)
        return answer.parse(tuple[MtlsCertificateEntry, ...])

    def mtls_certificate(self, account_id: str, serial: str) -> MtlsCertificate:
        """GET one mTLS certificate; NotReady while it is being signed."""
        template = f"{_ACCOUNT}/mtls-certificates/{{serial}}"
        answer = self._get(template, account_id=account_id, serial=serial)
        return answer.parse(MtlsCertificate)

    def users(self, account_id: str) -> tuple[User, ...]:
        """GET the users of the account, oldest first."""
        return self._get(f"{_ACCOUNT}/users", account_id=account_id).parse(tuple[User, ...])

    def user(self, account_id: str, user_id: str) -> User:
        """GET one user."""
        answer = self._get(f"{_ACCOUNT}/users/{{user_id}}", account_id=account_id, user_id=user_id)
        return answer.parse(User)

    def add_user(self, account_id: str, user: NewUser, idempotency_key: str) -> User:
        """POST: add a user, who gets an email."""
        body = {"name": user.name, "email": user.email, "roles": [role.value for role in user.roles]}
        answer = self._create(f"{_ACCOUNT}/users", {"account_id": account_id}, body, idempotency_key)
        return answer.parse(User)

    def remove_user(self, account_id: str, user_id: str) -> None:
        """DELETE a user; the last Administrator stays (Rejected 409)."""
        self._do("DELETE", f"{_ACCOUNT}/users/{{user_id}}", None, account_id=account_id, user_id=user_id)

    def set_scenario(self, account_id: str, scenario: str) -> None:
        """PUT: choose what is going to happen to the account. Only a local Atlas has this call."""
        self._do("PUT", f"{_ACCOUNT}/scenario", {"scenario": scenario}, account_id=account_id)

    def _get(self, template: str, query: Mapping[str, str] | None = None, **ids: str) -> Response:
        return self._transport.call("GET", template, ids=ids, query=query, bearer=self._token)

    def _do(self, method: str, template: str, body: Mapping[str, object] | None, **ids: str) -> None:
        self._transport.call(method, template, ids=ids, body=body, bearer=self._token, expected=(204,))

    def _create(
        self, template: str, ids: Mapping[str, str], body: Mapping[str, object], idempotency_key: str
    ) -> Response:
        headers = {"Idempotency-Key": idempotency_key}
        return self._transport.call(
            "POST", template, ids=ids, body=body, bearer=self._token, headers=headers, expected=(201,)
        )
