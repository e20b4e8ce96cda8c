"""An open offer stands beside its step, on the journey and on the step's page, for whoever may know of it.

Making and answering offers is tested in test_offer_pages.py.
"""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from bs4 import Tag

from certs import clock
from onboarding.handover import offers
from onboarding.handover.models import Offer
from onboarding.journey import progress, slots
from onboarding.journey.access import list_steps, read_access
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.people.models import User
from onboarding.ui.formatting import when
from tests.handover.factories import make_dana, make_grant, make_offer, make_outside_offer, open_steps
from tests.journey.form_client import sentences_of, soup
from tests.people_fixtures import People, client_of, step


@pytest.fixture
def offer(people: People, onboarding: Onboarding) -> Offer:
    """Bob offers two steps to Tess; the PFX cannot be built yet."""
    open_steps(onboarding, "csr")
    return make_offer(onboarding, people.bob, people.tess, "csr", "pfx")


def _row(user: User, onboarding: Onboarding, title: str) -> Tag:
    """The row of a step on the journey."""
    page = soup(client_of(user).get(f"/onboardings/{onboarding.code}/"))
    for row in page.select(".govuk-task-list__item"):
        if row.get_text(" ", strip=True).startswith(title):
            return row
    raise AssertionError(f"{title} is not on the journey")


def _note(user: User, onboarding: Onboarding, title: str = "Create the CSR") -> str:
    note = _row(user, onboarding, title).select_one(".app-task-list__note")
    return " ".join(note.get_text(" ").split()) if note else ""


@pytest.mark.parametrize("title", ["Create the CSR", "Build the PFX"])
def test_each_row_with_an_open_offer_says_to_whom_since_when_and_whose_it_is(
    people: People, onboarding: Onboarding, offer: Offer, title: str
) -> None:
    at = when(offer.made_at)
    assert f"Offered to Tess Test (Technician) on {at}. It stays yours until they accept." in _note(
        people.bob, onboarding, title
    )
    assert "It stays with Bob Test until they accept." in _note(people.alice, onboarding, title)
    assert f"Bob Test offered it to you on {at}. It stays theirs until you accept." in _note(
        people.tess, onboarding, title
    )
    assert "It stays with Bob Test until they accept." in _note(people.olga, onboarding, title)


def test_rows_without_an_offer_have_no_note(people: People, onboarding: Onboarding, offer: Offer) -> None:
    assert _note(people.bob, onboarding, "Accept the £0 quote") == ""


@pytest.mark.parametrize(
    ("name", "is_link"), [("bob", True), ("alice", True), ("tess", True), ("rhea", False), ("olga", False)]
)
def test_only_who_may_open_the_offer_gets_the_link(
    people: People, onboarding: Onboarding, offer: Offer, name: str, is_link: bool
) -> None:
    user = getattr(people, name)
    row = _row(user, onboarding, "Create the CSR")
    page = soup(client_of(user).get(f"/onboardings/{onboarding.code}/csr/"))
    for part in (row, page):
        assert bool(part.select(f'a[href="/handovers/{offer.pk}/"]')) == is_link
    assert (client_of(user).get(f"/handovers/{offer.pk}/").status_code == 200) == is_link


def test_the_page_of_the_step_says_the_same(people: People, onboarding: Onboarding, offer: Offer) -> None:
    for slug in ("csr", "pfx"):
        said = sentences_of(client_of(people.alice).get(f"/onboardings/{onboarding.code}/{slug}/"))
        assert f"Offered to Tess Test (Technician) on {when(offer.made_at)}." in said
        assert f"It can be answered until {when(offer.expires_at)}" in said


def test_somebody_outside_reads_of_their_own_offers_only(people: People, onboarding: Onboarding) -> None:
    open_steps(onboarding, "csr", "pfx", "proof")
    dana = make_dana()
    make_grant(onboarding, people.bob, dana, "csr", "pfx")
    for slug in ("csr", "pfx"):
        StepRecord.objects.filter(pk=step(onboarding, slug).pk).update(assignee=people.bob)
    make_outside_offer(onboarding, people.bob, "other@dcp.example", "csr")
    make_outside_offer(onboarding, people.bob, dana.email, "pfx")
    seen = sentences_of(client_of(dana).get(f"/onboardings/{onboarding.code}/"))
    assert "Bob Test offered it to you on" in seen
    assert "other@dcp.example" not in seen
    shown = sentences_of(client_of(dana).get(f"/onboardings/{onboarding.code}/csr/"))
    assert "other@dcp.example" not in shown
    assert "Offered to other@dcp.example (from outside the company)" in _note(people.rhea, onboarding)


def test_an_offer_that_is_over_is_not_shown(people: People, onboarding: Onboarding, offer: Offer) -> None:
    Offer.objects.update(expires_at=clock.now() - timedelta(minutes=1))
    assert _note(people.bob, onboarding) == ""
    Offer.objects.update(expires_at=clock.now() + timedelta(days=1))
    assert _note(people.bob, onboarding) != ""
    offers.decline(offer, actor=people.tess, reason="No time")
    assert _note(people.bob, onboarding) == ""


def test_of_a_withdrawn_onboarding_nothing_is_offered_any_more(
    people: People, onboarding: Onboarding, offer: Offer
) -> None:
    progress.withdraw(onboarding, actor=people.alice, reason="Left the market")
    assert _note(people.bob, onboarding) == ""


def test_all_offers_of_a_journey_are_read_at_once(
    people: People,
    onboarding: Onboarding,
    offer: Offer,
    django_assert_num_queries: Callable[[int], AbstractContextManager[Any]],
) -> None:
    make_offer(onboarding, people.bob, people.alice, "api-credentials")
    access, records = read_access(people.alice, onboarding), list_steps(onboarding)
    with django_assert_num_queries(2):  # however many offers; the second only where there is one
        notes = slots.collect_step_notes(records, access)
    assert {record.slug for record in records if record.pk in notes} == {"csr", "pfx", "api-credentials"}


def test_what_another_room_answers_is_escaped_unless_it_is_html(
    people: People, onboarding: Onboarding
) -> None:
    records, access = list_steps(onboarding), read_access(people.alice, onboarding)

    def answer(**_: Any) -> dict[int, str]:
        return {records[0].pk: "<b>not HTML</b>"}

    slots.step_notes.connect(answer)
    try:
        notes = slots.collect_step_notes(records, access)
    finally:
        slots.step_notes.disconnect(answer)
    assert re.search("&lt;b&gt;not HTML", notes[records[0].pk])
