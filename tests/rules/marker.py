"""The marker by which a test says which rules and traps of the programme it proves.

On a test, or on one case of it: `pytest.param(..., marks=rule("R8"))`. What the numbers mean is in rules.csv.
"""

import pytest


def rule(*numbers: str) -> pytest.MarkDecorator:
    """Proves these rules (`R1` to `R62`) and traps (`T1` to `T26`)."""
    return pytest.mark.rule(*numbers)
