"""The pages of a step's ways: choosing, coming back, errors, the commands of one's own system, and refusals.

Which way is recommended is tested in test_way_conditions.py.
"""

from typing import Any

import pytest
from django.test import Client

from certs.findings.openssl_commands import FileNames
from certs.programs.csr_makers import list_recipes
from onboarding.handover import claims
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.views.way_memory import MOST, WAYS
from tests.handover.factories import make_dana, make_grant
from tests.journey.form_client import form_on, press, sentences_of, soup, values_of
from tests.journey.step_actions import bring_to, csr, pfx, step_action, upload
from tests.journey.way_cases import bring_to_way, connect_vault
from tests.people_fixtures import People, client_of, shows_errors, step

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/131.0.0.0"
SHELLS = ("if (Test-Path", "if exist", "if [ -e", "if [ -e")
TABS = ["Windows PowerShell", "Windows Command Prompt", "macOS", "Linux"]


@pytest.fixture
def tess(people: People) -> Client:
    return client_of(people.tess)


@pytest.fixture
def at_csr(people: People, onboarding: Onboarding) -> str:
    bring_to(onboarding, people, step_action("csr"))
    return step_action("csr").path(onboarding)


def chosen(answer: Any) -> str:
    """The name of the way whose text is shown; empty on the choice."""
    heading = soup(answer).select_one("#do")
    return heading.get_text() if heading else ""


def offered(answer: Any) -> list[str]:
    return [str(link["href"]).rstrip("/").rsplit("/", 1)[1] for link in soup(answer).select(".app-ways a")]


def test_first_one_chooses_the_recommended_way_first_and_at_most_four_are_seen(tess, at_csr) -> None:
    answer = tess.get(at_csr)
    page = soup(answer)
    assert offered(answer) == ["browser", "dcp", "openssl", "portal", "key-vault-by-hand", "other-tool"]
    assert len(page.select("#your-part > .app-ways > li")) == 4
    assert len(page.select(".app-ways .govuk-tag")) == 1
    assert "There is nothing to install" in sentences_of(answer)
    assert page.select(f'form[action="{at_csr}"]') == []


def test_a_way_shows_its_own_field_only_and_leads_back_to_the_choice(tess, at_csr) -> None:
    answer = tess.get(f"{at_csr}ways/openssl/")
    assert chosen(answer) == "OpenSSL"
    form = form_on(answer, at_csr)
    fields = {str(box["name"]) for box in form.select("[name]")} - {
        "csrfmiddlewaretoken",
        "version",
        "action",
    }
    assert fields == {"way", "tool", "csr_text", "csr_file"}
    assert "Azure" not in soup(answer).select_one("#your-part").get_text()  # type: ignore[union-attr]
    (back,) = [
        link for link in soup(answer).select("#your-part a") if link.get_text() == "Choose another way"
    ]
    assert len(offered(tess.get(str(back["href"])))) == 6


def test_the_choice_is_remembered_for_this_step_and_person(people, tess, at_csr) -> None:
    tess.get(f"{at_csr}ways/portal/")
    assert chosen(tess.get(at_csr)) == "This portal makes it"
    assert chosen(tess.get(f"{at_csr}ways/")) == ""
    assert chosen(tess.get(at_csr)) == "This portal makes it"
    assert chosen(client_of(people.bob).get(at_csr)) == ""


def test_only_the_newest_choices_are_remembered(tess, at_csr) -> None:
    session = tess.session
    session[WAYS] = {f"old-{number}": "openssl" for number in range(MOST)}
    session.save()
    tess.get(f"{at_csr}ways/portal/")
    kept = tess.session[WAYS]
    assert len(kept) == MOST
    assert "old-0" not in kept
    assert list(kept.values())[-1] == "portal"


def test_a_draft_brings_its_way_to_whoever_goes_on(people, tess, at_csr) -> None:
    page = f"{at_csr}ways/other-tool/"
    form = values_of(form_on(tess.get(page), at_csr))
    tess.post(at_csr, {**form, "csr_text": "half of it", "action": "draft"})
    answer = client_of(people.bob).get(at_csr)
    assert chosen(answer) == "Another tool"
    assert values_of(form_on(answer, at_csr))["csr_text"].strip() == "half of it"


@pytest.mark.parametrize("way", ["openssl", "key-vault-by-hand", "other-tool"])
def test_after_an_error_one_is_on_the_same_way_with_what_was_typed(tess, at_csr, way: str) -> None:
    form = values_of(form_on(tess.get(f"{at_csr}ways/{way}/"), at_csr))
    tess.get(f"{at_csr}ways/browser/")  # in another tab
    answer = tess.post(at_csr, {**form, "csr_text": "no CSR at all"})
    assert shows_errors(answer)
    assert "There is a problem" in sentences_of(answer)
    again = values_of(form_on(answer, at_csr))
    assert (again["way"], again["tool"], again["csr_text"].strip()) == ("own", way, "no CSR at all")


def test_what_made_the_key_is_on_record(people, onboarding, tess, at_csr) -> None:
    form = values_of(form_on(tess.get(f"{at_csr}ways/key-vault-by-hand/"), at_csr))
    assert tess.post(at_csr, {**form, "csr_text": csr().decode()}).status_code == 302
    assert step(onboarding, "csr").facts["tool"] == "key-vault-by-hand"
    assert step(onboarding, "csr").answers == {"way": "own", "tool": "key-vault-by-hand"}


def test_a_form_of_an_older_page_is_taken(onboarding, tess, at_csr) -> None:
    """It does not know the tool."""
    assert tess.post(at_csr, {"way": "own", "csr_text": csr().decode()}).status_code == 302
    assert step(onboarding, "csr").facts["tool"] == "openssl"


@pytest.mark.parametrize("sent", [{"tool": "magic"}, {"tool": "browser"}, {"tool": "x" * 41}])
def test_a_tool_that_nobody_offered_changes_nothing(onboarding, tess, at_csr, sent) -> None:
    answer = tess.post(at_csr, {"way": "own", "csr_text": csr().decode(), **sent})
    assert answer.status_code == 302 or shows_errors(answer)
    assert step(onboarding, "csr").facts.get("tool", "openssl") == "openssl"


@pytest.mark.parametrize(
    ("slug", "way", "sentence"),
    [
        ("csr", "key-vault", "No key vault of the company is connected to this portal."),
        ("csr", "portal", "This portal does not make or keep private keys."),
        ("pfx", "key-vault", "The key of this onboarding was made in another way"),
        ("pfx", "portal", "This portal has no key of this onboarding."),
        ("pfx", "browser", "The key of this onboarding was made in another way"),
    ],
)
def test_a_way_that_is_not_there_is_refused_with_a_sentence_and_the_choice(
    settings, people, onboarding, tess, slug, way, sentence
) -> None:
    settings.PORTAL = settings.PORTAL.model_copy(update={"portal_keys": False})
    action = step_action(slug)
    bring_to(onboarding, people, action)
    path = action.path(onboarding)
    asked = tess.get(f"{path}ways/{way}/")
    sent = tess.post(path, {"way": way})
    assert asked.status_code == 409
    assert shows_errors(sent)
    for answer in (asked, sent):
        assert sentence in sentences_of(answer)
        assert "openssl" in offered(answer)
        assert way not in offered(answer)
    assert step(onboarding, slug).state == "open"
    assert "openssl" in offered(tess.get(path))


def test_a_remembered_way_that_was_switched_off_gives_the_choice(settings, tess, at_csr) -> None:
    tess.get(f"{at_csr}ways/portal/")
    settings.PORTAL = settings.PORTAL.model_copy(update={"portal_keys": False})
    answer = tess.get(at_csr)
    assert (answer.status_code, chosen(answer)) == (200, "")


@pytest.mark.parametrize("path", ["csr/ways/magic/", "register/ways/openssl/", "csr/ways/Browser/"])
def test_a_way_of_no_row_is_no_address(people, tess, onboarding, at_csr, path) -> None:
    assert tess.get(f"/onboardings/{onboarding.code}/{path}").status_code == 404


def test_a_step_without_ways_leads_to_its_page(people, onboarding) -> None:
    register = f"/onboardings/{onboarding.code}/register/"
    answer = client_of(people.alice).get(f"{register}ways/")
    assert (answer.status_code, answer["Location"]) == (302, register)


@pytest.mark.parametrize(
    ("slug", "way", "name", "content", "other"),
    [
        ("csr", "browser", "csr_file", csr, "OpenSSL"),
        ("csr", "portal", "csr_file", csr, "OpenSSL"),
        ("pfx", "browser", "pfx", pfx, "OpenSSL"),
        ("pfx", "portal", "pfx", pfx, "OpenSSL"),
    ],
)
def test_a_file_that_belongs_to_another_way_is_refused_with_a_sentence(
    settings, people, onboarding, tess, slug, way, name, content, other
) -> None:
    path = bring_to_way(settings, onboarding, people, slug, way)
    answer = tess.post(path, {"way": way, name: upload("mine.bin", content())})
    assert shows_errors(answer)
    assert "takes none. Nothing of it was kept." in sentences_of(answer)
    assert f"Choose “{other}”" in sentences_of(answer)
    assert step(onboarding, slug).state == "open"


def test_the_commands_are_those_of_the_browsers_system(tess, at_csr) -> None:
    answer = tess.get(f"{at_csr}ways/openssl/", HTTP_USER_AGENT=WINDOWS)
    tabs = soup(answer).select(".app-systems a")
    assert [tab.get_text() for tab in tabs] == TABS
    assert [tab.get_text() for tab in tabs if tab.has_attr("aria-current")] == ["Windows PowerShell"]
    assert "Test-Path" in _command(answer)
    assert "Git Bash" in sentences_of(answer)
    apple = tess.get(f"{at_csr}ways/openssl/", HTTP_SEC_CH_UA_PLATFORM='"macOS"', HTTP_USER_AGENT=WINDOWS)
    assert _command(apple).startswith("if [ -e ")
    assert "Git Bash" not in sentences_of(apple)


@pytest.mark.parametrize(("tab", "shell"), list(zip(TABS, SHELLS, strict=True)))
def test_another_system_is_a_link_and_is_remembered(tess, at_csr, tab, shell) -> None:
    page = soup(tess.get(f"{at_csr}ways/openssl/"))
    (link,) = [each for each in page.select(".app-systems a") if each.get_text() == tab]
    assert _command(tess.get(str(link["href"]).partition("#")[0])).startswith(shell)
    again = tess.get(at_csr, HTTP_USER_AGENT=WINDOWS)
    assert _command(again).startswith(shell)
    assert [each.get_text() for each in soup(again).select("[aria-current=true]")][-1] == tab


@pytest.mark.parametrize("asked", ["amiga", "", "linux%00", "x" * 500])
def test_a_system_that_nobody_knows_is_passed_over(tess, at_csr, asked) -> None:
    answer = tess.get(f"{at_csr}ways/openssl/?system={asked}", HTTP_USER_AGENT=WINDOWS)
    assert answer.status_code == 200
    assert "Test-Path" in _command(answer)


def test_another_tool_shows_the_lines_of_every_maker_with_the_onboardings_names(
    tess, onboarding, at_csr
) -> None:
    page = soup(tess.get(f"{at_csr}ways/other-tool/"))
    shown = {code.get_text() for code in page.select("pre code")}
    titles = {each.get_text(strip=True) for each in page.select("summary")}
    for maker in list_recipes(FileNames(f"apicert-{onboarding.code.lower()}")):
        assert {maker.lines, maker.call, maker.later} - {""} <= shown
        assert maker.name in titles


def _command(answer: Any) -> str:
    code = soup(answer).select_one("#make-csr code")
    assert code is not None
    return code.get_text()


def test_the_dcp_is_asked_by_handing_over_and_whoever_was_let_in_is_named(people, onboarding, at_csr) -> None:
    bob = client_of(people.bob)
    answer = bob.get(f"{at_csr}ways/dcp/")
    (button,) = [
        link
        for link in soup(answer).select("#your-part a")
        if link.get_text(strip=True) == "Hand this step over"
    ]
    assert bob.get(str(button["href"])).status_code == 200
    assert soup(answer).select(f'form[action="{at_csr}"]') == []
    make_grant(onboarding, people.bob, make_dana(), "csr")
    answer = bob.get(f"{at_csr}ways/dcp/")
    assert "Dana Test, until" in sentences_of(answer)
    assert "Hand this step over" not in sentences_of(answer)  # Dana holds it now


def test_who_cannot_do_the_step_reads_its_ways_without_a_form(people, onboarding, tess, at_csr) -> None:
    claims.claim(step(onboarding, "csr"), actor=people.bob)
    for who in (people.rhea, people.olga, people.tess):
        browser = client_of(who)
        answer = browser.get(f"{at_csr}ways/openssl/")
        assert chosen(answer) == "OpenSSL"
        assert soup(answer).select(f'form[action="{at_csr}"]') == []
        refused = browser.get(f"{at_csr}ways/dcp/")
        assert refused.status_code == 409
        assert "You cannot hand this step over." in sentences_of(refused)


def test_a_step_that_is_done_shows_no_ways(people, onboarding, tess, at_csr) -> None:
    press(tess, at_csr, at_csr, {"way": "own", "csr_text": csr().decode()}, action="save")
    answer = tess.get(f"{at_csr}ways/openssl/")
    assert answer.status_code == 200
    assert "This step is done" in sentences_of(answer)
    assert (chosen(answer), offered(answer)) == ("", [])


def test_a_step_with_a_problem_that_is_tried_again_begins_with_its_way(
    settings, people, onboarding, tess, at_csr
) -> None:
    connect_vault(settings, people)
    tess.post(at_csr, {"way": "key-vault", "tool": "key-vault"})
    StepRecord.objects.filter(onboarding=onboarding, slug="csr").update(state="open")
    assert chosen(client_of(people.bob).get(at_csr)) == "Azure Key Vault"
