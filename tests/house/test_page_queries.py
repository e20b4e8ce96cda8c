"""What a page shows is fetched through a door: an access function, or a queryset that starts with the person.

What comes through the doors, and for whom, is asked in tests/leaks/.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.checkout import functions, name, python, tree

DOORS = {"visible_to", "granted_to", "purge_and_list"}  # the last is allauth's: the sessions of a person
OTHERS = {
    "onboarding/dashboards/board.py",  # asked by ops only, who see every company; the address refuses everybody else
    "onboarding/people/oidc.py",  # finds out who somebody is: before that there is no person to start with
    "onboarding/people/second_factor.py",  # likewise
    "onboarding/people/known_browsers.py",  # likewise
    "onboarding/dashboards/security_middleware.py",  # shows nothing: what was refused goes into the security log
}


def _makes_pages(path: Path) -> bool:
    """Views, template tags and the dashboards: whatever is handed a request, or is called from a template."""
    if name(path) in OTHERS:
        return False
    takes_request = any("HttpRequest" in ast.unparse(each.args) for each in functions(path))
    return (
        takes_request
        or bool({"templatetags", "dashboards", "forms"} & set(path.parts))
        or path.stem == "forms"
    )


def _is_access(path: Path) -> bool:
    return path.stem == "access"


def _reads(node: ast.AST) -> Iterator[ast.Attribute]:
    """Every `Model.objects`, and the other ways to all rows of a table."""
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute) and each.attr in {"objects", "_default_manager", "_base_manager"}:
            yield each


def _opened_with(read: ast.Attribute, within: ast.AST) -> str:
    """The first call after `Model.objects`, with its keywords: `visible_to()`, `filter(user=)`."""
    for each in ast.walk(within):
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.func.value is read:
            return f"{each.func.attr}({','.join(f'{k.arg}=' for k in each.keywords[:1])})"
    return ""


def _is_door(opened: str) -> bool:
    """A door, or one's own rows: sessions, second factors, linked accounts, memberships."""
    return opened.split("(")[0] in DOORS or opened == "filter(user=)"


def _past_a_door(source: ast.AST) -> list[int]:
    return [read.lineno for read in _reads(source) if not _is_door(_opened_with(read, source))]


def _calls(source: ast.AST) -> set[str]:
    """The functions that are called with the person as the first argument."""
    return {
        each.func.id
        for each in ast.walk(source)
        if isinstance(each, ast.Call)
        and isinstance(each.func, ast.Name)
        and each.args
        and ast.unparse(each.args[0]) == "user"
    }


def test_pages_fetch_through_the_doors_only() -> None:
    pages = [path for path in python("onboarding") if _makes_pages(path) and not _is_access(path)]
    assert len(pages) > 20
    found = [f"{name(path)}:{line}" for path in pages for line in _past_a_door(tree(path))]
    assert found == []


def test_pages_use_no_short_cut_to_a_row() -> None:
    for path in python("onboarding"):
        names = {each.id for each in ast.walk(tree(path)) if isinstance(each, ast.Name)}
        assert not names & {"get_object_or_404", "get_list_or_404"}, name(path)


def test_an_access_function_for_a_person_starts_with_the_person() -> None:
    asked = 0
    doors = [path for path in python("onboarding") if _is_access(path)]
    names = {each.name for path in doors for each in functions(path)}
    for path in doors:
        for function in functions(path):
            if function.args.args and function.args.args[0].arg == "user":
                asked += 1
                through_another = _calls(function) & names
                assert through_another or _past_a_door(function) == [], f"{name(path)}: {function.name}"
    assert asked > 10


@pytest.mark.parametrize(
    ("code", "past"),
    [
        ("Step.objects.visible_to(user).filter(slug='csr')", 0),
        ("Own.objects.filter(user=user)", 0),
        ("Step.objects.filter(pk=pk)", 1),
        ("Step.objects.all()", 1),
        ("rows = Step.objects", 1),
        ("Step._default_manager.get(pk=1)", 1),
    ],
)
def test_the_check_itself_sees_what_goes_past_a_door(code: str, past: int) -> None:
    assert len(_past_a_door(ast.parse(code))) == past
