"""Where the first page leads, and that it shows whatever somebody has, from wherever it comes.

What each list holds is in test_task_lists.py and test_offer_lists.py.
"""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from certs import clock
from onboarding.dashboards.task_lists import FIRST_ROWS, build_task_lists
from onboarding.handover import offers
from onboarding.handover.models import Grant
from onboarding.journey import progress
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.people.models import Company, Membership, Role, User
from tests.handover.factories import make_dana, make_grant, make_offer, make_outside_offer, open_steps
from tests.outside_calls import begin_test_transaction
from tests.people_fixtures import People, client_of, make_company, make_user
from tests.time_travel import travel

TECHNICAL = ("csr", "pfx", "proof")


def _location(user: User) -> str:
    answer = client_of(user).get("/")
    return answer.get("Location", "the first page") if answer.status_code == 302 else "the first page"


def _links(browser: Client, path: str) -> list[str]:
    page = BeautifulSoup(browser.get(path).content, "html.parser")
    return [" ".join(link.get_text().split()) for link in page.select("main .app-task-row a, main tbody a")]


def _other_case(people: People, name: str = "Three Heat Ltd") -> Onboarding:
    """The case of a company in which nobody of `people` has a role; Theo leads it."""
    theo = make_user(f"theo@{name.split()[0].lower()}.example", "Theo Test")
    company = make_company(name.split()[0].lower(), name, theo)
    return progress.start(company, environment="uit", actor=theo)


def _theo(case: Onboarding) -> User:
    return case.company.memberships.get().user


def test_who_has_one_onboarding_lands_on_it_and_can_still_see_the_lists(
    people: People, onboarding: Onboarding
) -> None:
    browser = client_of(people.alice)
    assert browser.get("/")["Location"] == f"/onboardings/{onboarding.code}/"
    assert browser.get("/?stay").status_code == 200
    progress.start(people.one, environment="production", actor=people.alice)
    assert browser.get("/").status_code == 200


def test_who_was_let_in_to_one_onboarding_only_lands_on_it(people: People, onboarding: Onboarding) -> None:
    dana = make_dana()
    make_grant(onboarding, people.alice, dana, "csr")
    assert _location(dana) == f"/onboardings/{onboarding.code}/"
    other = _other_case(people)
    make_grant(other, _theo(other), dana, "csr")
    assert _location(dana) == "the first page"


def test_a_grant_elsewhere_keeps_a_member_on_the_first_page(people: People, onboarding: Onboarding) -> None:
    assert _location(people.tess) == f"/onboardings/{onboarding.code}/"
    other = _other_case(people)
    make_grant(other, _theo(other), people.tess, "csr")  # locked yet
    assert _location(people.tess) == "the first page"
    with begin_test_transaction():
        offers.revoke(Grant.objects.get(), actor=_theo(other))
    assert _location(people.tess) == f"/onboardings/{onboarding.code}/"


def test_a_second_company_without_an_onboarding_keeps_one_on_the_first_page(
    people: People, onboarding: Onboarding
) -> None:
    Membership.objects.create(user=people.tess, company=people.two, role=Role.TECHNICIAN)
    assert _location(people.tess) == "the first page"


def test_a_company_without_an_onboarding_and_a_grant_are_two_places(people: People) -> None:
    other = _other_case(people)
    make_grant(other, _theo(other), people.charlie, "csr")
    assert _location(people.charlie) == "the first page"


def test_an_offer_keeps_one_on_the_first_page_until_it_ends(people: People, onboarding: Onboarding) -> None:
    other = _other_case(people)
    make_outside_offer(other, _theo(other), people.tess.email, "csr")
    assert _location(people.tess) == "the first page"
    with travel(clock.now() + timedelta(days=8)):
        assert _location(people.tess) == f"/onboardings/{onboarding.code}/"


def test_ops_without_a_company_land_on_the_board(people: People) -> None:
    assert _location(people.olga) == "/ops/"


def test_who_belongs_to_no_company_is_told_what_to_do(db: None) -> None:
    lonely = User.objects.create(email="lonely@nowhere.example", name="Lonely")
    page = client_of(lonely).get("/")
    assert page.status_code == 200
    assert "You do not belong to a company here yet" in page.content.decode()


def test_an_outside_technician_sees_all_twenty_two_accepted_steps(people: People) -> None:
    """Of eight companies, nearly all of them locked yet."""
    dana = make_dana()
    for number in range(8):
        case = _other_case(people, f"C{number} Energy Ltd")
        make_grant(case, _theo(case), dana, *(TECHNICAL if number < 6 else TECHNICAL[:2]))
    open_steps(Onboarding.objects.all()[0], "csr")
    lists = build_task_lists(dana)
    assert (lists.own.count, lists.others.count) == (1, 21)
    (own,) = lists.own.rows
    assert own.link == "C0 Energy Ltd, UIT: Create the CSR"
    waiting = lists.others.rows[0]
    assert waiting.state == "Cannot start yet"
    assert "Opens when “" in waiting.sentence
    assert waiting.until is not None, "the end of the access"
    browser = client_of(dana)
    assert "Show all 21" in browser.get("/").content.decode()
    links = _links(browser, "/tasks/waiting/")
    assert len(set(links)) == len(links) == 21


def test_links_differ_even_between_companies_of_one_name(people: People) -> None:
    dana = make_dana()
    for number in range(2):
        case = _other_case(people, f"C{number} Energy Ltd")
        make_grant(case, _theo(case), dana, "csr", "pfx")
    Company.objects.filter(name__startswith="C").update(name="Same Energy Ltd")
    links = _links(client_of(dana), "/")
    assert len(set(links)) == len(links) == 4
    assert all(link.endswith(")") for link in links)


def test_who_only_reads_a_name_from_outside_reads_no_role(people: People, onboarding: Onboarding) -> None:
    dana = make_dana()
    make_grant(onboarding, people.bob, dana, "csr")
    open_steps(onboarding, "csr")
    StepRecord.objects.filter(slug="csr").update(assignee=people.tess)
    (row,) = build_task_lists(dana).others.rows
    assert row.who == "Tess Test"
    assert "(Technician)" not in row.sentence
    StepRecord.objects.filter(slug="csr").update(assignee=dana)
    of_bob = [row for row in build_task_lists(people.bob).others.rows if row.title == "Create the CSR"]
    assert of_bob[0].who == "Dana Test (from outside the company)"


def test_what_one_finished_is_done_lately_for_a_month(people: People, onboarding: Onboarding) -> None:
    record = onboarding.steps.get(slug="register")
    progress.submit(record, actor=people.alice, effect=lambda _: progress.Submission())
    (row,) = build_task_lists(people.alice).done.rows
    assert row.link == "One Energy Ltd, UIT: Register with GlobalSign Atlas"
    assert row.who == "You"
    assert build_task_lists(people.bob).done.count == 0
    with travel(clock.now() + timedelta(days=31)):
        assert build_task_lists(people.alice).done.count == 0


def test_what_one_declined_is_done_lately(people: People, onboarding: Onboarding) -> None:
    open_steps(onboarding, "csr")
    offers.decline(make_offer(onboarding, people.bob, people.tess), actor=people.tess, reason="No OpenSSL")
    (row,) = build_task_lists(people.tess).done.rows
    assert "You declined on" in row.sentence
    assert "No OpenSSL" in row.sentence


@pytest.mark.parametrize("count", [20, 21])
def test_up_to_twenty_rows_are_shown_and_of_more_the_first_with_the_number_of_all(
    people: People, count: int
) -> None:
    for number in range(count):
        company = make_company(f"m{number}", f"Company {number}", people.charlie)
        progress.start(company, environment="uit", actor=people.charlie)
    browser = client_of(people.charlie)
    page = BeautifulSoup(browser.get("/").content, "html.parser")
    rows = page.select("#to-do + .app-task-links > li")
    assert f"For you to do ({count})" in page.get_text()
    if count == 20:
        assert len(rows) == 20
        assert "Show all 20" not in page.get_text().split("Your companies")[0]
    else:
        assert len(rows) == FIRST_ROWS
        shown = page.select_one('a[href="/tasks/to-do/"]')
        assert shown is not None
        assert shown.get_text().startswith("Show all 21")
        assert len(_links(browser, "/tasks/to-do/")) == 21
