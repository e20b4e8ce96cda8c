"""Taking a step, giving it back and taking it back, through the pages and by the moves.

Who may is asked in onboarding/journey/guards.py; the matrix is in tests/journey/test_guards.py.
"""

from typing import Any

import pytest

from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.handover import claims
from onboarding.journey import progress
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.notifications.models import OutboxEmail
from onboarding.people.models import User
from tests.notifications.email_reader import read_email
from tests.people_fixtures import People, client_of, shows_errors, step


@pytest.fixture
def record(onboarding: Onboarding) -> StepRecord:
    """The technical step, open to Alice, Bob and Tess."""
    StepRecord.objects.filter(onboarding=onboarding, slug="csr").update(state="open")
    return step(onboarding, "csr")


def _post(user: User, record: StepRecord, verb: str, **data: str) -> Any:
    return client_of(user).post(f"/onboardings/{record.onboarding.code}/csr/{verb}/", data)


def _text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def _events(record: StepRecord) -> list[str]:
    found = Event.objects.filter(onboarding_id=record.onboarding_id, step="csr").order_by("number")
    return [event.name for event in found]


def test_taking_an_open_step_makes_it_yours(people: People, record: StepRecord) -> None:
    assert _post(people.tess, record, "take").status_code == 302
    held = step(record.onboarding, "csr")
    assert (held.assignee, held.assigned_at is not None) == (people.tess, True)
    assert (held.state, held.version) == ("open", record.version)  # nobody's open page becomes stale
    assert _events(record) == [EventName.STEP_CLAIMED]
    page = client_of(people.bob).get(f"/onboardings/{record.onboarding.code}/csr/")
    assert "Tess Test (Technician) holds it since" in _text(page)


@pytest.mark.parametrize(
    ("name", "status"), [("rhea", 403), ("olga", 403), ("charlie", 404), ("bob", 302), ("alice", 302)]
)
def test_only_those_who_may_do_the_step_may_take_it(
    people: People, record: StepRecord, name: str, status: int
) -> None:
    assert _post(getattr(people, name), record, "take").status_code == status
    assert (step(record.onboarding, "csr").assignee is not None) == (status == 302)


def test_a_held_step_is_not_taken_and_the_page_says_who_has_it_since_when(
    people: People, record: StepRecord
) -> None:
    claims.claim(record, actor=people.tess)
    answer = _post(people.bob, record, "take")
    assert answer.status_code == 409
    assert "Tess Test holds this step since " in _text(answer)
    assert step(record.onboarding, "csr").assignee == people.tess


def test_a_done_step_is_not_taken(people: People, record: StepRecord) -> None:
    progress.submit(record, actor=people.tess, effect=lambda r: progress.Submission())
    answer = _post(people.bob, record, "take")
    assert answer.status_code == 409
    assert "was done by Tess Test on" in _text(answer)


def test_the_others_cannot_do_a_held_step(people: People, record: StepRecord) -> None:
    claims.claim(record, actor=people.tess)
    page = f"/onboardings/{record.onboarding.code}/csr/"
    answer = client_of(people.bob).post(page, {"way": "portal"})
    assert answer.status_code == 403
    assert "Tess Test holds this step. Take it back first, or ask Tess Test." in _text(answer)
    assert client_of(people.tess).post(page, {"way": "portal"}).status_code == 302


def test_giving_back_leaves_the_draft(people: People, record: StepRecord) -> None:
    claims.claim(record, actor=people.tess)
    StepRecord.objects.filter(pk=record.pk).update(draft={"way": "own"})
    assert _post(people.tess, record, "release").status_code == 302
    free = step(record.onboarding, "csr")
    assert (free.assignee, free.assigned_at, free.draft) == (None, None, {"way": "own"})
    assert _events(record) == [EventName.STEP_CLAIMED, EventName.STEP_UNCLAIMED]


def test_what_one_does_not_hold_one_cannot_give_back(people: People, record: StepRecord) -> None:
    claims.claim(record, actor=people.tess)
    answer = _post(people.bob, record, "release")
    assert answer.status_code == 409
    assert "This step is not assigned to you." in _text(answer)


def test_taking_back_asks_for_a_reason_and_tells_the_former_holder(
    people: People, record: StepRecord
) -> None:
    claims.claim(record, actor=people.tess)
    asked = client_of(people.bob).get(f"/onboardings/{record.onboarding.code}/csr/take-back/")
    assert "back from Tess Test" in _text(asked)
    silent = _post(people.bob, record, "take-back", reason=" ")
    assert shows_errors(silent)
    assert "Give a reason; the others will read it." in _text(silent)
    assert step(record.onboarding, "csr").assignee == people.tess
    assert _post(people.bob, record, "take-back", reason="You are on holiday").status_code == 302
    assert step(record.onboarding, "csr").assignee == people.bob
    event = Event.objects.get(name=EventName.STEP_REASSIGNED)
    assert event.data == {"former": "Tess Test", "reason": "You are on holiday"}
    letter = OutboxEmail.objects.get(key__startswith="taken-back:")
    assert letter.to == people.tess
    assert "You are on holiday" in read_email(letter).text


@pytest.mark.parametrize(
    ("name", "status"), [("rhea", 403), ("olga", 403), ("charlie", 404), ("tess", 409), ("alice", 200)]
)
def test_only_certificate_admins_take_back_from_another(
    people: People, record: StepRecord, name: str, status: int
) -> None:
    claims.claim(record, actor=people.tess)
    page = f"/onboardings/{record.onboarding.code}/csr/take-back/"
    assert client_of(getattr(people, name)).get(page).status_code == status


def test_taking_back_twice_tells_each_former_holder(people: People, record: StepRecord) -> None:
    claims.claim(record, actor=people.tess)
    claims.reassign(record, actor=people.bob, reason="first")
    claims.reassign(record, actor=people.alice, reason="second")
    claims.unclaim(record, actor=people.alice)
    claims.claim(record, actor=people.tess)
    claims.reassign(record, actor=people.bob, reason="third")
    told = OutboxEmail.objects.filter(key__startswith="taken-back:").values_list("to__name", flat=True)
    assert sorted(told) == ["Bob Test", "Tess Test", "Tess Test"]


def test_nothing_is_taken_in_an_onboarding_that_has_ended(people: People, record: StepRecord) -> None:
    claims.claim(record, actor=people.tess)
    progress.withdraw(record.onboarding, actor=people.alice, reason="we left the market")
    for verb in ("take-back", "release"):
        user = people.tess if verb == "release" else people.bob
        answer = _post(user, record, verb, reason="-")
        assert answer.status_code == 409
        assert "This onboarding is withdrawn; nothing can be changed." in _text(answer)
