"""One damaged row never turns a list into an error: it is left out and counted, and everybody else is shown.

Each row is broken as SQL can break it; the constraint that would refuse it is taken away first, for this test only.
"""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from onboarding.journey import progress
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.people.models import Company, Membership, Role
from tests.attacks.broken_rows import without_rules
from tests.people_fixtures import People, client_of, make_user

pytestmark = pytest.mark.django_db
ONBOARDING, RECORD = "journey_onboarding", "journey_steprecord"
DAMAGE = {
    "no current step": (ONBOARDING, "current_step = ''"),
    "a current step that is none": (ONBOARDING, "current_step = 'no-such-step'"),
    "a current state that is none": (ONBOARDING, "current_state = 'asleep'"),
    "a next_actor who is nobody": (ONBOARDING, "next_actor = 'martians'"),
    "no moment since when": (ONBOARDING, "since = NULL"),
    "an environment that is none": (ONBOARDING, "environment = 'moon'"),
    "a record of no step": (RECORD, "slug = 'no-such-step'"),
    "a record in no state": (RECORD, "state = 'asleep'"),
    "a problem without a code": (RECORD, "state = 'problem'"),
    "a problem that is none": (RECORD, "state = 'problem', problem_code = 'no-such-problem'"),
}


@pytest.fixture
def healthy(people: People) -> Onboarding:
    """The onboarding of another company, which everybody must go on seeing. Alice helps there."""
    company = Company.objects.create(slug="healthy", name="Healthy Energy Ltd")
    Membership.objects.create(user=make_user("hal@h.example", "Hal Test"), company=company, role=Role.PRIMARY)
    Membership.objects.create(user=people.alice, company=company, role=Role.ADMIN)
    return progress.start(company, environment="uit", actor=people.alice)


@pytest.fixture(params=DAMAGE.values(), ids=DAMAGE.keys())
def broken(request: Any, people: People, healthy: Onboarding, onboarding: Onboarding) -> Onboarding:
    """Company one's onboarding, with one damaged row."""
    table, change = request.param
    without_rules(table)
    key = "id" if table == ONBOARDING else "slug = 'register' AND onboarding_id"
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {change} WHERE {key} = %s", [onboarding.pk])
    return onboarding


def _text(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").split())


def test_the_board_shows_the_others_whatever_is_damaged(people, broken, healthy) -> None:
    olga = client_of(people.olga)
    for path in ("/ops/companies/?actor=companies", "/ops/companies/?stage=Vetting"):
        assert "Healthy Energy Ltd" in _text(olga, path), path
    past = {"since": timezone.now() - timedelta(days=99), "due_at": timezone.now() - timedelta(days=1)}
    Onboarding.objects.filter(pk=healthy.pk).update(**past)
    StepRecord.objects.filter(onboarding=healthy, slug="register").update(**past)
    for path in ("/ops/", "/ops/companies/?state=stuck"):
        assert "Healthy Energy Ltd" in _text(olga, path), path


@pytest.mark.parametrize("broken", [DAMAGE["no current step"]], indirect=True, ids=["no current step"])
def test_the_board_counts_what_it_cannot_show(people, broken, healthy) -> None:
    said = _text(client_of(people.olga), "/ops/")
    assert "1 onboarding cannot be shown; its row is damaged" in said
    assert "check_projection" in said


def test_the_first_page_shows_the_rest_whatever_is_damaged(people, broken, healthy) -> None:
    assert "Healthy Energy Ltd" in _text(client_of(people.alice), "/?stay")


def test_the_company_and_its_journey_open_whatever_is_damaged(people, broken) -> None:
    for name in ("alice", "rhea", "olga"):
        browser = client_of(getattr(people, name))
        assert "One Energy Ltd" in _text(browser, "/companies/one/")
        assert "One Energy Ltd" in _text(browser, f"/onboardings/{broken.code}/")
        assert "One Energy Ltd" in _text(browser, f"/onboardings/{broken.code}/history/")


def test_a_member_in_a_role_that_is_none_is_refused_everything_and_breaks_no_page(people, onboarding) -> None:
    without_rules("people_membership")
    Membership.objects.filter(user=people.bob).update(role="emperor")
    assert "Bob Test" in _text(client_of(people.alice), "/companies/one/")
    assert client_of(people.bob).get("/?stay").status_code == 200
    assert (
        client_of(people.bob).post("/companies/one/start/", {"environment": "production"}).status_code == 403
    )


@pytest.mark.parametrize(
    "broken",
    [DAMAGE["a record of no step"], DAMAGE["a problem that is none"], DAMAGE["no current step"]],
    indirect=True,
    ids=["a record of no step", "a problem that is none", "no current step"],
)
def test_the_command_that_the_page_names_says_which_row_it_is(people, broken, capsys) -> None:
    with pytest.raises(CommandError):
        call_command("check_projection")
    said = capsys.readouterr()
    assert broken.code in said.out + said.err
