"""HVCA's calls about claims on IP addresses: submit, show control, look, renew, delete.
Not here: claims on domains, see hvca_claims. These calls are in no document of GlobalSign that we could read: they are
known from one third-party client (GlobalSign-Atlas-API-CLI).
"""

from collections.abc import Iterator

from atlas.hvca_calls import HvcaSession
from atlas.hvca_claims import CLAIMS_PER_PAGE
from atlas.hvca_parsing import parse_assertion, parse_submitted_claim
from atlas.types import Assertion, ClaimStatus, IpClaim, Scheme, SubmittedClaim

_ALL = "/claims/ipaddresses"
_ONE = "/claims/ipaddresses/{id}"


class IpClaimCalls(HvcaSession):
    """The calls themselves; see Hvca. What they raise is as for domains."""

    def ip_claims(self, status: ClaimStatus | None = None) -> Iterator[IpClaim]:
        """GET /claims/ipaddresses: all claims, or those with this status, each once."""
        query = {"per_page": str(CLAIMS_PER_PAGE)} | ({"status": status.value} if status else {})
        seen: set[str] = set()
        for claim in self._rows(_ALL, query, tuple[IpClaim, ...]):
            if claim.id not in seen:
                seen.add(claim.id)
                yield claim

    def submit_ip_claim(self, ip_address: str) -> SubmittedClaim:
        """POST /claims/ipaddresses/{address}: claim an IPv4 or IPv6 address. Rejected 409: there is a claim on it."""
        ids = {"address": ip_address}
        return parse_submitted_claim(self._call("POST", f"{_ALL}/{{address}}", ids=ids, expected=(201,)))

    def ip_claim(self, id: str) -> IpClaim:  # noqa: A002 - HVCA's own word
        """GET /claims/ipaddresses/{id}: one claim with its log."""
        return self._call("GET", _ONE, ids={"id": id}).parse(IpClaim)

    def delete_ip_claim(self, id: str) -> None:  # noqa: A002
        """DELETE /claims/ipaddresses/{id}."""
        self._call("DELETE", _ONE, ids={"id": id}, expected=(204,))

    def reassert_ip_claim(self, id: str) -> SubmittedClaim:  # noqa: A002
        """POST /claims/ipaddresses/{id}/reassert: a new token. NotReady: a check is under way."""
        response = self._call("POST", f"{_ONE}/reassert", ids={"id": id}, expected=(200, 201))
        return parse_submitted_claim(response, id)

    def assert_ip_claim_by_http(
        self,
        id: str,  # noqa: A002
        ip_address: str,
        scheme: Scheme = Scheme.HTTP,
    ) -> Assertion:
        """POST /claims/ipaddresses/{id}/http: look for the token on the web server of this address."""
        body = {"authorization_ip_address": ip_address, "scheme": scheme.value}
        response = self._call("POST", f"{_ONE}/http", ids={"id": id}, body=body, expected=(201, 202, 204))
        return parse_assertion(response)
