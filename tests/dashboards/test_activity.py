"""What happened, for ops: every event in words, filters, pages, the two files, and a week on one page."""

import csv
import io
import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from bs4 import Tag
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from onboarding.audit.chain import compute_digest, record_event
from onboarding.audit.event_names import SENTENCES, EventName
from onboarding.audit.models import Event
from onboarding.dashboards.activity import event_lines, kinds, week
from onboarding.journey.models import Onboarding
from onboarding.people import invitations
from onboarding.people.models import Role
from onboarding.team import absence
from tests.dashboards.factories import Stand, make_many
from tests.journey.form_client import soup
from tests.people_fixtures import People, client_of
from tests.time_travel import travel

PAGE = "/ops/activity/"


def _page(people: People, query: str = "", status: int = 200) -> Tag:
    answer = client_of(people.olga).get(PAGE + query)
    assert answer.status_code == status, query
    return soup(answer)


def _lines(people: People, query: str = "") -> list[str]:
    found = _page(people, query).select(".app-event__line")
    return [" ".join(each.get_text(" ").split()) for each in found]


def test_every_event_is_one_line_of_words(people: People, onboarding: Onboarding) -> None:
    for name in EventName:
        record_event(name, company=people.one, actor=people.bob, onboarding_id=onboarding.pk, step="csr")
    (said,) = {len(_lines(people))}
    assert said == event_lines.PER_PAGE
    for name in EventName:
        (line, *_) = _lines(people, f"?kind={quote(name)}")
        assert f"Create the CSR: Bob Test {SENTENCES[name]}" in line
        assert onboarding.code in line


def test_every_event_belongs_to_one_group_and_every_group_has_some() -> None:
    listed = [name for names in kinds.NAMES.values() for name in names]
    assert sorted(listed) == sorted(EventName)
    assert all(kinds.NAMES.values())


def test_what_happens_to_a_company_and_its_people_is_in_it(people: People) -> None:
    invitations.invite(company=people.one, email="new@one.example", role=Role.READER, actor=people.alice)
    first = timezone.localdate() + timedelta(days=2)
    absence.enter_absence(people.one, people.bob, first, first + timedelta(days=3), people.alice)
    lines = _lines(people, "?kind=people&company=one")
    assert any("Alice Test sent an invitation: new@one.example, Reader" in line for line in lines)
    assert any("Bob Test entered an absence: Bob Test" in line for line in lines)
    assert all("One Energy Ltd" in line for line in lines)


def test_filters_narrow_by_company_person_step_kind_and_day(people: People, onboarding: Onboarding) -> None:
    now = timezone.now()
    with travel(now - timedelta(days=3)):
        record_event(
            EventName.STEP_DONE,
            company=people.one,
            actor=people.bob,
            onboarding_id=onboarding.pk,
            step="quote",
        )
    record_event(EventName.COMPANY_CHANGED, company=people.two, actor=people.olga)
    three_days_ago = timezone.localdate(now - timedelta(days=3))
    for query in (
        f"?last={three_days_ago}",
        "?person=bob test",
        "?step=quote",
        f"?kind={EventName.STEP_DONE}",
    ):
        (line,) = _lines(people, query)
        assert "Bob Test finished the step" in line, query
    assert any("Bob Test" in line for line in _lines(people, f"?company={onboarding.code.lower()}"))
    (line,) = _lines(people, f"?company=two power&person={people.olga.email}&kind=companies")
    assert "Two Power Ltd · Olga Test corrected the company's name" in line
    assert _lines(people, "?company=nobody of this name") == []
    assert all("The portal" in line for line in _lines(people, "?person=the portal"))


def test_details_are_folded_and_hold_no_replay(people: People, onboarding: Onboarding) -> None:
    data = {"reason": "<b>why</b>", "to": "Tom"}
    record_event(EventName.ROLE_CHANGED, company=people.one, data=data, replay={"roles": {"x": "y"}})
    (event,) = _page(people, f"?kind={EventName.ROLE_CHANGED}").select(".app-event")
    folded = event.select_one("details")
    assert folded is not None
    assert "<b>why</b>" in folded.get_text()
    assert "roles" not in event.get_text()


REFUSED = (
    *("?first=9999-12-31", "?last=0001-01-01", "?first=yesterday", "?first=2026-11-02&last=2026-11-01"),
    *(
        "?kind=zebra",
        "?step=zebra",
        "?zebra=1",
        "?after=zebra",
        "?company=" + "x" * 10_000,
        "?person=" + "é" * 200,
    ),
)


@pytest.mark.parametrize("query", REFUSED, ids=lambda query: query[:24])
def test_an_address_that_was_changed_is_said_and_nothing_is_lost(people: People, query: str) -> None:
    page = _page(people, query, 400)
    said = page.select_one("main").get_text(" ")
    assert "There is a problem" in said or "does not continue this list" in said
    name, _, value = query[1:].partition("&")[0].partition("=")
    if name in ("first", "last", "company", "person"):
        assert page.select_one(f"#id_{name}")["value"] == value
    assert client_of(people.olga).get(f"{PAGE}list.csv{query}").status_code in (200, 400)


def test_a_filter_that_fits_too_many_asks_for_more(people: People) -> None:
    make_many([Stand()] * 21, "alike")
    assert "more than 20 companies" in _page(people, "?company=alike", 400).get_text()
    assert "more than 20 people" in _page(people, "?person=primary alike", 400).get_text()


def test_pages_follow_each_other_and_ask_the_same_for_few_and_many(
    people: People, onboarding: Onboarding
) -> None:
    browser = client_of(people.olga)

    def ask(query: str) -> tuple[Tag, int]:
        with CaptureQueriesContext(connection) as queries:
            page = soup(browser.get(PAGE + query))
        return page, len(queries)

    ask("")
    few = ask("?company=one&person=alice")[1]
    for number in range(110):
        company = (people.one, people.two)[number % 2]
        record_event(EventName.STEP_DONE, company=company, data={"reason": f"number {number:03}"})
    page, asked = ask("")
    assert asked <= few <= 9
    seen = [page.select("details")[0].get_text()]
    pages = 1
    while link := page.select_one('a[rel="next"]'):
        page, asked = ask(str(link["href"]))
        pages += 1
        assert asked <= few
    assert "number 109" in seen[0]
    assert pages == (Event.objects.count() + 49) // 50


def test_the_files_hold_what_proves_each_event(people: People, onboarding: Onboarding) -> None:
    people.one.name = "=1+1"
    people.one.save()
    record_event(EventName.STEP_DONE, company=people.one, onboarding_id=onboarding.pk, data={"reason": "why"})
    browser = client_of(people.olga)
    answer: Any = browser.get(f"{PAGE}list.csv?company=one")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    newest = Event.objects.filter(chain=str(people.one.pk)).latest("number")
    assert rows[0]["Digest"] == newest.digest
    assert rows[0]["Company"] == "'=1+1"
    assert "Reason: why" in rows[0]["Details"]
    lines: Any = browser.get(f"{PAGE}list.jsonl?company=one")
    read = [json.loads(line) for line in b"".join(lines).decode().splitlines()]
    assert len(read) == len(rows) == Event.objects.filter(chain=str(people.one.pk)).count()
    for each in read:
        event = Event(**{**each, "actor_id": each["actor_id"] or None})
        event.onboarding_id, event.at = each["onboarding_id"] or None, datetime.fromisoformat(each["at"])
        assert compute_digest(event) == each["digest"]


def test_last_week_is_a_page_whose_numbers_lead_to_their_events(
    people: People, onboarding: Onboarding
) -> None:
    monday = week.find_last_monday()
    moment = timezone.now() - timedelta(days=7)
    with travel(moment):
        record_event(EventName.ONBOARDING_COMPLETED, company=people.two, onboarding_id=onboarding.pk)
        for _ in range(3):
            record_event(EventName.INVITATION_SENT, company=people.one, actor=people.alice)
    browser = client_of(people.olga)
    page = soup(browser.get(f"{PAGE}week/"))
    assert f"{monday.day} {monday:%B}" in page.select_one("h1").get_text()
    said = " ".join(page.select_one("main").get_text(" ").split())
    assert "Completed: 1" in said
    assert "Two Power Ltd" in said
    (row,) = [row for row in page.select("tbody tr") if "sent an invitation" in row.get_text()]
    link = row.select_one("a")
    assert link.get_text().startswith("3")
    assert len(soup(browser.get(link["href"])).select(".app-event")) == 3
    assert "Problems: 0 None this week" in said


@pytest.mark.parametrize("day", ["9999-12-31", "zebra", "0001-01-01"])
def test_a_week_in_which_nothing_can_have_happened_is_said(people: People, day: str) -> None:
    answer = client_of(people.olga).get(f"{PAGE}week/?day={day}")
    assert answer.status_code == 400
    assert "No such week" in answer.content.decode()


def test_nobody_else_opens_any_of_these_pages(people: People) -> None:
    for name in ("alice", "tess", "charlie"):
        for path in ("", "list.csv", "list.jsonl", "week/"):
            assert client_of(getattr(people, name)).get(PAGE + path).status_code == 404
