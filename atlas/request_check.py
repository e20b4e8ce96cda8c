"""Checks a certificate request against a validation policy before anything is sent.
Not here: the rules one by one, see policy_check; how a request is written for the wire, see request_serialization.
"""

from datetime import UTC, datetime

from atlas.policy_check import PolicyViolation, check
from atlas.policy_types import ValidationPolicy
from atlas.request_serialization import serialize_request
from atlas.request_types import CertificateRequest


def check_request(
    request: CertificateRequest, policy: ValidationPolicy, now: datetime | None = None
) -> tuple[PolicyViolation, ...]:
    """What HVCA would refuse under this policy, each in its own words; empty if nothing.

    `now` is HVCA's time, aware, by default this machine's. What depends on more than policy and request is not
    judged: verified domains, the quota, and a pattern of the policy that only HVCA can read. Raises ValueError for a
    time of the request without a zone.
    """
    return check(serialize_request(request), policy, now or datetime.now(UTC))
