"""Everything that can go wrong on the way to Atlas: one tree of errors, and no other error leaves this room.
Not here: what a person is told to do next about a case; the caller decides that from the kind of error.
"""

from collections.abc import Mapping


class AtlasError(Exception):
    """The root. `str()` is a plain sentence that a person may read; it never holds a secret."""

    sentence = "Something went wrong while talking to Atlas."

    def __str__(self) -> str:
        return self.sentence


class Unreachable(AtlasError):
    """No answer came back: name, connection, TLS or a time limit.

    `outcome_unknown` is True when the request may have arrived all the same: then do not send it again before
    you have looked at what Atlas did (a certificate request has no idempotency key).
    """

    def __init__(self, reason: str, outcome_unknown: bool = False) -> None:
        super().__init__(reason, outcome_unknown)
        self.reason = reason
        self.outcome_unknown = outcome_unknown
        self.sentence = f"Atlas could not be reached: {reason}"


class CircuitOpen(Unreachable):
    """Atlas failed several times in a row and is left alone: nothing was sent. `retry_after` is in seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__("it failed several times in a row and is left alone for a while.")
        self.args = (retry_after,)
        self.retry_after = retry_after


class NotReady(AtlasError):
    """202: Atlas has accepted the work and is not done yet. Ask again later."""

    def __init__(self, description: str = "") -> None:
        super().__init__(description)
        self.description = description
        self.sentence = "Atlas has not finished yet. Look again a little later."


class RateLimited(AtlasError):
    """429 or 503: Atlas wants to be asked later. `retry_after`: in seconds, None if Atlas did not say."""

    def __init__(self, retry_after: float | None = None, description: str = "") -> None:
        super().__init__(retry_after, description)
        self.retry_after = retry_after
        self.description = description
        when = "in a few minutes" if retry_after is None else f"in {retry_after:.0f} seconds"
        self.sentence = f"Atlas is busy. Try again {when}."


class Refused(AtlasError):
    """Our credentials were not accepted: 401, 403, or the client certificate at the TLS handshake.

    `status` is the HTTP status, or None when the TLS handshake or the certificate itself was the reason.
    """

    def __init__(self, description: str = "", status: int | None = None) -> None:
        super().__init__(description, status)
        self.description = description
        self.status = status
        said = f" It said: {description}" if description else ""
        self.sentence = f"Atlas did not accept the credentials. Check that they belong together.{said}"


class Rejected(AtlasError):
    """Another 4xx: Atlas understood the request and will not do it; sending it again changes nothing.

    `status` is the HTTP status (0: the request could not even be written down, nothing was sent),
    `description` is Atlas's own sentence, `errors` its details by kind (HVCA API document 2.1, error body).
    """

    def __init__(self, status: int, description: str = "", errors: Mapping[str, str] | None = None) -> None:
        super().__init__(status, description, errors)
        self.status = status
        self.description = description
        self.errors: Mapping[str, str] = dict(errors or {})
        self.sentence = f"Atlas refused the request: {description or f'status {status}'}"


class Unexpected(AtlasError):
    """An answer that we do not understand. `seen` says what it was: shortened, and with secrets taken out."""

    def __init__(self, seen: str) -> None:
        super().__init__(seen)
        self.seen = seen
        self.sentence = f"Atlas gave an answer that this portal does not understand: {seen}"
