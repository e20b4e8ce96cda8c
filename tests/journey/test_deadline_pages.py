"""What people read of deadlines, and the pages on which ops pause them or change a company's times.

Who may open these pages is in tests/leaks; the deadlines themselves are in test_deadlines.py.
"""

from datetime import datetime
from typing import Any

import pytest

from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.handover import claims
from onboarding.journey import progress, projection
from onboarding.journey.deadlines import pauses
from onboarding.journey.deadlines.deadline_text import describe_deadline
from onboarding.journey.deadlines.reminders import remind_of_due_steps
from onboarding.journey.deadlines.time_changes import change_times
from onboarding.journey.definitions import Times
from onboarding.journey.models import Onboarding
from onboarding.people.decisions import PermissionRefused, StateConflict
from tests.dashboards.factories import Stand, make_many
from tests.journey.form_client import press, sentences_of
from tests.journey.test_deadlines import begun, london
from tests.people_fixtures import People, client_of, step
from tests.time_travel import travel

__all__ = ["begun"]
USUALLY = "Usually done by Tuesday 8 December, at the latest by Friday 11 December."


def pages_of(user: Any, onboarding: Onboarding, moment: datetime) -> list[str]:
    """Your tasks, the journey and the step of the registration, as they read at a moment."""
    addresses = ("/?stay", f"/onboardings/{onboarding.code}/", f"/onboardings/{onboarding.code}/register/")
    with travel(moment):
        return [" ".join(sentences_of(client_of(user).get(address)).split()) for address in addresses]


def test_whoever_has_a_step_reads_by_when_it_is_done(people: People, begun: Onboarding) -> None:
    for page in pages_of(people.charlie, begun, london("2026-12-07 09:00")):
        assert USUALLY in page
    for page in pages_of(people.charlie, begun, london("2026-12-14 09:00")):
        assert "It was expected by Friday 11 December." in page
        assert USUALLY not in page


def test_who_has_chosen_a_way_to_do_a_step_still_reads_by_when_it_is_done(people: People) -> None:
    (case,) = make_many([Stand("csr")])
    record = case.steps.filter(slug="csr")  # type: ignore[attr-defined]
    record.update(usual_at=london("2026-12-08 17:00"), due_at=london("2026-12-11 17:00"))
    with travel(london("2026-12-07 09:00")):
        browser = client_of(case.started_by)
        for query in ("", "ways/openssl/"):
            page = browser.get(f"/onboardings/{case.code}/csr/{query}")
            assert USUALLY in " ".join(sentences_of(page).split()), query
    assert "Choose another way" in sentences_of(page)


def test_why_deadlines_rest_is_said_instead_to_the_company_and_to_nobody_else(
    people: People, begun: Onboarding
) -> None:
    with travel(london("2026-12-07 10:00")):
        pauses.pause_onboarding(begun, actor=people.olga, reason="The company moves house.")
    for page in pages_of(people.charlie, begun, london("2026-12-14 09:00")):
        assert (
            "The deadlines are paused since Monday 7 December, 10:00. The reason: The company moves house."
            in page
        )
        assert "expected by" not in page
    with travel(london("2026-12-14 09:00")):
        said = describe_deadline(step(begun, "register"), is_outside=True)
    assert said == "The deadlines are paused since Monday 7 December, 10:00."


def test_what_came_late_to_somebody_is_not_put_down_to_them(people: People, begun: Onboarding) -> None:
    with travel(london("2026-12-14 09:00")):
        claims.claim(step(begun, "register"), actor=people.charlie)
        said = describe_deadline(step(begun, "register"), people.charlie)
        assert said == "It was expected by Friday 11 December, before you had it."


def test_ops_pause_deadlines_and_let_them_go_on(people: People, begun: Onboarding) -> None:
    page = f"/onboardings/{begun.code}/deadlines/"
    with travel(london("2026-12-07 10:00")):
        olga = client_of(people.olga)
        assert "Deadlines" in sentences_of(olga.get(f"/onboardings/{begun.code}/"))
        refused = press(olga, page, page, {"reason": ""})
        assert "Give a reason; the others will read it." in sentences_of(refused)
        press(olga, page, page, {"reason": "The company moves house."})
        assert "paused since Monday 7 December, 10:00, by Olga Test" in sentences_of(olga.get(page))
        press(olga, page, f"{page}resume/", {})
        assert "are paused since" not in sentences_of(olga.get(page))
        assert olga.post(f"{page}resume/").status_code == 409


def test_ops_change_a_companys_times_and_open_steps_follow(people: People, begun: Onboarding) -> None:
    page = f"/onboardings/{begun.code}/deadlines/register/"
    shown = {"seen_usual": "2", "seen_latest": "5"}
    with travel(london("2026-12-07 10:00")):
        olga = client_of(people.olga)
        wrong = press(olga, page, page, {"usual": "9", "latest": "4", "reason": "An audit.", **shown})
        read = sentences_of(wrong)
        assert "The latest time cannot be before the usual time. Enter 9 or more." in read
        done = press(olga, page, page, {"usual": "4", "latest": "9", "reason": "An audit.", **shown})
        assert done["Location"] == f"/onboardings/{begun.code}/deadlines/"
        listed = sentences_of(olga.get(done["Location"]))
        assert "Usually 4, at the latest 9 working days. Elsewhere 2 and 5. The reason: An audit." in listed
        late = press(olga, page, page, {"usual": "1", "latest": "2", "reason": "Mine.", **shown})
        assert late.status_code == 409
        assert "they are 4 and 9 working days now" in sentences_of(late)
    record = step(begun, "register")
    begun.refresh_from_db()
    assert (record.usual_at, record.due_at) == (london("2026-12-10 17:00"), london("2026-12-17 17:00"))
    assert (record.next_reminder_at, begun.due_at) == (record.usual_at, record.due_at)
    event = Event.objects.get(name=EventName.STEP_TIMES_CHANGED)
    assert event.data == {
        "times_before": "2 and 5 working days",
        "times_now": "4 and 9 working days",
        "reason": "An audit.",
    }
    with travel(london("2026-12-07 11:00")):
        later = progress.start(people.two, environment="production", actor=people.charlie)
    assert step(later, "register").due_at == london("2026-12-18 17:00")
    assert projection.list_differences() == []


def test_shorter_times_make_nobody_late_and_remind_nobody_twice(people: People, begun: Onboarding) -> None:
    with travel(london("2026-12-09 10:00")):
        assert remind_of_due_steps() == 1
        change_times(
            people.two, "register", Times(1, 2), seen=Times(2, 5), actor=people.olga, reason="It is urgent."
        )
        assert remind_of_due_steps() == 0
    record = step(begun, "register")
    assert record.due_at == record.next_reminder_at == london("2026-12-10 17:00")
    with travel(london("2026-12-09 11:00")):
        change_times(
            people.two, "register", Times(2, 5), seen=Times(1, 2), actor=people.olga, reason="As before."
        )
        people.two.deadlines.refresh_from_db()
        assert people.two.deadlines.times == {}
        with pytest.raises(StateConflict):
            change_times(
                people.two, "register", Times(3, 5), seen=Times(1, 2), actor=people.olga, reason="Late."
            )
        with pytest.raises(PermissionRefused):
            change_times(
                people.two, "register", Times(3, 5), seen=Times(2, 5), actor=people.alice, reason="Mine."
            )


def test_days_that_rested_count_when_the_times_change(people: People, begun: Onboarding) -> None:
    with travel(london("2026-12-07 10:00")):
        pauses.pause_onboarding(begun, actor=people.olga, reason="Moving.")
    with travel(london("2026-12-09 10:00")):
        pauses.resume_onboarding(begun, actor=people.olga)
        change_times(
            people.two, "register", Times(3, 6), seen=Times(2, 5), actor=people.olga, reason="Longer."
        )
    record = step(begun, "register")
    assert (record.usual_at, record.due_at) == (london("2026-12-11 17:00"), london("2026-12-16 17:00"))
