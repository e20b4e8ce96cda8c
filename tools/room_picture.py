"""`python -m tools.room_picture`: draw the picture of rooms and arrows in docs/architecture.md again.

It is made from the contracts of import-linter in pyproject.toml and from nothing else; `./run lint` holds the code to
them, and tests/house/test_architecture.py the picture.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from tools.console import ROOT, print_status

CONTRACTS, PAGE = ROOT / "pyproject.toml", ROOT / "docs" / "architecture.md"
BEGIN = "<!-- rooms: made by `python -m tools.room_picture`; do not edit -->"
END = "<!-- end of the rooms -->"
MAY, MUST_NOT = "-->", "--x"


def read_contracts() -> dict[str, Any]:
    """The section tool.importlinter of pyproject.toml."""
    section: dict[str, Any] = tomllib.loads(CONTRACTS.read_text("utf-8"))["tool"]["importlinter"]
    return section


def draw(linter: dict[str, Any]) -> str:
    """The contracts as a Mermaid flowchart: `-->` may import, `--x` must not."""
    picture = _Picture(linter)
    lines = ["```mermaid", "flowchart TD", *picture.nodes(), *picture.arrows(), "```"]
    return "\n".join(lines) + "\n"


def place(page: str, picture: str) -> str:
    """The page with this picture between its two marks. ValueError where a mark is missing."""
    before, _, rest = page.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise ValueError(f"The page lacks {BEGIN} or {END}.")
    return f"{before}{BEGIN}\n\n{picture}\n{END}{after}"


class _Picture:
    """What the contracts name. Modules inside a package that lie in no room of their own are the package's rest."""

    def __init__(self, linter: dict[str, Any]) -> None:
        self.roots: list[str] = linter["root_packages"]
        self.contracts: list[dict[str, Any]] = linter["contracts"]
        self.whole = {package for each in self.contracts for package in each.get("containers", [])}
        self.rooms = sorted({room for each in self.contracts for room in self._rooms(each)})
        self.outside = sorted(
            {
                name
                for each in self.contracts
                for name in each.get("forbidden_modules", [])
                if self._root(name) == ""
            }
        )

    def nodes(self) -> Iterator[str]:
        """A box for each package that has rooms, all packages in one; then what must not be imported."""
        yield "  subgraph product"
        for root in self.roots:
            inside = [room for room in self.rooms if self._root(room) == root]
            if not inside:
                yield f'    {root}["{root}/"]'
                continue
            yield f'    subgraph {root}["{root}/"]'
            if root not in self.whole:
                yield f'      {root}.rest["the rest of {root}/"]'
            yield from (f'      {room}["{room.replace(".", "/")}/"]' for room in inside)
            yield "    end"
        yield "  end"
        yield from (f'  {name}(["{name}"])' for name in self.outside)

    def arrows(self) -> Iterator[str]:
        """One line for each arrow, under the name of its contract."""
        for each in self.contracts:
            yield f"  %% {each['name']}"
            yield from (f"  {one} {kind} {other}" for one, kind, other in _once(self._arrows(each)))

    def _rooms(self, contract: dict[str, Any]) -> Iterator[str]:
        for package in contract.get("containers", []):
            yield from (f"{package}.{name}" for layer in contract["layers"] for name in _split(layer))
        for key in ("source_modules", "protected_modules", "allowed_importers"):
            yield from (name for name in contract.get(key, []) if "." in name)

    def _arrows(self, contract: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
        if contract["type"] == "layers":
            for container in contract.get("containers", [""]):
                yield from _layer_arrows(f"{container}." if container else "", contract["layers"])
        elif contract["type"] == "protected":
            for room in contract["protected_modules"]:
                yield from ((importer, MAY, room) for importer in contract["allowed_importers"])
        elif contract["type"] == "forbidden":
            sources = contract["source_modules"]
            for source in ["product"] if set(sources) == set(self.roots) else sources:
                yield from ((source, MUST_NOT, self._node(each)) for each in contract["forbidden_modules"])
        else:
            raise ValueError(f"{contract['name']}: nobody has said how a contract of this type is drawn.")

    def _node(self, module: str) -> str:
        """The box in which a module lies."""
        if module in self.rooms or module in self.outside:
            return module
        return f"{self._root(module)}.rest"

    def _root(self, module: str) -> str:
        root = module.partition(".")[0]
        return root if root in self.roots else ""


def _layer_arrows(prefix: str, layers: list[str]) -> Iterator[tuple[str, str, str]]:
    for upper, lower in pairwise(layers):
        for one in _split(upper):
            yield from ((prefix + one, MAY, prefix + other) for other in _split(lower))


def _split(layer: str) -> list[str]:
    return [name.strip() for name in layer.split("|")]


def _once(arrows: Iterable[tuple[str, str, str]]) -> Iterable[tuple[str, str, str]]:
    return dict.fromkeys(arrows)


def main() -> int:
    """Write the picture into the page."""
    PAGE.write_text(place(PAGE.read_text("utf-8"), draw(read_contracts())), encoding="utf-8")
    print_status(f"{PAGE.relative_to(ROOT)} shows the rooms as the contracts have them.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
