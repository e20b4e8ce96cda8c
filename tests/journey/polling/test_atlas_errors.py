"""Atlas is down, slow, or talks nonsense: steps stay as they are, pages say so, and all goes on when it is back.

What the client makes of each broken answer is tested in tests/atlas; here is what people and ops see of it.
"""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from atlas.sandbox.server import Sandbox
from onboarding.journey import progress, projection
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.outcomes import NotYet
from onboarding.journey.polling import jobs, pollers
from onboarding.journey.polling.client import get_account_api
from onboarding.journey.polling.pollers import REFUSED_PAUSE
from tests.atlas.authority import authority
from tests.atlas.broken_peer import BrokenPeer, Script, break_off, problem, reply
from tests.atlas_fixtures import with_account_api
from tests.journey.form_client import sentences_of
from tests.journey.step_actions import perform, registration, step_action
from tests.people_fixtures import People, client_of, step

NONSENSE: dict[str, tuple[Script, str]] = {
    "a web page": (reply(body=b"<html>Welcome</html>", media_type="text/html"), "does not understand"),
    "half of an answer": (reply(body=b'{"account_id": "A'), "does not understand"),
    "another document": (reply(body=b'{"cat": "meow"}'), "does not understand"),
    "a list of nothing it should be": (reply(body=b"[1, null]"), "does not understand"),
    "a line cut off": (break_off(b""), "could not be reached"),
    "an error of its own": (problem(500), "status 500"),
    "that it is busy": (problem(503, Retry_After="7"), "Atlas is busy"),
    "that it is asked too often": (problem(429, Retry_After="7"), "Atlas is busy"),
    "that the token is wrong": (problem(401), "an operator has to act"),
    "that it forbids this": (problem(403), "an operator has to act"),
}


@pytest.fixture
def waiting(people: People, onboarding: Onboarding) -> StepRecord:
    """The onboarding waits for GlobalSign's two emails; Atlas knows its account."""
    perform(onboarding, people, step_action("register"))
    StepRecord.objects.filter(onboarding=onboarding, slug="register").update(
        facts={"account_id": "AAAAAAAAAAA"}
    )
    StepRecord.objects.filter(onboarding=onboarding, slug="invitation").update(next_check_at=timezone.now())
    return step(onboarding, "invitation")


@pytest.fixture
def broken(settings: Any, atlas: Sandbox, tmp_path: Path) -> Callable[[BrokenPeer], None]:
    """Lets the portal's account API be a broken peer."""

    def point(peer: BrokenPeer) -> None:
        root = tmp_path / "root.pem"
        root.write_bytes(authority("test root").pem)
        changed = with_account_api(settings.PORTAL, peer.url, atlas)
        settings.PORTAL = changed.model_copy(update={"account_api_root": root})

    return point


def _stays(record: StepRecord, people: People, said: str) -> StepRecord:
    """Nothing moved, the next look is set, and the page says what was seen."""
    after = step(record.onboarding, record.slug)
    assert (after.state, after.version, after.poll_count) == ("waiting", record.version, 1)
    assert after.next_check_at is not None
    assert after.next_check_at > timezone.now()
    assert said in after.last_poll_result
    page = client_of(people.alice).get(f"/onboardings/{record.onboarding.code}/{record.slug}/")
    assert page.status_code == 200
    assert said in sentences_of(page)
    assert projection.list_differences() == []
    return after


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_moves_nothing_and_the_page_says_so(
    people: People, waiting: StepRecord, broken: Callable[[BrokenPeer], None], name: str
) -> None:
    script, said = NONSENSE[name]
    with BrokenPeer(script) as peer:
        broken(peer)
        assert jobs.poll_step(waiting.pk) is False
        assert peer.requests
        after = _stays(waiting, people, said)
    assert after.next_check_at is not None
    pause = (after.next_check_at - timezone.now()).total_seconds()
    if "Retry-After" in repr(script):
        assert 5 <= pause <= 8
    if "operator" in said:
        assert pause > REFUSED_PAUSE.total_seconds() - 10


def test_nobody_at_the_other_end(people: People, waiting: StepRecord, settings: Any, atlas: Sandbox) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings.PORTAL = with_account_api(settings.PORTAL, f"https://localhost:{port}/account/v1", atlas)
    assert jobs.poll_step(waiting.pk) is False
    _stays(waiting, people, "Atlas could not be reached")


def test_a_server_that_cannot_prove_who_it_is(
    people: People, waiting: StepRecord, settings: Any, atlas: Sandbox
) -> None:
    with BrokenPeer() as peer:
        settings.PORTAL = with_account_api(settings.PORTAL, peer.url, atlas)  # trusts another root
        assert jobs.poll_step(waiting.pk) is False
        assert peer.requests == []
    _stays(waiting, people, "Atlas could not be reached")


def test_a_person_can_go_on_while_atlas_is_down(
    people: People, waiting: StepRecord, broken: Callable[[BrokenPeer], None]
) -> None:
    with BrokenPeer(problem(503)) as peer:
        broken(peer)
        jobs.poll_step(waiting.pk)
        asked = len(peer.requests)
        perform(waiting.onboarding, people, step_action("invitation", waits=True))
        page = client_of(people.alice).get(f"/onboardings/{waiting.onboarding.code}/invitation/")
        assert page.status_code == 200
        assert len(peer.requests) == asked  # pages never ask Atlas
    assert step(waiting.onboarding, "invitation").state == "open"


def test_when_atlas_is_back_the_step_goes_on(
    people: People,
    onboarding: Onboarding,
    with_api: Sandbox,
    broken: Callable[[BrokenPeer], None],
    settings: Any,
) -> None:
    good = settings.PORTAL
    submission = progress.Submission(answers=registration("back@one.example"), waits=True)
    progress.submit(step(onboarding, "register"), actor=people.alice, effect=lambda r: submission)
    record = step(onboarding, "register")
    with BrokenPeer(problem(500)) as peer:
        broken(peer)
        assert jobs.poll_step(record.pk) is False
    settings.PORTAL = good
    assert jobs.poll_step(record.pk) is True
    assert step(onboarding, "register").facts["account_id"].startswith("A")


def test_an_answer_that_got_lost_creates_no_second_account(
    people: People, onboarding: Onboarding, with_api: Sandbox
) -> None:
    """The same submission sends the same idempotency key, however often it is looked at."""
    answers = registration("lost@one.example")
    progress.submit(
        step(onboarding, "register"),
        actor=people.alice,
        effect=lambda r: progress.Submission(answers=answers, waits=True),
    )
    record = step(onboarding, "register")
    first, second = pollers.poll(record), pollers.poll(record)
    assert first == second
    assert len(get_account_api().find_accounts("lost@one.example")) == 1


def test_what_atlas_refuses_becomes_a_problem_with_its_own_words(
    people: People, onboarding: Onboarding, broken: Callable[[BrokenPeer], None]
) -> None:
    with BrokenPeer(problem(422, b'{"description": "The telephone number is not known."}')) as peer:
        broken(peer)
        submission = progress.Submission(answers=registration(), waits=True)
        progress.submit(step(onboarding, "register"), actor=people.alice, effect=lambda r: submission)
        assert jobs.poll_step(step(onboarding, "register").pk) is True
    said = sentences_of(client_of(people.alice).get(f"/onboardings/{onboarding.code}/register/"))
    assert "The telephone number is not known." in said
    assert "Try this step again" in said


def test_an_account_that_atlas_does_not_know_leaves_the_step_to_people(
    people: People, onboarding: Onboarding, with_api: Sandbox
) -> None:
    StepRecord.objects.filter(onboarding=onboarding, slug="quote").update(
        state="waiting", next_check_at=timezone.now()
    )
    assert jobs.poll_step(step(onboarding, "quote").pk) is False
    assert "only a person can confirm" in step(onboarding, "quote").last_poll_result


def test_a_fault_of_our_own_postpones_one_row_and_not_the_others(
    people: People, onboarding: Onboarding, with_api: Sandbox
) -> None:
    """A registration without the answers that its form demands cannot come from a page."""
    StepRecord.objects.filter(onboarding=onboarding, slug="register").update(
        state="waiting", submitted_at=timezone.now(), next_check_at=timezone.now()
    )
    record = step(onboarding, "register")
    with pytest.raises(KeyError):
        jobs.poll_step(record.pk)
    after = step(onboarding, "register")
    assert (after.state, after.version) == ("waiting", record.version)
    assert "fault of its own" in after.last_poll_result
    assert after.next_check_at is not None
    assert after.next_check_at > timezone.now()


def test_a_row_that_is_not_due_is_not_looked_at(people: People, onboarding: Onboarding) -> None:
    assert jobs.poll_step(step(onboarding, "register").pk) is False
    assert jobs.poll_step(0) is False
    assert pollers.poll(step(onboarding, "register")) == NotYet()
