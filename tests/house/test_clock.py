"""One function says what time it is: certs/clock.py. Nothing else in the rooms with a database reads another clock.

What that function promises is tested in tests/certs/test_clock.py.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.checkout import name, python, tree

CLOCK = "certs/clock.py"
CLOCKS = {
    "timezone.now",
    "timezone.localdate",
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
}
OF_A_MOMENT = {"timezone.localdate", "timezone.localtime"}  # with a moment given they convert it
BY_ANOTHER_CLOCK = {  # compared with what a library wrote down by the machine's clock
    "onboarding/people/reauthentication.py",  # allauth's records of signing in
}
DATES_ONLY = {  # rows that say when they were made, by Django's clock: nothing is decided by it
    ("certs/models.py", "Secret"),
    ("onboarding/notifications/models.py", "OutboxEmail"),
    ("onboarding/people/models.py", "Company"),
}


def _named(node: ast.expr) -> str:
    """`timezone.now` of `django.utils.timezone.now`: the last two names."""
    return ".".join(ast.unparse(node).split(".")[-2:])


def _readings(path: Path) -> Iterator[str]:
    """Where another clock is read, or handed on to be read later."""
    with_a_moment = {
        id(node.func)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and node.args and _named(node.func) in OF_A_MOMENT
    }
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.Attribute) or id(node) in with_a_moment:
            continue
        if _named(node) in CLOCKS | OF_A_MOMENT:
            yield f"{name(path)}:{node.lineno} {_named(node)}"


def test_only_the_clock_says_what_time_it_is() -> None:
    rooms = [path for path in python("onboarding", "certs") if name(path) != CLOCK]
    assert [place for path in rooms for place in _readings(path)] == []


def test_no_clock_comes_in_under_another_name() -> None:
    taken = [
        name(path)
        for path in python("onboarding", "certs")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom)
        and node.module in {"time", "django.utils.timezone"}
        and {each.name for each in node.names} & {"time", "time_ns", "now", "localdate"}
    ]
    assert set(taken) == BY_ANOTHER_CLOCK


def test_rows_by_which_something_is_decided_are_dated_by_the_clock() -> None:
    dated = {
        (name(path), owner.name)
        for path in python("onboarding", "certs")
        for owner in ast.walk(tree(path))
        if isinstance(owner, ast.ClassDef)
        for node in ast.walk(owner)
        if isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}
    }
    assert dated == DATES_ONLY


def test_tests_move_nothing_else() -> None:
    movers = {
        name(path)
        for path in python("tests")
        if "time_machine" in path.read_text("utf-8") and name(path) != "tests/house/test_clock.py"
    }
    # The last two set the machine's clock wrong, to show that it does not matter.
    assert movers == {"tests/time_travel.py", "tests/certs/test_clock.py", "tests/faults/wrong_clock.py"}
