"""The rows of the matrix for readers that are not on every machine, proved at night where they are installed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.certs.other_programs.programs import MODULES, PATH
from tests.certs.readers import flavours
from tests.certs.readers.matrix import READERS
from tests.certs.readers.probes import PROBES, Probe

pytestmark = [pytest.mark.interop, pytest.mark.nightly]
LETTERS = {0: "o", 3: "-"}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return flavours.write_all(tmp_path_factory.mktemp("flavours"))


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.row)
def test_a_reader_opens_what_its_row_says(probe: Probe, files: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(MODULES)
    if run(probe.needs, tmp_path):
        pytest.skip("not on this machine")
    if probe.file:
        (tmp_path / probe.file).write_text(probe.text)
    assert run(probe.build, tmp_path) == 0
    ended = [run(probe.call, tmp_path, file, flavours.password_of(kind)) for kind, file in files.items()]
    wanted = next(each.results for each in READERS if each.name == probe.row)
    assert "".join(LETTERS.get(each, "x") for each in ended) == wanted


def run(call: str, folder: Path, file: Path | None = None, password: str = "") -> int:
    """How it ended."""
    environment = {**os.environ, "PATH": PATH, "FILE": str(file), "PASSWORD": password}
    done = subprocess.run(
        ["bash", "-c", call], cwd=folder, env=environment, capture_output=True, check=False, timeout=120
    )
    return done.returncode
