"""The control port: faults, DNS, web pages, clock and server certificate of a local Atlas, set from outside.

Plain HTTP on the loopback address, off unless asked for. The settings act in faults.py, fake_network.py and tls.py.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Protocol

from werkzeug.wrappers import Response

from atlas.sandbox.fake_network import DnsRecords, WebPages
from atlas.sandbox.faults import FaultQueue, as_document, parse_fault
from atlas.sandbox.problems import Refusal, bad_request, invalid, not_found
from atlas.sandbox.routing import Call, JsonServer, Route, Table, answer_empty, answer_json
from atlas.sandbox.tls import TlsFault

_LOCAL = ("localhost", "127.0.0.1")
_MOST_SKEW = 100 * 365 * 86_400.0


class Controlled(Protocol):
    """What of a sandbox may be set from outside."""

    faults: FaultQueue
    clock_skew: float

    @property
    def dns(self) -> DnsRecords: ...

    @property
    def web(self) -> WebPages: ...

    @property
    def tls_fault(self) -> TlsFault | None: ...

    def set_tls_fault(self, fault: TlsFault | None) -> None: ...

    def claim_mail(self) -> list[dict[str, Any]]: ...

    def forget_answers(self) -> None: ...


class ControlServer(JsonServer):
    """One row per setting. Bodies and answers are JSON."""

    def __init__(self, sandbox: Controlled) -> None:
        self.sandbox = sandbox
        super().__init__(
            Table(
                "",
                [
                    Route("GET", "/faults", self.faults),
                    Route("POST", "/faults", self.add_faults, body=True),
                    Route("DELETE", "/faults", self.clear_faults),
                    Route("GET", "/dns", lambda call: answer_json(sandbox.dns.snapshot())),
                    Route("PUT", "/dns/{name}", self.set_dns, body=True),
                    Route("DELETE", "/dns/{name}", self.delete_dns),
                    Route("GET", "/web", lambda call: answer_json(sandbox.web.snapshot())),
                    Route("PUT", "/web", self.set_web, body=True),
                    Route("DELETE", "/answers", self.forget_answers),
                    Route("GET", "/mail", lambda call: answer_json(sandbox.claim_mail())),
                    Route("GET", "/clock", lambda call: answer_json({"skew": sandbox.clock_skew})),
                    Route("PUT", "/clock", self.set_clock, body=True),
                    Route("GET", "/tls", lambda call: answer_json({"fault": sandbox.tls_fault})),
                    Route("PUT", "/tls", self.set_tls, body=True),
                ],
            )
        )

    def admit(self, call: Call) -> None:
        """Only under a local name: a page in a browser that was led here under another one is turned away."""
        if call.request.headers.get("Host", "").partition(":")[0].lower() not in _LOCAL:
            raise Refusal(403, "The control port is for this machine only.")

    def faults(self, call: Call) -> Response:
        """What is still to happen."""
        return answer_json([as_document(fault) for fault in self.sandbox.faults.armed()])

    def add_faults(self, call: Call) -> Response:
        """One fault, a list of them, or {"scenario": name}."""
        sent = call.body
        if isinstance(sent, dict) and set(sent) == {"scenario"}:
            _run_or_refuse(lambda: self.sandbox.faults.scenario(_text(sent["scenario"], "scenario")))
        else:
            documents = sent if isinstance(sent, list) else [sent]
            _run_or_refuse(lambda: self.sandbox.faults.add(*map(parse_fault, documents)))
        return self.faults(call)

    def clear_faults(self, call: Call) -> Response:
        """Nothing goes wrong any more."""
        self.sandbox.faults.clear()
        return answer_empty()

    def set_dns(self, call: Call) -> Response:
        """A list of TXT values for a name."""
        if not isinstance(call.body, list):
            raise bad_request()
        self.sandbox.dns[call.args["name"]] = [_text(value, "value") for value in call.body]
        return answer_empty()

    def delete_dns(self, call: Call) -> Response:
        """Forget a name."""
        if self.sandbox.dns.pop(call.args["name"], None) is None:
            raise not_found()
        return answer_empty()

    def set_web(self, call: Call) -> Response:
        """{"url", "body"}; a body of null takes the page away."""
        sent = _object(call.body, "url", "body")
        url = _text(sent["url"], "url")
        if sent["body"] is None:
            self.sandbox.web.pop(url, None)
        else:
            self.sandbox.web[url] = _text(sent["body"], "body")
        return answer_empty()

    def forget_answers(self, call: Call) -> Response:
        """No Idempotency-Key has been used."""
        self.sandbox.forget_answers()
        return answer_empty()

    def set_clock(self, call: Call) -> Response:
        """{"skew": seconds ahead of the machine}."""
        skew = _object(call.body, "skew")["skew"]
        if type(skew) not in (int, float) or not (math.isfinite(skew) and abs(skew) <= _MOST_SKEW):
            raise invalid("skew")
        self.sandbox.clock_skew = float(skew)
        return answer_empty()

    def set_tls(self, call: Call) -> Response:
        """{"fault": "expired", "wrong-name" or null}."""
        fault = _object(call.body, "fault")["fault"]
        _run_or_refuse(lambda: self.sandbox.set_tls_fault(fault))
        return answer_empty()


def _object(body: Any, *names: str) -> dict[str, Any]:
    if not isinstance(body, dict) or set(body) != set(names):
        raise bad_request()
    return body


def _text(value: object, path: str) -> str:
    if not isinstance(value, str):
        raise invalid(path)
    return value


def _run_or_refuse(act: Callable[[], None]) -> None:
    """A ValueError of ours is a sentence for the caller."""
    try:
        act()
    except ValueError as error:
        raise Refusal(422, str(error)) from None
