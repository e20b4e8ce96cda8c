"""What the twelve step pages and the guides tell people, with and without the account API.

Which words for which rule is in guidance.py; that every rule is met somewhere is proved in tests/house/test_rules.py.
"""

import re
import uuid
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.template.loader_tags import BlockNode, ExtendsNode
from django.test import Client

from onboarding.journey.models import StepRecord
from onboarding.journey.page_files import PageFiles
from onboarding.journey.problems import PROBLEMS, list_problems
from onboarding.journey.steps import STEPS, get_definition
from onboarding.journey.views.guidance import build_guidance
from onboarding.journey.views.way_page import Wanted, build_way_panel
from onboarding.journey.way_conditions import Circumstances
from onboarding.ui.operating_systems import System
from tests.house.checkout import ROOT
from tests.journey.guidance import GUIDANCE
from tests.rules.marker import rule

pytestmark = pytest.mark.django_db  # the commands ask how many keys this onboarding has made

CASE = uuid.uuid4()
BLOCKS = ("before", "do", "next", "trouble")
# Each step, and each of its ways where it has several.
VIEWS = [name for row in STEPS for name in ([f"{row.slug}/{way.name}" for way in row.ways] or [row.slug])]
VARIANTS = pytest.mark.parametrize("account_api", [True, False], ids=["with account API", "without"])


def _context(view: str, account_api: bool, environment: str = "uit") -> dict[str, Any]:
    slug, _, way = view.partition("/")
    company = SimpleNamespace(slug="northwind", name="Northwind Energy", number="01234567", retention_days=7)
    onboarding: Any = SimpleNamespace(company=company, code="NW7K-42QD", environment=environment, pk=CASE)
    onboarding.steps = StepRecord.objects.none()
    record: Any = SimpleNamespace(
        onboarding=onboarding,
        onboarding_id=CASE,
        state="open",
        slug=slug,
        definition=get_definition(slug),
        facts={},
        answers={},
        submitted_at=None,
    )
    files = PageFiles(onboarding)
    guidance = replace(build_guidance(record, files), account_api=account_api)
    chosen = next((each for each in record.definition.ways if each.name == way), None)
    ways = build_way_panel(
        Circumstances(record, files), chosen, Wanted(system=System.POWERSHELL), guidance.commands
    )
    page = SimpleNamespace(
        record=record, definition=record.definition, onboarding=onboarding, guidance=guidance, ways=ways
    )
    return {
        "page": page,
        "wait": SimpleNamespace(record=record),
        "portal": settings.PORTAL,
        "onboarding": onboarding,
        "contact": {},
    }


def _blocks(view: str, account_api: bool, **more: Any) -> dict[str, str]:
    """The HTML of the blocks that a step's template fills, by their names; without a way it has nothing to do yet."""
    slug, _, way = view.partition("/")
    template: Any = get_template(f"journey/steps/{slug}.html")
    (extends,) = [node for node in template.template.nodelist if isinstance(node, ExtendsNode)]
    filled: dict[str, BlockNode] = dict(extends.blocks)
    if get_definition(slug).ways and not way:
        del filled["do"]
    context = Context({**_context(view, account_api, **more)})
    with context.bind_template(template.template), context.render_context.push_state(template.template):
        return {name: str(block.render(context)) for name, block in filled.items()}


def _words(html: str) -> str:
    """What a reader sees, in one line."""
    return re.sub(r"\s+", " ", BeautifulSoup(html, "html.parser").get_text())


def _page(place: str, account_api: bool) -> str:
    if place.startswith("help/"):
        return Client().get(f"/{place}/").content.decode()
    if place.startswith("partials/"):
        return render_to_string(f"journey/{place}.html", _context("verification", account_api))
    slug, _, block = place.partition(".")
    return _blocks(slug, account_api)[block]


def _missing(told: str, text: str) -> list[str]:
    """The words that are not there, or not after those before them."""
    missing, start = [], 0
    for words in told.split(" … "):
        found = text.lower().find(words.lower(), start)
        if found < 0:
            missing.append(words)
        else:
            start = found + 1
    return missing


@pytest.mark.parametrize("number", [pytest.param(number, marks=rule(number)) for number in GUIDANCE])
def test_each_rule_is_told_where_it_is_needed(number: str) -> None:
    """With and without the account API."""
    untold = {
        (place, account_api): missing
        for place, told in GUIDANCE[number].items()
        for account_api in (True, False)
        if (missing := _missing(told, _words(_page(place, account_api))))
    }
    assert untold == {}


@pytest.mark.parametrize(
    ("place", "first", "count"),
    [
        pytest.param("help/before-you-start", "Access to the DIP", 8, marks=rule("R3")),
        pytest.param("help/before-you-start", "Submit the registration form", 12, marks=rule("R17")),
        pytest.param("api-credentials.before", "Create API credentials", 7, marks=rule("R31")),
    ],
)
def test_a_list_of_the_programme_has_as_many_entries_as_it_says(place: str, first: str, count: int) -> None:
    (found,) = [
        entries
        for each in BeautifulSoup(_page(place, True), "html.parser").find_all("ol")
        if (entries := [entry.get_text() for entry in each.find_all("li")])[0].startswith(first)
    ]
    assert len(found) == count
    if count == 8:
        assert found[2].startswith("Your GlobalSign account")


@VARIANTS
@pytest.mark.parametrize("view", VIEWS)
def test_every_step_says_all_four_things(view: str, account_api: bool) -> None:
    blocks = _blocks(view, account_api)
    assert set(blocks) == {*BLOCKS, *(["choose"] if "/" in view else [])}
    assert [name for name in BLOCKS if len(_words(blocks[name])) < 40] == []


@VARIANTS
@pytest.mark.parametrize("slug", [row.slug for row in STEPS])
def test_every_problem_of_a_step_is_linked_from_its_page(slug: str, account_api: bool) -> None:
    trouble = _blocks(slug, account_api)["trouble"]
    linked = set(re.findall(r'href="/help/([a-z0-9-]+)/?"', trouble)) & set(PROBLEMS)
    assert linked == {problem.code for problem in list_problems(slug)}


@VARIANTS
@pytest.mark.parametrize("view", VIEWS)
def test_headings_inside_a_step_start_at_the_third_level_and_nothing_is_styled_inline(
    view: str, account_api: bool
) -> None:
    html = "".join(_blocks(view, account_api).values())
    assert re.findall(r"<h[12]|<script|<style|\sstyle=|\son[a-z]+=", html) == []


@rule("T11", "R44")
@VARIANTS
def test_the_rule_of_35_characters_is_not_shown_where_the_name_is_fixed(account_api: bool) -> None:
    """People would put their host name into the onboarding CSR."""
    shown = "".join(
        html for view in VIEWS if view.startswith("csr/") for html in _blocks(view, account_api).values()
    )
    assert "onboarding_key" in shown
    assert not re.search(r"\b35\b", _words(shown))


def test_a_person_is_never_asked_to_make_a_wait_end_that_the_portal_watches() -> None:
    watched = _words(_blocks("payment-method", True)["do"])
    by_hand = _words(_blocks("payment-method", False)["do"])
    assert "this portal sees that the payment method is set" in watched
    assert "Come back here and say when you set it" in by_hand
    assert "this portal sees" not in by_hand


@rule("T26", "R60")
def test_in_production_the_register_step_says_that_registration_is_not_repeated() -> None:
    said = "do not register again"
    assert said in _words(_blocks("register", True, environment="production")["before"])
    assert said not in _words(_blocks("register", True)["before"])


@rule("R4", "T16")
def test_the_briefing_leaves_room_for_what_is_not_known() -> None:
    """It can be printed before the registration is filled in."""
    named = {"name": "Alice Archer", "job_title": "Head of Data", "phone": "020 7946 0018"}
    context = _context("register", True)
    empty = _words(render_to_string("journey/partials/reception-briefing.html", context))
    context["contact"] = named
    filled = _words(render_to_string("journey/partials/reception-briefing.html", context))
    assert "Name: ____" in empty
    assert "Number: ____" in empty
    assert "Alice Archer, Head of Data" in filled
    assert "020 7946 0018" in filled
    assert "Name: ____" not in filled


@pytest.mark.parametrize("slug", [row.slug for row in STEPS if row.before or row.after])
def test_every_wait_says_what_to_do_when_it_is_late(slug: str) -> None:
    text = _words(render_to_string("journey/partials/late.html", _context(slug, True)))
    assert "NW7K-42QD" in text or "What to do when" in text


@rule("T24")
def test_no_address_of_another_organisation_is_invented() -> None:
    """The addresses of Atlas, the DIP and support come from the installation's settings only."""
    pages = [*(ROOT / "templates/journey").rglob("*.html"), *(ROOT / "templates/help").rglob("*.html")]
    problems = ROOT / "onboarding/journey/problems"
    found = [
        f"{path.name}: {match}"
        for path in [*pages, *problems.glob("*.py")]
        for match in re.findall(r"(?:https?:)?//[a-z][\w.-]+\.\w+|\w[\w.]*@\w+\.\w+", path.read_text("utf-8"))
    ]
    assert found == []


@rule("T24")
def test_the_addresses_of_others_are_links_where_the_installation_knows_them(settings: Any) -> None:
    known = {name: f"https://{name}.example/" for name in ("dip_url", "atlas_portal_url", "support_url")}
    unknown = dict.fromkeys(known, "")
    for addresses, linked in ((known, set(known.values())), (unknown, set())):
        settings.PORTAL = settings.PORTAL.model_copy(update=addresses)
        page = "".join(_blocks("register", False).values()) + "".join(_blocks("quote", False).values())
        found = {str(link["href"]) for link in BeautifulSoup(page, "html.parser").select("a[href^=http]")}
        assert found == linked
