"""The lines that the help shows for the programs that are not on every machine, run as they stand where they are."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from certs.programs import PROGRAMS
from tests.certs.other_programs.programs import MODULES, PATH
from tests.certs.readers.mutual_tls import Server
from tests.certs.readers.test_program_lines import IN_JAVA, NOT_RUN, OPENS, PASSWORD, VISITS, lines_of, run
from tests.certs.readers.wrappings import WRAPPINGS
from tests.certs.x509_factories import leaf

pytestmark = pytest.mark.interop


def test_every_program_is_run_somewhere_or_named_as_not_run() -> None:
    ran = [*VISITS, *OPENS, *IN_JAVA, *WRAPPINGS, *NOT_RUN]
    assert sorted(ran) == sorted(each.id for each in PROGRAMS)
    assert len({each.name for each in PROGRAMS}) == len(PROGRAMS)


@pytest.mark.nightly
@pytest.mark.parametrize("name", WRAPPINGS)
def test_the_lines_of_another_program_serve(
    name: str, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrapping = WRAPPINGS[name]
    monkeypatch.setenv("PATH", PATH)
    (tmp_path / "node_modules").symlink_to(MODULES)
    if subprocess.run(
        ["bash", "-c", wrapping.needs], cwd=tmp_path, capture_output=True, check=False
    ).returncode:
        pytest.skip("not on this machine")
    lines = lines_of(name, server, tmp_path)
    if wrapping.file:
        (tmp_path / wrapping.file).write_text(filled(wrapping.text, lines, server, tmp_path))
    server.visitors.clear()
    done = run(tmp_path, server, "bash", "-c", filled(wrapping.call, lines, server, tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    if wrapping.visits:
        assert server.visitors == [leaf().public_bytes(Encoding.DER)], done.stdout + done.stderr


def filled(text: str, lines: str, server: Server, folder: Path) -> str:
    """With what stands for the address, the port and so on."""
    host, port = server.url.removeprefix("https://").strip("/").split(":")
    lines = lines.replace('"api.example", 443', f'"{host}", {port}')
    lines = (
        lines if not lines.endswith("}]).") else lines[:-1]
    )  # Erlang's full stop ends more than an expression
    words = {"lines": lines, "url": server.url, "host": host, "port": port, "trusted": str(server.trusted)}
    for name, value in {**words, "free": free_port(folder)}.items():
        text = text.replace(f"{{{name}}}", value)
    return text.replace("PASSWORD", PASSWORD)


def free_port(folder: Path) -> str:
    """The same for one folder."""
    kept = folder / "port"
    if not kept.exists():
        with socket.create_server(("127.0.0.1", 0)) as opened:
            kept.write_text(str(opened.getsockname()[1]))
    return kept.read_text()
