"""docs/operations.md lists every event and every field of the security log, and no other.

Whether each is written is tested in tests/attacks/test_security_events.py.
"""

import inspect
import re

from onboarding.audit import security_log
from onboarding.audit.security_log import SecurityEvent
from tests.house.checkout import ROOT

TESTS = (ROOT / "tests" / "attacks" / "test_security_events.py").read_text("utf-8")


def _first_words(heading: str) -> set[str]:
    """The words in code at the beginning of each row of the table under this heading."""
    text = (ROOT / "docs" / "operations.md").read_text("utf-8")
    part = text.partition(f"\n{heading}\n")[2].partition("\n#")[0]
    return {
        word
        for line in part.splitlines()
        if line.startswith("| `")
        for word in re.findall(r"`([^`]+)`", line.split("|")[1])
    }


def test_every_event_is_explained() -> None:
    assert _first_words("### Events of the security log") == {str(event) for event in SecurityEvent}


def test_every_field_is_explained() -> None:
    written = set(re.findall(r'^        "(\w+)": ', inspect.getsource(security_log.log_event), re.M))
    assert len(written) == 11
    assert _first_words("### Fields of the security log") == written


def test_every_event_is_tested() -> None:
    assert [str(event) for event in SecurityEvent if f'"{event}"' not in TESTS] == []
