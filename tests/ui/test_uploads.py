"""What is uploaded is in memory only, and is overwritten there when the request ends."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from demo.http_server import web_server
from onboarding.ui.uploads import WipedOnClose

LARGE = 1_000_000  # bytes; the portal takes a file as large as this


def test_what_was_uploaded_is_overwritten_when_it_is_closed() -> None:
    kept = WipedOnClose()
    kept.write(b"-----BEGIN PRIVATE KEY-----")
    watched = kept.getbuffer()
    with pytest.raises(BufferError):  # because we watch; the content is gone before
        kept.close()
    assert bytes(watched) == bytes(27)


@pytest.mark.django_db
def test_a_file_is_closed_and_so_overwritten_when_its_request_ends() -> None:
    request: HttpRequest = RequestFactory().post("/", {"file": BytesIO(b"x" * 100)})
    (uploaded,) = request.FILES.values()
    assert isinstance(uploaded, UploadedFile)
    assert isinstance(uploaded.file, WipedOnClose)
    response = HttpResponse()
    response._resource_closers.append(request.close)  # as the handler does with every request
    response.close()
    assert uploaded.file.closed


def open_files() -> set[str]:
    """What this process has open, as far as it has a name in a file system."""
    found = set()
    for each in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # the one by which we look
            found.add(str(each.readlink()))
    return {name for name in found if name.startswith("/")}


@pytest.fixture
def seen() -> Iterator[dict[str, Any]]:
    """The demo's web server with an application that says which files are open while a body is read."""
    found: dict[str, Any] = {}

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        found["read"] = len(environ["wsgi.input"].read())
        found["files"] = open_files()
        start_response("200 OK", [("Content-Length", "0")])
        return []

    server, ended = web_server(application, 0), threading.Event()
    found["port"] = server.effective_port

    def serve() -> None:
        while not ended.is_set():
            server.asyncore.loop(timeout=0.1, map=server._map, count=1)

    thread = threading.Thread(target=serve)
    thread.start()
    yield found
    ended.set()
    thread.join()
    server.task_dispatcher.shutdown()
    server.close()


@pytest.mark.skipif(
    not Path("/proc/self/fd").exists(), reason="this system does not say which files are open"
)
def test_the_demo_keeps_a_large_body_out_of_files(seen: dict[str, Any]) -> None:
    before = open_files()
    with socket.create_connection(("127.0.0.1", seen["port"]), 10) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % LARGE)
        connection.sendall(b"k" * LARGE)
        assert connection.recv(100).startswith(b"HTTP/1.1 200")
    assert seen["read"] == LARGE
    assert seen["files"] <= before
