"""The help pages: open to everybody, searchable without JavaScript, complete."""

import re

import pytest
from django.test import Client

from certs.findings.catalogue import CATALOGUE
from certs.findings.openssl_commands import make_pfx, make_request
from onboarding.help import urls as help_urls
from onboarding.help import views as help_views
from onboarding.journey.problems import PROBLEMS

GUIDES = (*help_urls.GUIDES, "openssl-and-key-vault")


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


def test_a_search_shows_only_what_mentions_every_word(client: Client) -> None:
    page = client.get("/help/", {"q": "MISMATCH key"}).content.decode()
    shown = set(re.findall(r'href="/help/([a-z-]+)/"', page)) & set(PROBLEMS)
    assert shown == {code for code, known in PROBLEMS.items() if known.mentions("mismatch key")}
    assert "certificate-mismatch" in shown
    assert len(shown) < len(PROBLEMS) / 2


def test_a_search_without_a_result_says_how_to_go_on(client: Client) -> None:
    page = client.get("/help/", {"q": "zebra"}).content.decode()
    assert "0 problems for" in page
    assert "Try fewer" in page


def test_what_was_searched_for_is_shown_as_text_and_never_run(client: Client) -> None:
    page = client.get("/help/", {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_a_very_long_search_is_cut(client: Client) -> None:
    page = client.get("/help/", {"q": "q" * 5000}).content.decode()
    assert "q" * help_views.MAX_SEARCH_LENGTH in page
    assert "q" * (help_views.MAX_SEARCH_LENGTH + 1) not in page


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
    for _, clicks in help_views.list_vault_clicks():
        assert clicks
        assert all(click and not click[0].isdigit() for click in clicks)
    assert help_views.list_vault_clicks()[0][1][-1].endswith("Upload that file here.")


def test_each_finding_of_the_doctor_has_a_page_of_its_own(client: Client) -> None:
    listed = client.get("/help/").content.decode()
    for code in CATALOGUE:
        page = client.get(f"/help/{code}/").content.decode()
        assert f"<code>{code}</code>" in page or code in PROBLEMS
        assert f'href="/help/{code}/"' in listed


def test_no_finding_has_the_name_of_a_guide_and_one_shares_the_page_of_its_problem() -> None:
    assert set(CATALOGUE).isdisjoint(GUIDES)
    assert set(CATALOGUE) & set(PROBLEMS) == {"proof-refused"}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Mac verify error", "openssl-mac"),
        ("inner_evp_generic_fetch:unsupported", "openssl-legacy"),
        ("deleted but recoverable", "vault-deleted"),
        ("full stop", "csr-subject-full-stop"),
    ],
)
def test_a_finding_is_found_by_a_message_or_by_its_words(client: Client, words: str, code: str) -> None:
    assert f'href="/help/{code}/"' in client.get("/help/", {"q": words}).content.decode()
