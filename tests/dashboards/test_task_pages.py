"""A list's own page: whole, in pages, with search and filters once it is long; and each person's own only.

What the lists hold is in test_task_lists.py.
"""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from onboarding.dashboards.task_lines import Section
from onboarding.journey import progress
from onboarding.journey.models import Onboarding, StepRecord
from tests.handover.factories import make_dana, make_grant, open_steps
from tests.people_fixtures import People, client_of, make_company

MANY = 60


def _words(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").split())


def _rows(browser: Client, path: str) -> list[str]:
    page = BeautifulSoup(browser.get(path).content, "html.parser")
    return [" ".join(row.get_text(" ").split()) for row in page.select("main tbody tr")]


@pytest.fixture
def many(people: People) -> Client:
    """Charlie leads sixty companies more, every third one with production."""
    for number in range(MANY):
        company = make_company(f"m{number}", f"Company {number:02}", people.charlie)
        progress.start(company, environment="uit", actor=people.charlie)
        if number % 3 == 0:
            progress.start(company, environment="production", actor=people.charlie)
    return client_of(people.charlie)


def test_every_row_is_on_one_of_the_pages(many: Client) -> None:
    rows = [row for page in (1, 2) for row in _rows(many, f"/tasks/to-do/?page={page}")]
    assert len(set(rows)) == len(rows) == MANY + MANY // 3
    assert "80 in all. Rows 1 to 50 are on this page." in _words(many, "/tasks/to-do/")


def test_a_search_finds_by_company_step_and_code_whatever_the_case(many: Client) -> None:
    assert [row.split(":")[0] for row in _rows(many, "/tasks/to-do/?q=company+01+REGISTER")] == [
        "Company 01, UIT"
    ]
    code = Onboarding.objects.get(company__slug="m7").code
    assert len(_rows(many, f"/tasks/to-do/?q={code.lower()}")) == 1
    assert "Nothing matches" in _words(many, "/tasks/to-do/?q=zebra")
    assert "0 of 80 match" in _words(many, "/tasks/to-do/?q=zebra")


def test_filters_narrow_by_environment_and_state_and_pages_keep_them(many: Client) -> None:
    assert len(_rows(many, "/tasks/to-do/?environment=production")) == MANY // 3
    StepRecord.objects.filter(onboarding__company__slug="m4", slug="register").update(
        state="problem", problem_code="registration-refused"
    )
    (problem,) = _rows(many, "/tasks/to-do/?state=problem")
    assert problem.startswith("Company 04, UIT: Register with GlobalSign Atlas There is a problem You ")
    page = BeautifulSoup(many.get("/tasks/to-do/?environment=uit&q=company").content, "html.parser")
    following = page.select_one('.govuk-pagination a[rel="next"]')
    assert following is not None
    assert {"environment=uit", "q=company"} <= set(str(following["href"]).lstrip("?").split("&"))


def test_what_no_filter_knows_counts_as_all(many: Client) -> None:
    assert len(_rows(many, "/tasks/to-do/?environment=moon&state=asleep&page=none")) == 50


def test_a_short_list_has_neither_search_nor_filters(people: People, onboarding: Onboarding) -> None:
    page = BeautifulSoup(client_of(people.alice).get("/tasks/to-do/").content, "html.parser")
    assert page.select("main form") == []
    assert len(page.select("main tbody tr")) == 1


def test_every_cell_says_its_column_on_a_telephone(people: People, onboarding: Onboarding) -> None:
    page = BeautifulSoup(client_of(people.bob).get("/tasks/waiting/").content, "html.parser")
    cells = page.select("main tbody tr:first-child td")
    assert [cell.get("data-label") for cell in cells] == ["Status", "Who acts", "Since", "Until"]
    assert "Alice Test (Primary Certificate Admin)" in cells[1].get_text()


@pytest.mark.parametrize("section", Section)
def test_each_list_holds_only_what_is_the_readers(
    people: People, onboarding: Onboarding, section: Section
) -> None:
    open_steps(onboarding, "csr")
    make_grant(onboarding, people.bob, make_dana(), "csr")
    assert _rows(client_of(people.charlie), f"/tasks/{section}/") == []
    assert _rows(client_of(people.olga), f"/tasks/{section}/") == []


def test_a_list_of_another_name_is_not_there(people: People) -> None:
    assert client_of(people.alice).get("/tasks/secrets/").status_code == 404
    assert client_of(people.alice).post("/tasks/to-do/").status_code == 405
