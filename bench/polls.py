"""How many polls of Atlas a worker makes in a second, through Celery, beside a bare requests.Session in a loop.

The Atlas is the local one over real TLS, the worker a real one on the bench's PostgreSQL and Valkey. Both are timed in
turn. The call budget is out of the way: with the 6000 a minute of a new installation it is 100 looks a second.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import requests

from bench.harness import Entry, compare, measurement, portal
from bench.poll_rows import Rows
from bench.slow_network import slow_line
from bench.worker import Worker, local_atlas

ROUNDS, ROWS, CALLS = 3, 2000, 150
DELAY = 0.01  # seconds each way: Great Britain to a data centre on the continent
POLLED = 41_178  # rows that wait for Atlas among 100,000 companies, five in eight of them on their way
BARE = "bare requests.Session, same calls one by one"


@measurement
def polls() -> Iterator[Entry]:
    """Claim, ask Atlas, decide, write the next polls; against the call alone. First near, then with a distance."""
    portal()
    with local_atlas() as atlas:
        rows = Rows(atlas, ROWS)
        yield from _measure(atlas, rows, "no distance")
        with slow_line(urlsplit(atlas["url"]).port or 0, DELAY) as port:
            distant = {**atlas, "url": atlas["url"].replace(str(urlsplit(atlas["url"]).port), str(port))}
            yield from _measure(distant, rows, f"{int(DELAY * 2000)} ms away")
            yield from _measure_many(distant, rows)


def _measure(atlas: dict[str, str], rows: Rows, where: str) -> Iterator[Entry]:
    with Worker(atlas) as worker:
        rows.poll_all()  # its connections and ours are open
        bare = _bare(atlas, rows.account)
        ours, theirs = [], []
        for _ in range(ROUNDS):
            theirs.append(_rate(bare))
            ours.append(ROWS / rows.poll_all())
        resident, shared = worker.memory()
    name = f"looks at Atlas of one worker process through Celery, {where}"
    rate, other = statistics.median(ours), statistics.median(theirs)
    yield compare(name, ours=rate, unit="looks/s", against=BARE, theirs=other, better="higher")
    name = f"memory of this worker, parent and child, {where}"
    yield compare(f"{name}, RSS", ours=resident, unit="MiB", against="the aim", theirs=200)
    yield compare(
        f"{name}, PSS (what both use counted once)", ours=shared, unit="MiB", against="the aim", theirs=200
    )


def _measure_many(atlas: dict[str, str], rows: Rows) -> Iterator[Entry]:
    """Two processes, as docker-compose.yml has; what they do in a second says how long they need for all."""
    with Worker(atlas, processes=2) as worker:
        rows.poll_all(turns=2)
        rate = ROWS / statistics.median(rows.poll_all(turns=2) for _ in range(ROUNDS))
        _, shared = worker.memory()
    name = f"{POLLED:,} rows, two worker processes, {int(DELAY * 2000)} ms away, from what {ROWS} took"
    yield compare(name, ours=POLLED / rate / 60, unit="minutes", against="the longest pause", theirs=15)
    name = "memory of this worker, parent and two processes, PSS"
    yield compare(name, ours=shared, unit="MiB", against="the aim", theirs=200)


def _bare(atlas: dict[str, str], account: str) -> Callable[[], Any]:
    session = requests.Session()
    session.trust_env, session.verify = False, atlas["root_file"]
    session.headers["Authorization"] = f"Bearer {atlas['token']}"
    url = f"{atlas['url']}/accounts/{account}/identity-profiles"
    return lambda: session.get(url, timeout=10).json()


def _rate(call: Callable[[], Any]) -> float:
    call()
    begun = time.perf_counter()
    for _ in range(CALLS):
        call()
    return CALLS / (time.perf_counter() - begun)
