"""Querysets name their model, and their methods answer with whatever queryset they were called on.

What the methods answer is tested with each room.
"""

import ast
from pathlib import Path

from tests.house.checkout import ROOMS, name, python, tree


def _named(node: ast.expr) -> str:
    """The last word of a name: QuerySet for models.QuerySet."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _querysets() -> list[tuple[Path, ast.ClassDef]]:
    """Every class of ours whose name says that it is a queryset."""
    classes = [(path, node) for path in python(*ROOMS) for node in ast.walk(tree(path))]
    return [
        (path, node) for path, node in classes if isinstance(node, ast.ClassDef) and "QuerySet" in node.name
    ]


def test_no_queryset_is_of_anything() -> None:
    found = [(path, node) for path in python(*ROOMS) for node in ast.walk(tree(path))]
    of_any = [
        f"{name(path)}:{node.lineno}"
        for path, node in found
        if isinstance(node, ast.Subscript)
        and _named(node.value) in ("QuerySet", "Manager")
        and _named(node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice)
        in ("Any", "object")
    ]
    assert of_any == []


def test_every_queryset_of_ours_names_its_model() -> None:
    bare = [
        f"{name(path)}:{node.lineno}"
        for path, node in _querysets()
        if not any(
            isinstance(base, ast.Subscript) and _named(base.value) == "QuerySet" for base in node.bases
        )
    ]
    assert _querysets() != []
    assert bare == []


def test_their_methods_answer_with_their_own_kind() -> None:
    by_name = [
        f"{name(path)}:{method.lineno}"
        for path, node in _querysets()
        for method in node.body
        if isinstance(method, ast.FunctionDef) and method.returns and node.name in ast.unparse(method.returns)
    ]
    assert by_name == []
