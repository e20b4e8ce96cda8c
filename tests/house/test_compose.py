"""docker-compose.yml as Docker Compose itself reads it: it resolves, and every service is safe and watched.

The images cannot be built here: that takes a container engine.
"""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from atlas.sandbox.server import Sandbox
from tests.house.checkout import ROOT
from tools.environment import GENERATORS, fill_example

SERVICES = {"web", "worker", "beat", "postgres", "redis", "atlas", "mail"}
COMPOSE = ROOT / "docker-compose.yml"


def _compose(*arguments: str, env_file: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The real Docker Compose, called directly: its Python wrapper swallows the exit code."""
    spec = importlib.util.find_spec("compose")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    binary = Path(spec.submodule_search_locations[0]) / "docker-compose"
    command = [str(binary), "--env-file", str(env_file or os.devnull), "-f", str(COMPOSE), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"]}
    )


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    path = tmp_path / "env"
    path.write_text(fill_example())
    return path


@pytest.fixture
def services(env_file: Path) -> dict[str, Any]:
    resolved: dict[str, Any] = yaml.safe_load(_compose("config", env_file=env_file).stdout)["services"]
    return resolved


def test_compose_accepts_the_file_with_a_fresh_env(env_file: Path) -> None:
    done = _compose("config", "-q", env_file=env_file)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("secret", sorted(GENERATORS))
def test_compose_refuses_to_start_without_a_secret(env_file: Path, secret: str) -> None:
    env_file.write_text(re.sub(rf"^{secret}=.*$", f"{secret}=", env_file.read_text(), flags=re.M))
    done = _compose("config", "-q", env_file=env_file)
    assert done.returncode != 0
    assert f"required variable {secret} is missing" in done.stderr


def test_every_service_is_there(services: dict[str, Any]) -> None:
    assert set(services) == {*SERVICES, "migrate"}


def test_every_service_that_stays_has_a_health_check(services: dict[str, Any]) -> None:
    assert [name for name in SERVICES if not services[name].get("healthcheck", {}).get("test")] == []


def test_no_service_runs_as_root_or_may_become_it(services: dict[str, Any]) -> None:
    for name, service in services.items():
        assert int(service["user"].split(":")[0]) > 0, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["read_only"] is True, name


def test_ports_are_open_to_this_machine_only(services: dict[str, Any]) -> None:
    hosts = {port.get("host_ip") for service in services.values() for port in service.get("ports", [])}
    assert hosts == {"127.0.0.1"}


def test_no_secret_is_written_in_the_file() -> None:
    text = COMPOSE.read_text()
    for secret in GENERATORS:
        values = re.findall(rf"^\s*{secret}: (.*)$", text, re.M)
        assert all(value.startswith(f"${{{secret}:?") for value in values), secret


def test_what_holds_data_is_reached_by_the_portal_only(services: dict[str, Any]) -> None:
    reached = {name: set(service["networks"]) for name, service in services.items()}
    portal = {"web", "worker", "beat", "migrate"}
    assert {name for name, networks in reached.items() if "back" in networks} == {
        *portal,
        "postgres",
        "redis",
    }
    assert {name for name, networks in reached.items() if "front" in networks} == {*portal, "atlas", "mail"}


def test_what_holds_data_reaches_nothing_outside(env_file: Path) -> None:
    resolved = yaml.safe_load(_compose("config", env_file=env_file).stdout)
    assert resolved["networks"]["back"]["internal"] is True


def test_every_variable_of_the_file_is_explained_in_the_example() -> None:
    used = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE.read_text()))
    explained = set(re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    assert {variable.removesuffix("_FILE") for variable in used} - explained == set()


def test_the_portal_understands_the_settings_that_compose_gives_it(
    services: dict[str, Any], tmp_path: Path
) -> None:
    """Read by the portal itself, with the files that the local Atlas really shares."""
    sandbox = Sandbox(tmp_path)
    sandbox.start()
    sandbox.stop()
    given = {
        key: value.replace("/atlas/", f"{tmp_path}/") for key, value in services["web"]["environment"].items()
    }
    script = "from config.env import load; p = load(); print(p.mode, p.hvca_url, p.account_api)"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("production https://atlas:8443/v2 True\n", "")


def test_the_example_names_every_setting_of_the_portal() -> None:
    from config.env import Portal

    names = {str(field.validation_alias or name).upper() for name, field in Portal.model_fields.items()}
    explained = set(re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    assert names - explained == set()
