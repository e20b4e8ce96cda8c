"""How often each kind of move speaks with the database: a change of the count is seen here, and is a decision.

Eight are the same in all moves of progress.py: begin, lock, read, write records, projection, chain and events, commit.
What an email needs comes on top. Reading the step for the page before is not counted; pages are in tests/budgets.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from certs import clock
from onboarding.handover import claims, offers
from onboarding.handover.models import Offer
from onboarding.journey import progress
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.outcomes import Done, Failed
from onboarding.journey.problems import ProblemCode
from onboarding.journey.progress import Submission
from onboarding.journey.steps import Witness
from tests.handover.factories import make_offer
from tests.people_fixtures import People, step

SEEN = datetime(2026, 11, 20, 12, tzinfo=UTC)
REFUSED = {"state": "problem", "problem_code": ProblemCode.REGISTRATION_REFUSED}
DOUBTED = {"state": "problem", "problem_code": ProblemCode.REGISTRATION_UNCLEAR, "submitted_at": SEEN}


def _put(onboarding: Onboarding, slug: str, **columns: Any) -> StepRecord:
    """The step as it has to be for the move, and nobody's."""
    wanted = {"problem_code": "", "submitted_at": None, "assignee": None, "assigned_at": None, **columns}
    StepRecord.objects.filter(onboarding=onboarding, slug=slug).update(**wanted)
    return step(onboarding, slug)


def _held_by(user: Any) -> dict[str, Any]:
    return {"state": "open", "assignee": user, "assigned_at": clock.now()}


def _doubted(onboarding: Onboarding) -> StepRecord:
    record = _put(onboarding, "register", **DOUBTED)
    record.sendings.create(submission=record.submission, sha256="0" * 64, candidates=["A1"])
    return record


def _submission(**how: Any) -> progress.Effect:
    return lambda _: Submission(**how)


Prepare = Callable[[Onboarding, People], Any]
Move = Callable[[Any, People], object]
OFTEN: dict[str, tuple[int, Prepare, Move]] = {
    "submit": (
        8,
        lambda o, p: _put(o, "register", state="open"),
        lambda r, p: progress.submit(r, actor=p.alice, effect=_submission()),
    ),
    "submit what a worker carries on": (
        8,
        lambda o, p: _put(o, "register", state="open"),
        lambda r, p: progress.submit(r, actor=p.alice, effect=_submission(waits=True)),
    ),
    "confirm": (
        9,
        lambda o, p: _put(o, "register", state="waiting", submitted_at=SEEN),
        lambda r, p: progress.confirm(r, actor=p.alice, effect=_submission(), seen_on=SEEN),
    ),
    "settle, somebody's turn": (
        11,
        lambda o, p: _put(o, "invitation", state="waiting"),
        lambda r, p: progress.settle(r, Done(), witness=Witness.ATLAS),
    ),
    "settle, done": (
        8,
        lambda o, p: _put(o, "payment-method", state="open"),
        lambda r, p: progress.settle(r, Done(), witness=Witness.ATLAS),
    ),
    "settle, a problem": (
        11,
        lambda o, p: _put(o, "invitation", state="waiting"),
        lambda r, p: progress.settle(r, Failed(ProblemCode.E_MAILS_LATE), witness=Witness.ATLAS),
    ),
    "settle, too late": (
        5,
        lambda o, p: _put(o, "proof", state="done"),
        lambda r, p: progress.settle(r, Done(), witness=Witness.ATLAS),
    ),
}
SELDOM: dict[str, tuple[int, Prepare, Move]] = {
    "report a problem": (
        11,
        lambda o, p: _put(o, "register", state="open"),
        lambda r, p: progress.report_problem(r, actor=p.alice, code=ProblemCode.REGISTRATION_REFUSED),
    ),
    "reopen": (
        8,
        lambda o, p: _put(o, "register", **REFUSED),
        lambda r, p: progress.reopen(r, actor=p.alice),
    ),
    "send again": (
        10,
        lambda o, p: _doubted(o),
        lambda r, p: progress.send_anew(r, actor=p.alice, reason="-"),
    ),
    "send back": (
        15,
        lambda o, p: _put(o, "certificate", state="open"),
        lambda r, p: progress.send_back(r, actor=p.alice, to="csr", reason="-"),
    ),
    "start": (
        15,
        lambda o, p: p.two,
        lambda c, p: progress.start(c, environment="uit", actor=p.charlie),
    ),
    "withdraw": (
        11,
        lambda o, p: o,
        lambda o, p: progress.withdraw(o, actor=p.alice, reason="-"),
    ),
}
HANDED: dict[str, tuple[int, Prepare, Move]] = {
    "claim": (
        9,
        lambda o, p: _put(o, "csr", state="open"),
        lambda r, p: claims.claim(r, actor=p.alice),
    ),
    "take back": (
        14,
        lambda o, p: _put(o, "csr", **_held_by(p.bob)),
        lambda r, p: claims.reassign(r, actor=p.alice, reason="-"),
    ),
    "give back": (
        12,
        lambda o, p: _put(o, "csr", **_held_by(p.alice)),
        lambda r, p: claims.unclaim(r, actor=p.alice),
    ),
    "offer": (
        20,
        lambda o, p: _put(o, "csr", **_held_by(p.bob)).onboarding,
        lambda o, p: make_offer(o, p.bob, p.tess),
    ),
    "accept": (
        15,
        lambda o, p: Offer.objects.get(),
        lambda f, p: offers.accept(f, actor=p.tess),
    ),
    "return": (
        17,
        lambda o, p: Offer.objects.get(),
        lambda f, p: offers.return_(f, actor=p.tess, reason="-"),
    ),
}


@pytest.mark.parametrize("moves", [OFTEN, SELDOM, HANDED], ids=["often", "seldom", "handed over"])
def test_each_kind_of_move_takes_its_few_round_trips(
    people: People, onboarding: Onboarding, moves: dict[str, tuple[int, Prepare, Move]]
) -> None:
    counted = {}
    for name, (_, prepare, move) in moves.items():
        subject = prepare(onboarding, people)
        with CaptureQueriesContext(connection) as asked:
            move(subject, people)
        counted[name] = len(asked)
    assert counted == {name: trips for name, (trips, _, _) in moves.items()}
