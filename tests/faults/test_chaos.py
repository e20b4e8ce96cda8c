"""One minute of blows on the portal as a team runs it: nothing is lost, nothing is made twice, nothing lies afterwards.

Worker, beat and web are killed and started again, Valkey is wiped, PostgreSQL is restarted; meanwhile companies walk.
"""

import json
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
import redis
import requests

from atlas.account import AccountApi
from tests.faults.patient_walk import PatientWalk
from tests.portal_processes import OPS, OPS_PASSWORD, PortalProcesses
from tests.service_daemon import ServiceDaemon
from tools.walk import people
from tools.walk.browser import Browser
from tools.walk.journey import Places
from tools.walk.people import Person
from tools.walk.report import Log

BETWEEN = 3.0  # seconds from one blow to the next
AWAY = 1.5  # seconds that PostgreSQL is down
SETTLING = (
    4.0  # seconds after PostgreSQL is back in which a connection of the time before may still be found dead
)
AFTERWARDS = 60.0  # seconds in which everything must have ended when the blows have
PROCESSES = ("worker1", "worker2", "beat", "web")


@contextmanager
def servers() -> Iterator[tuple[ServiceDaemon, tuple[str, str]]]:
    """A PostgreSQL and a Valkey of this test's own."""
    daemon = ServiceDaemon()
    try:
        yield daemon, (daemon.postgres(), daemon.redis())
    finally:
        daemon.stop()


@dataclass
class Blows:
    """What hits the portal. `away` holds the times (of time.monotonic) between which PostgreSQL was down."""

    portal: PortalProcesses
    daemon: ServiceDaemon
    chance: random.Random
    away: list[tuple[float, float]] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    def kinds(self) -> list[Callable[[], None]]:
        return [
            self.kill_a_worker,
            self.kill_a_child,
            self.kill_beat,
            self.kill_web,
            self.wipe,
            self.restart_database,
        ]

    def kill_a_worker(self) -> None:
        self.portal.kill(self.chance.choice(["worker1", "worker2"]))

    def kill_a_child(self) -> None:
        """One child of a worker: the one that may be in the middle of a task."""
        main = psutil.Process(self.portal.processes[self.chance.choice(["worker1", "worker2"])].pid)
        if children := main.children():
            os.kill(self.chance.choice(children).pid, signal.SIGKILL)

    def kill_beat(self) -> None:
        self.portal.kill("beat")

    def kill_web(self) -> None:
        self.portal.kill("web")

    def wipe(self) -> None:
        redis.Redis.from_url(self.portal.environment["REDIS_URL"]).flushall()

    def restart_database(self) -> None:
        begun = time.monotonic()
        self.daemon.restart_postgres(AWAY)
        self.away.append((begun, time.monotonic() + SETTLING))

    def rain(self, seconds: float) -> None:
        """Every kind in a new order, again and again; what was killed is started again a moment later."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for blow in self.chance.sample(kinds := self.kinds(), len(kinds)):
                if time.monotonic() > end:
                    break
                self.log.append(blow.__name__)
                blow()
                time.sleep(0.5)
                for name in PROCESSES:
                    self.portal.start_again(name)
                time.sleep(BETWEEN - 0.5)


@dataclass
class Visitor:
    """Somebody who loads pages all the time. `answers` holds (moment, status); 0 is no answer."""

    address: str
    answers: list[tuple[float, int]]
    stop: threading.Event = field(default_factory=threading.Event)

    def go(self) -> None:
        while not self.stop.wait(0.3):
            try:
                status = requests.get(f"{self.address}/accounts/login/", timeout=10).status_code
            except requests.RequestException:
                status = 0
            self.answers.append((time.monotonic(), status))


def arrive(portal: PortalProcesses, number: int, answers: list[Any], until: float) -> list[PatientWalk]:
    """Companies whose Primary Certificate Admins have signed in and started."""
    ops, log = Browser(portal.address), Log()
    people.sign_in(ops, Person("Ops", OPS, OPS_PASSWORD))
    places = Places(portal.address, portal.atlas_pages, portal.mail, 20.0)
    walks = []
    for _ in range(number):
        company = people.invent("Chaos Energy")
        people.add_company(ops, company)
        walks.append(PatientWalk(places, company, log, answers, until))
        walks[-1].arrive()
    return walks


def count(portal: PortalProcesses, question: str) -> Any:
    with psycopg.connect(portal.environment["DATABASE_URL"]) as connection:
        return connection.execute(question.encode()).fetchone()[0]  # type: ignore[index]


def made_in_atlas(portal: PortalProcesses, walks: list[PatientWalk]) -> list[tuple[int, int, int, int]]:
    """(accounts, identity profiles, API credentials, mTLS certificates) of each company."""
    told = json.loads((portal.folder / "atlas" / "account.json").read_text())
    with AccountApi(told["url"], told["token"], root=told["root_file"]) as api:
        made = []
        for walk in walks:
            accounts = [each.account_id for each in api.find_accounts(walk.company.admin.email)]
            kinds = (api.identity_profiles, api.api_credentials, api.mtls_certificates)
            made.append((len(accounts), *(sum(len(list(kind(each))) for each in accounts) for kind in kinds)))
        return made


@pytest.mark.parametrize(
    ("seconds", "companies"),
    [(20, 2), *(pytest.param(*each, marks=pytest.mark.nightly) for each in ((60, 3), (540, 30)))],
    ids=["a third of a minute", "one minute", "nine minutes"],
)
def test_nothing_is_lost_or_made_twice(tmp_path: Path, seconds: int, companies: int) -> None:
    with servers() as (daemon, addresses), PortalProcesses(tmp_path / "portal", servers=addresses) as portal:
        answers: list[tuple[float, int]] = []
        walks = arrive(portal, companies, answers, time.monotonic() + seconds + AFTERWARDS + 20 * companies)
        blows = Blows(portal, daemon, random.Random(seconds))
        visitor = Visitor(portal.address, answers)
        threads = [threading.Thread(target=each.go) for each in (visitor, *walks)]
        for thread in threads:
            thread.start()
        blows.rain(seconds)
        end = time.monotonic() + AFTERWARDS
        while any(thread.is_alive() for thread in threads[1:]) and time.monotonic() < end:
            time.sleep(2)
            portal.let_leases_pass()
        visitor.stop.set()
        for thread in threads:
            thread.join(30)

        print("\n".join(f"{at - end:.1f} {status}" for at, status in answers if not 0 < status < 400))
        assert [walk.result.trouble for walk in walks] == [""] * companies, blows.log
        assert made_in_atlas(portal, walks) == [(1, 1, 1, 1)] * companies
        assert (
            count(portal, "SELECT count(*) FROM journey_onboarding WHERE status = 'completed'") == companies
        )
        assert count(portal, "SELECT count(*) FROM certs_certificate") == companies
        assert count(portal, "SELECT count(*) FROM journey_steprecord WHERE state <> 'done'") == 0
        assert "equals the facts" in portal.manage("check_projection")
        assert "every chain is whole" in portal.manage("audit_check")
        portal.manage("vault", "verify")
        failed = [(at, status) for at, status in answers if status >= 500]
        assert {status for _, status in failed} <= {503}, blows.log
        away = [(begun, over) for begun, over in blows.away]
        assert [at for at, _ in failed if not any(begun <= at <= over for begun, over in away)] == []
