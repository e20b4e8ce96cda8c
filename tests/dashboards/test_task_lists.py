"""Your tasks: the lists hold what they promise, for each role, oldest and most urgent first.

Where somebody lands is in test_first_page.py; a long list's own page in test_task_pages.py.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup

from certs import clock
from onboarding.dashboards.task_lists import TaskList, build_task_lists
from onboarding.dashboards.task_records import FEW_COMPANIES
from onboarding.handover import claims
from onboarding.handover.models import Grant
from onboarding.journey import progress
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.people import session_limits
from onboarding.people.models import Membership, Role, User
from tests.handover.factories import make_grant, open_steps
from tests.people_fixtures import People, client_of, make_company, step
from tests.time_travel import travel


def _put(onboarding: Onboarding, slug: str, **columns: Any) -> None:
    StepRecord.objects.filter(onboarding=onboarding, slug=slug).update(**columns)


def _titles(found: TaskList) -> list[str]:
    return [row.title for row in found.rows]


def _lists(user: User) -> tuple[list[str], list[str], list[str]]:
    lists = build_task_lists(user)
    return _titles(lists.own), _titles(lists.team), _titles(lists.others)


REGISTER, CSR, CREDENTIALS = "Register with GlobalSign Atlas", "Create the CSR", "Create API credentials"


def test_what_only_the_primary_may_do_is_hers_without_taking_it(
    people: People, onboarding: Onboarding
) -> None:
    assert _lists(people.alice) == ([REGISTER], [], [])
    for person in (people.bob, people.tess, people.rhea):
        assert _lists(person) == ([], [], [REGISTER])
    for person in (people.charlie, people.olga):
        assert _lists(person) == ([], [], [])


def test_what_nobody_holds_is_the_teams_until_somebody_takes_it(
    people: People, onboarding: Onboarding
) -> None:
    _put(onboarding, "register", state="done")
    _put(onboarding, "csr", state="open")
    _put(onboarding, "api-credentials", state="open")
    assert _lists(people.bob) == ([], [CREDENTIALS, CSR], [])
    assert _lists(people.tess) == ([], [CSR], [CREDENTIALS])
    assert _lists(people.rhea) == ([], [], [CREDENTIALS, CSR])
    claims.claim(step(onboarding, "csr"), actor=people.tess)
    assert _lists(people.tess) == ([CSR], [], [CREDENTIALS])
    assert _lists(people.bob) == ([], [CREDENTIALS], [CSR])
    row = build_task_lists(people.bob).others.rows[0]
    assert "Tess Test (Technician) has it since" in row.sentence
    assert row.who == "Tess Test (Technician)"


def test_a_wait_is_on_nobodys_list_of_things_to_do(people: People, onboarding: Onboarding) -> None:
    _put(onboarding, "register", state="waiting", submitted_at=clock.now(), due_at=clock.now())
    assert _lists(people.alice) == ([], [], [REGISTER])


def test_a_problem_is_the_companys_unless_somebody_else_has_to_act(
    people: People, onboarding: Onboarding
) -> None:
    _put(onboarding, "register", state="problem", problem_code="registration-refused")
    assert _lists(people.alice) == ([REGISTER], [], [])
    _put(onboarding, "register", state="problem", problem_code="atlas-unexpected")
    assert _lists(people.alice) == ([], [], [REGISTER])
    assert "Ops has to act" in build_task_lists(people.alice).others.rows[0].sentence


def test_what_has_a_limit_comes_first_then_what_is_older(people: People, onboarding: Onboarding) -> None:
    now = clock.now()
    _put(onboarding, "register", state="open", since=now, due_at=None)
    _put(onboarding, "quote", state="open", since=now - timedelta(days=2))
    _put(onboarding, "verification", state="waiting", due_at=now + timedelta(days=1))
    _put(onboarding, "identity-profile", state="waiting", due_at=now + timedelta(hours=1))
    assert _lists(people.alice)[0] == ["Accept the £0 quote", REGISTER]
    assert _lists(people.alice)[2] == ["Request the identity profile", "Pass GlobalSign's verification"]


def test_a_wait_that_only_a_person_can_end_is_work_of_the_team(
    people: People, onboarding: Onboarding
) -> None:
    certificate, proof = "Get the mTLS certificate", "Prove that the bundle works"
    for slug in ("certificate", "proof"):
        _put(onboarding, slug, state="waiting", due_at=clock.now())
    assert _lists(people.bob)[1:] == ([certificate, proof], [REGISTER])
    assert _lists(people.tess)[1:] == ([proof], [certificate, REGISTER])
    assert "gets the certificate in Atlas" in build_task_lists(people.bob).team.rows[0].sentence


def test_a_certificate_to_bring_by_hand_is_no_damaged_row_where_no_other_step_waits(
    people: People, onboarding: Onboarding
) -> None:
    """What a person has to do is known without the files of the case, which are not read for this wait."""
    _put(onboarding, "certificate", state="waiting", due_at=clock.now())
    lists = build_task_lists(people.bob)
    assert (_titles(lists.team), lists.damaged) == (["Get the mTLS certificate"], 0)


def test_the_desk_works_on_the_twenty_ninth_of_february(people: People, onboarding: Onboarding) -> None:
    with travel(datetime(2028, 2, 29, 12, tzinfo=UTC)):
        assert _lists(people.alice) == ([REGISTER], [], [])


def test_an_onboarding_that_has_ended_is_on_no_list(people: People, onboarding: Onboarding) -> None:
    progress.withdraw(onboarding, actor=people.alice, reason="we left the market")
    assert build_task_lists(people.alice).is_empty
    for user, words in ((people.alice, "Start your onboarding"), (people.rhea, "No onboarding under way")):
        assert words in client_of(user).get("/?stay").content.decode()


def test_each_row_leads_to_its_step(people: People, onboarding: Onboarding) -> None:
    page = client_of(people.alice).get("/?stay")
    links = [str(a["href"]) for a in BeautifulSoup(page.content, "html.parser").select("main a[href]")]
    assert f"/onboardings/{onboarding.code}/register/" in links


def test_somebody_of_few_companies_has_all_read_at_once(
    people: People,
    onboarding: Onboarding,
    django_assert_max_num_queries: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Session, person, memberships, steps, offers; and the rows are those of somebody of many companies."""
    monkeypatch.setattr(session_limits, "NOTE_EVERY", float("inf"))
    _put(onboarding, "csr", state="open")
    claims.claim(step(onboarding, "csr"), actor=people.tess)
    browser = client_of(people.tess)
    with django_assert_max_num_queries(5):
        browser.get("/?stay")
    few = build_task_lists(people.tess)
    for number in range(FEW_COMPANIES):
        company = make_company(f"m{number}", f"Company {number}", people.charlie)
        Membership.objects.create(user=people.tess, company=company, role=Role.TECHNICIAN)
    many = build_task_lists(people.tess)
    assert many.lists == few.lists
    assert (few.own.count, few.others.count) == (1, 1)


def test_somebody_of_one_company_sees_the_steps_of_another_that_let_them_in(
    people: People, onboarding: Onboarding
) -> None:
    other = progress.start(people.two, environment="uit", actor=people.charlie)
    open_steps(other, "csr")
    make_grant(other, people.charlie, people.tess, "csr")
    rows = build_task_lists(people.tess).own.rows
    assert [row.link for row in rows] == ["Two Power Ltd, UIT: Create the CSR"]
    assert "You have access until" in rows[0].sentence
    Grant.objects.update(revoked_at=clock.now())
    assert build_task_lists(people.tess).own.rows == []


@pytest.mark.parametrize("name", ["alice", "bob", "tess", "rhea", "olga"])
def test_the_companys_page_shows_its_onboardings(people: People, onboarding: Onboarding, name: str) -> None:
    page = client_of(getattr(people, name)).get("/companies/one/")
    assert page.status_code == 200
    text = page.content.decode()
    assert onboarding.code in text
    assert ("Start the onboarding in Production" in text) == (name in ("alice", "bob"))
    assert "Start the onboarding in UIT" not in text


def test_a_strangers_company_page_is_not_there(people: People, onboarding: Onboarding) -> None:
    browser = client_of(people.charlie)
    assert browser.get("/companies/one/").status_code == 404
    assert browser.get("/companies/no-such/").status_code == 404


def test_certificate_admins_start_an_onboarding_and_nobody_else(people: People) -> None:
    for name, status in (("tess", 403), ("rhea", 403), ("olga", 403), ("charlie", 404)):
        answer = client_of(getattr(people, name)).post("/companies/one/start/", {"environment": "uit"})
        assert answer.status_code == status
        assert status == 404 or "Only a Certificate Admin of One Energy Ltd may do this." in (
            answer.content.decode()
        )
    production = {"environment": "production", "confirmed": "yes"}
    started = client_of(people.bob).post("/companies/one/start/", production)
    onboarding = Onboarding.objects.get()
    assert started["Location"] == f"/onboardings/{onboarding.code}/"
    assert onboarding.environment == "production"
    again = client_of(people.alice).post("/companies/one/start/", production)
    assert again["Location"] == started["Location"]
    assert Onboarding.objects.count() == 1
