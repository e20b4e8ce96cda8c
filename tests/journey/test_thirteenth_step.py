"""How to add a step, tried: a thirteenth one goes into a copy of the checkout by the list in CONTRIBUTING.md alone.

What is added is in thirteenth_step.py; what the portal does before and after it, in thirteenth_step_walk.py.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from onboarding.journey.steps import ORDER
from tests.conversion.earlier import empty_database
from tests.databases import on_postgresql
from tests.house.checkout import ROOT, files, name
from tests.journey.thirteenth_step import ADDITIONS, MIGRATION, OPERATIONS, SLUG

pytestmark = on_postgresql

NEEDED = (
    "onboarding",
    "certs",
    "atlas",
    "config",
    "templates",
    "static",
    "tests",
    "tools",
    "docs",
    "manage.py",
)
GENERATED = "docs/journey.md"
WALK = "tests.journey.thirteenth_step_walk"


def _listed(heading: str) -> list[str]:
    """The files and folders that the table under this heading of CONTRIBUTING.md names."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    section = text.split(f"{heading}\n")[1].split("\n#")[0]
    return [
        path for row in re.findall(r"^\| (`.*?) \|", section, re.M) for path in re.findall(r"`([^`]+)`", row)
    ]


def _touched() -> set[str]:
    return {each.path for each in ADDITIONS} | {MIGRATION, GENERATED}


def test_the_list_names_what_is_touched_and_nothing_else() -> None:
    listed = _listed("## To add a step to the journey")
    under = {path: [each for each in _touched() if each.startswith(path)] for path in listed}
    assert [path for path, touched in under.items() if not touched] == []
    assert _touched() - {each for touched in under.values() for each in touched} == set()
    assert [path for path in listed if not (ROOT / path).exists()] == []


def test_those_who_walk_the_whole_journey_are_there() -> None:
    listed = _listed("### Who walks the whole journey")
    assert listed
    assert [path for path in listed if not (ROOT / path).exists()] == []


def _copy(to: Path) -> Path:
    for path in files():
        place = Path(name(path))
        if place.parts[0] in NEEDED and place.parts[:2] != ("docs", "tour"):
            (to / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, to / place)
    (to / "static" / "build").symlink_to(ROOT / "static" / "build")
    return to


def _run(folder: Path, environment: dict[str, str], *command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-1000:] + done.stderr[-5000:]
    return done.stdout


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """How the portal stands before and after, as it says itself."""
    folder = _copy(tmp_path_factory.mktemp("checkout"))
    with empty_database("postgresql", folder) as database:
        environment = {**os.environ, **database.environment, "DJANGO_SETTINGS_MODULE": "config.settings"}
        before = json.loads(_run(folder, environment, "-m", WALK, "before").splitlines()[-1])
        for each in ADDITIONS:
            each.apply(folder)
        migration = Path(MIGRATION).stem.partition("_")[2]
        _run(folder, environment, "manage.py", "makemigrations", "journey", "--name", migration)
        with (folder / MIGRATION).open("a") as file:
            file.write(OPERATIONS)
        after = json.loads(_run(folder, environment, "-m", WALK, "after").splitlines()[-1])
        yield {"before": before, **after}


def test_an_onboarding_under_way_gets_the_step_and_what_has_begun_goes_on(told: dict[str, Any]) -> None:
    early, late = told["migrated"]["early"], told["migrated"]["late"]
    assert early["states"] == {**told["before"]["early"]["states"], SLUG: "locked"}
    assert early["current"] == told["before"]["early"]["current"] == "quote"
    assert late["states"] == {**told["before"]["late"]["states"], SLUG: "waiting"}
    assert (late["states"]["csr"], late["current"]) == ("open", SLUG)


def test_one_that_is_over_stays_over(told: dict[str, Any]) -> None:
    complete, withdrawn = told["migrated"]["complete"], told["migrated"]["withdrawn"]
    assert (complete["status"], complete["current"], {*complete["states"].values()}) == (
        "completed",
        "",
        {"done"},
    )
    assert withdrawn["states"] == {**told["before"]["withdrawn"]["states"], SLUG: "locked"}
    assert withdrawn["status"] == "withdrawn"


def test_the_projection_and_the_audit_trail_agree_with_the_tables(told: dict[str, Any]) -> None:
    for projection, audit in (told["after migrate"], told["at the end"]):
        assert "every projection equals the facts" in projection
        assert "every chain is whole, and the tables say the same" in audit
    assert "no issues" in told["check"]


def test_the_step_is_done_on_its_page_by_whose_it_is(told: dict[str, Any]) -> None:
    page = told["page"]
    assert "Waiting for a second Certificate Admin in your team here" in page["waiting"]
    assert (page["opened"], page["refused"], page["done"]) == ("open", [403, 404], "done")
    assert "Certificate Admins here 2" in page["page"]
    assert "Add a second Certificate Admin" in page["journey"]
    assert "Added in Atlas on" in page["journey"]


def test_a_whole_journey_goes_through_it(told: dict[str, Any]) -> None:
    early = told["walked"]["early"]
    assert (early["status"], {*early["states"].values()}) == ("completed", {"done"})
    assert len(early["states"]) == len(ORDER) + 1
    assert list(early["states"])[list(early["states"]).index("quote") + 1] == SLUG
