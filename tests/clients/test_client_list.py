"""The list of clients: who has which, what a row says, what filters and the export do with what is typed."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from onboarding.handover import claims
from onboarding.handover.models import Grant
from onboarding.journey import progress
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.people.models import Membership, Role, User
from onboarding.ui.csv_files import defuse
from onboarding.ui.formatting import when_short
from tests.clients.factories import let_in, make_client, make_clients
from tests.handover.factories import make_dana
from tests.people_fixtures import People, client_of, step
from tests.time_travel import travel


@pytest.fixture
def dana(people: People) -> User:
    """A technician of a DCP, who belongs to no company here."""
    return make_dana()


def _put(onboarding: Onboarding, slug: str, **columns: Any) -> None:
    StepRecord.objects.filter(onboarding=onboarding, slug=slug).update(**columns)


def _page(browser: Browser, query: str = "") -> BeautifulSoup:
    answer = browser.get(f"/clients/{query}")
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def _text(part: Any) -> str:
    return " ".join(part.get_text(" ", strip=True).split())


def _rows(browser: Browser, query: str = "") -> list[list[str]]:
    return [
        [_text(cell) for cell in row.find_all(["th", "td"])[1:]]  # the first is the box
        for row in _page(browser, query).select("tbody tr")
    ]


def _names(browser: Browser, query: str = "") -> list[str]:
    return [row[0].split(" UIT ")[0] for row in _rows(browser, query)]


def _csv(browser: Browser, query: str = "") -> list[list[str]]:
    answer = browser.get(f"/clients/clients.csv{query}")
    assert answer.streaming
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.reader(answer.getvalue().decode("utf-8-sig").splitlines()))


def test_a_row_says_who_must_do_what_since_when_and_until_when_the_access_lasts(dana: User) -> None:
    onboarding = make_client(1, dana, "Northwind Energy Ltd")
    name, steps, actor, since, until = _rows(client_of(dana))[0]
    assert name == f"Northwind Energy Ltd UIT {onboarding.code}"
    assert steps == ("Create the CSR To do Build the PFX, Prove that the bundle works Cannot start yet")
    assert actor == "You, or whoever takes the step first"
    assert since.startswith("just now")
    assert until == when_short(Grant.objects.get().until)
    claims.claim(step(onboarding, "csr"), actor=dana)
    assert _rows(client_of(dana))[0][2] == "You"


def test_a_client_stays_listed_while_a_step_of_ones_own_is_still_to_come(dana: User) -> None:
    onboarding = make_client(1, dana)
    browser = client_of(dana)
    _put(onboarding, "csr", state="done")
    (row,) = _rows(browser)
    assert row[2] == ("The team of Client 001 Ltd “Build the PFX” opens after “Get the mTLS certificate”")
    _put(onboarding, "pfx", state="done")
    assert len(_rows(browser)) == 1
    _put(onboarding, "proof", state="done")
    page = _page(browser)
    assert page.select("tbody tr") == []
    assert "You have done everything that was yours for 1 client" in _text(page.main)
    assert [row[2] for row in _rows(browser, "?state=done")] == ["Nobody: your steps are done"]


def test_somebody_else_who_has_the_step_is_named_with_the_role(dana: User, people: People) -> None:
    onboarding = progress.start(people.one, environment="uit", actor=people.alice)
    _put(onboarding, "csr", state="open")
    let_in(onboarding, dana)
    claims.claim(step(onboarding, "csr"), actor=people.tess)
    assert _rows(client_of(dana))[0][2] == "Tess Test (Technician)"
    assert _names(client_of(dana), "?state=todo") == []
    assert _names(client_of(dana), "?state=waiting") == ["One Energy Ltd"]


def test_a_member_of_several_companies_sees_each_and_a_member_of_one_sees_none(people: People) -> None:
    for company in (people.one, people.two):
        progress.start(
            company, environment="uit", actor=people.alice if company == people.one else people.charlie
        )
    browser = client_of(people.bob)
    assert "You have no clients" in _text(_page(browser).main)
    Membership.objects.create(user=people.bob, company=people.two, role=Role.TECHNICIAN)
    rows = _rows(browser, "?sort=company")
    assert [row[0].split(" UIT ")[0] for row in rows] == ["One Energy Ltd", "Two Power Ltd"]
    assert {row[2].split(" “")[0] for row in rows} == {"The Primary Certificate Admin"}
    assert {row[4] for row in rows} == {"As a member"}


def test_readers_ops_and_strangers_have_no_clients(
    people: People, onboarding: Onboarding, dana: User
) -> None:
    Membership.objects.create(user=people.rhea, company=people.two, role=Role.READER)
    for user in (people.rhea, people.olga, people.charlie, dana):
        assert _rows(client_of(user)) == [], user
        assert len(_csv(client_of(user))) == 1, user


def test_what_is_revoked_past_or_withdrawn_is_gone_at_the_next_request(dana: User) -> None:
    revoked, past, withdrawn = make_clients(3, dana)
    browser = client_of(dana)
    assert len(_rows(browser)) == 3
    Grant.objects.filter(onboarding=revoked).update(revoked_at=timezone.now())
    assert len(_rows(browser)) == 2
    progress.withdraw(withdrawn, actor=withdrawn.started_by, reason="They stopped")
    assert [row[0].split()[-1] for row in _rows(browser)] == [past.code]
    with travel(timezone.now() + timedelta(days=31)):
        assert _rows(client_of(dana)) == []


def test_search_and_filters_narrow_the_list_and_the_export_alike(dana: User) -> None:
    first, second, third = make_clients(3, dana)
    Onboarding.objects.filter(pk=second.pk).update(environment="production")
    _put(third, "csr", state="done")
    browser = client_of(dana)
    for query, wanted in (
        ("?q=client+001", [second]),
        (f"?q={first.code.lower()}", [first]),
        ("?environment=production", [second]),
        ("?state=todo&sort=company", [first, second]),
        ("?state=waiting", [third]),
        ("?step=pfx", [third]),
        ("?q=nobody", []),
    ):
        codes = [each.code for each in wanted]
        assert [row[0].split()[-1] for row in _rows(browser, query)] == codes, query
        assert [row[1] for row in _csv(browser, query)[1:]] == codes, query


def test_the_orders_put_first_what_they_say(dana: User) -> None:
    old, ending, locked = make_clients(3, dana)
    now = timezone.now()
    _put(old, "csr", since=now - timedelta(days=9))
    Grant.objects.filter(onboarding=ending).update(until=now + timedelta(hours=3))
    _put(locked, "csr", state="locked", since=now - timedelta(days=99))
    browser = client_of(dana)
    first = {
        sort: _names(browser, f"?sort={sort}")[0] for sort in ("to-do", "company", "since", "until", "step")
    }
    assert first == {
        "to-do": "Client 000 Ltd",
        "company": "Client 000 Ltd",
        "since": "Client 000 Ltd",
        "until": "Client 001 Ltd",
        "step": "Client 000 Ltd",
    }
    assert _names(browser)[-1] == "Client 002 Ltd"


@pytest.mark.parametrize(
    "query",
    [
        "?state=everything",
        "?step=quota",
        "?sort=name;drop",
        "?environment=%00",
        "?q=%00",
        "?q=" + "x" * 101,
        "?state=todo'--&sort=-1",
    ],
)
def test_what_is_no_choice_is_left_out_and_the_page_says_so(dana: User, query: str) -> None:
    make_client(1, dana)
    page = _page(client_of(dana), query)
    assert len(page.select("tbody tr")) == 1
    assert "is not known here, so it was left out." in _text(page.main)
    assert len(_csv(client_of(dana), query)) == 2


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", "%00", "9" * 400])
def test_a_page_that_does_not_exist_is_the_nearest_one(dana: User, page: str) -> None:
    make_clients(26, dana)
    assert len(_rows(client_of(dana), f"?page={page}")) in (1, 25)


def test_there_are_25_to_a_page_and_the_export_has_all(dana: User) -> None:
    make_clients(26, dana)
    browser = client_of(dana)
    assert len(_rows(browser)) == 25
    assert len(_rows(browser, "?page=2")) == 1
    page = _page(browser, "?sort=company&evil=1")
    assert "26 of 26 clients have something for you to do now." in _text(page.main)
    assert len(_csv(browser)) == 27
    links = [link["href"] for link in page.select("a[href*='clients.csv']")]
    assert links == ["/clients/clients.csv?sort=company"]


@pytest.mark.parametrize("name", ["=1+2 Ltd", "+44 Ltd", "-x", "@SUM(A1)", "\tTab", "\rReturn", "\nLine"])
def test_no_cell_of_the_export_is_a_formula(dana: User, name: str) -> None:
    assert defuse(name) == f"'{name}"
    assert defuse(f"Fine {name}") == f"Fine {name}"
    make_client(1, dana, f'{name} "quoted", with a comma')
    raw = client_of(dana).get("/clients/clients.csv").getvalue().decode("utf-8-sig")
    _, row = csv.reader(io.StringIO(raw, newline=""))
    assert row[0] == f'\'{name} "quoted", with a comma'


def test_many_clients_take_six_queries(dana: User, django_assert_max_num_queries: Any) -> None:
    """Several pages of them, and more than the export reads at once."""
    make_clients(130, dana)
    browser = client_of(dana)
    browser.get("/clients/")
    connection.queries_log.clear()
    with django_assert_max_num_queries(4):  # session, person, memberships, all that is the person's
        assert len(_rows(browser)) == 25
    connection.queries_log.clear()
    StepRecord.objects.filter(slug="csr").update(state="done")
    StepRecord.objects.filter(slug="proof").update(state="waiting")
    with django_assert_max_num_queries(6):  # and the files on which this wait depends
        assert len(_csv(browser)) == 131


def test_who_is_not_signed_in_is_asked_to(db: None) -> None:
    for path in ("/clients/", "/clients/clients.csv"):
        assert Browser().get(path)["Location"].startswith("/accounts/login/")
