"""docs/rules.md: each rule and trap of the field has one row, and what its row names exists.

Whether the words of the guidance are on the pages is proved in tests/journey/test_guidance.py.
"""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.checkout import ROOT, tree
from tests.journey.guidance import GUIDANCE

PAGE = ROOT / "docs" / "rules.md"
NUMBERS = [*(f"R{number}" for number in range(1, 63)), *(f"T{number}" for number in range(1, 27))]
KINDS = {"guidance", "guard", "check", "wait", "reminder", "outside"}
GUIDANCE_TEST = "tests/journey/test_guidance.py::test_each_rule_is_told_where_it_is_needed"


@dataclass(frozen=True)
class Row:
    """One row of the table; `places` and `tests` are written `path` or `path::name`."""

    rule: str
    words: str
    kinds: tuple[str, ...]
    places: tuple[str, ...]
    tests: tuple[str, ...]


def _rows() -> list[Row]:
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if re.match(r"\| [RT]\d+ \|", line)]
    return [_row([cell.strip() for cell in line.strip("| ").split(" | ")]) for line in lines]


def _row(cells: list[str]) -> Row:
    rule, words, kinds, places, tests = cells
    return Row(rule, words, tuple(kinds.split(", ")), _quoted(places), _quoted(tests))


def _quoted(cell: str) -> tuple[str, ...]:
    return tuple(re.findall(r"`([^`]+)`", cell))


def _names(path: Path) -> set[str]:
    """What a module defines at its top, and the methods and attributes of its classes as `Class.name`."""
    found: set[str] = set()
    for node in tree(path).body:
        found |= _defined(node)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{name}" for inner in node.body for name in _defined(inner)}
    return found


def _defined(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _exists(place: str) -> bool:
    path, _, name = place.partition("::")
    return (ROOT / path).is_file() and (not name or name in _names(ROOT / path))


def _file_of(place: str) -> str:
    """Where a place of GUIDANCE is written."""
    if place.startswith("help/"):
        return f"templates/{place}.html"
    if place.startswith("partials/"):
        return f"templates/journey/{place}.html"
    return f"templates/journey/steps/{place.partition('.')[0]}.html"


ROWS = _rows()
EACH = pytest.mark.parametrize("row", ROWS, ids=[row.rule for row in ROWS])


def test_every_rule_and_every_trap_has_one_row_in_order() -> None:
    assert [row.rule for row in ROWS] == NUMBERS


@EACH
def test_a_row_says_the_rule_and_how_it_is_met(row: Row) -> None:
    assert row.words
    assert set(row.kinds) <= KINDS
    assert row.places


@EACH
def test_every_place_of_a_row_exists(row: Row) -> None:
    assert [place for place in row.places if not _exists(place)] == []


@EACH
def test_every_row_names_tests_that_exist(row: Row) -> None:
    assert row.tests
    strangers = [test for test in row.tests if not test.startswith("tests/") or "::test_" not in test]
    assert strangers == []
    assert [test for test in row.tests if not _exists(test)] == []


@EACH
def test_a_row_of_guidance_is_checked_word_by_word(row: Row) -> None:
    told = {_file_of(place) for place in GUIDANCE.get(row.rule, {})}
    assert ("guidance" in row.kinds) == bool(told) == (GUIDANCE_TEST in row.tests)
    assert told <= set(row.places)


def test_the_words_of_a_rule_are_told_for_no_rule_that_does_not_exist() -> None:
    assert set(GUIDANCE) <= set(NUMBERS)
