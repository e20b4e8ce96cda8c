"""The search of the help: guides and their sections, problems and findings, the likeliest first.

The words that people use are in search_words.py. Nothing is stored and nothing leaves the process.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import cache, lru_cache

from django.urls import reverse

from certs.findings.codes import FindingCode
from certs.findings.known_messages import pieces_of_messages
from onboarding.help.contents import list_findings
from onboarding.help.search_words import CATALOGUE_WORDS, EMPTY, SAME, TOGETHER, TOPICS
from onboarding.journey.problems import PROBLEMS, ProblemCode, find_problem

MAX_SEARCH_LENGTH = 100  # characters
FIRST_RESULTS = 20  # shown at once; the rest behind a link
SOME_RESULTS = 5  # shown when no page has all of the words
ENDINGS = frozenset(
    {"d", "ed", "er", "ers", "es", "ing", "al", "ation"}
)  # by which a word differs from another form of it


class Kind(StrEnum):
    """What a result is; at the same weight the first comes first."""

    GUIDE = "Guide"
    PROBLEM = "Problem"
    FINDING = "In a file or a message"


@dataclass(frozen=True)
class HelpEntry:
    """One thing to be found. `words` is what it is known by, `text` everything else that it says."""

    kind: Kind
    title: str
    summary: str
    url_name: str
    code: str  # of a problem or a finding
    section: str  # of a guide
    words: frozenset[str]
    text: str

    @property
    def kind_shown(self) -> str:
        """What its row says of its kind; a guide's title or summary says so itself."""
        return "" if self.kind is Kind.GUIDE else self.kind.value

    @property
    def url(self) -> str:
        """Where it is."""
        address = reverse(self.url_name, args=[self.code] if self.code else [])
        return f"{address}#{self.section}" if self.section else address


@dataclass(frozen=True)
class Results:
    """What a search found. `is_partial`: nothing has all of the words, these have most. `meant`: words like these."""

    entries: tuple[HelpEntry, ...]
    is_partial: bool = False
    meant: str = ""


def search(typed: str) -> Results:
    """The entries that have every word or another word for it, the likeliest first; else those that have some."""
    wanted = _split(typed)
    weighed = [(entry, [_weigh(word, entry) for word in wanted]) for entry in _entries()]
    if full := [(sum(weights), entry) for entry, weights in weighed if wanted and all(weights)]:
        return Results(_sort(full))
    most = max((sum(map(bool, weights)) for _, weights in weighed), default=0)
    partial = [
        (sum(weights), entry) for entry, weights in weighed if most and sum(map(bool, weights)) == most
    ]
    return Results(_sort(partial)[:SOME_RESULTS], bool(partial), _find_near(wanted))


def _sort(found: Iterable[tuple[int, HelpEntry]]) -> tuple[HelpEntry, ...]:
    """By weight; at the same weight guides first, each kind in its own order."""
    kinds = list(Kind)
    ranked = sorted(found, key=lambda each: (-each[0], kinds.index(each[1].kind)))
    return tuple(entry for _, entry in ranked)


@lru_cache(maxsize=500)
def _split(typed: str) -> list[str]:
    """The words that say something, in lower case; all of them if none does."""
    text = " ".join(typed.lower().split())
    for apart, together in TOGETHER.items():
        text = text.replace(apart, together)
    words = [word.strip("?!.,;:\"'()“”…") for word in text.replace("’", " ").split()]
    return [word for word in words if word and word not in EMPTY] or [word for word in words if word]


def _weigh(word: str, entry: HelpEntry) -> int:
    """How much this entry is about this word: known by it, named so, known by another word for it, or mentions it."""
    rows: tuple[tuple[int, Callable[[], bool]], ...] = (
        (12, lambda: word in entry.words or _plain(word) in entry.words),
        (10, lambda: any(_is_like(word, other) for other in _split(entry.title))),
        (8, lambda: any(_is_like(word, other) for other in entry.words)),
        (6, lambda: bool(_others(word) & entry.words)),
        (2, lambda: word in entry.text or word.replace("-", " ") in entry.text),
    )
    return next((weight for weight, fits in rows if fits()), 0)


def _plain(word: str) -> str:
    """Without the s of a plural."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _is_like(word: str, other: str) -> bool:
    """The same word in another form: renewing and renew, certificates and certificate."""
    one, two = _plain(word), _plain(other)
    short, long = sorted((one, two), key=len)
    return one == two or (len(short) > 3 and long.startswith(short) and long.removeprefix(short) in ENDINGS)


@cache
def _groups() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for group in SAME:
        for word in group:
            found[word] = found.get(word, frozenset()) | group
    return found


def _others(word: str) -> frozenset[str]:
    """Other words for it."""
    return (_groups().get(word) or _groups().get(_plain(word)) or frozenset()) - {word}


def _find_near(wanted: list[str]) -> str:
    """The words as they may have been meant, if one of them is nearly a word that is known; else nothing."""
    known = {word for entry in _entries() for word in entry.words} | set(_groups())
    near = [
        word if word in known else next(iter(get_close_matches(word, known, 1, 0.75)), "") for word in wanted
    ]
    return " ".join(near) if all(near) and near != wanted else ""


@cache
def _entries() -> tuple[HelpEntry, ...]:
    return (*_list_guides(), *_list_problems(), *_list_findings())


def _list_guides() -> Iterator[HelpEntry]:
    guide_titles = {each.url_name: each.title for each in TOPICS if not each.section}
    for each in TOPICS:
        summary = f"In: {guide_titles[each.url_name]}" if each.section else ""
        words = frozenset(each.words.split())
        yield HelpEntry(Kind.GUIDE, each.title, summary, each.url_name, "", each.section, words, "")


def _list_problems() -> Iterator[HelpEntry]:
    for each in PROBLEMS.values():
        more = (each.why, *each.what_to_do, *each.messages)
        yield _catalogued(Kind.PROBLEM, each.code, each.title, each.what_happened, more)


def _list_findings() -> Iterator[HelpEntry]:
    for each in list_findings():
        if find_problem(each.code) is None:  # the problem's page says it all and more
            more = (str(each), *pieces_of_messages(each.code))
            yield _catalogued(Kind.FINDING, each.code, each.seen, each.fix, more)


def _catalogued(
    kind: Kind, code: ProblemCode | FindingCode, title: str, summary: str, more: Iterable[str]
) -> HelpEntry:
    words = frozenset(CATALOGUE_WORDS.get(code, "").split())
    text = f" {' '.join((code, title, summary, *more))} ".lower()
    return HelpEntry(kind, title, summary, "help:problem", code, "", words, text)
