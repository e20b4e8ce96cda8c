"""The list of companies: whoever is meant is found, each filter shows its rows and no others, and no page is long.

What each address answers to whom is in tests/leaks/.
"""

import csv
from datetime import timedelta
from io import StringIO
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from certs.models import Certificate, SigningRequest
from onboarding.journey.deadlines import pauses
from onboarding.journey.models import Onboarding
from onboarding.ops.filters import FilterForm
from onboarding.ops.models import SavedView
from onboarding.people.models import Company, User
from onboarding.ui.addresses import make_addresses
from onboarding.ui.keyset import write_mark
from onboarding.ui.templatetags.ui_forms import choice_field
from tests.clients.factories import let_in
from tests.handover.factories import make_dana
from tests.ops.factories import make_many
from tests.people_fixtures import People, client_of, make_company, make_user

LIST = "/ops/companies/"


@pytest.fixture
def olga(people: People) -> Client:
    return client_of(people.olga)


def read(client: Client, query: str = "") -> list[str]:
    """The first column of the rows, without environment and code."""
    answer = client.get(f"{LIST}?{query}")
    assert answer.status_code == 200, answer.content.decode()
    page = LexborHTMLParser(answer.content)
    return [each.text() for each in page.css("tbody th > a:first-child")]


def walk(client: Client, query: str) -> list[str]:
    """All rows, page after page."""
    found, address = [], f"{LIST}?{query}"
    while address:
        page = LexborHTMLParser(client.get(address).content)
        found += [each.text(separator=" ") for each in page.css("tbody th")]
        following = page.css_first("a[rel=next]")
        address = f"{LIST}{following.attributes['href']}" if following else ""
    return found


def test_whoever_is_meant_is_found(olga: Client, people: People) -> None:
    make_many(12)
    case = Onboarding.objects.get(company__slug="many-4")
    for query in (
        "q=harb+power+0003", "q=10000003", "q=lead+0003", "q=lead3@many3.example", f"q={case.code.lower()}"
    ):  # fmt: skip
        names = {"Mill Power 0004 Ltd"} if "-" in query else {"Harbour Power 0003 Ltd"}
        assert set(read(olga, query)) == names, query
    assert read(olga, "q=harbour+elsewhere") == []
    assert read(olga, "q=alice+test") == [people.one.name]


def test_a_certificate_leads_to_its_company(olga: Client) -> None:
    make_many(6)
    case = Onboarding.objects.get(company__slug="many-4")
    _issue(case, "0A1B2C3D4E5F60718293", 20)
    assert read(olga, "q=0a:1b:2c:3d:4e:5f:60:71:82:93") == [case.company.name]
    assert read(olga, "expiring=30") == [case.company.name]
    _issue(case, "0A1B2C3D4E5F60718294", 300)  # renewed
    assert read(olga, "expiring=30") == []


def _issue(case: Onboarding, serial: str, days: int) -> None:
    now = timezone.now()
    request = SigningRequest.objects.create(
        case_id=case.pk, company_id=case.company_id, origin="own", csr_pem="-", public_key_sha256=serial
    )
    Certificate.objects.create(
        case_id=case.pk,
        company_id=case.company_id,
        signing_request=request,
        pem="-",
        serial=serial,
        sha256=serial,
        not_before=now - timedelta(days=1),
        not_after=now + timedelta(days=days),
    )


def test_every_filter_shows_its_rows_and_every_order_shows_all_of_them_once(olga: Client) -> None:
    made = make_many(120)
    by_state = {
        state: walk(olga, f"state={state}")
        for state in ("not-started", "under-way", "stuck", "complete", "withdrawn")
    }
    counts = {state: len(rows) for state, rows in by_state.items()}
    # Companies one and two, and 6 kinds of 20 each.
    assert counts == {"not-started": 22, "under-way": 60, "stuck": 40, "complete": 20, "withdrawn": 20}
    everything = walk(olga, "")
    assert len(everything) == len(set(everything)) == 122
    for sort in ("since", "due", "added"):
        assert sorted(walk(olga, f"sort={sort}")) == sorted(everything), sort
    assert everything == sorted(everything, key=str.lower)
    assert walk(olga, "sort=added&state=not-started")[2].startswith(made[114].name)
    assert set(walk(olga, "environment=production")) | set(walk(olga, "environment=uit")) == set(
        everything
    ) - set(by_state["not-started"])
    assert len(walk(olga, "problem=atlas-unexpected")) == len(walk(olga, "problem=any")) == 20
    assert len(walk(olga, "age=0-20")) + len(walk(olga, "age=20")) == 60
    assert len(walk(olga, "stage=Vetting")) == 20


def test_every_choice_of_every_filter_answers(olga: Client, people: People) -> None:
    make_many(6)
    olga.post("/ops/companies/many-1/hold/", {"reason": "They merge"})
    for name, field in FilterForm.base_fields.items():
        for value, _ in getattr(field, "choices", ()):
            read(olga, f"{name}={value}")
    assert read(olga, "state=held") == [Company.objects.get(slug="many-1").name]


def test_only_who_can_sign_in_is_to_be_rung(olga: Client) -> None:
    make_many(3)
    User.objects.filter(email="lead1@many1.example").update(is_active=False)
    assert "Lead 0001" not in olga.get(f"{LIST}?q=power+0001").content.decode()
    assert "Lead 0002" in olga.get(f"{LIST}?q=power+0002").content.decode()


def test_what_rests_by_itself_is_not_called_late(olga: Client, people: People) -> None:
    make_many(3)
    case = Onboarding.objects.get(company__slug="many-2")
    status = "td[data-label=Status]"
    assert LexborHTMLParser(olga.get(f"{LIST}?q=0002").content).css(status)[0].text() == "Late"
    pauses.pause_onboarding(case, actor=people.olga, reason="They move house")
    assert LexborHTMLParser(olga.get(f"{LIST}?q=0002").content).css(status)[0].text() == "Paused"


def test_a_dcp_is_found_by_its_addresses(olga: Client, people: People) -> None:
    make_many(6)
    case = Onboarding.objects.get(company__slug="many-1")
    case.started_by = people.olga
    let_in(case, make_dana(), "csr")
    assert read(olga, "dcp=dcp.example") == read(olga, "dcp=any") == [case.company.name]
    assert case.company.name not in read(olga, "dcp=none")


BAD = [
    "state=everything", "sort=-pk", "age=-3", "age=7-3", "age=99999999999", "expiring=9999", "problem=none",
    "stage=csr", "environment=moon", "actor=me", "stat=stuck", "q=%00", "q=%E2%80%AE", "q=" + "x" * 10_000,
    "dcp=" + "x" * 300, "after=made-up", "after=9999-12-31",
]  # fmt: skip


def test_what_nobody_understands_is_said_and_kept(olga: Client, people: People) -> None:
    SavedView.objects.create(user=people.olga, name="Mine", query="state=stuck")
    for query in BAD:
        answer = olga.get(f"{LIST}?sort=added&{query}")
        page = LexborHTMLParser(answer.content)
        assert answer.status_code == 400, query
        assert page.css_first(".govuk-error-summary li") is not None, query
        assert page.css("tbody tr") == [], query
        assert "Mine" in answer.content.decode(), query
        if not query.startswith("sort="):
            assert page.css("select[name=sort] option[selected]")[0].text() == "Added last", query
        if not query.startswith("after="):
            assert olga.get(f"{LIST}list.csv?{query}").status_code == 400, query
    page = LexborHTMLParser(olga.get(f"{LIST}?q={'x' * 10_000}").content)
    assert page.css("input[name=q]")[0].attributes["value"] == "x" * 10_000


def test_a_place_is_good_for_its_own_list_only(olga: Client) -> None:
    make_many(60)
    page = LexborHTMLParser(olga.get(f"{LIST}?sort=added").content)
    after = parse_qs(urlsplit(str(page.css("a[rel=next]")[0].attributes["href"])).query)["after"][0]
    assert olga.get(LIST, {"sort": "added", "after": after}).status_code == 200
    for other in ({"sort": "name"}, {"sort": "added", "state": "stuck"}, {"sort": "added", "q": "power"}, {}):
        answer = olga.get(LIST, {**other, "after": after})
        assert answer.status_code == 400
        assert b"belongs to other filters" in answer.content


@pytest.mark.parametrize("sort", ["name", "since", "due", "added"])
def test_the_pages_lead_back_as_they_led_on(olga: Client, sort: str) -> None:
    make_many(120)
    pages, address = [], f"{LIST}?sort={sort}"
    for rel in ("next", "next", "prev", "prev"):
        page = LexborHTMLParser(olga.get(address).content)
        pages.append([each.text() for each in page.css("tbody th")])
        address = f"{LIST}{page.css_first(f'a[rel={rel}]').attributes['href']}"
    page = LexborHTMLParser(olga.get(address).content)
    assert [each.text() for each in page.css("tbody th")] == pages[0]
    assert page.css_first("a[rel=prev]") is None
    assert pages[3] == pages[1]
    assert [len(each) for each in pages] == [50, 50, 22, 50]


def test_an_address_goes_on_in_one_direction_only(olga: Client) -> None:
    make_many(60)
    after = LexborHTMLParser(olga.get(LIST).content).css_first("a[rel=next]").attributes["href"]
    both = f"{LIST}{after}&before={str(after).partition('after=')[2]}"
    for address in (
        both,
        f"{LIST}?before=made-up",
        f"{LIST}?sort=added&before={both.partition('before=')[2]}",
        f"{LIST}?after={write_mark('companies:name:', ['of an older version'])}",
        f"{LIST}?after={write_mark('companies:name:', ['x', 'y', 'z'])}",
    ):
        answer = olga.get(address)
        assert answer.status_code == 400
        assert b"belongs to other filters" in answer.content


def test_an_archived_company_is_in_no_list_but_its_own(olga: Client) -> None:
    make_many(6)
    Company.objects.filter(slug="many-4").update(archived_at=timezone.now())
    name = Company.objects.get(slug="many-4").name
    assert name not in walk(olga, "")[0]
    assert read(olga, "q=0004") == []
    assert read(olga, "state=archived") == read(olga, "state=archived&q=0004") == [name]


def test_the_file_has_the_same_rows_and_no_formula(olga: Client, people: People) -> None:
    make_many(60)
    make_company("evil", "=HYPERLINK(1)", make_user("@evil@x.example", "+Evil"))
    answer = olga.get(f"{LIST}list.csv?state=not-started")
    rows = list(csv.DictReader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    assert len(rows) == len(walk(olga, "state=not-started"))
    evil = next(row for row in rows if "HYPERLINK" in row["Company"])
    assert (evil["Company"], evil["Whom to ring"], evil["Email"]) == (
        "'=HYPERLINK(1)",
        "'+Evil",
        "'@evil@x.example",
    )


def test_a_view_is_kept_for_the_person_who_saved_it(olga: Client, people: People) -> None:
    answer = olga.post(f"{LIST}views/save/?state=stuck&sort=since", {"name": "Late ones"}, follow=True)
    assert b"Late ones" in answer.content
    view = SavedView.objects.get()
    assert (view.user, view.query) == (people.olga, "state=stuck&sort=since")
    other = make_user("otto@dip.example", "Otto Ops", is_ops=True)
    assert b"Late ones" not in client_of(other).get(LIST).content
    client_of(other).post(f"{LIST}views/{view.pk}/delete/")
    assert SavedView.objects.exists()
    olga.post(f"{LIST}views/{view.pk}/delete/")
    assert not SavedView.objects.exists()


def test_the_longest_filters_are_kept_and_those_that_nobody_understands_are_refused(
    olga: Client, people: People
) -> None:
    longest = urlencode({"q": "\U0001d400" * 100, "state": "stuck", "dcp": "\U0001d400" * 254})
    assert olga.post(f"{LIST}views/save/?{longest}", {"name": "Long"}).status_code == 302
    assert len(SavedView.objects.get().query) > 4000
    for query in ("state=everything", "made=up", "q=" + "x" * 10_000):
        answer = olga.post(f"{LIST}views/save/?{query}", {"name": "Wrong"}, follow=True)
        assert "These filters cannot be kept" in answer.content.decode(), query
    assert SavedView.objects.count() == 1


def test_without_companies_the_page_says_what_to_do(olga: Client, people: People) -> None:
    Company.objects.update(archived_at=timezone.now())
    assert b"Add the first one" in olga.get(LIST).content
    assert b"No row has all of this" in olga.get(f"{LIST}?q=nobody").content


def test_a_page_of_many_rows_is_never_longer_than_fifty(olga: Client) -> None:
    make_many(60)
    assert len(read(olga)) == 50


def test_filters_that_are_drawn_once_are_drawn_as_any_other_field(db: None) -> None:
    for name, field in FilterForm.base_fields.items():
        for value, _ in getattr(field, "choices", ()):
            form = FilterForm(QueryDict(f"{name}={value}"))
            drawn = [choice_field(form[name]), as_crispy_field(form[name]), choice_field(form[name])]
            assert drawn == [drawn[1]] * 3
            assert value == "" or f'value="{value}" selected' in drawn[0]
    for query in ("state=zebra", "state=<script>", "state=held"):
        form = FilterForm(QueryDict(query))
        assert choice_field(form["state"]) == as_crispy_field(form["state"]), query


def test_the_addresses_of_many_rows_are_those_of_each(people: People) -> None:
    for name, sample, value in (
        ("ops:company", "a-company", "one"),
        ("journey:journey", "AAAA-AAAA", "NW7K-42QD"),
    ):
        assert make_addresses(name, sample)(value) == reverse(name, args=[value])
