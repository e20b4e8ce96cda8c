"""No two files import each other, even by way of others, and some things are done in one file only.

How long the files may be stands in test_code_style.py.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import grimp

from tests.house.checkout import ROOMS, imports, name, python, tree

CIPHERS = ("cryptography.hazmat.primitives.ciphers", "cryptography.fernet")
PROGRESS = "onboarding/journey/progress.py"


def _arrows(*rooms: str) -> Iterator[tuple[str, list[str], list[str]]]:
    """(place, parts of the importing file's path, parts of the imported name)."""
    for path in python(*rooms):
        for line, imported in imports(path):
            yield f"{name(path)}:{line} imports {imported}", name(path).split("/"), imported.split(".")


def _circles(imported_by: dict[str, set[str]]) -> list[list[str]]:
    """Groups of modules each of which imports all others of its group, straight or by way of them (Kosaraju)."""
    order: list[str] = []
    seen: set[str] = set()
    for start in imported_by:
        _walk(start, imported_by, seen, order)
    backwards: dict[str, set[str]] = {module: set() for module in imported_by}
    for module, targets in imported_by.items():
        for target in targets:
            backwards[target].add(module)
    found, seen = [], set()
    for start in reversed(order):
        group: list[str] = []
        _walk(start, backwards, seen, group)
        if len(group) > 1:
            found.append(sorted(group))
    return found


def _walk(start: str, edges: dict[str, set[str]], seen: set[str], finished: list[str]) -> None:
    """Depth first; appends each module to `finished` when everything behind it is."""
    stack = [(start, iter(sorted(edges[start])))] if start not in seen else []
    seen.add(start)
    while stack:
        module, rest = stack[-1]
        following = next((each for each in rest if each not in seen), None)
        if following is None:
            finished.append(module)
            stack.pop()
        else:
            seen.add(following)
            stack.append((following, iter(sorted(edges[following]))))


def test_no_files_import_each_other_in_a_circle() -> None:
    # What only the type checker imports is left out: a queryset names its model, and the model has the queryset.
    packages = (*ROOMS, "tools", "bench")
    graph = grimp.build_graph(*packages, exclude_type_checking_imports=True, cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert len(imports) > 400
    assert _circles(imports) == []


def test_the_search_itself_finds_circles() -> None:
    assert _circles({"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": {"e"}, "e": set()}) == [["a", "b", "c"]]
    assert _circles({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


def test_only_the_vault_encrypts() -> None:
    # The local Atlas keeps secrets of its own, as GlobalSign does; it is no part of what guards ours. Nor are PFX files
    # of others, which a process of its own opens (certs/pfx_reader_process.py).
    found = [
        place
        for place, source, target in _arrows(*ROOMS)
        if ".".join(target).startswith(CIPHERS)
        and source[:2] not in (["certs", "vault.py"], ["certs", "pfx_decryption.py"], ["atlas", "sandbox"])
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
