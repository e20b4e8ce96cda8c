"""The ops board: its four figures, the stuck list, the stages and system health; for ops only, and never a secret.

What ops may do to an onboarding is in tests/journey/test_guards.py.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from certs import clock
from onboarding.audit.chain import record_event
from onboarding.audit.event_names import EventName
from onboarding.dashboards.board import stuck, under_way
from onboarding.journey import progress, projection
from onboarding.journey.deadlines import pauses
from onboarding.journey.deadlines.working_days import LONDON
from onboarding.journey.models import Evidence, Onboarding, StepRecord
from onboarding.journey.steps import STEPS
from onboarding.people.models import Company
from tests.journey.form_client import sign_in, sign_in_again
from tests.people_fixtures import People, client_of, make_company, make_user, step
from tests.time_travel import travel


def _at(slug: str, state: str, **columns: Any) -> Onboarding:
    """A company of its own whose onboarding stands at this step."""
    number = Company.objects.count()
    primary = make_user(f"primary{number}@one.example", "Primary Test")
    company = make_company(f"c{number}", f"Company {number}", primary)
    onboarding = progress.start(company, environment="uit", actor=None)
    place = [row.slug for row in STEPS].index(slug)
    records = StepRecord.objects.filter(onboarding=onboarding)
    records.filter(slug__in=[row.slug for row in STEPS[:place]]).update(state="done")
    records.filter(slug=slug).update(state=state, **columns)
    projection.write(onboarding, onboarding.steps.all())
    return onboarding


@pytest.fixture
def scene(people: People) -> dict[str, Onboarding]:
    """One onboarding of every kind that the board tells apart."""
    now = timezone.now()
    return {
        "to do": _at("register", "open", since=now - timedelta(hours=1)),
        "still": _at(
            "register", "open", since=now - timedelta(days=36, hours=1), due_at=now - timedelta(days=29)
        ),
        "vetted": _at("verification", "waiting", due_at=now + timedelta(hours=9)),
        "late": _at(
            "verification", "waiting", due_at=now - timedelta(hours=8), since=now - timedelta(hours=80)
        ),
        "mails": _at("invitation", "waiting", due_at=now + timedelta(hours=1)),
        "made here": _at("csr", "waiting", due_at=now + timedelta(hours=1), submitted_at=now),
        "not sent": _at(
            "identity-profile",
            "waiting",
            due_at=now - timedelta(hours=1),
            submitted_at=now - timedelta(hours=2),
            since=now - timedelta(hours=2),
        ),
        "refused": _at("dip-upload", "problem", problem_code="dip-refused", since=now - timedelta(hours=3)),
        "ours": _at("quote", "problem", problem_code="atlas-unexpected", since=now - timedelta(minutes=5)),
    }


def _numbers(people: People) -> dict[str, int]:
    return {str(row["label"]): int(row["number"]) for row in under_way.count_under_way(people.olga).figures}


def _listed(people: People, url: str) -> set[str]:
    """The codes in the table to which a number leads."""
    answer = client_of(people.olga).get(url)
    assert answer.status_code == 200, url
    return set(re.findall(r"/onboardings/([A-Z0-9-]{9})/\"", answer.content.decode()))


def test_the_figures_count_whose_task_it_is(scene: dict[str, Onboarding], people: People) -> None:
    assert _numbers(people) == {
        "with the companies": 3,
        "with GlobalSign or Atlas": 3,
        "with us": 3,
        "stuck or late": 5,
    }


def test_every_number_leads_to_exactly_its_rows(scene: dict[str, Onboarding], people: People) -> None:
    counted = under_way.count_under_way(people.olga)
    leading = [(row["number"], str(row["url"])) for row in counted.figures]
    cells = [
        *counted.ages,
        *(cell for row in counted.stages for cell in (row.total, row.stuck, *row.by_actor)),
    ]
    leading += [(cell.number, cell.url) for cell in cells]
    followed = [(number, url) for number, url in leading if number]
    assert len(followed) > 15
    assert all(url == "" for number, url in leading if not number)
    for number, url in followed:
        assert len(_listed(people, url)) == number, url


def test_the_stuck_are_listed_with_reason_and_action_the_longest_first(
    scene: dict[str, Onboarding], people: People
) -> None:
    rows = stuck.list_stuck(people.olga)
    order = ("still", "late", "refused", "not sent", "ours")
    assert [row.onboarding for row in rows] == [scene[name] for name in order]
    reasons = [row.reason for row in rows]
    assert re.fullmatch(r"“Register .+” should have been done by .+\.", reasons[0])
    assert reasons[1] == "GlobalSign's vetting is late."
    assert reasons[3] == "The identity profile to reach Atlas is late."
    assert all(row.action for row in rows)
    assert "workers" in rows[3].action
    assert "ask who does it" in rows[0].action


def test_who_is_at_risk_comes_after_the_stuck_and_rests_with_its_deadlines(
    scene: dict[str, Onboarding], people: People
) -> None:
    now = timezone.now()
    usual = {"to do": 2, "vetted": 1}
    for name, hours in usual.items():
        record = StepRecord.objects.filter(onboarding=scene[name], slug=scene[name].current_step)
        record.update(usual_at=now - timedelta(hours=1), due_at=now + timedelta(hours=hours))
    rows = stuck.list_at_risk(people.olga, 50)
    assert [row.onboarding for row in rows] == [scene["vetted"], scene["to do"]]
    assert "GlobalSign's vetting takes longer than usual; it is late after" in rows[0].reason
    assert "is usually done by" in rows[1].reason
    assert "Ring the company" in rows[1].action
    assert (stuck.list_at_risk(people.olga, 0), len(stuck.list_at_risk(people.olga, 1))) == ([], 1)
    shown = client_of(people.olga).get("/ops/").context["stuck_or_at_risk"]
    assert [row.onboarding for row in shown[-2:]] == [scene["vetted"], scene["to do"]]
    assert len(shown) == 7
    pauses.pause_onboarding(scene["to do"], actor=people.olga, reason="They move house")
    assert len(stuck.list_at_risk(people.olga, 50)) == 1


def test_what_is_to_be_done_about_a_problem_is_said_to_ops_and_not_to_the_company(
    scene: dict[str, Onboarding], people: People
) -> None:
    actions = {row.onboarding: row.action for row in stuck.list_stuck(people.olga)}
    assert actions[scene["ours"]].startswith("Open the step, read what was seen")
    assert actions[scene["refused"]].startswith("Ring the company and ask who does it")
    assert "They read: Paste the key" in actions[scene["refused"]]


def test_a_step_that_somebody_has_says_who_has_not_done_it(
    scene: dict[str, Onboarding], people: People
) -> None:
    tom = make_user("tom@one.example", "Tom Test")
    has = StepRecord.objects.filter(onboarding=scene["still"], slug="register")
    has.update(assignee=tom, assigned_at=timezone.now())
    assert "Ring Tom Test" in stuck.list_stuck(people.olga)[0].action
    tom.is_active = False
    tom.save()
    row = stuck.list_stuck(people.olga)[0]
    assert "The account of Tom Test is closed." in row.action
    assert str(row.contact) == "Primary Test"


def test_the_stages_count_everybody_once(scene: dict[str, Onboarding], people: People) -> None:
    counted = under_way.count_under_way(people.olga)
    assert {row.total.label: (row.total.number, row.stuck.number) for row in counted.stages} == {
        "Vetting": (3, 1),
        "Quote acceptance": (1, 1),
        "Identity profile": (3, 2),
        "API credentials": (0, 0),
        "CSR": (1, 0),
        "PFX": (1, 1),
    }
    oldest = {row.total.label: row.oldest for row in counted.stages}
    assert oldest["Vetting"] == scene["still"].since
    assert oldest["API credentials"] is None
    assert [cell.number for cell in counted.ages] == [8, 0, 0, 1]


def test_completed_onboardings_are_counted_by_the_week_in_which_they_ended(people: People) -> None:
    ended = _at("register", "open")
    Onboarding.objects.filter(pk=ended.pk).update(
        status="completed", ended_at=timezone.now() - timedelta(days=7), destroy_secrets_at=timezone.now()
    )
    weeks = under_way.count_weeks(people.olga)
    assert [week.number for week in weeks] == [0, 1, 0, 0, 0, 0, 0, 0]
    assert all(week.monday.weekday() == 0 for week in weeks)
    assert client_of(people.olga).get(weeks[1].url).status_code == 200


@pytest.mark.parametrize("sunday", ["2026-03-29", "2026-10-25"])
def test_a_week_in_which_the_clocks_change_ends_at_midnight_by_the_clock(people: People, sunday: str) -> None:
    """The last minutes of it, and the first of the next; each number leads to as many entries."""
    last = datetime.fromisoformat(f"{sunday} 23:50").replace(tzinfo=LONDON)
    for moment in (last, last, last + timedelta(minutes=20)):
        ended = _at("register", "open")
        with travel(moment.astimezone(UTC)), transaction.atomic():
            record_event(EventName.ONBOARDING_COMPLETED, company=ended.company, onboarding_id=ended.pk)
            Onboarding.objects.filter(pk=ended.pk).update(
                status="completed", ended_at=clock.now(), destroy_secrets_at=clock.now()
            )
    with travel((last + timedelta(days=3)).astimezone(UTC)):
        weeks = under_way.count_weeks(people.olga)
        assert [week.number for week in weeks][:3] == [1, 2, 0]
        for week in weeks[:2]:
            page = client_of(people.olga).get(week.url).content.decode()
            assert page.count('class="app-event"') == week.number


def test_who_has_ended_is_not_on_the_board(scene: dict[str, Onboarding], people: People) -> None:
    progress.withdraw(scene["late"], actor=people.olga, reason="left")
    assert scene["late"] not in [row.onboarding for row in stuck.list_stuck(people.olga)]
    assert _numbers(people)["stuck or late"] == 4


@pytest.mark.parametrize("query", ["", "health/", "certificates/", "emails/", "activity/week/"])
def test_the_board_is_for_ops_only(scene: dict[str, Onboarding], people: People, query: str) -> None:
    assert client_of(people.olga).get(f"/ops/{query}").status_code == 200
    for name in ("alice", "bob", "tess", "rhea", "charlie"):
        assert client_of(getattr(people, name)).get(f"/ops/{query}").status_code == 404
        assert client_of(getattr(people, name)).get("/ops/companies/one/").status_code == 404


def test_ops_see_every_page_of_a_case_but_none_that_gives_a_secret(
    people: People, onboarding: Onboarding
) -> None:
    browser, base = client_of(people.olga), f"/onboardings/{onboarding.code}"
    assert browser.get("/ops/companies/one/").status_code == 200
    for page in ("/", "/history/", *(f"/{row.slug}/" for row in STEPS)):
        assert browser.get(f"{base}{page}").status_code == 200
    for page in ("/show-credentials/", "/download/"):
        answer = sign_in_again(sign_in(people.olga), f"{base}{page}")
        assert answer.status_code == 403
        assert "Ops never see a secret." in answer.content.decode()
    evidence = Evidence.objects.create(
        record=step(onboarding, "quote"),
        by=people.alice,
        seen_on=timezone.now(),
        file=b"x",
        file_name="a.eml",
    )
    assert browser.get(f"{base}/evidence/{evidence.pk}/").status_code == 403


def test_the_board_asks_as_often_for_fifty_onboardings_as_for_five(people: People, settings: Any) -> None:
    """Of somebody with a second factor, as production demands it."""
    settings.PORTAL = settings.PORTAL.model_copy(update={"second_factor": True})
    Authenticator.objects.create(user=people.olga, type=Authenticator.Type.TOTP, data={})
    browser = client_of(people.olga)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/ops/").status_code == 200
        return len(queries)

    late = timezone.now() - timedelta(hours=1)
    _at("verification", "waiting", usual_at=late, due_at=timezone.now() + timedelta(hours=1))
    for _ in range(5):
        _at("verification", "waiting", due_at=late)
    asked()
    few = asked()
    for _ in range(45):
        _at("verification", "waiting", due_at=late)
    assert len(stuck.list_stuck(people.olga)) == 50
    assert asked() == few - 1  # with fifty that are stuck nobody asks who is at risk
    assert few <= 12


def test_a_stuck_row_says_whom_to_ring(people: People, scene: dict[str, Onboarding]) -> None:
    """Whoever has the step, else the primary of the company."""
    tom = make_user("tom@one.example", "Tom Test")
    tom.telephone = "0117 496 0001"
    tom.save()
    StepRecord.objects.filter(onboarding=scene["late"], slug="verification").update(
        assignee=tom, assigned_at=timezone.now()
    )
    rung = {row.onboarding: str(row.contact) for row in stuck.list_stuck(people.olga)}
    assert rung[scene["late"]] == "Tom Test"
    assert set(rung.values()) == {"Tom Test", "Primary Test"}
    page = client_of(people.olga).get("/ops/").content.decode()
    assert 'href="tel:+44-117-496-0001"' in page
    assert "Whom to ring" in page


def test_a_closed_account_is_nobody_to_ring(people: People, scene: dict[str, Onboarding]) -> None:
    company = scene["late"].company
    company.members.update(is_active=False)
    rung = {row.onboarding: row.contact for row in stuck.list_stuck(people.olga)}
    assert rung[scene["late"]] is None
    assert "Nobody who can sign in" in client_of(people.olga).get("/ops/").content.decode()
