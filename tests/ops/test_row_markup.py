"""A row of the list of companies as it is written: whatever people typed is text in it, and what is missing is said."""

from datetime import UTC, datetime, timedelta

from selectolax.lexbor import LexborHTMLParser, LexborNode

from onboarding.ops.company_list import Row
from onboarding.ops.row_markup import draw_rows
from onboarding.people.contact_details import ContactDetails
from tests.time_travel import travel

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
TYPED = """<b title='x'>"Wind" & Sun</b>"""
FULL = Row(
    name=TYPED,
    number=TYPED,
    added=NOW,
    url="/ops/companies/wind/",
    code="AB2C-DE3F",
    case_url="/onboardings/AB2C-DE3F/",
    environment="UIT",
    status="Problem",
    colour="red",
    stage="Vetting",
    step="Verification",
    reason=TYPED,
    actor="GlobalSign",
    contact=ContactDetails(TYPED, "x@wind.example", TYPED, "+44 20 7946 0018"),
    since=NOW - timedelta(days=5),
    due=NOW + timedelta(days=2),
)
EMPTY = FULL._replace(
    code="", case_url="", environment="", step="", reason="", actor="", contact=None, due=None
)


def _draw(*rows: Row) -> list[list[LexborNode]]:
    page = LexborHTMLParser(f"<table><tbody>{draw_rows(rows)}</tbody></table>")
    return [row.css("th, td") for row in page.css("tr")]


@travel(NOW, tick=False)
def test_what_people_typed_is_text() -> None:
    assert "<b " not in draw_rows([FULL])
    [[company, status, step, actor, contact, since, due]] = _draw(FULL)
    assert company.text() == f"{TYPED}AB2C-DE3F UIT"
    assert [each.attributes["href"] for each in company.css("a")] == [FULL.url, FULL.case_url]
    assert (status.text(), actor.text()) == ("Problem", "GlobalSign")
    assert step.text(separator="|") == f"Verification|{TYPED}"
    assert (
        contact.text().count(TYPED) == 3
    )  # who it is, their number that is none, and whose the other number is
    assert [each.attributes["href"] for each in contact.css("a")] == ["tel:+44-20-7946-0018"]
    assert (since.text(), due.text()) == (
        "5 days agoWednesday 18 November, 14:05",
        "in 48 hoursWednesday 25 November, 14:05",
    )


@travel(NOW, tick=False)
def test_what_is_not_there_is_said() -> None:
    [[company, _, step, actor, contact, since, due]] = _draw(EMPTY)
    assert company.text() == TYPED
    assert [cell.text() for cell in (step, actor, contact, due)] == ["-", "Nobody", "Nobody", "-"]
    assert since.text().startswith("5 days ago")
    [[*_, nothing, _]] = _draw(EMPTY._replace(since=None))
    assert nothing.text() == ""


def test_rows_keep_their_order_and_each_cell_its_column() -> None:
    drawn = _draw(FULL, EMPTY, FULL)
    assert [len(row[0].css("a")) for row in drawn] == [2, 1, 2]
    labels = [[cell.attributes["data-label"] for cell in row[1:]] for row in drawn]
    assert labels == [["Status", "Step", "Who has to act", "Whom to ring", "Since", "Due"]] * 3
