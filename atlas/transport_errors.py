"""Reads what requests, urllib3, OpenSSL and sockets say when no answer came, and names it in our terms.
Not here: answers with a status; the transport judges those.
"""

import http.client
import ssl
from collections.abc import Iterator
from typing import NamedTuple

import requests
from urllib3 import exceptions as urllib3

from atlas.errors import AtlasError, Refused, Rejected, Unexpected, Unreachable

# All that sending a request and reading its answer can raise. ValueError: headers that cannot be written.
REQUEST_EXCEPTIONS = (
    requests.RequestException,
    urllib3.HTTPError,
    http.client.HTTPException,
    OSError,
    ValueError,
)

# X509_V_ERR_* numbers of OpenSSL's x509_vfy.h.
_VERIFY_REASONS = {
    9: "its certificate is not valid yet. Check the clock of this server.",
    10: "its certificate has expired.",
    18: "its certificate does not chain to the root that we trust.",
    19: "its certificate does not chain to the root that we trust.",
    20: "its certificate does not chain to the root that we trust.",
    62: "its certificate is for another host name.",
    64: "its certificate is for another host name.",
}

# TLS alerts by which a server turns a client certificate down (RFC 8446 section 6.2).
_CLIENT_CERTIFICATE_ALERTS = (
    "CERTIFICATE_REQUIRED",
    "BAD_CERTIFICATE",
    "CERTIFICATE_EXPIRED",
    "CERTIFICATE_REVOKED",
    "CERTIFICATE_UNKNOWN",
    "UNSUPPORTED_CERTIFICATE",
    "ALERT_UNKNOWN_CA",
    "ALERT_ACCESS_DENIED",
)

_CUT_SHORT = (http.client.RemoteDisconnected, http.client.IncompleteRead, urllib3.IncompleteRead)


class Failure(NamedTuple):
    """What went wrong, and whether the same GET may well succeed a moment later."""

    error: AtlasError
    transient: bool = False


def classify_failure(error: BaseException) -> Failure:
    """The failure behind an exception, without a reference to it: it holds the request and its headers."""
    causes = list(_causes(error))
    for classify in (_certificate, _tls, _never_sent, _timed_out, _not_http):
        for cause in causes:
            failure = classify(cause)
            if failure is not None:
                return failure
    return Failure(Unreachable("the connection broke off before the answer came.", True), transient=True)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception and everything it wraps: requests and urllib3 use arguments, `reason` and `__cause__`."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting and len(seen) < 30:
        cause = waiting.pop(0)
        if isinstance(cause, BaseException) and id(cause) not in seen:
            seen.add(id(cause))
            yield cause
            waiting += [*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__]


def _certificate(cause: BaseException) -> Failure | None:
    if not isinstance(cause, ssl.SSLCertVerificationError):
        return None
    reason = _VERIFY_REASONS.get(cause.verify_code, "its certificate could not be verified.")
    return Failure(Unreachable(f"the server is not the one we trust: {reason}"))


def _tls(cause: BaseException) -> Failure | None:
    if not isinstance(cause, ssl.SSLError) or isinstance(cause, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
        return None
    reason = cause.reason or ""
    if reason.endswith(_CLIENT_CERTIFICATE_ALERTS):
        return Failure(Refused("The client certificate was turned down when the connection was made."))
    plain = reason.replace("_", " ").lower() or "no reason given"
    return Failure(Unreachable(f"no secure connection could be made ({plain}).", True))


def _never_sent(cause: BaseException) -> Failure | None:
    match cause:
        case urllib3.NameResolutionError():
            return Failure(Unreachable("its name could not be looked up."), transient=True)
        case urllib3.NewConnectionError() | ConnectionRefusedError():
            return Failure(Unreachable("no connection could be made."), transient=True)
        case urllib3.ConnectTimeoutError() | requests.ConnectTimeout():
            return Failure(Unreachable("it did not take the connection in time."))
        case requests.exceptions.InvalidHeader() if not isinstance(cause.args[0], Exception):
            return Failure(Rejected(0, "A header of the request holds characters that no header may hold."))
        case UnicodeEncodeError():
            return Failure(Rejected(0, "A header of the request holds characters that no header may hold."))
    return None


def _timed_out(cause: BaseException) -> Failure | None:
    if isinstance(cause, (urllib3.ReadTimeoutError, requests.ReadTimeout, TimeoutError)):
        return Failure(Unreachable("it did not answer in time.", True))
    return None


def _not_http(cause: BaseException) -> Failure | None:
    if isinstance(cause, _CUT_SHORT):
        return None
    if isinstance(cause, (http.client.HTTPException, urllib3.InvalidHeader)):
        return Failure(Unexpected("an answer that is not HTTP"))
    return None
