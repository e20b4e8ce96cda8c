"""What the local Atlas sees of the world when it checks a claim: DNS and web pages, as a test or a person sets them.

Nothing here looks at a real name server or web server.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import TypeVar

T = TypeVar("T")


class NameMap(MutableMapping[str, T]):
    """A dictionary by name; letter case and a full stop at the end make no difference."""

    def __init__(self) -> None:
        self._found: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        return self._found[_plain(name)]

    def __setitem__(self, name: str, value: T) -> None:
        self._found[_plain(name)] = value

    def __delitem__(self, name: str) -> None:
        del self._found[_plain(name)]

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._found))

    def __len__(self) -> int:
        return len(self._found)

    def snapshot(self) -> dict[str, T]:
        """All of it at one moment, whoever else is writing."""
        return self._found.copy()


def _plain(name: str) -> str:
    return name.lower().rstrip(".")


DnsRecords = NameMap[list[str]]
"""Domain name to its TXT values."""
WebPages = NameMap[str]
"""Address (http://example.com/...) to the body of the page."""
