"""The ops board: its four figures, the stuck list, the stages and system health; for ops only, and never a secret.

What ops may do to an onboarding is in tests/journey/test_guards.py.
"""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from onboarding.dashboards import board
from onboarding.journey import progress, projection
from onboarding.journey.definitions import Stage
from onboarding.journey.models import Evidence, Onboarding, StepRecord
from onboarding.journey.steps import STEPS
from onboarding.notifications.models import OutboxEmail
from onboarding.people.models import Company
from onboarding.periodic import jobs
from onboarding.periodic.models import PeriodicJob
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


def _numbers() -> dict[str, int]:
    return {str(row["label"]): int(row["number"]) for row in board.count_figures()}


def test_the_four_figures_count_whose_move_it_is(scene: dict[str, Onboarding]) -> None:
    assert _numbers() == {
        "with the companies": 2,
        "with GlobalSign and Atlas": 3,
        "with us": 3,
        "stuck or late": 4,
    }


@pytest.mark.parametrize("name", ["companies", "globalsign", "us", "trouble"])
def test_each_figure_leads_to_the_list_it_counted(
    scene: dict[str, Onboarding], people: People, name: str
) -> None:
    (figure,) = [row for row in board.count_figures() if str(row["url"]).endswith(f"with={name}")]
    assert len(board.list_rows(name)) == figure["number"]
    page = client_of(people.olga).get(figure["url"])
    assert page.status_code == 200
    for row in board.list_rows(name):
        assert f"/onboardings/{row.onboarding.code}/" in page.content.decode()


def test_the_stuck_are_listed_with_reason_and_action_the_longest_first(scene: dict[str, Onboarding]) -> None:
    stuck = board.list_stuck()
    assert [row.onboarding for row in stuck] == [scene[n] for n in ("late", "refused", "not sent", "ours")]
    reasons = [row.reason for row in stuck]
    assert reasons[0] == "GlobalSign's vetting is late."
    assert reasons[2] == "The identity profile to reach Atlas is late."
    assert all(row.action for row in stuck)
    assert "workers" in stuck[2].action


def test_what_is_not_stuck_has_no_reason(scene: dict[str, Onboarding]) -> None:
    calm = [
        row
        for row in board.list_rows()
        if row.onboarding in (scene["to do"], scene["vetted"], scene["mails"])
    ]
    assert [(row.reason, row.action) for row in calm] == [("", "")] * 3


def test_the_stages_count_everybody_once(scene: dict[str, Onboarding]) -> None:
    counted = {stage["title"]: (stage["count"], stage["trouble"]) for stage in board.list_stages()}
    assert counted == {
        "Vetting": (2, 0),
        "Quote acceptance": (1, 1),
        "Identity profile": (3, 2),
        "API credentials": (0, 0),
        "CSR": (1, 0),
        "PFX": (1, 1),
    }
    oldest = {stage["title"]: stage["oldest"] for stage in board.list_stages()}
    assert oldest["Vetting"] == scene["to do"].since
    assert oldest["API credentials"] is None


@pytest.mark.parametrize("stage", Stage)
def test_a_stage_leads_to_its_onboardings(scene: dict[str, Onboarding], people: People, stage: Stage) -> None:
    (row,) = [each for each in board.list_stages() if each["title"] == stage.value]
    found = board.list_rows(stage=stage.value)
    assert len(found) == row["count"]
    page = client_of(people.olga).get(row["url"])
    assert page.status_code == 200
    assert all(f"/onboardings/{each.onboarding.code}/" in page.content.decode() for each in found)


def test_who_has_ended_is_not_on_the_board(scene: dict[str, Onboarding], people: People) -> None:
    progress.withdraw(scene["late"], actor=people.olga, reason="left")
    assert scene["late"] not in [row.onboarding for row in board.list_rows()]
    assert _numbers()["stuck or late"] == 3


def test_system_health_tells_what_is_behind(people: People, onboarding: Onboarding) -> None:
    StepRecord.objects.filter(onboarding=onboarding, slug="register").update(
        next_check_at=timezone.now() - timedelta(seconds=90.5)  # the database's clock may say a little less
    )
    OutboxEmail.objects.create(key="a", to=people.alice, delivery="failed")
    OutboxEmail.objects.create(key="b", to=people.alice, delivery="queued")
    told = {row["key"]: row["value"] for row in board.describe_system_health()}
    assert told["Looks at Atlas that are due"] == "1, the oldest for 90 seconds"
    assert told["Emails waiting to be sent"] == "1"
    assert told["Emails that could not be sent"] == "1"


def test_system_health_tells_when_the_schedule_last_asked_and_what_to_do_when_it_is_late(
    people: People,
) -> None:
    def told() -> dict[str, str]:
        page = client_of(people.olga).get("/ops/")
        assert page.status_code == 200
        return {row["key"]: row["value"] for row in page.context["system_health"]}

    assert "never. It asks several times a minute: start beat" in told()["Schedule"]
    jobs.record_request()
    jobs.record_end(jobs.ASK_FOR_JOBS)
    assert re.fullmatch(r"The schedule last asked on .+, \d\d:\d\d:\d\d\.", told()["Schedule"])
    assert re.fullmatch(r"Workers last answered on .+, \d\d:\d\d:\d\d\.", told()["Workers"])
    assert told()["Daily and hourly work"] == "All finished."
    PeriodicJob.objects.create(name="journey.destroy_expired_secrets", asked_at=timezone.now())
    with travel(timezone.now() + timedelta(minutes=2)):
        assert "read its log" in told()["Schedule"]
        assert "Start workers" in told()["Workers"]
        assert "Not finished: journey.destroy_expired_secrets." in told()["Daily and hourly work"]


@pytest.mark.parametrize("query", ["?with=nonsense", "?stage=nonsense"])
def test_a_list_that_does_not_exist_is_not_found(people: People, query: str) -> None:
    assert client_of(people.olga).get(f"/ops/{query}").status_code == 404


@pytest.mark.parametrize("query", ["", "?with=us", "?with=trouble", "?stage=CSR"])
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


def test_the_board_asks_as_often_for_fifty_onboardings_as_for_five(people: People) -> None:
    browser = client_of(people.olga)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/ops/").status_code == 200
        return len(queries)

    late = timezone.now() - timedelta(hours=1)
    for _ in range(5):
        _at("verification", "waiting", due_at=late)
    asked()
    few = asked()
    for _ in range(45):
        _at("verification", "waiting", due_at=late)
    assert len(board.list_rows()) == 50
    assert asked() == few
    assert few <= 18


def test_a_stuck_row_says_whom_to_ring(people: People, scene: dict[str, Onboarding]) -> None:
    """Whoever has the step, else the primary of the company."""
    tom = make_user("tom@one.example", "Tom Test")
    tom.telephone = "0117 496 0001"
    tom.save()
    StepRecord.objects.filter(onboarding=scene["late"], slug="verification").update(
        assignee=tom, assigned_at=timezone.now()
    )
    rung = {row.onboarding: str(row.contact) for row in board.list_stuck()}
    assert rung[scene["late"]] == "Tom Test"
    assert set(rung.values()) == {"Tom Test", "Primary Test"}
    page = client_of(people.olga).get("/ops/").content.decode()
    assert 'href="tel:+44-117-496-0001"' in page
    assert "Whom to ring" in page


def test_a_closed_account_is_nobody_to_ring(people: People, scene: dict[str, Onboarding]) -> None:
    company = scene["late"].company
    company.members.update(is_active=False)
    rung = {row.onboarding: row.contact for row in board.list_stuck()}
    assert rung[scene["late"]] is None
    assert "Nobody who can sign in" in client_of(people.olga).get("/ops/").content.decode()
