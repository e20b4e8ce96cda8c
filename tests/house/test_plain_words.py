"""Words that no page, email or document uses, each with what the portal says instead.

The words are looked for in templates and in the strings of the rooms, without docstrings: comments are for engineers.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.checkout import ROOT

INSTEAD = {
    r"e-mails?\b(?!-late)": "email",  # the one code of a problem is stored in events and keeps its spelling
    r"look(ing)? into (your|the folder)": "check your email, check your spam folder",
    r"show that it is you": "confirm it's you",
    r"you wait for nobody": "you are not waiting for anyone",
    r"nothing waits for you": "you have nothing to do",
    r"from outside was let in": "external access",
    r"must be mended": "needs fixing",
    r"mend(s|ed|ing)?": "fix",
    r"second proof": "two-step verification",
    r"bring the csr": "upload the CSR",
    r"look before you send": "preview",
    r"who holds what": "assigned to",
    r"the machinery": "system health",
    r"your move": "for you to do",
    r"anew": "again",
    r"afresh": "again",
    r"at hand": "ready",
    r"let in to": "have access to",
    r"passed on": "shared",
    # Doubts of ours about what the programme means: a page says what to do if it turns out otherwise.
    r"(most likely|probably|presumably|apparently)": "what to do if it turns out otherwise",
    r"we (think|believe|assume|suppose|guess)": "what to do if it turns out otherwise",
    r"(it is|is) (not clear|unclear)": "what to do if it turns out otherwise",
    r"as far as we know": "what to do if it turns out otherwise",
    r"(the programme|the guidance|nobody) does not say": "what to do if it turns out otherwise",
    r"(not stated|no (limit|time) is published|no published time)": "what to do when it is late",
}
NEVER = re.compile("|".join(rf"\b(?:{word})\b" for word in INSTEAD), re.IGNORECASE)


def _templates() -> Iterator[tuple[Path, str]]:
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in (".html", ".txt"):
            yield path, re.sub(r"\{[%#].*?[%#]\}", _keep_sentences, path.read_text(), flags=re.DOTALL)


def _keep_sentences(tag: re.Match[str]) -> str:
    """Of a tag only what stands in double quotes is said to people; a comment says nothing."""
    return " ".join(re.findall(r'"([^"]*)"', tag[0])) if tag[0].startswith("{%") else ""


def _strings() -> Iterator[tuple[Path, str]]:
    for room in ("onboarding", "certs", "config", "demo"):
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, "\n".join(_said(ast.parse(path.read_text())))


def _said(tree: ast.Module) -> Iterator[str]:
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    heads = {
        id(node.body[0].value) for node in ast.walk(tree) if isinstance(node, owners) and _has_docstring(node)
    }  # type: ignore[attr-defined]
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in heads:
            yield node.value


def _has_docstring(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return ast.get_docstring(node, clean=False) is not None


def find_words(text: str) -> list[str]:
    """The words in a text that the portal does not use."""
    return [match[0] for match in NEVER.finditer(text)]


def test_no_page_and_no_sentence_uses_a_word_that_has_a_plainer_one() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {word}"
        for path, text in (*_templates(), *_strings())
        for word in find_words(text)
    }
    assert not found, "\n".join(sorted(found))


@pytest.mark.parametrize(
    "sentence",
    [
        "Look into your email",
        "Send an E-mail",
        "Your move",
        "Must be mended: the CSR",
        "made anew",
        "These are most likely the steps",
        "We think that it counts",
        "No time is published for this",
    ],
)
def test_such_a_word_is_found(sentence: str) -> None:
    assert find_words(sentence)


def test_plain_words_are_left_alone() -> None:
    assert not find_words("Check your email. We recommend an amendment; a problem is called e-mails-late.")
