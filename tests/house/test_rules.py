"""Each rule and trap of the programme has one row, exists where the row says, and is proved by a test that says so.

docs/rules.md is what comes out. That the words of the guidance are on the pages is proved in tests/journey.
"""

import html
import re
from pathlib import Path

import pytest

from certs.findings.openssl_commands import SUBJECT
from tests.house.checkout import ROOT, place_exists
from tests.journey.guidance import GUIDANCE
from tests.rules.document import PAGE, Row, build_page, read_rows
from tests.rules.proofs import USES_MARKER, Case, find_cases, list_marked_files, list_proofs

NUMBERS = [*(f"R{number}" for number in range(1, 63)), *(f"T{number}" for number in range(1, 27))]
KINDS = {"guidance", "guard", "check", "wait", "reminder", "outside"}
GUIDANCE_TEST = "tests/journey/test_guidance.py::test_each_rule_is_told_where_it_is_needed"
ROWS = read_rows()
EACH = pytest.mark.parametrize("row", ROWS, ids=[row.number for row in ROWS])


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    """Every case of the tests that use the marker."""
    return find_cases(list_marked_files())


@pytest.fixture(scope="module")
def proofs(cases: list[Case]) -> dict[str, list[str]]:
    """Rule -> what proves it."""
    return list_proofs(cases)


def _unproved(proofs: dict[str, list[str]]) -> list[str]:
    """The rules that no test declares; one that is enforced needs more than its words on a page."""
    return [row.number for row in ROWS if not _is_proved(row, proofs.get(row.number, []))]


def _is_proved(row: Row, tests: list[str]) -> bool:
    told = f"{GUIDANCE_TEST}[{row.number}]" in tests
    enforced = any(not test.startswith(GUIDANCE_TEST) for test in tests)
    by_portal = set(row.kinds) - {"guidance", "outside"}
    return bool(tests) and told == ("guidance" in row.kinds) and (enforced or not by_portal)


def test_every_rule_and_every_trap_has_one_row_in_order() -> None:
    assert [row.number for row in ROWS] == NUMBERS
    assert [row.number for row in ROWS if not (row.words and row.kinds and row.places)] == []
    assert {kind for row in ROWS for kind in row.kinds} == KINDS


def test_every_rule_is_proved_by_a_test_that_declares_it(proofs: dict[str, list[str]]) -> None:
    assert _unproved(proofs) == []


def test_no_test_declares_a_rule_that_does_not_exist(proofs: dict[str, list[str]]) -> None:
    assert set(proofs) - set(NUMBERS) == set()
    assert set(GUIDANCE) - set(NUMBERS) == set()


def test_a_rule_whose_markers_are_taken_away_is_missed(cases: list[Case]) -> None:
    for number in NUMBERS:
        left = [Case(case.name, tuple(each for each in case.rules if each != number)) for case in cases]
        assert _unproved(list_proofs(left)) == [number]


def test_markers_are_read_from_the_test_files_themselves(tmp_path: Path) -> None:
    """On a test, on one case of two, on a test that may be left out; and the same file without one of them."""
    text = (
        f"import pytest\n{USES_MARKER}\n\n"
        '@rule("R30")\ndef test_whole(): ...\n\n'
        '@pytest.mark.parametrize("n", [pytest.param(1, marks=rule("T3")), 2])\ndef test_case(n): ...\n\n'
        '@pytest.mark.skip\n@rule("R8")\ndef test_left_out(): ...\n'
    )
    bare = text.replace('@rule("R30")\n', "").replace("def test_", "def test_bare_")
    for name, content in (("test_marked.py", text), ("test_bare.py", bare)):
        (tmp_path / name).write_text(content, encoding="utf-8")
    found = list_proofs(find_cases(sorted(tmp_path.glob("*.py"), reverse=True)))
    assert {number: [name.rpartition("::")[2] for name in names] for number, names in found.items()} == {
        "R30": ["test_whole"],
        "T3": ["test_bare_case[1]", "test_case[1]"],
    }


def test_the_page_is_what_the_markers_say(proofs: dict[str, list[str]]) -> None:
    """`python -m tests.rules.document` renews it."""
    assert PAGE.read_text("utf-8") == build_page(proofs)


@EACH
def test_every_place_of_a_rule_exists(row: Row) -> None:
    assert [place for place in row.places if not place_exists(place)] == []


@EACH
def test_the_words_of_a_rule_stand_in_a_place_that_its_row_names(row: Row) -> None:
    told = " … ".join(GUIDANCE.get(row.number, {}).values())
    written = "\n".join(_text(ROOT / place.partition("::")[0]) for place in row.places)
    assert [words for words in told.split(" … ") if words.lower() not in written.lower()] == []


def _text(path: Path) -> str:
    """What a file would show: a template without its tags, Python without what divides its strings."""
    text = path.read_text("utf-8")
    if path.suffix == ".html":
        for link, words in (("atlas-link", "the Atlas portal"), ("dip-link", "the DIP")):
            text = text.replace(f'{{% include "journey/partials/{link}.html" %}}', words)
        text = re.sub(r'{% (?:details|copyable) "([^"]*)".*?%}', r"\1", text)
        text = html.unescape(re.sub(r"<[^>]*>|{[%#].*?[%#]}", "", text))
    else:
        text = text.replace("{SUBJECT}", SUBJECT)
    return re.sub(r"\s+", " ", text)
