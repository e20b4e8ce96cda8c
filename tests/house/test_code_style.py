"""The house's manners that a script can see: small files, short functions, types, docstrings, nothing left behind.

Style is ruff's business (pyproject.toml), arrows are test_arrows.py's.
"""

import ast
import re
import statistics
from pathlib import Path

import pytest

from tests.house.checkout import AROUND, ROOMS, ROOT, files, functions, lines, name, python, tree

CEILING = 300  # lines of any file of ours
OURS = {".py", ".html", ".js", ".scss"}
TEXT = OURS | {
    ".md",
    ".toml",
    ".txt",
    ".json",
    ".yml",
    ".yaml",
    ".css",
    ".svg",
    ".cfg",
    ".ini",
    ".sh",
    ".example",
    "",
}

# The patterns are put together so that this file does not find itself.
LEFT_BEHIND = re.compile(r"\b(?:" + "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX"]) + r")\b")
MACHINE_PATHS = re.compile(r"(?<![\w.}~-])/(?:root|work|home/\w+|tmp/\w+)(?:/|\b)")
ADDRESSES = re.compile(
    "|".join(
        [
            "py" + r"pi\.org",
            "python" + r"hosted\.org",
            r"registry\.(?:npmjs|yarnpkg)",
            r"deb\." + r"debian\.org",
        ]
    )
    + "|--(?:extra-)?"
    + "index-url|--find-"
    + "links"
)
PRIVATE_KEY = re.compile("-----BEGIN [A-Z ]*" + r"PRIVATE KEY-----(?:\\r|\\n|\s)+[A-Za-z0-9+/=]{20}")


def _ours() -> list[Path]:
    return [path for path in files() if path.suffix in OURS and "migrations" not in path.parts] + [
        ROOT / "run"
    ]


def _text_files() -> list[Path]:
    return [path for path in files() if path.suffix in TEXT and path.name != "package-lock.json"]


def _found(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    """place: text, for every line that holds the pattern."""
    return [
        f"{name(path)}:{text.count(chr(10), 0, match.start()) + 1}: {match.group()[:60]}"
        for path in paths
        for text in [path.read_text(encoding="utf-8")]
        for match in pattern.finditer(text)
    ]


def test_no_file_is_longer_than_the_ceiling() -> None:
    long = {name(path): n for path in _ours() if (n := len(path.read_text("utf-8").splitlines())) > CEILING}
    assert long == {}


def test_half_of_the_product_files_are_shorter_than_a_hundred_lines() -> None:
    lengths = [len(path.read_text("utf-8").splitlines()) for path in python(*ROOMS) if path.stat().st_size]
    assert statistics.median(lengths) < 100


def test_functions_are_short() -> None:
    lengths = sorted(lines(function) for path in python(*ROOMS) for function in functions(path))
    assert statistics.median(lengths) < 10
    assert statistics.quantiles(lengths, n=20)[-1] < 40


def test_every_module_says_what_lives_in_it() -> None:
    modules = [
        path for path in [*python(*ROOMS, *AROUND), ROOT / "run", ROOT / "manage.py"] if path.stat().st_size
    ]
    assert [name(path) for path in modules if not ast.get_docstring(tree(path))] == []


def test_every_function_says_what_it_returns() -> None:
    typed = [*python(*ROOMS, "tools", "bench", "docker"), ROOT / "run"]
    silent = [f"{name(p)}:{f.lineno} {f.name}" for p in typed for f in functions(p) if f.returns is None]
    assert silent == []


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(LEFT_BEHIND, id="work left for later"),
        pytest.param(ADDRESSES, id="addresses of package indexes"),
        pytest.param(PRIVATE_KEY, id="private keys"),
    ],
)
def test_nothing_is_committed_that_must_not_be(pattern: re.Pattern[str]) -> None:
    assert _found(pattern, _text_files()) == []


def test_no_file_names_a_place_on_one_machine() -> None:
    assert _found(MACHINE_PATHS, [path for path in _text_files() if path.suffix != ".svg"]) == []


def test_no_file_of_secrets_is_committed() -> None:
    kinds = {".pem", ".key", ".pfx", ".p12", ".jks", ".sqlite3"}
    assert [name(path) for path in files() if path.suffix in kinds or path.name == ".env"] == []
