"""A server on this machine that answers as OSV and as an npm registry do when they are asked for advisories.

What it knows, and whom it leaves out, is the test's.
"""

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class AdvisoryServer(ThreadingHTTPServer):
    """`bad` are (name, version) with an advisory; `failing` are names that are answered with an error."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.bad: set[tuple[str, str]] = set()
        self.failing: set[str] = set()
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        """Without a slash at the end."""
        return f"http://127.0.0.1:{self.server_port}"


class _Answers(BaseHTTPRequestHandler):
    server: AdvisoryServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        asked = json.loads(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body)
        answer = self._of_npm(asked) if self.path.endswith("/advisories/bulk") else self._of_osv(asked)
        content = json.dumps(answer).encode()
        self.send_response(200 if answer is not None else 503)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _of_osv(self, asked: dict[str, Any]) -> dict[str, Any] | None:
        name, version = asked["package"]["name"], asked["version"]
        self.server.asked.append(name)
        if name in self.server.failing:
            return None
        if (name, version) not in self.server.bad:
            return {}
        affected = {"package": {"name": name, "ecosystem": "PyPI"}, "versions": [version]}
        affected["ranges"] = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99"}]}]
        return {
            "vulns": [{"id": f"PYSEC-{name}", "summary": "bad", "details": "bad", "affected": [affected]}]
        }

    def _of_npm(self, asked: dict[str, list[str]]) -> dict[str, Any] | None:
        if self.server.failing & set(asked):
            return None
        return {
            name: [
                {
                    "id": 1,
                    "url": "about:blank",
                    "title": "bad",
                    "severity": "high",
                    "vulnerable_versions": f"<={version}",
                }
            ]
            for name, version in self.server.bad
            if version in asked.get(name, ())
        }

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def serving() -> Iterator[AdvisoryServer]:
    """One that answers until the block ends."""
    server = AdvisoryServer()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
