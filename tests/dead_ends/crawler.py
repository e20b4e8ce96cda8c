"""Follows every link that a person is shown, from `/` on, and notes what is wrong with the pages on the way.

What a dead end is, is decided in page_reading.py. Nothing is posted.
"""

import re
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.test import Client

from tests.dead_ends.page_reading import Page, has_link_without_address, is_dead_end, list_links

MOST_PAGES = 600  # more than any scene has; reaching it fails, so that no page is left out unseen
MOST_HOPS = 5
# What the state of an onboarding can change. Other pages are the same at every step: each person's are crawled once in
# a run, and those of the help once for everybody.
CHANGING = re.compile(
    r"/((onboardings|clients|tasks|handovers|ops(?!/activity/))/.*|companies/[^/]+/([^/]+/)?)?(\?.*)?",
    re.DOTALL,
)
FOR_ALL = "/help/"


@dataclass
class Crawl:
    """What one person found. `faults` are sentences; `visited` are the addresses that were fetched."""

    browser: Client
    name: str  # the person's, the same in every database of the run
    seen: set[str]  # what need not be crawled again
    visited: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def run(self, start: str = "/") -> "Crawl":
        """Fetch every page that can be reached from here."""
        waiting = deque([(start, "the first page")])
        met = {_key(start)}
        while waiting:
            path, source = waiting.popleft()
            if len(self.visited) >= MOST_PAGES:
                raise AssertionError(f"more than {MOST_PAGES} pages, the last one {path}")
            for link in self._read(path, source):
                if _key(link) not in met and not self._is_known(link):
                    met.add(_key(link))
                    waiting.append((link, path))
        return self

    def _is_known(self, link: str) -> bool:
        if CHANGING.fullmatch(link):
            return False
        page = link if link.startswith(FOR_ALL) else f"{self.name}: {link}"
        known = page in self.seen
        self.seen.add(page)
        return known

    def _read(self, path: str, source: str) -> list[str]:
        answer, landed = self._fetch(path)
        self.visited[path] = answer.status_code
        if answer.status_code != 200:
            self.faults.append(f"{path}, linked on {source}, answers {answer.status_code}")
            return []
        if not answer.get("Content-Type", "").startswith("text/html") or "attachment" in answer.get(
            "Content-Disposition", ""
        ):
            return []
        page = Page(landed, answer.content.decode())
        if has_link_without_address(page):
            self.faults.append(f"{landed} has a link without an address (linked on {source})")
        if is_dead_end(page):
            self.faults.append(f"{landed} is a dead end (linked on {source})")
        return list_links(page)

    def _fetch(self, path: str) -> tuple[Any, str]:
        for _ in range(MOST_HOPS):
            answer = self.browser.get(path)
            if answer.status_code not in (301, 302, 303, 307, 308):
                return answer, path
            path = answer["Location"]
        raise AssertionError(f"{path} leads round in a circle")


def _key(path: str) -> tuple[str, tuple[str, ...]]:
    """A page with its filters: the same filters with other words are the same page, each page number included."""
    parts = urlsplit(path)
    return parts.path, tuple(
        sorted(f"{name}={value}" if len(value) < 30 else name for name, value in parse_qsl(parts.query))
    )
