"""What a room tells or asks the rooms above it goes by Django's signals, and by nothing that they fill by hand.

The signals are in each room's signals.py, who listens is in receivers.py.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.checkout import ROOMS, name, python, tree

COLLECTIONS = {"list", "dict", "set", "deque", "defaultdict", "OrderedDict", "WeakSet"}
CHANGES = {"append", "add", "extend", "insert", "update", "setdefault", "remove", "clear", "pop"}


def _place(path: Path, node: ast.AST) -> str:
    return f"{name(path)}:{node.lineno}"  # type: ignore[attr-defined]


def _apps() -> list[Path]:
    return [path for path in python(*ROOMS) if path.name == "apps.py"]


def _at_start(path: Path) -> Iterator[ast.AST]:
    """What stands in the functions of an apps.py: ready() and whatever it is cut into."""
    for function in ast.walk(tree(path)):
        if isinstance(function, ast.FunctionDef):
            yield from (node for statement in function.body for node in ast.walk(statement))


def test_at_start_a_room_only_imports_and_connects() -> None:
    def is_more(node: ast.AST) -> bool:
        if isinstance(node, ast.Call):
            return not (isinstance(node.func, ast.Attribute) and node.func.attr == "connect")
        return isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Delete | ast.NamedExpr)

    assert _apps() != []
    assert [_place(path, node) for path in _apps() for node in _at_start(path) if is_more(node)] == []


def test_every_file_of_receivers_is_imported_at_start() -> None:
    imported = {
        f"{node.module.replace('.', '/')}/{alias.name}.py"
        for path in _apps()
        for node in _at_start(path)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }
    receivers = {name(path) for path in python(*ROOMS) if path.stem.endswith("receivers")}
    assert receivers != set()
    assert receivers - imported == set()


def _is_empty_collection(value: ast.expr | None) -> bool:
    if isinstance(value, ast.List):
        return not value.elts
    if isinstance(value, ast.Dict):
        return not value.keys
    return (
        isinstance(value, ast.Call)
        and not value.args
        and isinstance(value.func, ast.Name)
        and value.func.id in COLLECTIONS
    )


def _is_registry(node: ast.stmt) -> bool:
    """An empty collection at the top of a module, unless its type says that it holds no functions (then: a cache)."""
    if isinstance(node, ast.AnnAssign):
        return _is_empty_collection(node.value) and "Callable" in ast.dump(node.annotation)
    return isinstance(node, ast.Assign) and _is_empty_collection(node.value)


def test_no_module_has_a_collection_of_functions_that_others_fill() -> None:
    ours = python("config", "onboarding", "certs")
    assert [_place(path, node) for path in ours for node in tree(path).body if _is_registry(node)] == []


def _constants_of_others_that_change(path: Path) -> Iterator[ast.AST]:
    """`module.LIST.append(...)` and `module.TABLE[key] = ...` of a module of ours that is imported."""
    modules = {
        alias.asname or alias.name
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("onboarding", "certs"))
        for alias in node.names
    }
    for node in ast.walk(tree(path)):
        changed: ast.expr | None = None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGES:
            changed = node.func.value
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
            changed = node.value
        if not (isinstance(changed, ast.Attribute) and isinstance(changed.value, ast.Name)):
            continue
        if changed.attr.isupper() and changed.value.id in modules:
            yield node


def test_no_room_changes_what_another_module_holds() -> None:
    found = [(path, node) for path in python(*ROOMS) for node in _constants_of_others_that_change(path)]
    assert [_place(path, node) for path, node in found] == []


def test_a_receiver_that_raises_undoes_the_move() -> None:
    """send(), never send_robust(), which would go on without what hangs on the move."""
    found = [(path, node) for path in python(*ROOMS) for node in ast.walk(tree(path))]
    robust = [
        (path, node) for path, node in found if isinstance(node, ast.Attribute) and "send_robust" in node.attr
    ]
    assert [_place(path, node) for path, node in robust] == []
