"""The documentation: commands that it shows exist, and links inside the checkout lead somewhere.

Whether it is well written is for people.
"""

import ast
import re
import subprocess
import sys
from pathlib import Path

from tests.house.checkout import ROOT, files, name, place_exists, tree

FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.M | re.S)
COMMAND = re.compile(r"^\s*(?:\$ )?(?:[A-Z_]+=\S+ )*\./run[ \t]+([a-z]+)", re.M)
CODE = re.compile(r"`([^`\n]+)`")
FILE = re.compile(r"\w[\w.-]*(/[\w.-]+)*(/|\.(py|md|html|js|txt|ya?ml|toml|scss|example))")
# What a run leaves behind, what an operator brings, and what the local Atlas keeps in its own folder.
NOT_COMMITTED = {".demo/", "sbom/", "static/build/", ".env", "docker-compose.override.yml"}
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")


def _pages() -> list[Path]:
    return [path for path in files() if path.suffix == ".md"]


def _commands() -> set[str]:
    shown = subprocess.run([sys.executable, ROOT / "run"], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"^  ([a-z]+) ", shown, re.M))


def test_the_first_pages_are_there() -> None:
    missing = [
        page
        for page in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE")
        if not (ROOT / page).exists()
    ]
    assert missing == []


def test_every_command_that_is_shown_exists() -> None:
    known = _commands()
    unknown = [
        f"{name(page)}: ./run {command}"
        for page in _pages()
        for block in FENCE.findall(page.read_text("utf-8"))
        for command in COMMAND.findall(block)
        if command not in known
    ]
    assert unknown == []


def test_every_command_has_a_line_of_help() -> None:
    assert {"demo", "test", "lint", "bench", "walk", "tour", "assets", "lock", "shell"} <= _commands()


def test_links_inside_the_checkout_lead_somewhere() -> None:
    broken = [
        f"{name(page)}: {target}"
        for page in _pages()
        for target in (a or b for a, b in LINK.findall(FENCE.sub("", page.read_text("utf-8"))))
        if not re.match(r"[a-z]+:|#", target) and not (page.parent / target.partition("#")[0]).exists()
    ]
    assert broken == []


def test_every_attack_that_is_tried_stands_in_the_threats_and_every_named_one_is_tried() -> None:
    page = (ROOT / "docs" / "threats.md").read_text("utf-8")
    named = set(re.findall(r"`(test_\w+)`", page))
    tried = {path.stem for path in (ROOT / "tests" / "attacks").glob("test_*.py")}
    assert named == tried
    paths = re.findall(r"`(tests/[\w/.]+)`", page)
    assert [path for path in paths if not (ROOT / path).exists()] == []


def _named(page: Path) -> set[str]:
    """What stands in code type in a page's text."""
    return set(CODE.findall(FENCE.sub("", page.read_text("utf-8"))))


def test_every_function_that_is_named_with_its_file_exists() -> None:
    places = {
        (name(page), each)
        for page in _pages()
        for each in _named(page)
        if re.fullmatch(r"[\w/.]+::[\w.]+", each)
    }
    assert len(places) > 100
    assert sorted(place for place in places if not place_exists(place[1])) == []


def test_every_file_that_is_named_exists() -> None:
    """By its path from the top of the checkout, or by the end of it; ROOM is any. The change log may name what was."""
    known = {f"/{part}" for path in files() for part in _ends(name(path))}
    named = {(name(page), each) for page in _pages() if page.name != "CHANGELOG.md" for each in _named(page)}
    wanted = {(page, each) for page, each in named if FILE.fullmatch(each) and "ROOM" not in each}
    assert len(wanted) > 200
    assert (
        sorted((page, each) for page, each in wanted if f"/{each}" not in known and each not in NOT_COMMITTED)
        == []
    )


def test_every_file_that_a_modules_docstring_names_exists() -> None:
    known = {part for path in files() for part in _ends(name(path))}
    named = {
        (name(path), each)
        for path in files()
        if path.suffix == ".py"
        for each in re.findall(r"(?<![.\w])[\w/]+\.py\b", ast.get_docstring(tree(path)) or "")
    }
    assert len(named) > 200
    assert sorted((path, each) for path, each in named if each not in known) == []


def _ends(path: str) -> set[str]:
    """Of `a/b/c.py`: itself, `b/c.py`, `c.py`, and the folders `a/`, `a/b/`, `b/`."""
    parts = path.split("/")
    folders = parts[:-1]
    found = {"/".join(parts[start:]) for start in range(len(parts))}
    return found | {
        "/".join(folders[start:end]) + "/" for end in range(1, len(parts)) for start in range(end)
    }
