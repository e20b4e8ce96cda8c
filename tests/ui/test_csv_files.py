"""Files for spreadsheets: no cell is a formula, whatever separator the program that opens the file takes."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.ui.csv_files import defuse, stream_lines

SIGNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
UNSEEN = ' "\t\r\n\v\f\0\xa0\u200b\ufeff'  # what a program may leave out at the beginning of a cell


def _read(cell: str, separator: str) -> list[str]:
    """All cells that a program finds with this separator; CR and LF each end a line where no quotes are open."""
    text = "".join(stream_lines(("Company", "Person", "Day"), [("Acme", cell, "x")])).lstrip("\ufeff")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    return [each for row in rows for each in row]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    "cell",
    [
        *(f"{sign}1+1" for sign in SIGNS),
        *("\t=1", "\r=1", "\n=1", "  =1+1", "\u200b=1+1", "\ufeff=1", "\xa0+1"),
        *("Pat;=1+1;", "Pat; =1+1", 'Pat;"=1+1"', "Pat\t=1+1", "Pat\n=1+1", "Pat\r\n\t =1", "Pat;\uff1d1"),
        *(";;=1", ";\t=1", "a;=1;-2;@x", "=1;=2", "\t\t=1", '";"=1'),
    ],
    ids=repr,
)
def test_no_cell_is_a_formula_whatever_the_separator(cell: str, separator: str) -> None:
    for each in _read(cell, separator):
        assert not each.lstrip(UNSEEN).startswith(SIGNS)


@given(st.text(alphabet='ab;,\t\r\n "=+-@\uff1d\u200b', max_size=12), st.sampled_from(",;\t"))
def test_no_text_becomes_a_formula(cell: str, separator: str) -> None:
    for each in _read(cell, separator):
        assert not each.lstrip(UNSEEN).startswith(SIGNS)


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "Acme",
        "Smith-Jones",
        "a=b",
        "ann@one.example",
        "a - b",
        "1+1",
        "Acme; Bob",
        "a\nb",
        "0117 496-0001",
    ],
)
def test_words_stay_as_they_are(cell: str) -> None:
    assert defuse(cell) == cell


def test_the_apostrophe_stands_before_the_sign() -> None:
    assert defuse("=1") == "'=1"
    assert defuse("Pat; =1;+2") == "Pat; '=1;'+2"
    assert defuse("\t=1") == "'\t'=1"
    assert defuse(" -1") == " '-1"
