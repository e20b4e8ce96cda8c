"""A step is one definition: no code and no page asks which step it has before it, and none writes a step's name again.

What a step needs stands in its row (onboarding/journey/steps/); code that reads what one step has on record names it by
StepSlug.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from onboarding.journey.steps import StepSlug
from tests.house.checkout import ROOMS, ROOT, files, name, python, tree

SLUGS = {str(each) for each in StepSlug}
DEFINITIONS = "onboarding/journey/definitions.py"
TAG = re.compile(r"{%(.*?)%}|{{(.*?)}}", re.S)
ASKED = re.compile(r"\b(?:slug|step)\s*(?:==|!=|not in|in)\s|(?:==|!=|\bin)\s+[\w.]*\bslug\b")
WORD = re.compile(r"""["']([a-z-]+)["']""")


def _of_a_step(node: ast.expr) -> bool:
    """`record.slug`, `slug`, `event.step`, `StepSlug.CSR`."""
    match node:
        case ast.Attribute(value=ast.Name(id="StepSlug")):
            return True
        case ast.Attribute(attr="slug" | "step") | ast.Name(id="slug" | "step"):
            return True
    return False


def _names_a_step(node: ast.AST) -> bool:
    """A step's name, as a string or a member of StepSlug, by itself or among others."""
    match node:
        case ast.Constant(value=str(word)):
            return word in SLUGS
        case ast.Attribute(value=ast.Name(id="StepSlug")):
            return True
        case ast.Tuple(elts=each) | ast.List(elts=each) | ast.Set(elts=each):
            return any(_names_a_step(one) for one in each)
    return False


def _is_table(node: ast.Dict) -> bool:
    """What depends on a step, beside the steps' own table; of one key it may be what a page is given."""
    return len(node.keys) > 1 and all(key and _names_a_step(key) for key in node.keys)


def _asked(module: ast.AST) -> Iterator[ast.AST]:
    """Comparisons and matches that ask for a certain step, and tables by the names of steps."""
    for node in ast.walk(module):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(map(_of_a_step, sides)) and any(map(_names_a_step, sides)):
                yield node
        elif (isinstance(node, ast.Match) and _of_a_step(node.subject)) or (
            isinstance(node, ast.Dict) and _is_table(node)
        ):
            yield node


def _written(path: Path) -> Iterator[ast.Constant]:
    """Names of steps as bare strings, given as a step: `slug="csr"`, `fact("csr", ...)`, `steps=("csr",)`."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.keyword) and node.arg in {
            "slug",
            "slug__in",
            "step",
            "steps",
            "back_to",
            "needs",
        }:
            yield from (each for each in ast.walk(node.value) if isinstance(each, ast.Constant))
        elif (
            isinstance(node, ast.Call)
            and getattr(node.func, "attr", getattr(node.func, "id", "")) in TAKES_A_STEP
        ):
            yield from (each for each in node.args if isinstance(each, ast.Constant))


TAKES_A_STEP = {"fact", "get_facts", "get_definition", "list_dependants", "list_unlocked_by", "list_problems"}
# seeding/ makes up what people and Atlas would have given at each step; of a step that it does not know, nothing.
MADE_UP = "onboarding/seeding/"
ROOM = [
    path
    for path in python(*ROOMS)
    if name(path).startswith("onboarding/") and not name(path).startswith(MADE_UP)
]


def test_no_code_asks_which_step_it_has() -> None:
    found = [f"{name(path)}:{node.lineno}" for path in ROOM for node in _asked(tree(path))]  # type: ignore[attr-defined]
    assert found == []


def test_no_code_writes_the_name_of_a_step_anew() -> None:
    found = [
        f"{name(path)}:{node.lineno} {node.value}"
        for path in ROOM
        if name(path) != DEFINITIONS
        for node in _written(path)
        if node.value in SLUGS
    ]
    assert found == []


def _asked_in(text: str) -> list[str]:
    """Tags of a template that compare a step's name, or write one."""
    tags = ["".join(groups) for groups in TAG.findall(text)]
    compared = [tag for tag in tags if ASKED.search(tag) and not tag.strip().startswith("for ")]
    return compared + [
        tag for tag in tags if tag.strip().startswith(("url ", "address ")) and SLUGS & set(WORD.findall(tag))
    ]


def test_no_page_asks_which_step_it_has() -> None:
    pages = [
        path
        for path in files()
        if path.is_relative_to(ROOT / "templates") and path.suffix in {".html", ".txt"}
    ]
    assert len(pages) > 50
    assert [f"{name(path)}: {tag}" for path in pages for tag in _asked_in(path.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    "code",
    [
        'record.slug == "csr"',
        'record.slug in ("csr", "pfx")',
        '"csr" != slug',
        "record.slug == StepSlug.CSR",
        "StepSlug.CSR in record.definition.needs",
        'match record.slug:\n    case "csr":\n        pass',
        'NOTES = {"csr": "x", "pfx": "y"}',
    ],
)
def test_each_way_to_ask_is_seen(code: str) -> None:
    assert list(_asked(ast.parse(code)))


@pytest.mark.parametrize(
    "text",
    [
        '{% if record.slug == "csr" %}x{% endif %}',
        '{% if x and record.slug != "csr" %}x{% endif %}',
        '{% if "csr" == page.record.slug %}x{% endif %}',
        '{% url "journey:step" onboarding.code "dip-upload" as step_url %}',
        "{% address 'journey:step' onboarding.code 'dip-upload' %}",
    ],
)
def test_each_way_to_ask_in_a_page_is_seen(text: str) -> None:
    assert _asked_in(text)
