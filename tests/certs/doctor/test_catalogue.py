"""Every fault of the catalogue is made, found and, where a command fixes it, fixed to a clean bill.

The page docs/doctor.md says the same.
"""

from __future__ import annotations

import fnmatch
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from certs.doctor.examiner import Examination, examine, examine_or_raise
from certs.findings import Command, Finding
from tests.certs.doctor import key_blocklist
from tests.certs.doctor.catalogue import PAGE, page
from tests.certs.doctor.csr_samples import listed_key
from tests.certs.doctor.sample import CLEAN_COPY, CSR, PRINTED, Sample, fill
from tests.certs.doctor.samples import SAMPLES
from tests.certs.shells import run

pytestmark = pytest.mark.usefixtures("openssl")
EACH = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
MENDED = pytest.mark.parametrize("sample", [s for s in SAMPLES if s.fixed], ids=lambda sample: sample.name)
MADE: dict[str, bytes] = {}  # a new key and CSR takes seconds: each command that makes one is run once


@pytest.fixture(autouse=True)
def known_keys(tmp_path_factory: pytest.TempPathFactory, settings: Any) -> None:
    """The list that operators bring."""
    path = key_blocklist.write(
        tmp_path_factory.mktemp("known") / "blocklist.dat", [listed_key().public_key()]
    )
    settings.PORTAL = settings.PORTAL.model_copy(update={"weak_keys": path})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    fill(tmp_path)
    return tmp_path


def found(sample: Sample, folder: Path) -> tuple[bytes, Examination, Finding]:
    """The sample, what the doctor says about it, and the finding that it is a sample of."""
    if sample.tool in ("keytool", "pk12util", "ssh-keygen") and not shutil.which(sample.tool):
        pytest.skip(f"{sample.tool} is not here")
    data = sample.make(folder)
    seen = examine_or_raise(data, sample.file)
    matching = [each for each in seen.findings if each.code == sample.code]
    assert matching, [each.code for each in seen.findings]
    return data, seen, matching[0]


@EACH
def test_the_fault_is_found(sample: Sample, folder: Path) -> None:
    _, seen, one = found(sample, folder)
    assert one.seen
    assert one.why
    assert one.fix
    assert seen.ok is not any(each.severity == "error" for each in seen.findings)


@MENDED
def test_the_repair_leads_to_a_clean_bill(sample: Sample, folder: Path) -> None:
    data, seen, one = found(sample, folder)
    if sample.fixed == CLEAN_COPY:
        clean = examine_or_raise(seen.artifacts[0].pem.encode())
    else:
        (folder / sample.file).write_bytes(data)
        clean = examine_or_raise(
            fixed(sample, next(each for each in one.commands if each.shell == "bash"), folder)
        )
    assert clean.ok, [each.code for each in clean.findings]
    assert sample.code not in [each.code for each in clean.findings]


def fixed(sample: Sample, command: Command, folder: Path) -> bytes:
    """Run the command, each line by itself as a person does, and answer the file in which it ends."""
    text = re.sub(r"apicert-\d{8}-\d{6}", "", command.text)
    if text in MADE:
        return MADE[text]
    printed = "".join(
        run(replace(command, text=line), folder, sample.typed) for line in command.text.splitlines()
    )
    if sample.fixed == PRINTED:
        assert printed
        return (folder / CSR).read_bytes()
    (path,) = [path for path in folder.iterdir() if fnmatch.fnmatch(path.name, sample.fixed)]
    made = path.read_bytes()
    if "openssl req -new" in text:
        MADE[text] = made
    return made


def test_the_catalogue_has_at_least_sixty_faults_each_with_a_name_of_its_own() -> None:
    assert len(SAMPLES) >= 60
    assert len({sample.name for sample in SAMPLES}) == len(SAMPLES)
    assert len({sample.code for sample in SAMPLES}) >= 60


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == page()


def test_no_sample_makes_the_doctor_faint() -> None:
    assert examine(b"\x30\x82").kind == "unknown"
