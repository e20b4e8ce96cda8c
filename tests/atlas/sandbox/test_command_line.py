"""`python -m atlas.sandbox` as a person starts and stops it."""

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from atlas.sandbox.faults import KINDS, SCENARIOS
from tests.atlas.sandbox.test_own_policy import POLICY


@pytest.fixture
def start_it(tmp_path: Path) -> Iterator[object]:
    """Starts the command in a folder of this test; ends it if the test did not."""
    started: list[subprocess.Popen[str]] = []

    def start(*more: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "atlas.sandbox", "--dir", str(tmp_path / "state"), *more]
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[3],
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_in_one_line_and_stops_when_told(start_it, tmp_path: Path, number: int) -> None:
    process = start_it("--port", "0", "--speed", "4320", "--name", "atlas", "--policy", "pkcs8")
    line = process.stdout.readline()
    account = json.loads((tmp_path / "state" / "account.json").read_text())
    client = json.loads((tmp_path / "state" / "client.json").read_text())
    for address in (account["url"], account["pages_url"], client["url"]):
        assert address in line
    assert requests.get(account["pages_url"], timeout=10).status_code == 200
    process.send_signal(number)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (0, "", "")


@pytest.mark.parametrize("option", ["--port", "--account-port", "--pages-port"])
def test_a_taken_port_is_said_in_one_line(start_it, option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = start_it("--port", "0", option, str(port))
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (2, "")
    assert err.count("\n") == 1
    assert f"127.0.0.1:{port} is already in use" in err


def test_a_folder_that_cannot_be_made_is_said_in_one_line(start_it, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    process = start_it("--port", "0")
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize(
    "wrong",
    [
        ["--speed", "0"],
        ["--speed", "nan"],
        ["--port", "70000"],
        ["--policy", "x"],
        ["--policy-file", "/nowhere"],
        ["--rate-limit", "0"],
        ["--clock-skew", "inf"],
        ["--fault", "{"],
        ["--fault", '{"kind": "unheard"}'],
        ["--fault-scenario", "unheard"],
        ["--tls-fault", "unheard"],
    ],
)
def test_a_wrong_option_is_refused_with_the_usage(start_it, wrong: list[str]) -> None:
    process = start_it(*wrong)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 2
    assert "usage:" in err


def test_every_choice_can_be_made_on_the_command_line(start_it, tmp_path: Path) -> None:
    policy = tmp_path / "policy.json"
    policy.write_text(json.dumps(POLICY))
    choices = ["--control-port", "0", "--policy-file", str(policy), "--quota", "5", "--rate-limit", "50"]
    choices += [
        "--require-claims",
        "--revoke-twice",
        "conflict",
        "--clock-skew",
        "60",
        "--tls-fault",
        "expired",
    ]
    choices += ["--fault", '{"kind": "delay", "seconds": 3}', "--fault-scenario", "busy"]
    line = start_it("--port", "0", *choices).stdout.readline()
    control = re.search(r"control (http://127\.0\.0\.1:\d+)", line)[1]
    kinds = [fault["kind"] for fault in requests.get(f"{control}/faults", timeout=10).json()]
    assert kinds == ["delay", "status"]
    assert requests.get(f"{control}/tls", timeout=10).json() == {"fault": "expired"}
    assert requests.get(f"{control}/clock", timeout=10).json() == {"skew": 60.0}


def test_the_help_names_the_listeners_and_the_scenarios() -> None:
    command = [sys.executable, "-m", "atlas.sandbox", "--help"]
    text = subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stdout
    words = ["--account-port", "--pages-port", "vetting-rejected", "client.json", "root.pem", "curl"]
    for word in [*words, *KINDS, *SCENARIOS]:
        assert word in text
