"""HVCA's calls about certificates: policy, issue, collect, revoke, rekey, trust chain, numbers and statistics.
Not here: how a call is made, see hvca_calls; claims on domains, see hvca_claims.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from atlas.hvca_calls import HvcaSession
from atlas.hvca_parsing import parse_certificate, parse_location, parse_trust_chain, parse_value
from atlas.periods import windows
from atlas.policy_types import ValidationPolicy
from atlas.request_serialization import serialize_request, serialize_signature
from atlas.request_types import CertificateRequest, Signature
from atlas.serials import normal_serial
from atlas.types import CertificateStat, IssuedCertificate, Page, RevocationReason, StatsEvent

DRY_RUN = {"mode": "domain-validation"}
WINDOW = timedelta(days=30)  # HVCA API document 2.1: "time window exceeding max of 30 days"
PER_PAGE = 100  # the most that HVCA gives at once
_ONE = "/certificates/{serial}"


class CertificateCalls(HvcaSession):
    """The calls themselves; see Hvca."""

    def validation_policy(self) -> ValidationPolicy:
        """GET /validationpolicy: what this credential may ask for."""
        return self._call("GET", "/validationpolicy").parse(ValidationPolicy)

    def issue(self, request: CertificateRequest) -> str:
        """POST /certificates: ask for a certificate; answers its serial number, to be collected later.

        Sent once only, whatever happens, for a second one would be a second certificate. Unreachable with
        `outcome_unknown`, or Unexpected: it may have been taken; `stats_issued` tells. RateLimited with `retry_after`
        0: the token had lapsed, nothing was issued, and the request may be made again.
        """
        return parse_location(
            self._call_once("/certificates", body=serialize_request(request), expected=(201,))
        )

    def dry_run(self, request: CertificateRequest) -> None:
        """POST /certificates with `mode: domain-validation`: only checked, nothing is issued.

        Rejected: it would be refused, with Atlas's description and errors. Unexpected: this Atlas does not know
        the mode and may have issued a certificate. Sent once only.
        """
        self._call_once("/certificates", body=serialize_request(request), headers=DRY_RUN, expected=(204,))

    def certificate(self, serial: str) -> IssuedCertificate:
        """GET /certificates/{serial}: NotReady while it is being made, Rejected 404 if there is none.

        Rejected 422 `CA validation error`: it was taken and then refused; it will never be there.
        """
        serial = normal_serial(serial)
        return parse_certificate(self._call("GET", _ONE, ids={"serial": serial}), serial)

    def revoke(
        self,
        serial: str,
        reason: RevocationReason = RevocationReason.UNSPECIFIED,
        time: datetime | None = None,
        key_compromise_attestation: str | None = None,
    ) -> None:
        """PATCH /certificates/{serial}: revoke as of `time` (aware; None is now), which cannot be undone.

        `key_compromise_attestation` is a CSR in PEM signed with the compromised key.
        """
        moment = None if time is None else int(time.timestamp())
        body = {
            "revocation_reason": reason.value,
            "revocation_time": moment,
            "key_compromise_attestation": key_compromise_attestation,
        }
        sent = {name: value for name, value in body.items() if value is not None}
        self._call("PATCH", _ONE, ids={"serial": normal_serial(serial)}, body=sent, expected=(204,))

    def rekey(
        self,
        serial: str,
        public_key: str,
        public_key_signature: str | None = None,
        signature: Signature | None = None,
    ) -> str:
        """POST /certificates/{serial}/rekey: the same certificate for another key; answers the new serial number.

        `public_key` and its signature as in a CertificateRequest. Sent once only, as `issue` is.
        """
        body: dict[str, object] = {"public_key": public_key}
        if public_key_signature:
            body["public_key_signature"] = public_key_signature
        if signature and (wanted := serialize_signature(signature)):
            body["signature"] = wanted
        ids = {"serial": normal_serial(serial)}
        return parse_location(self._call_once(f"{_ONE}/rekey", ids=ids, body=body, expected=(201,)))

    def trust_chain(self) -> tuple[str, ...]:
        """GET /trustchain: PEM certificates, the issuer first, the root last."""
        return parse_trust_chain(self._call("GET", "/trustchain"))

    def issuance_quota(self) -> int:
        """GET /quotas/issuance: how many certificates may still be issued."""
        return parse_value(self._call("GET", "/quotas/issuance"))

    def certificates_issued(self) -> int:
        """GET /counters/certificates/issued: how many were issued so far."""
        return parse_value(self._call("GET", "/counters/certificates/issued"))

    def certificates_revoked(self) -> int:
        """GET /counters/certificates/revoked: how many were revoked so far."""
        return parse_value(self._call("GET", "/counters/certificates/revoked"))

    def stats_issued(self, from_: datetime, to: datetime) -> Iterator[CertificateStat]:
        """GET /stats/issued: what was issued in this period, each once; of any length, asked in parts of 30 days.

        Times are aware. What was issued in the last seconds may still be missing.
        """
        return self._stats("/stats/issued", from_, to)

    def stats_revoked(self, from_: datetime, to: datetime) -> Iterator[CertificateStat]:
        """GET /stats/revoked: what was revoked in this period; as `stats_issued`."""
        return self._stats("/stats/revoked", from_, to)

    def stats_expiring(self, from_: datetime, to: datetime) -> Iterator[CertificateStat]:
        """GET /stats/expiring: what expires in this period, be it past or to come; as `stats_issued`."""
        return self._stats("/stats/expiring", from_, to)

    def stats_page(
        self, event: StatsEvent, from_: datetime, to: datetime, page: int = 1, per_page: int = PER_PAGE
    ) -> Page[CertificateStat]:
        """GET /stats/...: one page of a period of 30 days at most, with the total. Times are aware.

        Rejected 422: the period is longer, or `page` (from 1) or `per_page` (to 100) is out of bounds.
        """
        query = {"from": str(int(from_.timestamp())), "to": str(int(to.timestamp()))}
        return self._page(f"/stats/{event.value}", query, tuple[CertificateStat, ...], page, per_page)

    def _stats(self, template: str, from_: datetime, to: datetime) -> Iterator[CertificateStat]:
        return self._stats_in(template, windows(from_, to, WINDOW))

    def _stats_in(self, template: str, parts: tuple[tuple[int, int], ...]) -> Iterator[CertificateStat]:
        # Two parts share their second, and pages shift while they are read: what came twice is given once.
        seen: set[str] = set()
        for start, end in parts:
            query = {"from": str(start), "to": str(end), "per_page": str(PER_PAGE)}
            for stat in self._rows(template, query, tuple[CertificateStat, ...]):
                if stat.serial not in seen:
                    seen.add(stat.serial)
                    yield stat
