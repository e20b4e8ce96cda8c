"""By when a step is done: working days through holidays and summer time, reminders that go once, pauses.

The clock is the portal's own (tests/time_travel.py); what pages show of it is in test_deadline_pages.py.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from certs import clock
from onboarding.audit.chain_check import find_chain_faults
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.journey import progress, projection
from onboarding.journey.deadlines import holds, pauses, reminders
from onboarding.journey.deadlines.due_times import compute_due_times
from onboarding.journey.deadlines.reminders import remind_of_due_steps, tell_ops_of_stuck_steps
from onboarding.journey.deadlines.stuck import explain_stuck
from onboarding.journey.deadlines.working_days import (
    LONDON,
    add_working_days,
    add_working_hours,
    count_working_days,
    is_working_day,
)
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.steps import STEPS
from onboarding.notifications.models import OutboxEmail
from onboarding.people.decisions import PermissionRefused, StateConflict
from tests.notifications.email_reader import read_email
from tests.people_fixtures import People, step
from tests.time_travel import travel


def london(text: str) -> datetime:
    """A moment by the clocks of London."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-12-02 10:12", 2, "2026-12-04 17:00"),
        ("2026-12-04 18:30", 1, "2026-12-07 17:00"),  # a Friday evening: all of Monday
        ("2026-12-05 11:00", 1, "2026-12-07 17:00"),  # a Saturday
        ("2026-12-24 16:00", 1, "2026-12-29 17:00"),  # Boxing Day is a Saturday: Monday 28 in its place
        (
            "2027-12-24 09:00",
            2,
            "2027-12-30 17:00",
        ),  # Christmas at a weekend: Monday and Tuesday in its place
        ("2022-12-23 09:00", 1, "2022-12-28 17:00"),  # Christmas Day was a Sunday: Tuesday in its place
        ("2026-12-31 23:59", 1, "2027-01-04 17:00"),
        ("2028-02-28 09:00", 1, "2028-02-29 17:00"),  # a leap year
        ("2028-02-29 09:00", 1, "2028-03-01 17:00"),
        ("2027-02-26 09:00", 1, "2027-03-01 17:00"),  # none
        ("2026-03-27 18:00", 1, "2026-03-30 17:00"),  # summer time begins in between
        ("2026-10-23 18:00", 1, "2026-10-26 17:00"),  # and ends
        ("2026-04-02 09:00", 1, "2026-04-07 17:00"),  # Easter
    ],
)
def test_working_days_leave_out_weekends_and_bank_holidays(start: str, days: int, end: str) -> None:
    assert add_working_days(london(start), days) == london(end)
    assert count_working_days(london(start), london(end)) == days


def test_a_day_is_the_day_in_london_and_seventeen_hours_are_by_its_clock() -> None:
    """At 23:30 UTC in summer it is the next day in London."""
    late = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)
    assert add_working_days(late, 1) == datetime(2026, 6, 3, 16, tzinfo=UTC)
    assert add_working_days(datetime(2026, 1, 12, 23, 30, tzinfo=UTC), 1) == datetime(
        2026, 1, 13, 17, tzinfo=UTC
    )


def test_the_bank_holidays_are_those_of_england_and_wales() -> None:
    closed = ["2026-05-04", "2026-08-31", "2022-09-19", "2023-05-08", "2026-12-28"]
    worked = ["2026-01-02", "2026-03-17", "2026-11-30", "2026-08-03"]  # of Scotland and Northern Ireland
    assert [is_working_day(date.fromisoformat(day)) for day in (*closed, *worked)] == [False] * 5 + [True] * 4


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-12-01 14:05", "2026-12-04 14:05"),
        ("2026-12-04 14:05", "2026-12-09 14:05"),
        ("2026-12-05 10:00", "2026-12-10 00:00"),
        ("2026-12-24 12:00", "2026-12-31 12:00"),
        ("2026-03-27 12:00", "2026-04-01 12:00"),  # no hour is lost when summer time begins
    ],
)
def test_72_working_hours_are_those_of_three_working_days(start: str, end: str) -> None:
    assert add_working_hours(london(start), timedelta(hours=72)) == london(end)


@pytest.mark.parametrize(
    ("hours", "end"), [("calendar", "2026-12-07 14:05"), ("working", "2026-12-09 14:05")]
)
def test_the_hours_of_vetting_are_as_they_are_set(settings: Any, hours: str, end: str) -> None:
    settings.PORTAL = settings.PORTAL.model_copy(update={"vetting_hours": hours})
    start = london("2026-12-04 14:05")
    vetting = compute_due_times(StepRecord(slug="verification", state="waiting"), start, {})
    assert (vetting.due_at, vetting.next_reminder_at) == (london(end), london(end))
    mails = compute_due_times(StepRecord(slug="invitation", state="waiting"), start, {})
    assert mails.due_at == start + timedelta(hours=24)


def test_a_steps_times_are_the_companys_else_those_of_the_settings_else_its_own(settings: Any) -> None:
    record, start = StepRecord(slug="csr", state="open"), london("2026-12-01 09:00")
    own = compute_due_times(record, start, {})
    assert (own.usual_at, own.due_at) == (london("2026-12-04 17:00"), london("2026-12-08 17:00"))
    settings.PORTAL = settings.PORTAL.model_copy(update={"step_times": {"csr": (1, 2)}})
    assert compute_due_times(record, start, {}).due_at == london("2026-12-03 17:00")
    company = {"csr": {"usual": 4, "latest": 9, "reason": "An audit."}}
    assert compute_due_times(record, start, company).due_at == london("2026-12-14 17:00")
    assert all(each.times.usual < each.times.latest for each in STEPS)


def told() -> list[tuple[str, str]]:
    """Kind and first name of what was queued because of a deadline, as often as it was."""
    kinds = ("usual-time", "latest-time", "late", "stuck")
    found = OutboxEmail.objects.select_related("to").order_by("pk")
    rows = [(email.key.split(":")[0], email.to.name.split()[0]) for email in found if email.to]
    return [row for row in rows if row[0] in kinds]


@pytest.fixture
def begun(people: People) -> Onboarding:
    """Begun on Friday evening, 4 December 2026: usually done on Tuesday, at the latest on Friday."""
    with travel(london("2026-12-04 18:30")):
        return progress.start(people.two, environment="uit", actor=people.charlie)


def test_a_person_is_reminded_at_the_usual_time_and_the_admins_at_the_latest(
    people: People, begun: Onboarding
) -> None:
    record = step(begun, "register")
    begun.refresh_from_db()
    assert (record.usual_at, record.due_at) == (london("2026-12-08 17:00"), london("2026-12-11 17:00"))
    assert begun.due_at == record.due_at
    with travel(london("2026-12-08 16:59")):
        assert remind_of_due_steps() == 0
    with travel(london("2026-12-08 17:01")):
        assert [remind_of_due_steps(), remind_of_due_steps()] == [1, 0]
        assert told() == [("usual-time", "Charlie")]
        assert list(StepRecord.objects.stuck(clock.now())) == []
        assert [each.slug for each in StepRecord.objects.at_risk(clock.now())] == ["register"]
    with travel(london("2026-12-11 17:01")):
        assert [remind_of_due_steps(), remind_of_due_steps()] == [1, 0]
        assert told()[1:] == [("latest-time", "Charlie")]
        (stuck,) = StepRecord.objects.stuck(clock.now()).select_related("onboarding__company", "assignee")
        reason = explain_stuck(stuck)
        assert reason is not None
        assert "should have been done by Friday 11 December, 17:00." in reason.reason
        assert reason.action.startswith("Ring the company")


def test_ops_are_told_once_a_day_in_one_email_while_something_is_stuck(
    people: People, begun: Onboarding
) -> None:
    with travel(london("2026-12-11 16:00")):
        assert tell_ops_of_stuck_steps() == 0
    for day in (12, 13):
        with travel(london(f"2026-12-{day} 08:00")):
            assert [tell_ops_of_stuck_steps(), tell_ops_of_stuck_steps()] == [1, 1]
    assert told() == [("stuck", "Olga"), ("stuck", "Olga")]
    email = OutboxEmail.objects.filter(key__startswith="stuck:").first()
    assert email is not None
    words = read_email(email)
    assert words.subject == "1 stuck step in onboardings"
    for part in (
        "Two Power Ltd",
        begun.code,
        "stuck since Friday 11 December, 17:00",
        "Ring the company",
        "/ops/",
    ):
        assert part in words.text
        assert part in words.html


def test_jumps_of_the_clock_remind_once_and_of_nothing_twice(people: People, begun: Onboarding) -> None:
    """Three days ahead over both times at once, back an hour, back three days, and ahead again."""
    with travel(london("2026-12-08 17:30")) as moved:
        moved.shift(timedelta(days=3).total_seconds())
        assert remind_of_due_steps() == 1
        for jump in (timedelta(hours=-1), timedelta(days=-3), timedelta(hours=1), timedelta(days=3)):
            moved.shift(jump.total_seconds())
            assert remind_of_due_steps() == 0
    assert told() == [("usual-time", "Charlie"), ("latest-time", "Charlie")]


def test_nothing_due_costs_one_question(people: People, begun: Onboarding) -> None:
    with travel(london("2026-12-07 09:00")), CaptureQueriesContext(connection) as asked:
        assert remind_of_due_steps() == 0
    assert len(asked) == 1


def test_a_step_that_is_done_or_withdrawn_reminds_nobody(people: People, begun: Onboarding) -> None:
    with travel(london("2026-12-07 09:00")):
        progress.withdraw(begun, actor=people.charlie, reason="A mistake.")
    with travel(london("2026-12-11 17:01")):
        assert [remind_of_due_steps(), tell_ops_of_stuck_steps()] == [0, 0]
    assert (told(), step(begun, "register").next_reminder_at) == ([], None)


def test_while_deadlines_rest_nobody_is_reminded_and_afterwards_they_are_later(
    people: People, begun: Onboarding
) -> None:
    with travel(london("2026-12-07 10:00")):
        pauses.pause_onboarding(begun, actor=people.olga, reason="The company moves house.")
        with pytest.raises(StateConflict):
            pauses.pause_onboarding(begun, actor=people.olga, reason="Once more.")
    with travel(london("2026-12-14 10:00")):
        assert [remind_of_due_steps(), tell_ops_of_stuck_steps()] == [0, 0]
        assert not step(begun, "register").is_late
        pauses.resume_onboarding(begun, actor=people.olga)
    record = step(begun, "register")
    begun.refresh_from_db()
    assert (record.usual_at, record.due_at) == (london("2026-12-15 17:00"), london("2026-12-18 17:00"))
    assert (begun.due_at, begun.deadlines_paused_at) == (record.due_at, None)
    events = Event.objects.filter(name__startswith="onboarding:deadlines:").order_by("number")
    assert [(event.name, event.data["reason"]) for event in events] == [
        (EventName.DEADLINES_PAUSED, "The company moves house."),
        (EventName.DEADLINES_RESUMED, "The company moves house."),
    ]
    assert (list(find_chain_faults()), projection.list_differences()) == ([], [])


def test_a_company_that_is_put_on_hold_while_a_worker_reminds_is_left_in_peace(
    people: People, begun: Onboarding
) -> None:
    """The worker has read the row before the hold, and comes to it afterwards."""
    with travel(london("2026-12-08 17:01")):
        (read,) = StepRecord.objects.due_for_reminder(clock.now()).select_related(
            "onboarding__company", "assignee"
        )
        holds.hold_company(people.two, "They merge", actor=people.olga)
        assert reminders._remind([read.pk], wait=True, now=clock.now()).total == 0
        assert told() == []
    with travel(london("2026-12-09 10:00")):
        holds.end_hold(people.two, actor=people.olga)
    with travel(london("2026-12-09 17:01")):
        assert remind_of_due_steps() == 1
    assert told() == [("usual-time", "Charlie")]


def test_a_companys_pause_holds_for_what_it_begins_meanwhile_and_overlaps_with_another(
    people: People, begun: Onboarding
) -> None:
    with travel(london("2026-12-07 10:00")):
        holds.hold_company(people.two, "A hold.", actor=people.olga)
        later = progress.start(people.two, environment="production", actor=people.charlie)
        pauses.pause_onboarding(begun, actor=people.olga, reason="Its own.")
    with travel(london("2026-12-09 10:00")):
        holds.end_hold(people.two, actor=people.olga)
    begun.refresh_from_db()
    later.refresh_from_db()
    assert (pauses.is_paused(begun), pauses.is_paused(later)) == (True, False)
    assert step(later, "register").due_at == london("2026-12-16 17:00")
    with travel(london("2026-12-10 10:00")):
        pauses.resume_onboarding(begun, actor=people.olga)
    assert step(begun, "register").due_at == london("2026-12-16 17:00")


def test_only_ops_pause_deadlines(people: People, begun: Onboarding) -> None:
    for user in (people.charlie, people.alice):
        with pytest.raises(PermissionRefused):
            pauses.pause_onboarding(begun, actor=user, reason="Please.")
        with pytest.raises(PermissionRefused):
            holds.hold_company(people.two, "Please.", actor=user)
