"""The checkout as data: which files belong to it, and what its Python says.

What must hold of them is said in the tests beside this file.
"""

from __future__ import annotations

import ast
import functools
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("demo", "config", "onboarding", "certs", "atlas")  # arrows go from left to right
AROUND = ("tests", "tools", "bench", "docker")
NOT_OURS = {
    ".git",
    ".venv",
    ".demo",
    ".cache",
    "node_modules",
    "build",
    "staticfiles",
    "uv.lock",
    "__pycache__",
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@functools.cache
def files() -> tuple[Path, ...]:
    """Every file of the checkout that is or will be committed."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:  # an unpacked archive has no history
        found = [path for path in ROOT.rglob("*") if not NOT_OURS & set(path.relative_to(ROOT).parts)]
    else:
        found = [ROOT / name for name in listed.stdout.split("\0") if name]
    return tuple(sorted(path for path in set(found) if path.is_file()))


def name(path: Path) -> str:
    """The path as people write it: from the top of the checkout."""
    return path.relative_to(ROOT).as_posix()


def python(*folders: str) -> list[Path]:
    """The Python files of these folders, without what Django writes (migrations)."""
    return [
        path
        for path in files()
        if path.suffix == ".py"
        and path.relative_to(ROOT).parts[0] in folders
        and "migrations" not in path.parts
    ]


@functools.cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=name(path))


def functions(path: Path) -> Iterator[Function]:
    """Every function and method, also nested ones."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def place_exists(place: str) -> bool:
    """Whether there is such a file (`path`), and in it such a name (`path::name`, `path::Class.name`)."""
    path, _, name = place.partition("::")
    return (ROOT / path).exists() and (not name or name in _names(ROOT / path))


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


def lines(function: Function) -> int:
    """From `def` to the last line."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def module(path: Path) -> str:
    """The dotted name under which the file is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of everything the file imports, wherever in the file it does so.

    `from a.b import c` counts as `a.b.c`, so that a module imported by name is seen.
    """
    package = module(path) if path.name == "__init__.py" else module(path).rpartition(".")[0]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _base(node, package)
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def _base(node: ast.ImportFrom, package: str) -> str:
    """The absolute name of what is imported from; one dot is the package itself."""
    if not node.level:
        return node.module or ""
    parents = package.split(".")[: len(package.split(".")) - node.level + 1]
    return ".".join([*parents, *([node.module] if node.module else [])])
