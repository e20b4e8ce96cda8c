"""What must not be in any template: inline scripts and styles, fonts and marks that are not ours, links without a name.

Style is djlint's business (pyproject.toml).
"""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

TEMPLATES = Path(settings.BASE_DIR) / "templates"
SOURCES = Path(settings.BASE_DIR) / "static" / "src"
PAGES = sorted(TEMPLATES.rglob("*.html"))
# Python that holds markup: docs/decisions/0013-markup-by-functions.md
MARKUP = sorted((Path(settings.BASE_DIR) / "onboarding" / "ui").glob("*_markup.py"))
INLINE = re.compile(
    r"""<script(?![^>]*\b(?:src=|type="application/json"))  # neither a file of its own nor data, which is never run
    | <style | \sstyle\s*= | \son[a-z]+\s*=\s*["'] | javascript: | \shx-on | \shx-vals=["']js: """,
    re.IGNORECASE | re.VERBOSE,
)


def _name(path: Path) -> str:
    return str(path.relative_to(TEMPLATES)) if path.is_relative_to(TEMPLATES) else path.name


@pytest.mark.parametrize("path", [*PAGES, *MARKUP], ids=_name)
def test_no_template_holds_inline_scripts_or_styles(path) -> None:
    html = re.sub(r"{%.*?%}", "", path.read_text(encoding="utf-8"))  # a tag may well have an argument "style"
    assert INLINE.findall(html) == []


@pytest.mark.parametrize(
    "text",
    [
        "<script>x()</script>",
        "<p style='a:b'>",
        '<a onclick="x()">',
        "<style>",
        '<a href="javascript:x()">',
        '<p hx-on:click="x">',
    ],
)
def test_the_search_finds_what_it_must_find(text) -> None:
    assert INLINE.search(text)


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_every_template_can_be_read(path) -> None:
    assert get_template(_name(path)).origin.name == str(path)  # and no other application's hides it


def test_every_form_that_posts_carries_the_safety_token() -> None:
    without = []
    for path in PAGES:
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", path.read_text("utf-8"), re.DOTALL):
            if "csrf_token" not in form:
                without.append(_name(path))
    assert without == []


@pytest.mark.parametrize(
    "mark", ["GDS Transport", "crest", "@font-face", "http://", "components/header", "components/footer"]
)
def test_the_style_sheets_load_nothing_that_is_not_ours_to_use(mark) -> None:
    sheets = {path: path.read_text("utf-8") for path in SOURCES.rglob("*.scss")}
    code = {path: re.sub(r"//.*|/\*.*?\*/", "", text) for path, text in sheets.items()}
    assert [path.name for path, text in code.items() if mark in text] == []


def test_every_class_of_ours_that_a_template_uses_is_in_the_style_sheets() -> None:
    styled = " ".join(path.read_text("utf-8") for path in SOURCES.rglob("*.scss"))
    drawn = [path.read_text("utf-8") for path in [*PAGES, *MARKUP]]
    used = {c for text in drawn for c in re.findall(r"\bapp-[a-z]+(?:__[a-z]+)?\b", text)}
    assert {name for name in used if f".{name}" not in styled} <= {"app-copy"}
