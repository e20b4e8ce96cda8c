"""A row that kills the worker which touches it, on a real worker: it is not tried for ever and holds up nobody else.

What the lease of such a row is, and its end, is written into the database here instead of being waited for.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from certs import certificate, chain_completion, csr
from certs.models import Certificate
from tests.certs.test_aia import Publisher, publisher
from tests.certs.test_chain_completion import naming_its_issuer
from tests.certs.x509_factories import csr_pem, pem_of
from tests.house.checkout import ROOT
from tests.portal_processes import PortalProcesses
from tests.time_travel import travel

__all__ = ["publisher"]
PATIENCE = 90  # seconds; the machine may be busy
POISON = "Poison Power Ltd"
PLANT = """
from onboarding.journey import progress
from onboarding.journey.models import StepRecord
from onboarding.notifications.models import OutboxEmail
from onboarding.people.models import Company, Membership, Role, User
from django.db import transaction
from django.utils import timezone
for number, name in enumerate([%r, "Good 1 Ltd", "Good 2 Ltd", "Good 3 Ltd"]):
    user = User.objects.create(email=f"u{number}@x.example", name=f"User {number}")
    with transaction.atomic():
        company = Company.objects.create(slug=f"c{number}", name=name)
        Membership.objects.create(user=user, company=company, role=Role.PRIMARY)
    onboarding = progress.start(company, environment="uit", actor=user)
    record = StepRecord.objects.select_related("onboarding__company").get(onboarding=onboarding, slug="register")
    answers = {"name": user.name, "job_title": "Manager", "email": user.email, "phone": "020 7946 0018"}
    OutboxEmail.objects.create(key=name, to=user, subject=name, text="-", html="-", next_try_at=timezone.now())
    progress.submit(record, actor=user, effect=lambda _: progress.Submission(answers=answers, waits=True))
"""
POISONED = (
    "journey_steprecord s USING journey_onboarding o, people_company c"
    f" WHERE s.onboarding_id = o.id AND o.company_id = c.id AND c.name = '{POISON}' AND s.slug = 'register'"
)


class Killed(PortalProcesses):
    """The portal whose worker runs tests/attacks/crashing_worker.py."""

    def deaths(self, what: str) -> int:
        """How many processes ended over it so far."""
        file = self.folder / "deaths"
        return file.read_text().split().count(what) if file.exists() else 0

    def _run(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        if name.startswith("worker"):
            command = ["tests.attacks.crashing_worker" if word == "config" else word for word in command]
            self.environment["DEATHS"] = str(self.folder / "deaths")
        return super()._run(name, command)


class Scene:
    """The poisoned rows among three good ones, on one worker of two processes."""

    def __init__(self, portal: Killed, database: psycopg.Connection[tuple[object, ...]]) -> None:
        self.portal, self.database = portal, database

    def ask(self, sql: str) -> tuple[object, ...]:
        row = self.database.execute(sql.encode()).fetchone()
        assert row is not None
        return row

    def step(self) -> tuple[object, ...]:
        """State and problem of the poisoned step."""
        return self.ask("SELECT s.state, s.problem_code FROM " + POISONED.replace(" USING", ",", 1))

    def mail(self) -> object:
        return self.ask(f"SELECT delivery FROM notifications_outboxemail WHERE subject = '{POISON}'")[0]

    def end_the_leases(self) -> None:
        """As if the minutes that a dead worker's claim lasts had passed."""
        for sql in (
            f"UPDATE journey_steprecord SET next_check_at = clock_timestamp() WHERE id IN (SELECT s.id FROM "
            f"{POISONED.replace(' USING', ',', 1)}) AND next_check_at IS NOT NULL",
            f"UPDATE notifications_outboxemail SET next_try_at = clock_timestamp()"
            f" WHERE subject = '{POISON}' AND next_try_at IS NOT NULL",
        ):
            self.database.execute(sql.encode())

    def deaths(self) -> tuple[int, int]:
        return self.portal.deaths("poll"), self.portal.deaths("email")


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with (
        Killed(tmp_path / "portal", workers=1) as portal,
        psycopg.connect(portal.environment["DATABASE_URL"], autocommit=True) as database,
    ):
        portal.manage("shell", "-c", PLANT % POISON)
        yield Scene(portal, database)


def until(true: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.1)


def test_rows_that_kill_their_worker_are_not_tried_for_ever_and_hold_up_nobody(scene: Scene) -> None:
    until(lambda: min(scene.deaths()) >= 1, "nobody was killed")
    good = "FROM journey_steprecord s JOIN journey_onboarding o ON o.id = s.onboarding_id WHERE s.slug"
    until(
        lambda: scene.ask(f"SELECT count(*) {good} = 'register' AND s.state = 'done'") == (3,),
        "the good companies' registrations did not go on",
    )
    until(
        lambda: (
            scene.ask(
                "SELECT count(*) FROM notifications_outboxemail WHERE key LIKE 'Good%' AND delivery = 'sent'"
            )
            == (3,)
        ),
        "the good companies' emails were not sent",
    )
    time.sleep(5)
    assert scene.deaths() == (1, 1), "tried again at once"
    for number in (2, 3):
        scene.end_the_leases()
        until(lambda expected=number: scene.deaths() == (expected, expected), f"death {number}")  # type: ignore[misc]
    scene.end_the_leases()
    until(lambda: scene.step()[0] == "problem", "the step is no problem yet")
    until(lambda: scene.mail() == "failed", "the message is not given up")
    assert scene.step() == ("problem", "portal-look-ended")
    assert scene.deaths() == (3, 3)
    next_actor = "SELECT next_actor FROM journey_onboarding o JOIN people_company c ON c.id = o.company_id WHERE c.name"
    assert scene.ask(f"{next_actor} = '{POISON}'") == ("ops",)


SEARCH = """
import os, signal, sys
def kill(event, arguments):
    if event == "socket.connect" and arguments[1][1] == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
import django
django.setup()
from certs import chain_completion
from certs.models import Certificate
sys.addaudithook(kill)
chain_completion.complete_chain(Certificate.objects.get(pk=sys.argv[1]))
"""


@pytest.mark.django_db(transaction=True)
def test_a_search_for_issuers_that_kills_its_worker_ends_after_three(
    transactional_db: None, publisher: Publisher, settings: Any
) -> None:
    settings.PORTAL = settings.PORTAL.model_copy(update={"aia_hosts": (publisher.host,)})
    request = csr.accept(uuid4(), uuid4(), csr_pem())
    brought = pem_of(naming_its_issuer(publisher.serve("/issuer.crt", b"", 503)))
    busy = certificate.accept(request.company_id, request.case_id, brought, request)
    name = connection.settings_dict["NAME"]
    address = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"
    port = publisher.host.rpartition(":")[2]
    environment = {**os.environ, "DATABASE_URL": address, "AIA_HOSTS": publisher.host}
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
    for death in (1, 2, 3):
        command = [sys.executable, "-c", SEARCH, str(busy.pk), port]
        died = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert died.returncode == -9, died.stderr
        assert Certificate.objects.get().chain_searches == death
    asked = list(publisher.asked)
    chain_completion.complete_chain(Certificate.objects.get())
    assert publisher.asked == asked
    assert Certificate.objects.get().chain_searched_at is not None
    with travel(busy.created_at.replace(year=busy.created_at.year + 1)):
        assert list(chain_completion.due_certificates()) == []
