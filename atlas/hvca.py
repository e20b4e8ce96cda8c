"""The published HVCA API v2, one method per call, in its own words; signs in by itself and keeps the token.
Not here: waiting. A certificate that is not there yet is NotReady, and the caller looks again later.
"""

from atlas.hvca_calls import TOKEN_AGE
from atlas.hvca_certificates import CertificateCalls
from atlas.hvca_claims import ClaimCalls
from atlas.hvca_ip_claims import IpClaimCalls

__all__ = ["TOKEN_AGE", "Hvca"]


class Hvca(CertificateCalls, ClaimCalls, IpClaimCalls):
    """One API credential with its mTLS certificate at one HVCA (`url` ends in /v2).

    For one thread at a time. Every call may raise any AtlasError; those that answer an iterator call, and may
    raise, while it is walked through. `clock` gives seconds that only grow. `budget` limits the calls; by
    default all clients of a credential in this process share one. `breaker` may be shared by all threads that
    talk to the same Atlas; None: every call is tried. `extra_headers` go with every call, sign-in included.
    """
