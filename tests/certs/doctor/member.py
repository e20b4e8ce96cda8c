"""Member: one more text of a kind of which cases/ has an example."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Member:
    """`code` is the finding that must come out, and no other cause; `words` say who prints it; `text` is what."""

    code: str
    words: str
    text: str

    @property
    def name(self) -> str:
        """For the ids of tests."""
        return f"{self.code}: {self.words}"
