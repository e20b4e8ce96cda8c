"""Imports go one way only, and some things are done in one file only.

How long the files may be stands in test_code_style.py.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.checkout import ROOMS, imports, name, python, tree

# Inside onboarding/: a floor may use the floors below it and its own room; the ground floor's rooms know each other.
FLOORS = {
    "dashboards": 4,
    "help": 4,
    "conversion": 4,
    "handover": 3,
    "journey": 2,
    "people": 1,
    **dict.fromkeys(("notifications", "audit", "ui", "periodic"), 0),
}
CIPHERS = ("cryptography.hazmat.primitives.ciphers", "cryptography.fernet")
PROGRESS = "onboarding/journey/progress.py"


def _arrows(*rooms: str) -> Iterator[tuple[str, list[str], list[str]]]:
    """(place, parts of the importing file's path, parts of the imported name)."""
    for path in python(*rooms):
        for line, imported in imports(path):
            yield f"{name(path)}:{line} imports {imported}", name(path).split("/"), imported.split(".")


def _wrong_way(source: list[str], target: list[str]) -> bool:
    return target[0] in ROOMS and ROOMS.index(target[0]) < ROOMS.index(source[0])


def test_no_room_imports_a_room_to_its_left() -> None:
    assert [place for place, source, target in _arrows(*ROOMS) if _wrong_way(source, target)] == []


def test_no_room_imports_the_tests_or_the_tools() -> None:
    around = {"tests", "bench", "tools"}
    assert [place for place, _, target in _arrows(*ROOMS) if target[0] in around] == []


def test_inside_onboarding_no_arrow_goes_up() -> None:
    def goes_up(source: list[str], target: list[str]) -> bool:
        if target[0] != "onboarding" or len(target) < 2 or source[1] == target[1]:
            return False
        here, there = FLOORS.get(source[1]), FLOORS.get(target[1])
        return here is not None and there is not None and there >= max(here, 1)

    assert [place for place, source, target in _arrows("onboarding") if goes_up(source, target)] == []


def test_every_room_of_onboarding_has_a_floor() -> None:
    rooms = {name(path).split("/")[1] for path in python("onboarding") if name(path).count("/") > 1}
    assert rooms == set(FLOORS)


def test_atlas_can_be_used_without_django() -> None:
    assert [place for place, _, target in _arrows("atlas") if target[0] in {"django", "celery"}] == []


def test_only_the_vault_encrypts() -> None:
    # The local Atlas keeps secrets of its own, as GlobalSign does; it is no part of what guards ours.
    found = [
        place
        for place, source, target in _arrows(*ROOMS)
        if ".".join(target).startswith(CIPHERS)
        and source[:2] not in (["certs", "vault.py"], ["atlas", "sandbox"])
    ]
    assert found == []


def _assigns_state(node: ast.AST) -> bool:
    """`x.state = ...`, also among several (`x.by, x.state = ...`), or a call such as `.update(state=...)`."""
    if isinstance(node, ast.Attribute):
        return node.attr == "state" and isinstance(node.ctx, ast.Store)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr == "update" and any(keyword.arg == "state" for keyword in node.keywords)
    return False


def _state_changes(path: Path) -> list[str]:
    return [f"{name(path)}:{node.lineno}" for node in ast.walk(tree(path)) if _assigns_state(node)]  # type: ignore[attr-defined]


def test_only_progress_changes_the_state_of_a_step() -> None:
    elsewhere = [path for path in python("onboarding", "config", "certs") if name(path) != PROGRESS]
    assert [place for path in elsewhere for place in _state_changes(path)] == []
