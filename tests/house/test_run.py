"""The one command, as far as it can be tried without making an environment again.

That a fresh machine gets from nothing to a portal is tried by CI, which begins with nothing.
"""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.checkout import ROOT
from tools import assets, environment


def _run(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "run"), *arguments]
    return subprocess.run(command, env=os.environ | env, capture_output=True, text=True, check=False)


def test_alone_it_lists_its_commands_one_to_a_line() -> None:
    done = _run()
    listed = [line.split()[0] for line in done.stdout.splitlines() if line.startswith("  ")]
    assert done.returncode == 0
    assert listed[:2] == ["demo", "test"]
    assert len(listed) == len(set(listed))


def test_an_unknown_command_is_refused_and_the_known_ones_listed() -> None:
    done = _run("fly")
    assert done.returncode == 2
    assert "'fly'" in done.stderr
    assert "demo" in done.stderr


def test_a_taken_port_is_said_in_one_line_before_anything_is_installed() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = str(holder.getsockname()[1])
        done = _run("demo", PORT=port)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert f"Port {port} is taken" in done.stderr


@pytest.mark.parametrize("port", ["eighty", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    done = _run("demo", PORT=port)
    assert done.returncode == 2
    assert "number from 1 to 65535" in done.stderr


def test_the_env_that_it_writes_holds_fresh_secrets_for_its_owner_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env.example").write_text((ROOT / ".env.example").read_text())
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    assert environment.write() == 0
    written = tmp_path / ".env"
    assert written.stat().st_mode & 0o777 == 0o600
    values = dict(line.split("=", 1) for line in written.read_text().splitlines() if line and line[0] != "#")
    assert all(len(values[secret]) >= 32 for secret in environment.GENERATORS)
    before = written.read_bytes()
    assert environment.write() == 0
    assert written.read_bytes() == before


def test_an_older_env_gets_what_it_lacks_and_keeps_every_byte_that_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env.example").write_text((ROOT / ".env.example").read_text())
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    older = (
        "POSTGRES_PASSWORD=by hand\r\nexport SECRET_KEY=mine\n#AUDIT_KEY=out\nVAULT_KEYS_FILE=/run/key\nX=1"
    )
    written = tmp_path / ".env"
    written.write_bytes(older.encode())
    written.chmod(0o640)
    assert environment.write() == 0
    text = written.read_bytes().decode()
    assert text.startswith(older + "\n")
    assert written.stat().st_mode & 0o777 == 0o640
    names = environment.NAMED.findall(text)
    assert len(names) == len(set(names))
    added = dict(
        line.split("=", 1) for line in text[len(older) + 1 :].splitlines() if line and line[0] != "#"
    )
    assert len(added["REDIS_PASSWORD"]) >= 32
    assert added["TIME_ZONE"] == "Europe/London"
    assert not {"SECRET_KEY", "AUDIT_KEY", "VAULT_KEYS", "POSTGRES_PASSWORD"} & added.keys()


def test_a_line_that_is_added_brings_its_explanation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    example = (ROOT / ".env.example").read_text()
    without = "".join(
        line for line in example.splitlines(keepends=True) if not line.startswith("REDIS_PASSWORD")
    )
    lines = environment.missing_lines(without).splitlines()
    assert [line.partition("=")[0] for line in lines[1:]] == ["REDIS_PASSWORD"]
    assert lines[0].startswith("# that of Redis")


def test_the_built_scripts_point_at_no_source_map_and_the_styles_at_no_crest() -> None:
    assets.build()
    for path in assets.BUILD.rglob("*"):
        if path.suffix in {".js", ".css"}:
            assert b"sourceMappingURL" not in path.read_bytes(), path.name
            assert b"govuk-crest" not in path.read_bytes(), path.name
