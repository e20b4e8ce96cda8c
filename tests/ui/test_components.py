"""The components of pages: each says its meaning in words, links what it promises, and escapes what people typed.

Their look and their behaviour in a browser are proved in test_chromium.py.
"""

from datetime import timedelta

import pytest
from django.core.paginator import Paginator
from django.test import RequestFactory
from django.utils import timezone

from tests.ui.gallery import COMMANDS, LONG, ROWS, STAGES

NASTY = "<script>alert(1)</script>"


@pytest.mark.parametrize(
    ("state", "said", "colour"),
    [
        ("locked", "Cannot start yet", "grey"),
        ("open", "To do", "blue"),
        ("waiting", "Waiting", "light-blue"),
        ("problem", "There is a problem", "red"),
        ("done", "Done", "green"),
    ],
)
def test_each_state_is_a_word_and_a_colour(soup, state, said, colour) -> None:
    tag = soup("{% status_tag state %}", state=state).strong
    assert tag.text == said
    assert f"govuk-tag--{colour}" in tag["class"]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("yours", "For you to do"),
        ("theirs", "For somebody else to do"),
        ("wait", "Waiting"),
        ("problem", "There is a problem"),
    ],
)
def test_the_panel_says_whose_move_it_is(soup, kind, said) -> None:
    panel = soup(
        "{% what_now kind heading='Create it' %}<p>One sentence.</p>{% endwhat_now %}", kind=kind
    ).section
    assert panel.select_one(".app-now__kind").text == said
    assert panel.find(id=panel["aria-labelledby"]).text == "Create it"
    assert not panel.select("a, button")


def test_the_panels_action_is_a_link_or_a_form_that_posts(soup) -> None:
    panel = "{% what_now 'yours' heading='H' action_url='/go/' action_text='Go' action_post=post %}{% endwhat_now %}"
    assert soup(panel, post=False).select_one("a.govuk-button")["href"] == "/go/"
    form = soup(panel, post=True, csrf_token="made-up").form
    assert (form["method"], form["action"]) == ("post", "/go/")
    assert form.select_one("[name=csrfmiddlewaretoken]")["value"] == "made-up"
    assert form.button.text == "Go"


def test_a_post_button_carries_its_hidden_values(soup) -> None:
    form = soup("{% post_button '/take/' 'Take it' step='csr' %}", csrf_token="made-up").form
    assert form.select_one("input[name=step]")["value"] == "csr"


def test_the_task_list_links_open_steps_only_and_ties_the_status_to_the_link(soup) -> None:
    page = soup("{% task_list stages %}", stages=STAGES)
    rows = page.select("li.govuk-task-list__item")
    assert [bool(row.a) for row in rows] == [True, True, True, True, False]
    for link in page.select("a"):
        described = [page.find(id=each).text.strip() for each in link["aria-describedby"].split()]
        assert described[-1] in {"To do", "Waiting", "There is a problem", "Done"}
    assert page.h2.text.split() == ["1.", "Vetting", "Done"]


def test_the_summary_list_says_not_given_and_names_what_a_link_changes(soup) -> None:
    page = soup("{% include 'components/summary_list.html' %}", rows=ROWS)
    values = [dd.get_text("|", strip=True) for dd in page.select(".govuk-summary-list__value")]
    assert values == [LONG, "1 High Street|Leeds", "Not given"]
    assert page.a.text.split() == ["Change", "Company"]


def test_commands_are_headings_and_text_with_a_copy_button_that_only_scripts_show(soup) -> None:
    page = soup("{% include 'components/commands.html' with id='c' %}", commands=COMMANDS)
    assert [h3.text for h3 in page.select("h3")] == ["bash", "PowerShell"]
    for button in page.select("button"):
        assert button.has_attr("hidden")
        assert page.select_one(button["data-copy"]).text in {command["text"] for command in COMMANDS}


def test_two_copies_of_a_component_do_not_share_an_id(soup) -> None:
    page = soup("{% copyable 'a' %}{% copyable 'b' %}{% command 'c' %}")
    ids = [element["id"] for element in page.select("[id]")]
    assert len(set(ids)) == 3


def test_the_wait_bar_says_in_words_what_it_draws(soup) -> None:
    since = timezone.now() - timedelta(hours=80)
    page = soup(
        "{% wait_bar since usual limit %}", since=since, usual=timedelta(hours=24), limit=timedelta(hours=72)
    )
    assert page.svg["aria-hidden"] == "true"
    assert page.p.text == "80 hours so far, usually 24 hours, at most 72 hours: 8 hours late."
    assert "app-wait--late" in page.div["class"]


def test_a_relative_time_holds_the_exact_one_for_focus_and_print(soup) -> None:
    page = soup("{% ago moment %}{% ago None %}{% time None %}", moment=timezone.now() - timedelta(hours=2))
    assert page.time["tabindex"] == "0"
    assert page.time.text.startswith("2 hours ago")
    assert page.select_one(".app-ago__exact").text.strip()


def test_breadcrumbs_end_with_the_page_itself(soup) -> None:
    items = soup("{% breadcrumbs 'Company' '/c/' 'This step' %}").select("li")
    assert [(item.text.strip(), bool(item.a)) for item in items] == [("Company", True), ("This step", False)]


def test_pagination_keeps_the_rest_of_the_query(soup) -> None:
    request = RequestFactory().get("/", {"q": "north wind", "page": "2"})
    page = soup("{% pagination page %}", page=Paginator(range(30), 10).get_page(2), request=request)
    assert {a["href"] for a in page.select("a")} == {f"?q=north+wind&page={n}" for n in (1, 2, 3)}
    assert page.select_one("[aria-current=page]").text == "2"


def test_a_list_on_one_page_has_no_pagination(soup) -> None:
    page = Paginator(range(3), 10).get_page(1)
    assert soup("{% pagination page %}", page=page, request=RequestFactory().get("/")).text == ""


@pytest.mark.parametrize(
    "text",
    [
        "{% tag x %}",
        "{% what_now 'yours' heading=x action_url='/a/' action_text=x %}{% endwhat_now %}",
        "{% details x %}{% enddetails %}",
        "{% confirmation x %}{% endconfirmation %}",
        "{% empty_state x %}{% endempty_state %}",
        "{% copyable x x %}",
        "{% command x x %}",
        "{% breadcrumbs x '/c/' x %}",
        "{% back_link '/' x %}",
        "{% button_link '/' x %}",
        "{% post_button '/' x step=x %}",
        "{% submit x name=x value=x %}",
        "{% data_table x label=x %}{% enddata_table %}",
        "{% task_list stages %}",
        "{% include 'components/timeline.html' %}",
        "{% include 'components/task_links.html' %}",
        "{% include 'components/summary_list.html' %}",
        "{% finding_panel finding %}",
    ],
)
def test_what_people_typed_is_escaped_everywhere(soup, text) -> None:
    row = {"key": NASTY, "value": NASTY, "link": NASTY, "sentence": NASTY, "title": NASTY, "hint": NASTY}
    page = soup(
        text,
        x=NASTY,
        rows=[row | {"url": "/r/", "about": NASTY}],
        events=[row | {"at": timezone.now(), "by": NASTY, "text": NASTY}],
        stages=[{"title": NASTY, "steps": [row | {"state": "open", "url": "/s/"}]}],
        finding={"severity": "error", "seen": NASTY, "why": NASTY, "fix": NASTY, "code": NASTY},
    )
    assert not page.find_all("script")
    assert NASTY in page.text or NASTY in str([element.attrs for element in page.find_all(True)])


def test_words_in_tags_and_moments_are_text_and_no_markup(soup) -> None:
    words = f"{NASTY} {{}} {{0}} {{{{ text }}}}"
    drawn = soup("{% load ui %}{% tag words %}{% tag words words %}", words=words)
    assert [each.text for each in drawn.select("strong.govuk-tag")] == [words, words]
    assert drawn.find("script") is None
    moment = soup("{% load ui %}{% ago moment %}", moment=timezone.now() - timedelta(hours=3)).select_one(
        "time.app-ago"
    )
    assert moment is not None
    assert moment.text.startswith("3 hours ago")
    assert moment["tabindex"] == "0"
