"""The scripts for Windows: by the rules of batch files, and run where a program that knows them is installed.

Wine's cmd runs the one, PowerShell (pwsh) the other; where a program is missing its tests are skipped. Wine starts the
machine's own openssl and does not wait for it, so these tests do.
"""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from onboarding.clients.bulk_steps import CSRS, PFXS, BulkStep
from onboarding.clients.scripts import KINDS
from onboarding.clients.targets import list_targets
from onboarding.journey.models import Onboarding
from onboarding.people.models import User
from tests.clients.factories import make_client
from tests.handover.factories import make_dana

EVIL = (
    "O'Brien & Sons %PATH% !x! ^ | > pwned $(touch pwned) `touch pwned` ‘;touch pwned’ “x” – # {@(1)}"
    "\n\techo x > pwned"
)
LONGEST_LINE = 8191  # of the command prompt (Microsoft, KB 830473)
PATIENCE = 120  # seconds, as a key may take some
WORKS = pytest.mark.parametrize("work", [CSRS, PFXS], ids=["csr", "pfx"])
Run = Callable[[str, Path], subprocess.CompletedProcess[str]]


@pytest.fixture
def dana(db: None) -> User:
    return make_dana()


@pytest.fixture
def cases(dana: User) -> list[Onboarding]:
    """Two clients with the nastiest name that a company may have; both steps are open."""
    made = [make_client(number, dana, EVIL) for number in range(2)]
    for case in made:
        case.steps.filter(slug__in=("csr", "pfx")).update(state="open")
    return made


def _script(user: User, work: BulkStep, shell: str) -> str:
    return KINDS[shell].build(work, list_targets(user, work)).decode("utf-8-sig")


def _stems(cases: list[Onboarding]) -> list[str]:
    return [f"apicert-{case.code.lower()}" for case in cases]


@WORKS
def test_a_batch_file_holds_nothing_that_cmd_would_expand_or_split(
    dana: User, cases: list[Onboarding], work: BulkStep
) -> None:
    script = _script(dana, work, "cmd")
    assert script.isascii()
    lines = script.split("\r\n")
    assert "\n" not in "".join(lines)
    assert lines[1] == "setlocal EnableExtensions DisableDelayedExpansion"
    for line in lines:
        assert len(line) < LONGEST_LINE
        ours = re.sub(
            r"%%F|%%~zF|%missing%|^@echo off$|>nul 2>nul \|\| |& (?=set missing=1|exit /b 1)", "", line
        )
        assert not re.search(r"[%!^<>|&@`]", ours), line
        assert line.count("(") == line.count(")")
        for said in re.findall(r"echo ([^&)]*)", line):
            assert "(" not in said, "a bracket in a text would end the block around it"
    assert len([line for line in lines if line.startswith("echo ")]) == len(cases)


@pytest.fixture(scope="session")
def wine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Runs a batch file with Wine's cmd in a folder, with openssl on its PATH."""
    if shutil.which("wine") is None or shutil.which("wineserver") is None:
        pytest.skip("Wine is not installed: sudo apt-get install -y --no-install-recommends wine wine64")
    home = tmp_path_factory.mktemp("wine")
    (home / "bin").mkdir()
    (home / "bin" / "openssl.exe").symlink_to(str(shutil.which("openssl")))
    path = "Z:" + str(home / "bin").replace("/", "\\")
    env = os.environ | {
        "WINEPREFIX": str(home / "prefix"),
        "WINEDEBUG": "-all",
        "WINEPATH": path,
        "WINEARCH": "win64",
    }

    def call(*words: str, folder: Path = home) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words, cwd=folder, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False
        )

    def run(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
        (folder / "script.cmd").write_bytes(script.encode("ascii"))
        return call("wine", "cmd", "/c", "script.cmd", folder=folder)

    call("wineboot", "-i")
    yield run
    call("wineserver", "-k")


def _for_wine(script: str) -> str:
    """With small keys, and without the line that asks openssl for its version: Wine learns no answer from it."""
    first, asked = script.split("openssl version", 1)
    return first + "rem" + asked[asked.index("\r\n") :].replace("rsa:4096", "rsa:2048")


def _wait_for(*files: Path) -> None:
    end = time.monotonic() + PATIENCE
    while not all(file.exists() and file.stat().st_size for file in files):
        assert time.monotonic() < end, f"not there: {files}"
        time.sleep(0.1)


def test_cmd_makes_every_csr_and_replaces_nothing(
    dana: User, cases: list[Onboarding], tmp_path: Path, wine: Run
) -> None:
    script = _for_wine(_script(dana, CSRS, "cmd"))
    wine(script, tmp_path)
    made = [tmp_path / f"{stem}.{kind}" for stem in _stems(cases) for kind in ("key", "csr")]
    _wait_for(*made)
    for stem in _stems(cases):
        shown = ["openssl", "req", "-in", f"{stem}.csr", "-noout", "-subject", "-verify"]
        asked = subprocess.run(shown, cwd=tmp_path, capture_output=True, text=True, check=True)
        assert "CN = onboarding_key" in asked.stdout
    before = {path.name: path.read_bytes() for path in made}
    again = wine(script, tmp_path)
    assert again.returncode == 0
    for case, stem in zip(cases, _stems(cases), strict=True):
        assert f"{case.code}\n{stem}.key is there already. Nothing was changed.\n" in again.stdout.replace(
            "\r", ""
        )
    assert {path.name: path.read_bytes() for path in made} == before
    assert {path.name for path in tmp_path.iterdir()} == {*before, "script.cmd"}


def test_cmd_names_what_is_missing_for_a_pfx_and_what_is_empty(
    dana: User, cases: list[Onboarding], tmp_path: Path, wine: Run
) -> None:
    one, two = _stems(cases)
    (tmp_path / f"{one}.pfx").touch()
    (tmp_path / f"{two}.key").write_text("k")
    ran = wine(_for_wine(_script(dana, PFXS, "cmd")), tmp_path)
    assert ran.returncode == 1
    assert f"{one}.pfx is there already. Nothing was changed." in ran.stdout
    assert f"{two}.cer is not in this folder." in ran.stdout
    for stem in (one, two):
        assert f"{stem}.pfx is missing" in ran.stdout


@WORKS
def test_powershell_runs_its_script(
    dana: User, cases: list[Onboarding], tmp_path: Path, work: BulkStep
) -> None:
    if shutil.which("pwsh") is None:
        pytest.skip("PowerShell (pwsh) is not installed")
    script = _script(dana, work, "powershell").replace("rsa:4096", "rsa:2048")
    (tmp_path / "script.ps1").write_text(script, encoding="utf-8-sig")
    call = ["pwsh", "-NoProfile", "-File", "script.ps1"]
    ran = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert ran.returncode == (0 if work is CSRS else 1), ran.stderr
    assert not (tmp_path / "pwned").exists()
    assert " ".join(EVIL.split()) in ran.stdout
    for stem in _stems(cases):
        assert (tmp_path / f"{stem}.csr").exists() == (work is CSRS)
        assert (f"{stem}.key is not in this folder." in ran.stdout) == (work is PFXS)
