"""The portal's web server as the image starts it: the very command of the Dockerfile, beside the other processes.

The others (workers, beat, the local Atlas) come from tests/portal_processes.py.
"""

import json
import re
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from bs4 import BeautifulSoup

from tests.portal_processes import ROOT, PortalProcesses

PATIENCE = 60  # seconds until an email or a server that does not come is a failure


def image_command(port: int) -> list[str]:
    """What CMD says in the Dockerfile, listening on this port of the loopback address."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", "")
    name, *words = json.loads(re.findall(r"^CMD (\[.*\])$", text, re.MULTILINE)[-1])
    assert name == "gunicorn"
    return [
        sys.executable,
        "-m",
        name,
        *(f"--bind=127.0.0.1:{port}" if "--bind" in each else each for each in words),
    ]


def free_port() -> int:
    """A port of the loopback address at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Until somebody listens there."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(f"nobody listens at {port}")


@contextmanager
def web_of_the_image(portal: PortalProcesses) -> Iterator[str]:
    """Its address; its log is `image.log` beside the others."""
    port = free_port()
    address = f"http://localhost:{port}"
    process = portal._run("image", image_command(port))
    try:
        portal._wait_until(lambda: requests.get(f"{address}/readyz", timeout=5).ok, "image")
        yield address
    finally:
        process.terminate()
        process.wait(20)


class Visitor:
    """A browser without a window: keeps cookies, sends forms with what is in them."""

    def __init__(self, address: str) -> None:
        self.address, self.web = address, requests.Session()

    def get(self, path: str, **more: Any) -> requests.Response:
        """Open an address and follow where it leads."""
        return self.web.get(f"{self.address}{path}", timeout=20, **more)

    def send(self, page: requests.Response, action: str, **typed: str) -> requests.Response:
        """Send the page's form that goes to this address."""
        for form in BeautifulSoup(page.content, "html.parser").select("form[method=post]"):
            if form.get("action", urlsplit(page.url).path) == action:
                held = {str(box["name"]): str(box.get("value", "")) for box in form.select("input[name]")}
                return self.web.post(
                    f"{self.address}{action}", {**held, **typed}, timeout=20, headers={"Referer": page.url}
                )
        raise AssertionError(f"no form for {action} on {page.url}: {page.text[:500]}")

    def sign_in(self, email: str, password: str) -> None:
        """By the page."""
        page = self.get("/accounts/login/")
        assert self.send(page, "/accounts/login/", login=email, password=password).ok


def link_in_the_mail(folder: Path, part: str) -> str:
    """The newest link with this part in its path, waited for."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime)
        text = "\n".join(_plain(file) for file in files)
        if found := re.findall(rf"https?://[^/\s]+(\S*{re.escape(part)}\S+)", text):
            return str(found[-1])
        time.sleep(0.3)
    raise AssertionError(f"no email with a link like {part} came")


def _plain(file: Path) -> str:
    """The plain texts of the messages in a file, one after the other, as they were before they were encoded."""
    between = b"\n" + b"-" * 79 + b"\n"
    messages = [
        message_from_bytes(raw.lstrip(b"\n"), policy=policy.default)
        for raw in file.read_bytes().split(between)
    ]
    bodies = [message.get_body(("plain",)) for message in messages]
    return "\n".join(str(body.get_content()) for body in bodies if body is not None)
