"""The help pages: open to everybody, complete, and folded so that nobody meets a wall of links.

The search is tested in test_search.py, the guides of roles in test_role_guides.py.
"""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from certs.findings.catalogue import CATALOGUE
from certs.findings.openssl_commands import make_pfx, make_request
from onboarding.help import urls as help_urls
from onboarding.help.recipes import list_vault_clicks
from onboarding.journey.problems import PROBLEMS
from onboarding.people.role_guides import RoleGuide
from tests.people_fixtures import People, client_of

GUIDES = (*help_urls.GUIDES, *RoleGuide, "openssl-and-key-vault", "which-program")
MOST_LINKS = 40  # to be seen before anything is unfolded


@pytest.mark.parametrize("path", ["", *(f"{name}/" for name in GUIDES), *(f"{code}/" for code in PROBLEMS)])
def test_everybody_may_read_every_page_of_the_help(client: Client, path: str) -> None:
    assert client.get(f"/help/{path}").status_code == 200


def test_a_guide_is_never_hidden_by_a_problem_of_the_same_name() -> None:
    assert set(GUIDES).isdisjoint(PROBLEMS)


def test_an_address_without_a_slash_leads_on(client: Client) -> None:
    assert client.get("/help/roles").headers["Location"] == "/help/roles/"


@pytest.mark.parametrize("path", ["no-such-problem/", "e-mails-late/more/", "Roles/"])
def test_an_unknown_page_is_not_found(client: Client, path: str) -> None:
    assert client.get(f"/help/{path}").status_code == 404


def test_the_help_takes_no_posts(client: Client) -> None:
    assert client.post("/help/", {"q": "x"}).status_code == 405


def test_the_catalogue_lists_every_problem(client: Client) -> None:
    page = client.get("/help/").content.decode()
    assert [code for code in PROBLEMS if f'href="/help/{code}/"' not in page] == []


def test_a_problem_page_says_whose_move_it_is_and_which_step_is_done_again(client: Client) -> None:
    page = client.get("/help/identity-rejected/").content.decode()
    assert "Your company" in page
    assert "Request the identity profile" in page


def test_the_guide_to_the_commands_shows_each_of_them_for_each_shell(client: Client) -> None:
    page = client.get("/help/openssl-and-key-vault/").content.decode()
    shells = {command.title for command in (*make_request(), *make_pfx())}
    assert [shell for shell in shells if shell not in page] == []
    assert "openssl pkcs12 -export" in page
    assert "MSYS_NO_PATHCONV=1" in page
    assert "onboarding-key" in page


def test_clicks_in_key_vault_lose_their_numbers_and_nothing_else() -> None:
    for _, clicks in list_vault_clicks():
        assert clicks
        assert all(click and not click[0].isdigit() for click in clicks)
    assert list_vault_clicks()[0][1][-1].endswith("Upload that file here.")


def test_each_finding_of_the_doctor_has_a_page_of_its_own(client: Client) -> None:
    listed = client.get("/help/").content.decode()
    for code in CATALOGUE:
        page = client.get(f"/help/{code}/").content.decode()
        assert f"<code>{code}</code>" in page or code in PROBLEMS
        assert f'href="/help/{code}/"' in listed


def test_no_finding_has_the_name_of_a_guide_and_one_shares_the_page_of_its_problem() -> None:
    assert set(CATALOGUE).isdisjoint(GUIDES)
    assert set(CATALOGUE) & set(PROBLEMS) == {"proof-refused"}


@pytest.mark.parametrize("who", ["", "alice", "tess", "olga"])
def test_the_first_sight_of_the_help_has_at_most_forty_links(people: People, who: str) -> None:
    browser = client_of(getattr(people, who)) if who else Client()
    main = BeautifulSoup(browser.get("/help/").content, "html.parser").main
    assert main is not None
    links = main.select("a")
    seen = [each for each in links if not each.find_parents("details")]
    assert len(seen) <= MOST_LINKS
    assert len(links) > len(seen) + len(PROBLEMS) + len(CATALOGUE) - 2  # the rest is folded, and all there


def test_nothing_is_unfolded_at_first_and_each_fold_says_what_is_in_it(client: Client) -> None:
    main = BeautifulSoup(client.get("/help/").content, "html.parser").main
    assert main is not None
    folds = main.select("details")
    assert len(folds) > 10
    assert [each for each in folds if each.has_attr("open")] == []
    titles = [each.summary.get_text(strip=True) for each in folds if each.summary]
    assert len(set(titles)) == len(titles) == len(folds)
