"""The doctor's words: whole sentences, every code in use, and nothing from outside that could break a page."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from certs import findings
from certs.findings import Finding, InvalidArtifact, Part, catalogue, errors, refuse_errors
from certs.findings.catalogue import CATALOGUE, finding
from certs.findings.codes import FindingCode

ROOM = Path(findings.__file__).parent.parent
SOURCES = [path.read_text("utf-8") for path in ROOM.rglob("*.py")]
SAYING = "".join(
    text for text in SOURCES if "\nENTRIES" not in text
)  # those that choose, not those that word
CODE = pytest.mark.parametrize("code", CATALOGUE)


def filled(code: FindingCode) -> Finding:
    """The finding, each of its facts in angle brackets."""
    entry = CATALOGUE[code]
    parts = Formatter().parse(entry.seen + entry.why + entry.fix)
    facts: dict[str, Any] = {name: f"<{name}>" for _, name, _, _ in parts if name}
    if "about" in facts:
        facts["about"] = Part.API_SECRET
    return finding(code, **facts)


@CODE
def test_each_finding_says_what_was_seen_why_it_matters_and_how_to_mend_it(code: FindingCode) -> None:
    said = filled(code)
    for sentence in (said.seen, said.why, said.fix):
        assert sentence[0].isupper() or sentence[0] == "<"
        assert sentence[-1] in ".>", sentence
        assert "{" not in sentence
        assert len(sentence) < 300
    assert said.code == code
    assert said.severity in ("error", "warning", "info")


@CODE
def test_each_code_is_said_somewhere_and_tested_somewhere(code: FindingCode) -> None:
    assert re.search(rf"\bFindingCode\.{code.name}\b", SAYING)
    here = Path(__file__).parent
    tests = "".join(path.read_text("utf-8") for path in here.rglob("*.py"))
    assert f'"{code}"' in tests


def test_every_code_has_words() -> None:
    assert set(CATALOGUE) == set(FindingCode)
    assert all(isinstance(code, FindingCode) for code in CATALOGUE)


def test_an_error_that_a_command_mends_has_it_for_every_shell() -> None:
    shown = [filled(code).commands for code in CATALOGUE]
    for commands in filter(None, shown):
        shells = {command.shell for command in commands}
        assert shells in (
            {"key-vault"},
            {"bash", "git-bash", "powershell", "cmd"},
            {"powershell", "cmd"},  # of Windows' own tools
        )


def test_what_comes_from_outside_is_one_short_line_of_printable_text() -> None:
    said = finding(FindingCode.CSR_SUBJECT_OTHER, subject="a\x1b[31m\n\u202eb" + "x" * 500).seen
    assert said.isprintable()
    assert len(said) < 200


def test_a_fact_in_braces_is_not_filled_in_again() -> None:
    assert "{why}" in finding(FindingCode.CSR_SUBJECT_OTHER, subject="{why} {0}").seen


def test_a_missing_fact_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        finding(FindingCode.CSR_KEY_SMALL)


def test_a_fault_tells_errors_first_and_keeps_the_remarks() -> None:
    note, error = finding("pem-utf16"), finding(FindingCode.CSR_SUBJECT_EMPTY)
    invalid = InvalidArtifact([note, error])
    assert invalid.findings == (error, note)
    assert invalid.codes == ("csr-subject-empty", "pem-utf16")
    assert str(invalid) == f"{error.seen} {error.why} {error.fix}"


def test_remarks_alone_refuse_nothing() -> None:
    note = finding("pem-utf16")
    refuse_errors([note])
    assert errors([note]) == ()
    with pytest.raises(InvalidArtifact):
        refuse_errors(iter([note, finding(FindingCode.CSR_SIGNATURE)]))


def test_a_finding_is_plain_data() -> None:
    assert isinstance(finding("pem-utf16"), Finding)
    assert hash(finding("pem-utf16")) == hash(finding("pem-utf16"))
    assert catalogue.MAX_FACT_LENGTH == 160
