"""The documentation: commands that it shows exist, and links inside the checkout lead somewhere.

Whether it is well written is for people.
"""

import re
import subprocess
import sys
from pathlib import Path

from tests.house.checkout import ROOT, files, name

FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.M | re.S)
COMMAND = re.compile(r"^\s*(?:\$ )?(?:[A-Z_]+=\S+ )*\./run[ \t]+([a-z]+)", re.M)
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
