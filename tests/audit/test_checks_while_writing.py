"""Both checkers while the portal works: eight people move their onboardings, and nothing is called broken.

Real connections, one per writer. What the checkers find when something is wrong is in tests/attacks.
"""

import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from onboarding.audit.models import Event
from onboarding.journey import progress
from onboarding.journey.models import Onboarding
from onboarding.journey.progress import Submission
from onboarding.people.company_creation import create_company
from onboarding.people.models import User
from tests.people_fixtures import step

WRITERS = 8
MOVES = 3  # beside each check


def _company(number: int, olga: User) -> tuple[Onboarding, User]:
    email = f"lead{number}@company.example"
    company = create_company(
        name=f"Company {number}", number="", admin_name="Lead", admin_email=email, actor=olga
    )
    lead = User.objects.get(email=email)
    return progress.start(company, environment="uit", actor=lead), lead


def _moves(onboarding: Onboarding, lead: User) -> Iterator[None]:
    """One move after the other, to the second step and back again; facts and evidence differ each time."""
    for count in itertools.count():

        def effect(_: Any, count: int = count, *, waits: bool = False) -> Submission:
            return Submission(facts={"submitted_on": f"{count}"}, waits=waits)

        def seen(slug: str, effect: Any = effect, count: int = count) -> None:
            record = step(onboarding, slug)
            progress.confirm(record, actor=lead, effect=effect, seen_on=timezone.now(), note=f"seen {count}")

        progress.submit(step(onboarding, "register"), actor=lead, effect=partial(effect, waits=True))
        yield
        seen("register")
        yield
        seen("invitation")
        yield
        progress.report_problem(step(onboarding, "invitation"), actor=lead, code="e-mails-late")
        yield
        progress.reopen(step(onboarding, "invitation"), actor=lead)
        yield
        progress.send_back(step(onboarding, "invitation"), actor=lead, to="register", reason="again")
        yield


@contextmanager
def _writers() -> Iterator[tuple[threading.Semaphore, list[Exception]]]:
    """Eight threads, each with an onboarding, that make a move for every permit; what went wrong in them."""
    call_command("add_ops", "olga@dip.example", "--name", "Olga", stdout=StringIO())
    olga = User.objects.get(email="olga@dip.example")
    cases = [_company(number, olga) for number in range(WRITERS)]
    permits, ended = threading.Semaphore(0), threading.Event()
    wrong: list[Exception] = []

    def write(case: tuple[Onboarding, User]) -> None:
        moves = _moves(*case)
        try:
            while permits.acquire() and not ended.is_set():
                next(moves)
        except Exception as error:  # noqa: BLE001  the test reports it
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(case,), daemon=True) for case in cases]
    for thread in threads:
        thread.start()
    try:
        yield permits, wrong
    finally:
        ended.set()
        permits.release(WRITERS)
        for thread in threads:
            thread.join(30)


def _check(times: int) -> None:
    """Each check has a few moves beside it, of whichever writers are first, so that the trail grows evenly."""
    written = []
    with _writers() as (permits, wrong):
        for number in range(times):
            before = Event.objects.count()
            permits.release(MOVES)
            call_command("audit_check", stdout=StringIO())
            call_command("check_projection", stdout=StringIO())
            written.append(Event.objects.count() - before)
            assert wrong == [], f"after {number} checks"
    assert sum(map(bool, written)) > times * 0.9, "the writers slept while it was checked"


@pytest.mark.django_db(transaction=True)
def test_thirty_checks_while_eight_write_find_nothing(transactional_db: None) -> None:
    _check(30)


@pytest.mark.nightly
@pytest.mark.parametrize("hundred", range(10))
@pytest.mark.django_db(transaction=True)
def test_a_thousand_checks_while_eight_write_find_nothing(transactional_db: None, hundred: int) -> None:
    _check(100)
