"""The bench's own arithmetic and output; the measurements themselves are no tests.

Run them with ./run bench.
"""

import json
from pathlib import Path

from bench import harness


def test_a_ratio_above_one_means_that_ours_is_better() -> None:
    faster = harness.compare("a", ours=2, unit="ms", against="theirs", theirs=6)
    more = harness.compare("b", ours=300, unit="/s", against="theirs", theirs=100, better="higher")
    assert (faster.ratio, more.ratio) == (3, 3)


def test_a_figure_without_a_rival_has_no_ratio() -> None:
    assert harness.compare("a", ours=2, unit="ms").ratio is None


def test_the_table_lines_up_and_the_file_holds_what_it_shows(tmp_path: Path) -> None:
    entries = [
        harness.compare("build a PFX", ours=0.9, unit="ms", against="openssl", theirs=7.04),
        harness.compare("journeys", ours=1234.5, unit="/s"),
    ]
    lines = harness.table(entries).splitlines()
    assert lines[2].split("  ")[0] == "build a PFX"
    assert lines[2].endswith("7.82 x")
    assert "1,234 /s" in lines[3] or "1,235 /s" in lines[3]
    written = json.loads(harness.write(entries, tmp_path / "out" / "results.json").read_text())
    assert written["entries"][0].keys() == {"name", "ours", "unit", "against", "theirs", "ratio"}
    assert written["machine"]["cores"] >= 1


def test_words_choose_measurements_by_part_of_their_name() -> None:
    assert harness.chosen(["no such thing"]) == {}
