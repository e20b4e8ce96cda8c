"""docs/architecture.md: its picture is what the contracts say, and the two walks through the code happen as told.

That every place named in it exists is tested in test_docs.py, with the other pages.
"""

import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import timedelta
from types import FrameType
from typing import Any

import pytest

from atlas.sandbox.faults import InjectedFault
from atlas.sandbox.server import Sandbox
from certs import clock
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.polling import batches, tasks
from onboarding.notifications import tasks as email_tasks
from tests.atlas_fixtures import atlas, with_api, without_api
from tests.house.checkout import ROOT
from tests.journey.step_actions import bring_to, csr, registration, step_action
from tests.people_fixtures import People, client_of, step
from tests.workers import eager_workers
from tools import room_picture

__all__ = ["atlas", "eager_workers", "with_api", "without_api"]

PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
ROOMS = ("config/", "onboarding/", "certs/", "atlas/")


def test_the_picture_is_what_the_contracts_say() -> None:
    assert room_picture.place(PAGE, room_picture.draw(room_picture.read_contracts())) == PAGE


def test_a_changed_contract_changes_the_picture() -> None:
    linter = room_picture.read_contracts()
    changed = deepcopy(linter)
    next(each for each in changed["contracts"] if each["id"] == "onboarding")["layers"].insert(1, "billing")
    new = set(room_picture.draw(changed).splitlines()) - set(room_picture.draw(linter).splitlines())
    assert "  onboarding.help --> onboarding.billing" in new
    assert "  onboarding.billing --> onboarding.team" in new


def test_every_contract_is_drawn() -> None:
    picture = room_picture.draw(room_picture.read_contracts())
    for each in room_picture.read_contracts()["contracts"]:
        assert re.search(rf"  %% {re.escape(each['name'])}\n  \S+ --[>x] \S+\n", picture), each["name"]


def _walk(heading: str) -> list[str]:
    """The functions that a section names, in order; tables and settings in it are no functions."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    places = dict.fromkeys(re.findall(r"`([\w/.]+::[\w.]+)`", section))
    return [place for place in places if re.match(r"_?[a-z]", place.rpartition("::")[2].rpartition(".")[2])]


@contextmanager
def _calls() -> Iterator[list[str]]:
    """The portal's functions in the order in which each is called first."""
    called: dict[str, None] = {}

    def note(frame: FrameType, event: str, _: Any) -> None:
        file = frame.f_code.co_filename
        if event == "call" and file.startswith(str(ROOT)):
            called[f"{file.removeprefix(f'{ROOT}/')}::{frame.f_code.co_qualname}"] = None

    made: list[str] = []
    batches._threads.cache_clear()  # threads that live already are not watched
    threading.setprofile(note)
    sys.setprofile(note)
    try:
        yield made
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
        made += called


def _told_and_called(heading: str, called: list[str], *, apart: set[str]) -> tuple[list[str], list[str]]:
    """The walk as it is told, and the same functions as they were called; `apart` is run at another time."""
    told = [place for place in _walk(heading) if place not in apart]
    return told, [place for place in called if place in told]


def test_a_csr_goes_the_way_that_is_told(people: People, onboarding: Onboarding) -> None:
    bring_to(onboarding, people, step_action("csr"))
    browser, page = client_of(people.tess), f"/onboardings/{onboarding.code}/csr/"
    with _calls() as called:
        answer = browser.post(page, {"way": "own", "csr_text": csr().decode(), "action": "save"})
    assert (answer.status_code, step(onboarding, "csr").state) == (302, "done")
    apart = {"config/urls.py::urlpatterns", "onboarding/journey/urls.py::urlpatterns"}  # lists, not functions
    told, seen = _told_and_called("The way of a CSR", called, apart=apart)
    assert told == seen
    assert len(told) > 12


@pytest.mark.django_db(transaction=True)
def test_a_due_row_goes_the_way_that_is_told(
    people: People, onboarding: Onboarding, with_api: Sandbox, eager_workers: None
) -> None:
    client_of(people.alice).post(
        f"/onboardings/{onboarding.code}/register/", {**registration(), "action": "send"}
    )
    tasks.poll_due_steps()
    assert step(onboarding, "invitation").state == "waiting"
    with_api.faults.add(InjectedFault("status", status=429, retry_after=1))
    with _calls() as called:
        tasks.poll_due_steps()
        assert "Atlas is busy" in step(onboarding, "invitation").last_poll_result
        StepRecord.objects.filter(onboarding=onboarding).exclude(next_check_at=None).update(
            next_check_at=clock.now() - timedelta(seconds=1)
        )
        tasks.poll_due_steps()
        email_tasks.send_due()
    assert step(onboarding, "invitation").state == "open"
    apart = {"config/schedule.py::build_beat_schedule"}  # called when the worker starts
    told, seen = _told_and_called("The way of a due row", called, apart=apart)
    assert told == seen
    assert len(told) > 15
