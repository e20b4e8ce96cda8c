"""How many polls of Atlas one worker makes in a second, beside a bare requests.Session making the same calls.

The Atlas is the local one over real TLS; the database is the bench's PostgreSQL.
"""

import json
import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from bench.harness import Entry, compare, measurement, portal
from bench.slow_network import slow_line

ROUNDS = 150
DELAY = 0.01  # seconds each way: Great Britain to a data centre on the continent


@measurement
def polls() -> Iterator[Entry]:
    """Claim the row, ask Atlas for the account, decide, write the next poll; against the call alone.

    Twice: with nothing between portal and Atlas, and with the delay of a distant server on the line.
    """
    portal()
    with tempfile.TemporaryDirectory() as folder, _atlas(Path(folder)) as atlas:
        yield _measured(atlas, "looks at Atlas of one worker, no network")
        with slow_line(urlsplit(atlas["url"]).port or 0, DELAY) as port:
            distant = {**atlas, "url": atlas["url"].replace(str(urlsplit(atlas["url"]).port), str(port))}
            milliseconds = int(DELAY * 2000)
            yield _measured(distant, f"looks at Atlas of one worker, {milliseconds} ms away")


@contextmanager
def _atlas(home: Path) -> Iterator[dict[str, str]]:
    """A local Atlas in a process of its own; answers its account.json."""
    command = [
        sys.executable,
        "-m",
        "atlas.sandbox",
        "--port",
        "0",
        "--account-port",
        "0",
        "--pages-port",
        "0",
    ]
    process = subprocess.Popen([*command, "--dir", str(home)], stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 30
        while not (home / "account.json").exists() and time.monotonic() < until:
            time.sleep(0.05)
        yield json.loads((home / "account.json").read_text())
    finally:
        process.terminate()
        process.wait(10)


def _measured(atlas: dict[str, str], name: str) -> Entry:
    from django.conf import settings
    from pydantic import SecretStr

    logging.getLogger("atlas").setLevel(logging.WARNING)
    root = Path(atlas["root_file"])
    address = {
        "account_api_url": atlas["url"],
        "account_api_token": SecretStr(atlas["token"]),
        "account_api_root": root,
    }
    settings.PORTAL = settings.PORTAL.model_copy(update=address)
    record = _waiting_for_mails(name[-9:].strip().replace(" ", ""))
    account = record.onboarding.steps.get(slug="register").facts["account_id"]
    session = requests.Session()
    session.trust_env, session.verify = False, str(root)
    session.headers["Authorization"] = f"Bearer {atlas['token']}"
    url = f"{atlas['url']}/accounts/{account}/emails"
    bare = _rate(lambda: session.get(url, timeout=10).json())
    return compare(
        name,
        ours=_rate(lambda: _look(record.pk)),
        unit="looks/s",
        against="bare requests.Session, same calls",
        theirs=bare,
        better="higher",
    )


def _waiting_for_mails(prefix: str) -> Any:
    from bench.moves import _company
    from onboarding.journey import progress
    from onboarding.journey.models import StepRecord
    from onboarding.journey.polling import jobs

    onboarding, user = _company(0, f"Polled{prefix}")
    answers = {"name": user.name, "job_title": "Manager", "email": user.email, "phone": "020 7946 0018"}
    record = StepRecord.objects.select_related("onboarding__company").get(
        onboarding=onboarding, slug="register"
    )
    progress.submit(record, actor=user, effect=lambda _: progress.Submission(answers=answers, waits=True))
    assert jobs.poll_step(record.pk)
    return StepRecord.objects.select_related("onboarding__company").get(
        onboarding=onboarding, slug="invitation"
    )


def _look(pk: int) -> None:
    """What a worker does for a row: the claim, the begin that counts, the poll, and the time of the next."""
    from onboarding.journey.models import StepRecord
    from onboarding.journey.polling import tasks

    StepRecord.objects.filter(pk=pk).update(poll_queued=True)
    assert not tasks.poll_step(pk), "nothing may have moved"


def _rate(call: Any) -> float:
    call()
    begun = time.perf_counter()
    for _ in range(ROUNDS):
        call()
    return ROUNDS / (time.perf_counter() - begun)
