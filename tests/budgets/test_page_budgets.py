"""No page asks the database more often, or its reader to read more, than its budgets allow, wherever an onboarding
stands and whoever asks.

The budgets stand in table.py and words.py. That each page keeps its own is seen where each is opened as everybody, in
tests/leaks/test_leak_matrix.py.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pydantic import SecretStr

from onboarding.dashboards.task_lines import Section
from onboarding.journey import progress
from onboarding.journey.models import StepRecord
from onboarding.journey.steps import BY_SLUG, State
from onboarding.people import session_limits
from tests.browser.page_setup import PageSetup
from tests.budgets.stations import GRANTED, let_in, list_stations
from tests.budgets.table import BUDGETS, JOURNEY, STEP, TASKS_OF_MANY
from tests.budgets.words import MOST_WORDS, count_words
from tests.handover.factories import make_dana
from tests.leaks.expected_access import rows
from tests.people_fixtures import client_of, make_company, make_user

pytestmark = pytest.mark.long
NO_GET = "405"
MANY = 60  # several pages of every list
Within = Callable[..., AbstractContextManager[Any]]


@pytest.fixture
def within(django_assert_max_num_queries: Within) -> Within:
    """Fails when more queries are made; `info` says on which page. Needs PostgreSQL, as the portal itself does."""

    def counted(most: int, *, info: str) -> AbstractContextManager[Any]:
        connection.queries_log.clear()  # it holds 9,000, and what does not fit is not counted
        return django_assert_max_num_queries(most, info=info)

    return counted


@pytest.fixture(autouse=True)
def settings_of_the_count(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """The session's note of its last use, once a minute, belongs to no page; refusals need not be logged."""
    monkeypatch.setattr(session_limits, "NOTE_EVERY", float("inf"))
    caplog.set_level(logging.CRITICAL, "django.request")


def test_every_address_that_answers_get_has_a_budget() -> None:
    """tests/leaks fails for an address that its table lacks, so none is forgotten."""
    answering = {name for name, words in rows("GET").items() if set(words) - {"in"} != {NO_GET}}
    assert set(BUDGETS) == answering


def test_a_steps_page_stays_within_its_budgets_in_every_state(
    db: None, settings: Any, within: Within
) -> None:
    """And the journey beside it; where the portal looks into Atlas, and where it cannot."""
    setup = PageSetup(settings)
    onboarding = setup.start()
    dana = make_dana()
    let_in(onboarding, dana, *GRANTED)
    # Nobody of the company reads more than its primary, and nobody from outside more than who was let in.
    read_most = {user: client_of(user) for user in (setup.people.alice, dana)}
    others = {user: client_of(user) for user in (setup.people.bob, setup.people.tess, setup.people.olga)}
    seen = set()
    for slug in list_stations(setup):
        state = setup.record(slug).state
        seen.add((slug, state))
        for user, browser in {**read_most, **others}.items():
            status = 404 if user is dana and slug not in GRANTED else 200
            _open(browser, setup.path(slug), within(STEP, info=f"{slug}, {state}, for {user}"), status)
        for user, browser in read_most.items():
            _open(browser, setup.path(), within(JOURNEY, info=f"the journey at {slug}, {state}, for {user}"))
            with _looking_into_atlas(setup):
                status = 404 if user is dana and slug not in GRANTED else 200
                _open(
                    browser,
                    setup.path(slug),
                    within(STEP, info=f"looking, {slug}, {state}, for {user}"),
                    status,
                )
                _open(browser, setup.path(), within(JOURNEY, info=f"looking, {slug}, {state}, for {user}"))
    assert {state for _, state in seen} == set(State)
    assert {slug for slug, state in seen if state == State.PROBLEM} == set(BY_SLUG)


def _open(browser: Client, path: str, budget: AbstractContextManager[Any], status: int = 200) -> None:
    with budget:
        page = browser.get(path)
    assert page.status_code == status, path
    assert count_words(page.content) <= MOST_WORDS, path


@contextmanager
def _looking_into_atlas(setup: PageSetup) -> Iterator[None]:
    plain = setup.settings.PORTAL
    looking = {"account_api_url": "https://atlas.example", "account_api_token": SecretStr("none")}
    setup.settings.PORTAL = plain.model_copy(update=looking)
    yield
    setup.settings.PORTAL = plain


STATES_OF_MANY = (
    ("csr", "locked"),
    ("csr", "open"),
    ("csr", "waiting"),
    ("pfx", "problem"),
    ("proof", "waiting"),
)


PATHS_OF_MANY = (
    "/",
    "/tasks/waiting/?q=company&page=2",
    "/clients/",
    "/clients/?q=company&sort=until&page=2",
)


def test_your_tasks_and_clients_stay_within_their_budget_with_many_onboardings(
    db: None, within: Within
) -> None:
    """Half of them of the person's own companies, half of others that let them in; every one in the same state."""
    dana, first = make_dana(), make_user("first@many.example", "First Test")
    for number in range(MANY):
        own = number % 2 == 0
        company = make_company(f"many-{number}", f"Company {number}", first, technician=[dana] if own else [])
        onboarding = progress.start(company, environment="uit", actor=first)
        if not own:
            let_in(onboarding, dana, *GRANTED)
    browser = client_of(dana)
    for slug, state in STATES_OF_MANY:
        code = "pfx-build-failed" if state == "problem" else ""
        StepRecord.objects.filter(slug=slug).update(state=state, problem_code=code)
        for path in (*PATHS_OF_MANY, *(f"/tasks/{section}/" for section in Section)):
            with within(TASKS_OF_MANY, info=f"{path} with {slug}, {state}"):
                page = browser.get(path)
            assert page.status_code == 200
        StepRecord.objects.filter(slug=slug).update(state="locked", problem_code="")
    assert f"Your companies ({MANY // 2})" in browser.get("/").content.decode()
