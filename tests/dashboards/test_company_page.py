"""A company's page asks for what few companies have (notes, absences) only where there is some, and then shows it."""

from datetime import timedelta
from typing import Any

import pytest

from certs import clock
from onboarding.journey.models import Onboarding
from onboarding.ops.models import CompanyNote, NoteAudience
from onboarding.people import session_limits
from onboarding.team.models import Absence
from tests.people_fixtures import People, client_of

PAGE = "/companies/one/"
STATEMENTS = 6  # session, person, company, onboardings, memberships, people


@pytest.fixture(autouse=True)
def no_note_of_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_limits, "NOTE_EVERY", float("inf"))


def _open(people: People, within: Any, most: int) -> str:
    browser = client_of(people.tess)
    with within(most):
        answer = browser.get(PAGE)
    return str(answer.content.decode())


def test_nothing_is_asked_for_that_is_not_there(
    people: People, onboarding: Onboarding, django_assert_max_num_queries: Any
) -> None:
    """Neither a note for ops alone, nor an absence that is over or still to come, nor those of another company."""
    today = clock.today()
    CompanyNote.objects.create(company=people.one, audience=NoteAudience.OPS, text="slow", by=people.olga)
    CompanyNote.objects.create(
        company=people.two, audience=NoteAudience.COMPANY, text="to two", by=people.olga
    )
    for company, user, first, last in (
        (people.one, people.bob, -9, -1),
        (people.one, people.alice, 1, 9),
        (people.two, people.charlie, 0, 0),
    ):
        days = {"first_day": today + timedelta(days=first), "last_day": today + timedelta(days=last)}
        Absence.objects.create(company=company, user=user, **days)
    text = _open(people, django_assert_max_num_queries, STATEMENTS)
    assert not [words for words in ("slow", "to two", "is away until") if words in text]


@pytest.mark.parametrize("name", ["tess", "olga"])
def test_what_is_there_is_shown(people: People, onboarding: Onboarding, name: str) -> None:
    CompanyNote.objects.create(
        company=people.one, audience=NoteAudience.COMPANY, text="Send the form", by=people.olga
    )
    today = clock.today()
    Absence.objects.create(company=people.one, user=people.bob, first_day=today, last_day=today)
    text = client_of(getattr(people, name)).get(PAGE).content.decode()
    assert "Send the form" in text
    assert "Bob Test is away until" in text
