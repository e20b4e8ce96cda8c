"""HVCA's calls about claims on domains: submit, show control, look, renew, delete.
Not here: how a call is made, see hvca_calls; publishing the token, which is the owner's business.
"""

from collections.abc import Iterator

from atlas.errors import Rejected
from atlas.hvca_calls import HvcaSession
from atlas.hvca_parsing import (
    parse_assertion,
    parse_authorization_domains,
    parse_claim_emails,
    parse_submitted_claim,
)
from atlas.types import Assertion, ClaimEmails, ClaimStatus, DomainClaim, Page, Scheme, SubmittedClaim

CLAIMS_PER_PAGE = 25  # a claim carries its whole log: 100 of them could pass the limit of an answer
_ALL = "/claims/domains"
_ONE = "/claims/domains/{id}"


class ClaimCalls(HvcaSession):
    """The calls themselves; see Hvca."""

    def claims(self, status: ClaimStatus | None = None) -> Iterator[DomainClaim]:
        """GET /claims/domains: all claims, or those with this status, each once."""
        query = {"per_page": str(CLAIMS_PER_PAGE)} | ({"status": status.value} if status else {})
        seen: set[str] = set()
        for claim in self._rows(_ALL, query, tuple[DomainClaim, ...]):
            if claim.id not in seen:
                seen.add(claim.id)
                yield claim

    def claims_page(
        self, page: int = 1, per_page: int = CLAIMS_PER_PAGE, status: ClaimStatus | None = None
    ) -> Page[DomainClaim]:
        """GET /claims/domains: one page, newest first, with the total. Rejected 422: out of bounds (from 1, to 100)."""
        query = {"status": status.value} if status else {}
        return self._page(_ALL, query, tuple[DomainClaim, ...], page, per_page)

    def submit_claim(self, domain: str) -> SubmittedClaim:
        """POST /claims/domains/{domain}: claim a domain; letters outside ASCII are sent as A-labels (IDNA).

        Rejected 409: there is a claim on it already. Rejected 422 with `errors`: the name is blocked.
        """
        response = self._call("POST", f"{_ALL}/{{domain}}", ids={"domain": a_labels(domain)}, expected=(201,))
        return parse_submitted_claim(response)

    def claim(self, id: str) -> DomainClaim:  # noqa: A002 - HVCA's own word
        """GET /claims/domains/{id}: one claim with its log."""
        return self._call("GET", _ONE, ids={"id": id}).parse(DomainClaim)

    def delete_claim(self, id: str) -> None:  # noqa: A002
        """DELETE /claims/domains/{id}: certificates under the domain can no longer be asked for."""
        self._call("DELETE", _ONE, ids={"id": id}, expected=(204,))

    def reassert_claim(self, id: str) -> SubmittedClaim:  # noqa: A002
        """POST /claims/domains/{id}/reassert: a new token for the same claim. NotReady: a check is under way."""
        response = self._call("POST", f"{_ONE}/reassert", ids={"id": id}, expected=(200, 201))
        return parse_submitted_claim(response, id)

    def claim_authorization_domains(self, id: str) -> tuple[str, ...]:  # noqa: A002
        """GET /claims/domains/{id}/dns: the names at which the token may stand, with or without a dot at the end."""
        return parse_authorization_domains(self._call("GET", f"{_ONE}/dns", ids={"id": id}))

    def assert_claim_by_dns(self, id: str, authorization_domain: str | None = None) -> Assertion:  # noqa: A002
        """POST /claims/domains/{id}/dns: look for the token in a TXT record, by default of the claimed name."""
        body = {"authorization_domain": a_labels(authorization_domain)} if authorization_domain else None
        return self._assert("dns", id, body)

    def assert_claim_by_http(
        self,
        id: str,  # noqa: A002
        authorization_domain: str,
        scheme: Scheme = Scheme.HTTP,
    ) -> Assertion:
        """POST /claims/domains/{id}/http: look for the token on the web server of this name."""
        return self._assert(
            "http", id, {"authorization_domain": a_labels(authorization_domain), "scheme": scheme.value}
        )

    def assert_claim_by_email(self, id: str, email_address: str) -> Assertion:  # noqa: A002
        """POST /claims/domains/{id}/email: send a mail with a link to one of `claim_emails`."""
        return self._assert("email", id, {"email_address": email_address})

    def claim_emails(self, id: str) -> ClaimEmails:  # noqa: A002
        """GET /claims/domains/{id}/email: to whom a verification mail may be sent."""
        return parse_claim_emails(self._call("GET", f"{_ONE}/email", ids={"id": id}))

    def _assert(self, method: str, claim_id: str, body: dict[str, str] | None) -> Assertion:
        """Ask for a check. Rejected 424: the time to assert is over, reassert first."""
        ids = {"id": claim_id}
        return parse_assertion(
            self._call("POST", f"{_ONE}/{method}", ids=ids, body=body, expected=(201, 202, 204))
        )


def a_labels(domain: str) -> str:
    """A domain name in ASCII (IDNA). Raises Rejected, status 0, for what is none: nothing is sent then."""
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        pass
    raise Rejected(0, "That is not a domain name.")
