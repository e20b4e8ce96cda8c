"""Codes and states are members of enums, so that a typing mistake fails in mypy and not as a KeyError in a worker.

Parsed, not grepped. A code is seen wherever it stands as a whole string: each has a hyphen, so none is an English word.
States and statuses are English words: they are seen where one is compared, matched, looked up, set or given by name.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from certs.findings.codes import FindingCode
from onboarding.journey.problems import ProblemCode
from onboarding.journey.steps import State, Witness
from tests.house.checkout import name, python, tree

PRODUCT = ("demo", "config", "onboarding", "certs")
CODES = {*FindingCode, *ProblemCode}
# Names under which a state, a status, a code or who saw it is given, compared or looked up.
NAMED = (
    "state",
    "status",
    "witness",
    "delivery",
    "code",
    "codes",
    "problem_code",
    "origin",
    "source",
    "purpose",
    "severity",
)
LOOKUPS = ("", "__in", "__exact", "__iexact")


def _statuses() -> set[str]:
    """The values of the lists that columns hold, and of the states of steps and offers."""
    found = {str(each) for each in (*State, *Witness)}
    for model in apps.get_models():
        if model.__module__.startswith(("onboarding.", "certs.")):
            for field in model._meta.local_fields:
                found |= {str(value) for value, _ in field.flatchoices}
    return found


def _enum_lines(path: Path) -> set[int]:
    """The lines of classes that are enums of strings: there a code is written as it is."""
    return {
        line
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
        and {getattr(base, "id", getattr(base, "attr", "")) for base in node.bases}
        & {"StrEnum", "TextChoices"}
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }


def _strings(node: ast.AST | None) -> Iterator[ast.Constant]:
    """The bare strings that an expression is, or is a list, a set or a choice of."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node
    elif isinstance(node, ast.Tuple | ast.List | ast.Set):
        for each in node.elts:
            yield from _strings(each)
    elif isinstance(node, ast.IfExp):
        yield from (*_strings(node.body), *_strings(node.orelse))


def _last_name(node: ast.AST) -> str:
    """`record.state` -> state, `state` -> state, `row["state"]` -> state."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return str(node.slice.value)
    return str(getattr(node, "attr", getattr(node, "id", "")))


def _is_named(word: str) -> bool:
    """`state`, `status__in`, `record__state`, `offer_status`."""
    for lookup in LOOKUPS:
        if word.endswith(lookup) and word.removesuffix(lookup).replace("__", " ").split(" ")[-1] in NAMED:
            return True
    return False


def _used(module: ast.AST) -> Iterator[ast.Constant]:
    """Strings that are compared with, matched against, or given as something whose name is in NAMED."""
    for node in ast.walk(module):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(_is_named(_last_name(side)) for side in sides):
                for side in sides:
                    yield from _strings(side)
        elif isinstance(node, ast.keyword) and node.arg and _is_named(node.arg):
            yield from _strings(node.value)
        elif isinstance(node, ast.Match) and _is_named(_last_name(node.subject)):
            for case in node.cases:
                yield from (
                    each for part in ast.walk(case.pattern) for each in _strings(getattr(part, "value", None))
                )
        elif isinstance(node, ast.Assign) and any(_is_named(_last_name(target)) for target in node.targets):
            yield from _strings(node.value)


def _places(path: Path, found: Iterator[ast.Constant], words: set[str]) -> list[str]:
    allowed = _enum_lines(path)
    return [
        f"{name(path)}:{each.lineno}: {each.value}"
        for each in found
        if each.value in words and each.lineno not in allowed
    ]


def _all_strings(path: Path) -> Iterator[ast.Constant]:
    return (each for node in ast.walk(tree(path)) for each in _strings(node) if node is each)


def test_no_code_is_a_bare_string() -> None:
    found = [place for path in python(*PRODUCT) for place in _places(path, _all_strings(path), set(CODES))]
    assert found == []


def test_no_state_or_status_is_a_bare_string() -> None:
    words = _statuses() | set(CODES)
    found = [place for path in python(*PRODUCT) for place in _places(path, _used(tree(path)), words)]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        'record.state == "open"',
        'record.state in ("open", "done")',
        'rows.filter(record__state="open")',
        'rows.filter(state__in=["open"])',
        'row["state"] != "open"',
        'state = "open" if late else "done"',
        'match record.state:\n    case "open" | "done":\n        pass',
    ],
)
def test_each_way_to_use_a_state_is_seen(text: str) -> None:
    assert "open" in {each.value for each in _used(ast.parse(text))}
