"""A key made in the browser, by the worker that the portal serves, beside the openssl command that makes key and CSR.

RSA keys take a random time: the figures are means of many, and their spread is wide.
"""

import functools
import http.server
import shutil
import statistics
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright

from bench.harness import ROOT, Entry, compare, measurement, milliseconds
from tools.programs import BROWSERS

TIMES = 20
BUILT = ROOT / "static" / "build"
# The worker alone, as asking.js speaks to it; the answer is how long it took, and no key.
ASK = """async ({act, asked}) => {
  globalThis.worker ??= new Worker('/key-worker.js')
  const begun = performance.now()
  await new Promise((resolve, reject) => {
    worker.onmessage = ({data}) => 'progress' in data || ('error' in data ? reject(data.error) : resolve(data.result))
    worker.postMessage({id: 1, act, asked})
  })
  return performance.now() - begun
}"""
MAKE = {"passphrase": "made for the measurement", "place": "bench", "subject": "onboarding_key"}
OPENSSL = "openssl req -new -newkey rsa:4096 -nodes -keyout bench.key -out bench.csr -subj /CN=onboarding_key"


@measurement
def browser_key() -> Iterator[Entry]:
    """RSA 4096, its CSR, the locked copy and the backup; and openssl's key and CSR alone."""
    with _page() as page, tempfile.TemporaryDirectory() as folder:
        ours = statistics.mean(page.evaluate(ASK, {"act": "make", "asked": MAKE}) for _ in range(TIMES))
        theirs = statistics.mean(
            milliseconds(
                lambda: subprocess.run(OPENSSL.split(), cwd=folder, check=True, capture_output=True), 1
            )
            for _ in range(TIMES // 2)
        )
    yield compare("key in the browser", ours=ours, unit="ms", against="openssl req -newkey", theirs=theirs)


@contextmanager
def _page() -> Iterator[Page]:
    """An empty page of Chromium at an address of this machine, which serves what the portal serves."""
    chromium = next(filter(None, map(shutil.which, BROWSERS)))
    handler = functools.partial(_Quiet, directory=str(BUILT))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/favicon.svg")
        yield page
        browser.close()
    server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *said: object) -> None:
        """Nothing is said of requests."""
