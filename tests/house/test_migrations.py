"""A migration does the same in every later version: it takes no list, word or rule from code that goes on changing."""

from tests.house.checkout import ROOMS, ROOT, imports, name

# Functions that take what they are to do as an argument, and text that says of itself that it never changes.
STEADY = (
    "certs.clock",
    "certs.constraints",
    "certs.triggers",
    "onboarding.journey.step_list",
    "onboarding.journey.deadlines.working_days",
)
FIRST = "0001_initial.py"  # written by Django, and released: it names defaults of columns only


def test_migrations_import_nothing_that_changes() -> None:
    found = [
        f"{name(path)}:{line} imports {imported}"
        for room in ROOMS
        for path in sorted((ROOT / room).glob("**/migrations/0*.py"))
        if path.name != FIRST
        for line, imported in imports(path)
        if imported.split(".")[0] in ROOMS and not imported.startswith(STEADY)
    ]
    assert found == []
