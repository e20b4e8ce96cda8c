"""Words that this house gave up: no file and no identifier bears one where it meant something of our own.

Each word has its place, because Django, Python and English use some of them too. The code is parsed; sentences,
comments and what is stored (event names, purposes, salts) are free.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.checkout import files, name, python, tree

# place: names of files and folders (without their ending) that are not to be found below it
FILES = {
    "onboarding": "look notices desk chores making in_vault atlas_door timing once holding taking rows trail letters "
    "standing artefacts secret_exits sentences words facts typed pages_after passing systems leaving succession "
    "reviewing cover founding fresh",
    "certs": "passing guard possession reveal upkeep completion flavours pfx_opening pfx_opener examine examined entry "
    "objects",
    "atlas": "answers reading failures world kept visits misbehaviour",
    "static/src": "cupboard asking words locking",
    "templates": "look notices desk",
    "tests": "hand eyes deeds keeper surgery makers journeys companies sign_in key_vault desk look notices",
}

# place: identifiers that are not to be found below it
IDENTIFIERS = {
    "onboarding": "look_at look_at_due looks last_look looked_at alone_with holder held_since tell _tell standing "
    "standing_of keepable take_up KEEPERS Verdict Why YES demand _demand Refusal NotAllowed NotNow pass_on "
    "PassedSecret SystemTick tick fresh_sign_in Mover Who WHO MOVERS Problem artefacts Fault",
    "onboarding/journey": "chores hold locked put given",
    "onboarding/handover": "take release take_back passing",
    "onboarding/notifications": "write Message",
    "certs": "Flavour flavour Fault PassedSecret pass_on examined Object short",
    "atlas": "Resting Busy World Face misbehaviour visits",
    "tests": "look_at_due last_look alone_with held_since take_back PassedSecret SystemTick fresh_sign_in NotAllowed "
    "NotNow Flavour Resting World",
}


def _below(place: str, path: Path) -> bool:
    return name(path).startswith(f"{place}/")


def _names_of(path: Path, place: str) -> set[str]:
    parts = Path(name(path)).relative_to(place).parts
    return {*parts[:-1], path.name.split(".")[0].lstrip("_")}


def _identifiers(node: ast.AST) -> Iterator[str]:
    """Every name that this node of a syntax tree writes."""
    match node:
        case ast.Name(id=found) | ast.Attribute(attr=found) | ast.arg(arg=found):
            yield found
        case ast.FunctionDef(name=found) | ast.AsyncFunctionDef(name=found) | ast.ClassDef(name=found):
            yield found
        case ast.keyword(arg=str(found)):
            yield found
        case ast.alias():
            yield from (node.name.rpartition(".")[2], node.asname or "")


@pytest.mark.parametrize("place", FILES)
def test_no_file_bears_a_word_that_was_given_up(place: str) -> None:
    gone = set(FILES[place].split())
    assert [name(path) for path in files() if _below(place, path) and _names_of(path, place) & gone] == []


@pytest.mark.parametrize("place", IDENTIFIERS)
def test_no_identifier_is_a_word_that_was_given_up(place: str) -> None:
    gone = set(IDENTIFIERS[place].split())
    paths = [path for path in python(place.split("/")[0]) if _below(place, path)]
    assert paths
    found = [
        f"{name(path)}:{getattr(node, 'lineno', 0)} {word}"
        for path in paths
        for node in ast.walk(tree(path))
        for word in _identifiers(node)
        if word in gone
    ]
    assert found == []


def test_the_check_itself_sees_every_way_to_write_a_name() -> None:
    code = "import a.looks as x\nfrom b import looks\ndef looks(looks): pass\nclass looks: pass\n"
    code += "x.looks = f(looks=looks)"
    seen = [word for node in ast.walk(ast.parse(code)) for word in _identifiers(node)]
    assert seen.count("looks") == 8
