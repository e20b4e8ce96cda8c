"""Faults on demand: what a local Atlas does wrong, to which calls, and how often.

How a wrong answer is sent is in fault_injection.py; faults of TLS are in tls.py, a wrong clock is in clock.py.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, get_args

Kind = Literal[
    "delay",
    "drop-before",
    "drop-after",
    "status",
    "half",
    "garbage",
    "drip",
    "vetting-duplicate",
    "vetting-reorder",
    "list-behind",
]
ApiName = Literal["", "hvca", "account"]
KINDS: tuple[str, ...] = get_args(Kind)
VETTING = ("vetting-duplicate", "vetting-reorder")
REWRITTEN = (*VETTING, "list-behind")  # the answer is right but for what it lists
_LISTS = ("/accounts", "/identity-profiles", "/mtls-certificates")
_APIS = ("hvca", "account")
_PREFIXES = ("/v2", "/account/v1")
_LONGEST = 3600.0


@dataclass(frozen=True)
class InjectedFault:
    """One thing that goes wrong. Raises ValueError, with a sentence, for what makes no sense.

    kind         delay (answer after `seconds`), drop-before (hang up, nothing done), drop-after (do it, then hang up),
                 status (answer `status`, with `Retry-After: retry_after` if given; nothing done unless `done`),
                 half (send half of the right answer, then hang up), garbage (answer with what is no JSON),
                 drip (the right answer, a byte every `seconds`), vetting-duplicate (lists of identity profiles and
                 emails hold everything twice), vetting-reorder (an older vetting status after a newer one),
                 list-behind (lists of accounts, identity profiles and mTLS certificates lack their newest entry)
    api         "hvca", "account", or "" for both
    method       "GET", ...; "" for any
    path_prefix  how the path goes on after /v2 or /account/v1; "" for any
    times        how many calls it meets; None for all until it is removed
    skip         how many calls it lets pass first
    """

    kind: Kind
    api: ApiName = ""
    method: str = ""
    path_prefix: str = ""
    times: int | None = 1
    skip: int = 0
    seconds: float = 1.0
    status: int = 503
    retry_after: int | None = None
    done: bool = False

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind: must be one of {', '.join(KINDS)}")
        if self.api not in get_args(ApiName):
            raise ValueError('api: must be "hvca", "account" or ""')
        if not 400 <= self.status <= 599:
            raise ValueError("status: must be from 400 to 599")
        if not 0 <= self.seconds <= _LONGEST:
            raise ValueError("seconds: must be from 0 to 3600")
        if (self.times is not None and self.times < 1) or self.skip < 0 or (self.retry_after or 0) < 0:
            raise ValueError("times, skip, retry_after: must not be negative, times at least 1")

    def meets(self, api: str, method: str, path: str) -> bool:
        """Whether a call is one that this fault is about; `path` is below the api's prefix."""
        if self.kind in VETTING and not _is_vetting(method, path, self.kind):
            return False
        if self.kind == "list-behind" and not (method == "GET" and path.endswith(_LISTS)):
            return False
        return (
            api in _APIS
            and self.api in ("", api)
            and self.method.upper() in ("", method)
            and path.startswith(_below(self.path_prefix))
        )


def _is_vetting(method: str, path: str, kind: str) -> bool:
    """Identity profiles; the emails too, of which an older one cannot come again instead of a newer one."""
    listed = path.endswith(("/identity-profiles", "/emails"))
    return method == "GET" and (listed or (kind == "vetting-reorder" and "/identity-profiles/" in path))


def _below(path: str) -> str:
    for prefix in _PREFIXES:
        if path == prefix or path.startswith(prefix + "/"):
            return path.removeprefix(prefix)
    return path


SCENARIOS: Mapping[str, tuple[InjectedFault, ...]] = {
    "busy": (InjectedFault("status", status=503, times=3),),
    "down": (InjectedFault("status", status=503, times=None),),
    "internal-error": (InjectedFault("status", status=500),),
    "stale-token": (InjectedFault("status", "hvca", status=401, skip=1),),
    "rate-limited": (InjectedFault("status", status=429, retry_after=1, times=3),),
    "rate-limited-silently": (InjectedFault("status", status=429, times=3),),
    "lost-request": (InjectedFault("drop-before"),),
    "lost-answer": (InjectedFault("drop-after", method="POST"),),
    "slow": (InjectedFault("delay", seconds=2.0, times=None),),
    "drip": (InjectedFault("drip", seconds=0.5),),
    "half-answer": (InjectedFault("half"),),
    "not-json": (InjectedFault("garbage"),),
    "vetting-duplicated": (InjectedFault("vetting-duplicate", times=None),),
    "vetting-reordered": (InjectedFault("vetting-reorder", "account", skip=1),),
    "rough-day": (
        InjectedFault("status", status=503, times=2, skip=3),
        InjectedFault("delay", seconds=1.0, times=5, skip=1),
        InjectedFault("drop-after", method="POST", skip=2),
        InjectedFault("status", status=429, retry_after=1, skip=8),
    ),
}


class FaultQueue:
    """The faults that are switched on. Of several that meet a call, the oldest happens; each counts for itself."""

    def __init__(self) -> None:
        self._armed: list[InjectedFault] = []
        self._gate = threading.Lock()

    def add(self, *faults: InjectedFault) -> None:
        """Switch on."""
        with self._gate:
            self._armed.extend(faults)

    def scenario(self, name: str) -> None:
        """Switch on one of `SCENARIOS`. Raises ValueError for an unknown name."""
        if name not in SCENARIOS:
            raise ValueError(f"scenario: must be one of {', '.join(SCENARIOS)}")
        self.add(*SCENARIOS[name])

    def clear(self) -> None:
        """Switch all off."""
        with self._gate:
            self._armed.clear()

    def armed(self) -> tuple[InjectedFault, ...]:
        """What is still to happen, with what is left of `times` and `skip`."""
        with self._gate:
            return tuple(self._armed)

    def take(self, api: str, method: str, path: str) -> InjectedFault | None:
        """What happens to a call, if anything."""
        with self._gate:
            if not self._armed:
                return None
            below = _below(path)
            for number, fault in enumerate(self._armed):
                if not fault.meets(api, method, below):
                    continue
                if fault.skip:
                    self._armed[number] = replace(fault, skip=fault.skip - 1)
                    continue
                self._use(number, fault)
                return fault
        return None

    def _use(self, number: int, fault: InjectedFault) -> None:
        if fault.times == 1:
            del self._armed[number]
        elif fault.times is not None:
            self._armed[number] = replace(fault, times=fault.times - 1)


def parse_fault(document: object) -> InjectedFault:
    """A fault written as JSON with the members of `InjectedFault`. Raises ValueError with a sentence."""
    if not isinstance(document, dict) or "kind" not in document:
        raise ValueError("a fault is an object with a kind")
    for name, value in document.items():
        if name not in _TYPES:
            raise ValueError(f"{str(name)[:40].encode('ascii', 'replace').decode()}: is unknown")
        if type(value) not in _TYPES[name]:
            raise ValueError(f"{name}: invalid value")
    return InjectedFault(**document)


_TYPES: Mapping[str, tuple[type, ...]] = {
    "kind": (str,), "api": (str,), "method": (str,), "path_prefix": (str,), "times": (int, type(None)),
    "skip": (int,), "seconds": (int, float), "status": (int,), "retry_after": (int, type(None)), "done": (bool,),
}  # fmt: skip


def as_document(fault: InjectedFault) -> dict[str, Any]:
    """A fault as JSON shows it."""
    return asdict(fault)
