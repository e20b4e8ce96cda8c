"""How an answer goes wrong on its way: late, not at all, in part, slowly, or as something else.

Which calls it happens to is decided in faults.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from threading import Event
from typing import Any

from werkzeug.wrappers import Response

from atlas.sandbox.faults import REWRITTEN, InjectedFault
from atlas.sandbox.problems import BUSY, Refusal

Wire = Callable[[Response], bytes]
"""Makes the bytes of an answer."""
Piece = bytes | None
"""What to send next; None is to hang up."""
_TEXTS = {401: "Unauthorized", 429: "Rate Limit Reached", 500: "Internal Server Error", 503: BUSY}
_EARLIER = {"Active": "Processed", "Rejected": "Queued for Vetting", "Processed": "Queued for Vetting"}
GARBAGE = b'<html><body>upstream said: {"access_token": '


def pieces(
    fault: InjectedFault,
    answer: Callable[[], Response],
    refuse: Callable[[Refusal], Response],
    wire: Wire,
    over: Event,
) -> Iterator[Piece]:
    """The bytes to send, piece by piece. `over` is set when the sandbox stops: then nothing waits any longer."""
    if fault.kind == "drop-before":
        yield None
    elif fault.kind == "status":
        yield wire(_refuse(fault, answer, refuse))
    elif fault.kind == "delay":
        yield None if over.wait(fault.seconds) else wire(answer())
    else:
        yield from _spoil(fault, answer(), wire, over)


def _refuse(
    fault: InjectedFault, answer: Callable[[], Response], refuse: Callable[[Refusal], Response]
) -> Response:
    if fault.done:
        answer()
    text = _TEXTS.get(fault.status, "Fault on demand")
    return refuse(Refusal(fault.status, text, retry_after=fault.retry_after))


def _spoil(fault: InjectedFault, response: Response, wire: Wire, over: Event) -> Iterator[Piece]:
    """The call has been served; now something happens to its answer."""
    if fault.kind == "drop-after":
        yield None
    elif fault.kind == "garbage":
        response.set_data(GARBAGE)
        response.headers["Content-Type"] = "application/json;charset=utf-8"
        yield wire(response)
    elif fault.kind in REWRITTEN:
        _rewrite(fault.kind, response)
        yield wire(response)
    elif fault.kind == "half":
        whole = wire(response)
        yield whole[: max(_half(whole), 1)]
        yield None
    else:
        yield from _drip(wire(response), fault.seconds, over)


def _half(message: bytes) -> int:
    """Half of the body; half of the first line if there is no body, because clients forgive a head that ends early."""
    head, _, body = message.partition(b"\r\n\r\n")
    return len(head) + 4 + len(body) // 2 if body else message.index(b"\r\n") // 2


def _drip(message: bytes, seconds: float, over: Event) -> Iterator[Piece]:
    """The head at once, then a byte at a time."""
    head, _, body = message.partition(b"\r\n\r\n")
    yield head + b"\r\n\r\n"
    for byte in body:
        yield None if over.wait(seconds) else bytes([byte])


def _rewrite(kind: str, response: Response) -> None:
    if response.status_code == 200:
        found = json.loads(response.get_data())
        response.set_data(json.dumps(_REWRITE[kind](found)))


def _drop_newest(found: Any) -> Any:
    """Lists are oldest first."""
    return found[:-1] if isinstance(found, list) else found


def _duplicate(found: Any) -> Any:
    return [item for item in found for _ in range(2)] if isinstance(found, list) else found


def _reorder(found: Any) -> Any:
    """Lists the other way round, and each vetting status one step back."""
    if isinstance(found, list):
        return [_reorder(item) for item in reversed(found)]
    if found.get("status") not in _EARLIER:
        return found
    earlier = found | {"status": _EARLIER[found["status"]], "status_since": found["submitted_at"]}
    earlier.pop("reason", None)
    return earlier


_REWRITE: dict[str, Callable[[Any], Any]] = {
    "vetting-duplicate": _duplicate,
    "vetting-reorder": _reorder,
    "list-behind": _drop_newest,
}
