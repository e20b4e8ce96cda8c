"""`./run audit` never says that all is well when nobody was asked, and the list that it writes is the lock's.

pip-audit and npm are the real ones; they ask a server on this machine instead of one that a test must not depend on.
"""

import json
import os
import subprocess
from collections.abc import Iterator

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.house.checkout import ROOT
from tests.tools.advisory_server import AdvisoryServer, serving
from tools import advisories, audit, locked_packages, sbom
from tools.advisories import BAD_NODE, BAD_PYTHON
from tools.locked_packages import LockedPackage

FEW = [
    LockedPackage("celery", "5.7.0"),
    LockedPackage("django", "5.2.19"),
    LockedPackage("redis", "8.1.0"),
    LockedPackage("redis", "8.0.0"),
]
PLANTED = {(each.name, each.version) for each in (*BAD_PYTHON, *BAD_NODE)}
FORGE = next(
    each for each in locked_packages.node_packages(locked_packages.node_lock()) if each.name == "node-forge"
)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[AdvisoryServer]:
    """It knows the planted versions, as a real source does."""
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    with serving() as running:
        running.bad |= PLANTED
        yield running


def test_a_source_that_knows_the_planted_versions_is_believed(server: AdvisoryServer) -> None:
    answer = advisories.ask_python(FEW, server.address)
    assert (answer.known, answer.unchecked, answer.blind) == ({}, [], "")
    assert {each.name for each in FEW} <= set(server.asked)
    assert advisories.ask_node(locked_packages.node_lock(), server.address).blind == ""


def test_a_bad_version_in_the_lock_is_reported_with_what_mends_it(server: AdvisoryServer) -> None:
    server.bad |= {("django", "5.2.19"), ("redis", "8.0.0"), ("node-forge", FORGE.version)}
    assert advisories.ask_python(FEW, server.address).known == {
        FEW[1]: ["PYSEC-django, fixed in 99"],
        FEW[3]: ["PYSEC-redis, fixed in 99"],
    }
    told = advisories.ask_node(locked_packages.node_lock(), server.address)
    assert told.known == {FORGE: [f"bad (high, <={FORGE.version})"]}


@pytest.mark.parametrize("missing", [BAD_PYTHON[-1], BAD_NODE[0]], ids=str)
def test_a_source_that_does_not_report_a_planted_version_proves_nothing(
    server: AdvisoryServer, missing: LockedPackage
) -> None:
    server.bad.discard((missing.name, missing.version))
    if missing in BAD_PYTHON:
        answer, everything = advisories.ask_python(FEW, server.address), FEW
    else:
        answer = advisories.ask_node(lock := locked_packages.node_lock(), server.address)
        everything = locked_packages.node_packages(lock)
    assert answer.unchecked == everything
    assert f"{missing}, planted in a copy of the lock, was not reported" in answer.blind


def test_a_source_that_breaks_off_proves_nothing(server: AdvisoryServer) -> None:
    server.failing |= {"celery", "sass"}
    assert advisories.ask_python(FEW, server.address).unchecked == FEW
    assert advisories.ask_node(locked_packages.node_lock(), server.address).blind != ""


def test_nobody_at_the_address_proves_nothing(server: AdvisoryServer) -> None:
    gone = server.address
    server.server_close()
    assert advisories.ask_python(FEW, gone).blind != ""
    assert advisories.ask_node(locked_packages.node_lock(), gone).blind != ""


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        (advisories.AdvisoryReport("Python"), 0, "Python: 4 packages; advisories against 0; not checked 0."),
        (advisories.AdvisoryReport("Python", known={FEW[1]: ["CVE-1"]}), 1, "Python: django 5.2.19: CVE-1"),
        (advisories.AdvisoryReport("Python", unchecked=[FEW[0]]), 2, "celery 5.7.0: NOT CHECKED"),
        (advisories.AdvisoryReport("Python", blind="no answer"), 2, "Nothing is proved about 4 packages"),
    ],
)
def test_what_nobody_looked_up_is_a_failure(
    answer: advisories.AdvisoryReport, status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit._print_report(len(FEW), answer) == status
    assert said in capsys.readouterr().out


def test_the_whole_command_fails_where_advisories_cannot_be_seen(server: AdvisoryServer) -> None:
    server.bad.clear()
    command = [str(ROOT / "run"), "audit", "--osv", server.address, "--npm-registry", server.address]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ)
    assert done.returncode == 2, done.stderr
    assert done.stdout.count("NOT CHECKED. Advisories cannot be seen from here") == 2
    assert len(set(server.asked)) > 100


@pytest.mark.parametrize("kind", ["pypi", "npm"])
def test_the_list_of_packages_is_valid_names_no_address_and_is_the_same_each_time(kind: str) -> None:
    listed = (
        locked_packages.python_packages("requirements.txt")
        if kind == "pypi"
        else locked_packages.node_packages(locked_packages.node_lock())
    )
    text = sbom.build_document(kind, listed)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    assert sbom.build_document(kind, reversed(listed)) == text
    told = json.loads(text)
    told.pop("$schema")
    assert "://" not in json.dumps(told)
    assert "timestamp" not in text
    assert {(each.name, each.version) for each in listed} == {
        ("/".join(filter(None, (each.get("group"), each["name"]))), each["version"])
        for each in told["components"]
    }
    assert all(each["hashes"] and each["purl"].startswith(f"pkg:{kind}/") for each in told["components"])


def test_the_list_has_a_moment_if_somebody_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1764000000")
    assert '"timestamp": "2025-11-24T16:00:00+00:00"' in sbom.build_document("pypi", FEW)
