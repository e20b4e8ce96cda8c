"""Keys of links in the logs of a proxy that is set up as docs/operations.md says, with the real program.

Nothing is installed for this: a program that is not there is said so. Tried by hand with nginx 1.22.1 and Caddy 2.6.2.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.attacks.web_process import free_port, wait_for
from tests.portal_processes import ROOT, PortalProcesses

TOKEN = "canary-of-a-link-0123456789abcdefghijklmnopq"
LINKS = (
    f"/invitations/{TOKEN}/",
    f"/accounts/welcome/key/{'0' * 32}-{TOKEN}/",
    f"/accounts/password/reset/key/{'0' * 32}-{TOKEN}/",
)
UPSTREAM = "127.0.0.1:8000"


def _example(language: str) -> str:
    text = (ROOT / "docs" / "operations.md").read_text()
    (found,) = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
    return str(found)


def _needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not shutil.which(program), reason=f"{program} is not on this machine")


@contextmanager
def _running(folder: Path, port: int, *command: str) -> Iterator[None]:
    environment = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    with (folder / "said.log").open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, env=environment)
        try:
            wait_for(port)
            yield
        finally:
            process.terminate()
            process.wait(20)


@contextmanager
def _nginx(folder: Path, upstream: str) -> Iterator[str]:
    port, log = free_port(), folder / "access.log"
    example = (
        _example("nginx").replace("listen 443 ssl", f"listen 127.0.0.1:{port}").replace(UPSTREAM, upstream)
    )
    example = example.replace("/var/log/nginx/portal.log", str(log))
    example = example.replace("/var/log/nginx/error.log", f"{folder}/error.log")
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/main.log info; events {{}}\n"
        f"http {{ access_log off; {places}\n{example} }}"
    )
    command = ("nginx", "-p", str(folder), "-c", str(config), "-e", str(folder / "first.log"))
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr
    with _running(folder, port, *command):
        yield f"http://localhost:{port}"


@contextmanager
def _caddy(folder: Path, upstream: str) -> Iterator[str]:
    port = free_port()
    example = _example("caddyfile").replace("portal.example", f"http://localhost:{port}")
    example = example.replace("{\n\tlog {", "{\n\tadmin off\n\tlog {", 1).replace(UPSTREAM, upstream)
    (folder / "Caddyfile").write_text(example)
    with _running(
        folder, port, "caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"
    ):
        yield f"http://localhost:{port}"


PROXIES = {"nginx": _nginx, "caddy": _caddy}


def _open_links(address: str) -> set[int]:
    answers = set()
    for link in LINKS:
        for path in (
            link,
            link.rstrip("/"),
            f"/{link}",
            f"{link}?x={TOKEN}",
            f"/healthz?next={link}",
            f"{link}x/",
        ):
            for method in ("GET", "HEAD", "POST"):
                headers = {"Referer": f"http://localhost{link}", "Cookie": f"x={TOKEN}"}
                answer = requests.request(
                    method, f"{address}{path}", headers=headers, timeout=20, allow_redirects=False
                )
                answers.add(answer.status_code)
    return answers


def _logged(folder: Path) -> str:
    return "\n".join(file.read_text(errors="replace") for file in folder.glob("*.log"))


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the portal itself listens."""
    with PortalProcesses(tmp_path_factory.mktemp("proxy") / "portal", workers=0) as running:
        yield running.address.removeprefix("http://").replace("localhost", "127.0.0.1")


@pytest.mark.parametrize("program", [pytest.param(each, marks=_needs(each)) for each in PROXIES])
def test_a_proxy_writes_no_links_key(program: str, portal: str, tmp_path: Path) -> None:
    with PROXIES[program](tmp_path, portal) as address:
        assert 302 in _open_links(address)
    logged = _logged(tmp_path)
    assert logged.count("/invitations/[hidden]") > 5
    assert logged.count("/accounts/password/reset/key/[hidden]") > 5
    assert TOKEN not in logged
    assert TOKEN[:-4] not in logged


@pytest.mark.parametrize("program", [pytest.param(each, marks=_needs(each)) for each in PROXIES])
def test_a_proxy_writes_no_links_key_when_the_portal_is_away(program: str, tmp_path: Path) -> None:
    with PROXIES[program](tmp_path, f"127.0.0.1:{free_port()}") as address:
        assert _open_links(address) == {502}
    logged = _logged(tmp_path)
    assert "502" in logged
    assert [line for line in logged.splitlines() if TOKEN in line] == []
