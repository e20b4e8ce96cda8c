"""One process: web (waitress), Celery worker on threads, beat, local Atlas.

Anything that forks would cut the in-memory queue in two; so nothing here forks.
"""

import json
import os
import signal
import threading
from pathlib import Path
from types import FrameType
from typing import Any

import django
from celery.beat import EmbeddedService
from celery.worker import WorkController
from django.conf import settings

from atlas.sandbox.server import Sandbox

# The portal's own settings, with the demonstration's pages before its addresses: nobody else loads them.
settings.ROOT_URLCONF = "demo.urls"
TEMPLATES: list[dict[str, Any]] = settings.TEMPLATES
TEMPLATES[0]["DIRS"].append(Path(__file__).parent / "templates")
django.setup()

from django.core.management import call_command  # noqa: E402  after setup

from config.celery import app  # noqa: E402
from config.wsgi import application  # noqa: E402
from demo import sample_cases  # noqa: E402
from demo.environment import chosen_speed  # noqa: E402
from demo.http_server import ADDRESS, web_server  # noqa: E402
from demo.loopback import tell_address  # noqa: E402

WORKER_THREADS = 4


def run(port: int, sandbox: Sandbox, home: Path) -> None:
    """Migrate, seed, start worker and beat, print the accounts, serve until SIGTERM or Ctrl-C."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    call_command("convert_database", verbosity=0)  # .demo/ may be of an earlier version
    call_command("migrate", verbosity=0)
    sample_cases.create_sample_cases()
    start_worker()
    start_beat()
    story = threading.Thread(
        target=sample_cases.advance_sample_cases, args=(sandbox,), daemon=True, name="story"
    )
    story.start()
    running = _tell_where(home, f"http://localhost:{port}", sandbox.pages_url)
    server = web_server(tell_address(application, ADDRESS), port)
    print(
        sample_cases.welcome(f"http://localhost:{port}", sandbox.pages_url, home, chosen_speed()), flush=True
    )
    try:
        server.run()
    finally:
        running.unlink(missing_ok=True)


def _tell_where(home: Path, portal: str, atlas: str) -> Path:
    """Write where everything is, for `./run walk`, as long as this process lasts. Returns the file."""
    file = home / "running.json"
    facts = {"portal": portal, "atlas": atlas, "mail": str(home / "mail"), "pid": os.getpid()}
    file.write_text(json.dumps({**facts, "account_api": settings.PORTAL.account_api}))
    return file


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


class _Worker(WorkController):
    """A worker in a thread; tells when it is ready (the signal is only sent by the command-line worker)."""

    ready = threading.Event()

    def on_consumer_ready(self, consumer: Any) -> None:
        """Let the start go on."""
        self.ready.set()


def start_worker() -> None:
    """Start the embedded worker and wait until it takes tasks."""
    app.finalize()
    app.loader.import_default_modules()
    app.loader.init_worker()
    worker = _Worker(
        app=app,
        pool_cls="threads",
        concurrency=WORKER_THREADS,
        hostname="demo@localhost",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        loglevel="WARNING",
    )
    threading.Thread(target=worker.start, daemon=True, name="worker").start()
    worker.ready.wait(20)


def start_beat() -> None:
    """Start beat in a thread; embedded, it would keep a file if it were not told which scheduler to take."""
    beat: Any = EmbeddedService(app, thread=True, scheduler_cls=app.conf.beat_scheduler)
    beat.daemon = True
    beat.start()
