"""The main job from outside: `python -m tools.walk` ends with a PFX that other people's programs open.

It starts a demonstration of its own and sees only what people see: pages, emails and files.
"""

import json
import os
import re
import signal
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from onboarding.journey.steps import STEPS
from tests.certs.conftest import program
from tests.house.checkout import ROOT
from tools.walk.people import Company, Person

pytestmark = pytest.mark.long
PATIENCE = 180  # seconds; on an idle machine a walk takes about 20
HURRY = {"DEMO_SPEED": "21600"}  # a day of Atlas's time in four seconds


@dataclass
class Walked:
    """What a walk left behind."""

    said: str
    pfx: Path
    steps: dict[str, float]

    def told(self, label: str) -> str:
        """A value of the walk's ending."""
        found = re.search(rf"^  {re.escape(label)} +(\S.*)$", self.said, re.M)
        assert found, self.said
        return found[1]


def run(*arguments: str) -> tuple[int, str]:
    """Exit status and what was printed; the demonstration is stopped in any case."""
    command = [sys.executable, "-m", "tools.walk", "--fresh", *arguments]
    environment = {**os.environ, **HURRY}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            said, _ = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGTERM)
            said, _ = process.communicate(timeout=30)
            pytest.fail(f"The walk took longer than {PATIENCE} seconds:\n{said}", pytrace=False)
    return process.returncode, said


def walk(folder: Path, *arguments: str) -> Walked:
    pfx, timings = folder / "bundle.pfx", folder / "timings.json"
    status, said = run("--out", str(pfx), "--json", str(timings), *arguments)
    assert status == 0, said
    return Walked(said, pfx, json.loads(timings.read_text())["walks"][0]["steps"])


@pytest.fixture(scope="module")
def with_the_portals_key(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    return walk(tmp_path_factory.mktemp("walk"))


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """With an own key, and a portal that cannot look into Atlas."""
    return walk(tmp_path_factory.mktemp("walk"), "--own-key", "--no-account-api")


def check(walked: Walked) -> None:
    """What every walk ends with, whichever way it went."""
    assert set(walked.steps) == {"arrive", *(step.slug for step in STEPS)}
    assert stat.S_IMODE(walked.pfx.stat().st_mode) == 0o600
    assert "The company has its bundle" in walked.said
    assert "Signed in to Atlas on" in walked.told("Proof")
    fingerprint, serial = opened_by_openssl(walked.pfx)
    assert walked.told("SHA-256 of the certificate").upper() == fingerprint.replace(":", "")
    assert walked.told("Serial number") == serial
    assert fingerprint in opened_by_java(walked.pfx)


def opened_by_openssl(pfx: Path) -> tuple[str, str]:
    """(SHA-256 fingerprint, serial number) of the certificate in a PFX that has a private key too."""
    openssl = program("openssl", "openssl")
    opening = [openssl, "pkcs12", "-in", str(pfx), "-passin", "pass:"]
    opened = subprocess.run([*opening, "-nodes"], capture_output=True, text=True, check=True).stdout
    assert opened.count("BEGIN PRIVATE KEY") == 1
    show = [openssl, "x509", "-noout", "-fingerprint", "-sha256", "-serial"]
    text = subprocess.run(show, input=opened, capture_output=True, text=True, check=True).stdout
    found = dict(line.split("=", 1) for line in text.splitlines())
    return found["sha256 Fingerprint"], found["serial"]


def opened_by_java(pfx: Path) -> str:
    call = [
        program("keytool", "default-jre-headless"),
        "-list",
        "-storetype",
        "PKCS12",
        "-keystore",
        str(pfx),
    ]
    text = subprocess.run([*call, "-storepass", ""], capture_output=True, text=True, check=True).stdout
    assert "PrivateKeyEntry" in text
    return text


@pytest.mark.interop
def test_a_company_walks_from_the_welcome_email_to_a_bundle_that_works(with_the_portals_key: Walked) -> None:
    check(with_the_portals_key)
    assert "Signed in from: this portal" in with_the_portals_key.said


@pytest.mark.nightly
@pytest.mark.interop
def test_a_company_with_its_own_key_walks_where_the_portal_cannot_look_into_atlas(by_hand: Walked) -> None:
    check(by_hand)
    assert "Signed in from: the company's own computer" in by_hand.said


def test_a_portal_that_is_not_there_ends_the_walk_with_a_sentence(tmp_path: Path) -> None:
    nowhere = "http://localhost:1"
    status, said = run("--portal", nowhere, "--atlas", nowhere, "--mail", str(tmp_path))
    assert status == 1
    assert said == f"The walk could not begin: {nowhere}/accounts/login/ cannot be reached: ConnectionError\n"


def test_a_portal_is_not_enough_without_its_atlas_and_its_emails() -> None:
    assert run("--portal", "http://localhost:1") == (2, "")


def test_the_file_of_a_company_is_named_after_it() -> None:
    company = Company("Fenland Metering (East) [quote-late] 7F3A", "1", Person("", "", ""))
    assert company.slug == "fenland-metering-east-quote-late-7f3a"
