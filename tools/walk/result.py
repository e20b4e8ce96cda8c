"""How one company's walk went: its steps with their durations, its bundle, or what stopped it.

How it is printed is in report.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tools.walk.bundle import Bundle


@dataclass
class Result:
    """How a walk went. `steps` and `seconds` are durations; `trouble` is empty if it came to its end."""

    company: str
    code: str = ""
    seconds: float = 0.0
    steps: dict[str, float] = field(default_factory=dict)
    bundle: Bundle | None = None
    proof: str = ""
    trouble: str = "The walk broke off in the middle."
    file: str = ""
