"""The lists beside the board: certificates that end soon, emails that did not arrive; and the pages of long lists."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from certs import clock
from certs.models import Certificate
from certs.vault import encrypt_for_cache
from onboarding.audit.models import Event
from onboarding.dashboards.board import expiring
from onboarding.journey.models import Onboarding
from onboarding.notifications.models import OutboxEmail
from onboarding.people import invitations
from onboarding.people.models import Company, Role
from onboarding.ui.keyset import Keyset, UnknownMark, write_mark
from tests.dashboards.factories import Stand, make_certificate, make_many
from tests.journey.form_client import soup
from tests.people_fixtures import People, client_of, make_user
from tests.time_travel import travel

PAGE = "/ops/certificates/"


def _table(people: People, path: str, status: int = 200) -> list[str]:
    answer = client_of(people.olga).get(path)
    assert answer.status_code == status, path
    return [" ".join(row.get_text(" ").split()) for row in soup(answer).select("tbody tr")]


def _numbers(people: People) -> list[int]:
    return expiring.count_expiring(people.olga).numbers


@pytest.fixture
def ending(people: People) -> list[Certificate]:
    """Four certificates, with 10, 40, 80 and 120 days left."""
    cases = make_many([Stand("pfx")] * 4, "ends")
    lefts = (10, 40, 80, 120)
    return [make_certificate(case, left, f"AB{left}") for case, left in zip(cases, lefts, strict=True)]


def test_the_board_counts_what_the_list_shows(people: People, ending: list[Certificate]) -> None:
    assert _numbers(people) == [1, 2, 3]
    for row in expiring.list_figures(expiring.count_expiring(people.olga)):
        assert len(_table(people, row["url"])) == row["number"]
    first = _table(people, PAGE)[0]
    assert "Ends 000 Ltd" in first
    assert "AB10" in first
    assert "Primary ends 0" in first
    assert "0117 496 0001" in first


def test_very_many_are_counted_once_in_a_while_and_the_board_says_when(
    people: People, ending: list[Certificate], monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.delete(expiring.KEY)
    assert expiring.count_expiring(people.olga).counted_at is None
    Certificate.objects.filter(pk=ending[0].pk).update(not_after=timezone.now())
    assert _numbers(people) == [0, 1, 2]  # few are counted each time
    monkeypatch.setattr(expiring, "MANY", 1)
    try:
        assert (_numbers(people), _numbers(people)) == ([0, 1, 2], [0, 1, 2])
        Certificate.objects.filter(pk=ending[1].pk).update(not_after=timezone.now())
        assert _numbers(people) == [0, 1, 2]
        board = soup(client_of(people.olga).get("/ops/")).get_text(" ")
        assert "so many are counted once in five minutes" in board
    finally:
        cache.delete(expiring.KEY)


@pytest.fixture
def kept(people: People, ending: list[Certificate], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """What is kept of [1, 2, 3]; as it is counted, it is [0, 1, 2]."""
    monkeypatch.setattr(expiring, "MANY", 1)
    cache.delete(expiring.KEY)
    assert _numbers(people) == [1, 2, 3]
    Certificate.objects.filter(pk=ending[0].pk).update(not_after=timezone.now())
    assert _numbers(people) == [1, 2, 3]
    yield cache.get(expiring.KEY)
    cache.delete(expiring.KEY)


def test_numbers_that_somebody_else_wrote_are_counted_anew(people: People, kept: str) -> None:
    now = clock.now()
    plain = ([0, 0, 0, now.isoformat()], [0, 0, 0, now.timestamp()], [1], None, 7, "x", {"a": 1}, [[1]] * 4)
    texts = (
        "null",
        "7",
        "[]",
        f"[1, 2, {now.timestamp()}]",
        f'["a", 1, 2, {now.timestamp()}]',
        '[1, 2, 3, "x"]',
    )
    encrypted = [encrypt_for_cache(expiring.KEY, text.encode()) for text in texts]
    of_another = encrypt_for_cache("other", json.dumps([0, 0, 0, now.timestamp()]).encode())
    for planted in (*plain, *encrypted, of_another, kept[:-4] + "AAAA"):
        cache.set(expiring.KEY, planted, None)
        assert _numbers(people) == [0, 1, 2], planted


@pytest.mark.parametrize("seconds", [expiring.KEPT_FOR, 30 * 24 * 3600, -60])
def test_earlier_numbers_that_somebody_put_back_are_counted_anew(
    people: People, kept: str, seconds: int
) -> None:
    with travel(clock.now() + timedelta(seconds=seconds)):
        cache.set(expiring.KEY, kept, None)
        assert expiring.count_expiring(people.olga).counted_at is None


def test_a_search_finds_company_code_and_serial_number(people: People, ending: list[Certificate]) -> None:
    code = Onboarding.objects.get(pk=ending[1].case_id).code
    for words in ("ends 001", code.lower(), "ab:40"):
        (row,) = _table(people, f"{PAGE}?q={words}")
        assert "Ends 001 Ltd" in row


def test_a_certificate_of_an_archived_company_is_not_listed(
    people: People, ending: list[Certificate]
) -> None:
    Company.objects.filter(pk=ending[0].company_id).update(archived_at=timezone.now())
    assert _numbers(people) == [0, 1, 2]
    assert len(_table(people, PAGE)) == 2


def test_what_was_made_again_withdrawn_or_renewed_is_not_listed(
    people: People, ending: list[Certificate]
) -> None:
    again, withdrawn, renewed = (Onboarding.objects.get(pk=each.case_id) for each in ending[:3])
    make_certificate(again, 300, "AB300")
    Onboarding.objects.filter(pk=withdrawn.pk).update(
        status="withdrawn", ended_at=timezone.now(), destroy_secrets_at=timezone.now()
    )
    Onboarding.objects.filter(pk=renewed.pk).update(
        status="completed", ended_at=timezone.now(), destroy_secrets_at=timezone.now()
    )
    assert _numbers(people) == [0, 0, 1]
    (later,) = make_many([Stand("dip-upload")], "later")
    Onboarding.objects.filter(pk=later.pk).update(company=renewed.company)
    assert _numbers(people) == [0, 0, 0]
    later.steps.filter(slug="proof").update(state="open")
    assert _numbers(people) == [0, 0, 1]


def test_the_file_has_every_row_and_is_harmless_in_a_spreadsheet(
    people: People, ending: list[Certificate]
) -> None:
    company = Onboarding.objects.get(pk=ending[0].case_id).company
    company.name = "=HYPERLINK(1)"
    company.save()
    answer: Any = client_of(people.olga).get(f"{PAGE}list.csv?within=60")
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert rows[0] == list(expiring.HEADINGS)
    assert [row[0] for row in rows[1:]] == ["'=HYPERLINK(1)", "Ends 001 Ltd"]
    assert rows[1][5:7] == ["9", "AB10"]


def test_pages_follow_each_other_without_a_gap_and_cost_the_same(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expiring, "PER_PAGE", 4)
    for number, case in enumerate(make_many([Stand("pfx")] * 10, "ends")):
        make_certificate(case, 5 + number // 4, f"{number:04}")
    browser, address, seen, asked = client_of(people.olga), PAGE, [], []
    browser.get(PAGE)
    while address:
        with CaptureQueriesContext(connection) as queries:
            page = soup(browser.get(address))
        asked.append(len(queries))
        seen += [row.get_text() for row in page.select("tbody .app-mono")]
        link = page.select_one('a[rel="next"]')
        address = f"{PAGE}{link['href']}" if link else ""
    assert seen == [f"{number:04}" for number in range(10)]
    assert len(asked) == 3
    assert max(asked) <= 6


@pytest.mark.parametrize(
    "query", ["?q=" + "x" * 10_000, "?within=9999", "?after=zebra", "?after=" + "x" * 10_000]
)
def test_an_address_that_was_changed_is_said_and_nothing_is_lost(
    people: People, ending: list[Certificate], query: str
) -> None:
    answer = client_of(people.olga).get(PAGE + query)
    assert answer.status_code == 400
    page = soup(answer)
    said = page.select_one("main").get_text(" ")
    assert "There is a problem" in said or "does not continue this list" in said
    if query.startswith("?q="):
        assert len(page.select_one("input[name=q]")["value"]) == 10_000


def test_a_mark_of_another_list_is_told_apart(people: People) -> None:
    rows = OutboxEmail.objects.bulk_create(OutboxEmail(key=str(n), to=people.alice) for n in range(3))
    mark = Keyset("emails-failed", "created_at").cut(OutboxEmail.objects.all(), "", 2).mark
    assert mark
    assert Keyset("emails-failed", "created_at").cut(OutboxEmail.objects.all(), mark, 2).rows == rows[2:]
    with pytest.raises(UnknownMark):
        Keyset("activity", "at", newest_first=True).cut(Event.objects.all(), mark, 2)
    assert client_of(people.olga).get(f"/ops/emails/?kind=held&after={mark}").status_code == 400
    for values in (["of an older version"], ["no moment", str(rows[0].pk)]):
        with pytest.raises(UnknownMark):
            Keyset("activity", "at").cut(Event.objects.all(), write_mark("activity", values), 2)


def test_emails_that_did_not_arrive_say_to_whom_why_and_where_to_go_on(people: People) -> None:
    (case,) = make_many([Stand()], "mail")
    common = {"onboarding_id": case.pk, "text": "the-secret-link", "html": "the-secret-link"}
    OutboxEmail.objects.create(
        key="f", to=people.alice, subject="Do it", delivery="failed", last_error="550 no such user", **common
    )
    OutboxEmail.objects.create(key="q", to=people.bob, subject="Wait", **common)
    OutboxEmail.objects.create(
        key="s", to=people.bob, subject="Sent", delivery="sent", sent_at=timezone.now(), **common
    )
    invited = invitations.invite(
        company=people.one, email="new@one.example", role=Role.READER, actor=people.alice
    )
    OutboxEmail.objects.filter(invitation_id=invited.pk).update(delivery="failed", next_try_at=None)
    failed = _table(people, "/ops/emails/")
    assert len(failed) == 2
    assert "Alice Test <" in failed[0]
    assert "550 no such user" in failed[0]
    assert "Mail 000 Ltd" in failed[0]
    assert "new@one.example" in failed[1]
    assert "One Energy Ltd" in failed[1]
    assert (
        "You are invited to One Energy Ltd: certificate onboarding" in failed[1]
    )  # its words are not made yet
    waiting = _table(people, "/ops/emails/?kind=waiting")
    assert any("Bob Test" in row and "Wait" in row for row in waiting)
    assert not any("Sent" in row for row in waiting)
    assert _table(people, "/ops/emails/?kind=held") == []
    answer = client_of(people.olga).get("/ops/emails/")
    assert b"the-secret-link" not in answer.content
    assert client_of(people.olga).get("/ops/emails/?kind=zebra").status_code == 404


def test_an_empty_portal_says_how_to_begin(db: None) -> None:
    olga = make_user("olga@ops.example", "Olga Ops", is_ops=True)
    page = soup(client_of(olga).get("/ops/"))
    said = " ".join(page.select_one("main").get_text(" ").split())
    assert "No company has been added yet" in said
    assert page.select_one('main a[href="/companies/add/"]')
    assert "Stuck and at risk" not in said


def test_nobody_else_opens_any_of_these_pages(people: People) -> None:
    for name in ("alice", "tess", "charlie"):
        for path in (PAGE, f"{PAGE}list.csv", "/ops/emails/", "/ops/health/"):
            assert client_of(getattr(people, name)).get(path).status_code == 404
