"""Every test proves something: it asserts, or expects an error, or calls a function of the tests that does.

Whether what it asserts is enough, no script can see.
"""

import ast
from collections import defaultdict
from functools import cache

from tests.house.checkout import functions, name, python, tree

# Calls that fail by themselves when what they look at is not so: pytest's, Playwright's, pytest-django's.
PROVING = {"raises", "fail", "warns", "expect"}
PROVING_STARTS = ("assert_", "django_assert")
# Without an assert, and with a proof all the same.
EXCEPTIONS = {
    "run_state_machine_as_test": "Hypothesis runs the asserts that stand in the class of the machine",
    "only_atlas_errors": "any other error that comes out fails the test",
}


def _calls(node: ast.AST) -> set[str]:
    """The names of all that is called, and of what is handed over to be called (a helper in a partial, a lambda)."""
    called = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Call):
            called |= {_last_name(part) for part in (each.func, *each.args)}
    return called - {""}


def _last_name(node: ast.AST) -> str:
    match node:
        case ast.Name(id=word) | ast.Attribute(attr=word):
            return word
        case _:
            return ""


def _proves_itself(node: ast.AST) -> bool:
    return any(isinstance(each, ast.Assert) for each in ast.walk(node)) or any(
        called in PROVING | set(EXCEPTIONS) or called.startswith(PROVING_STARTS) for called in _calls(node)
    )


@cache
def _helpers() -> dict[str, list[ast.AST]]:
    """Every function and class of the tests by its name."""
    found = defaultdict(list)
    for path in python("tests"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                found[node.name].append(node)
    return found


def _proves(node: ast.AST, depth: int = 2) -> bool:
    """By itself, or through something of the tests that it calls; of the same name there may be several: then all."""
    if _proves_itself(node):
        return True
    called = [_helpers()[word] for word in _calls(node) if word in _helpers()] if depth else []
    return any(all(_proves(helper, depth - 1) for helper in helpers) for helpers in called)


def test_every_test_can_fail() -> None:
    empty = [
        f"{name(path)}:{function.lineno} {function.name}"
        for path in python("tests")
        if path.name.startswith("test_")
        for function in functions(path)
        if function.name.startswith("test_") and not _proves(function)
    ]
    assert empty == []


def test_the_search_sees_a_test_that_cannot_fail() -> None:
    for source in (
        "def test_x():\n  unheard_of()",
        "def test_x():\n  with suppress(E):\n    do()",
        "def test_x():\n  x == 1",
    ):
        assert not _proves(ast.parse(source))
    for source in ("def test_x():\n  assert do()", "def test_x():\n  with pytest.raises(E):\n    do()"):
        assert _proves(ast.parse(source))
