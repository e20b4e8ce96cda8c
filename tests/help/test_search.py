"""The search of the help finds what people mean by their own words, and says how to go on where it finds nothing."""

import re
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from certs.findings.catalogue import CATALOGUE
from onboarding.help.search import FIRST_RESULTS, MAX_SEARCH_LENGTH, search
from onboarding.help.search_words import CATALOGUE_WORDS, TOPICS
from onboarding.journey.problems import PROBLEMS
from tests.people_fixtures import People, client_of

# What somebody types -> the page that must come first.
FIRST = {
    "renew": "/help/uit-and-production/#renew",
    "how do I renew our certificate?": "/help/uit-and-production/#renew",
    "expired": "/help/uit-and-production/#expired",
    "certificate expired": "/help/uit-and-production/#expired",
    "invite": "/help/certificate-admin/#invite",
    "invite a colleague": "/help/certificate-admin/#invite",
    "add user": "/help/certificate-admin/#invite",
    "absence": "/help/certificate-admin/#absence",
    "holiday": "/help/certificate-admin/#absence",
    "vacation": "/help/certificate-admin/#absence",
    "deputy": "/help/certificate-admin/#absence",
    "remove": "/help/certificate-admin/#remove",
    "remove somebody": "/help/certificate-admin/#remove",
    "delegate": "/help/certificate-admin/#hand-over",
    "hand over": "/help/certificate-admin/#hand-over",
    "UIT": "/help/uit-and-production/",
    "password": "/help/account/#password",
    "forgot password": "/help/account/#password",
    "lost phone": "/help/account/#phone",
    "two-step": "/help/account/#two-step",
    "two step": "/help/account/#two-step",
    "2FA": "/help/account/#two-step",
    "MFA": "/help/account/#two-step",
    "log in": "/help/account/",
    "who can": "/help/roles/",
    "permissions": "/help/roles/",
    "CSR": "/help/technician/#csr",
    "quote": "/help/quote-late/",
    "quotation not £0": "/help/quote-not-zero/",
    "how long": "/help/before-you-start/#how-long",
    "OpenSSL": "/help/openssl-and-key-vault/",
    "Key Vault": "/help/openssl-and-key-vault/",
    "reception": "/help/primary-certificate-admin/#call",
    "cancel": "/help/primary-certificate-admin/#withdraw",
    "e-mails have not come": "/help/e-mails-late/",
    "emails have not come": "/help/e-mails-late/",
    "key lost": "/help/key-lost/",
    "deleted but recoverable": "/help/vault-deleted/",
}
# What somebody types -> a page that must be among the first three.
AMONG_THREE = {
    "leave": "/help/certificate-admin/#absence",
    "leaver": "/help/certificate-admin/#remove",
    "DCP": "/help/dcp/",
    "external supplier": "/help/certificate-admin/#outside",
    "phone": "/help/account/#phone",
    "telephone": "/help/account/#telephone",
    "telephone number": "/help/account/#telephone",
    "remind": "/help/certificate-admin/#remind",
    "chase a colleague": "/help/certificate-admin/#remind",
    "mobile": "/help/account/#phone",
    "PFX": "/help/technician/#pfx",
    "p12": "/help/technician/#pfx",
    "key": "/help/technician/#key",
    "private key": "/help/technician/#key",
    "upload": "/help/dip-refused/",
    "vetting": "/help/vetting-late/",
    "production": "/help/uit-and-production/",
    "go live": "/help/uit-and-production/#production",
    "secret": "/help/certificate-admin/#share",
    "price": "/help/quote-not-zero/",
    "clients": "/help/dcp/",
    "port 8443": "/help/proof-unreachable/",
    "inner_evp_generic_fetch:unsupported": "/help/openssl-legacy/",
    "Mac verify error": "/help/openssl-mac/",
    "full stop": "/help/csr-subject-full-stop/",
}


@pytest.mark.parametrize(("typed", "address"), FIRST.items())
def test_the_page_that_is_meant_comes_first(typed: str, address: str) -> None:
    assert search(typed).entries[0].url == address


@pytest.mark.parametrize(("typed", "address"), AMONG_THREE.items())
def test_the_page_that_may_be_meant_is_among_the_first_three(typed: str, address: str) -> None:
    assert address in [each.url for each in search(typed).entries[:3]]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("key values mismatch", "certificate-mismatch"),
        ("C:/Program Files/Git", "openssl-failed"),
        ("pending inProgress", "key-vault-refused"),
        ("x5c", "key-vault-merge-failed"),
        ("Mac verify error", "pfx-has-password"),
        ("network password", "pfx-unreadable-elsewhere"),
        ("8443", "proof-unreachable"),
        ("spam folder", "e-mails-late"),
    ],
)
def test_the_words_of_a_message_find_the_problem(words: str, code: str) -> None:
    assert code in {each.code for each in search(words).entries}


def test_every_topic_leads_to_a_heading_that_is_there(people: People) -> None:
    browser, pages = client_of(people.tess), {}

    for topic in TOPICS:
        (entry,) = [
            each
            for each in search(topic.title).entries
            if each.title == topic.title and each.section == topic.section
        ][:1]
        address = urlsplit(entry.url)
        if address.path not in pages:
            answer = browser.get(address.path)
            assert answer.status_code == 200, entry.url
            pages[address.path] = BeautifulSoup(answer.content, "html.parser")
        heading = pages[address.path].find(id=topic.section) if topic.section else pages[address.path].h1
        assert heading is not None, entry.url
        assert " ".join(heading.get_text().split()) == topic.title, entry.url


def test_words_of_the_catalogue_belong_to_something_in_it() -> None:
    assert set(CATALOGUE_WORDS) <= {*PROBLEMS, *CATALOGUE}


@pytest.mark.parametrize("code", [*PROBLEMS, *CATALOGUE])
def test_everything_in_the_catalogue_is_found_by_its_own_title(code: str) -> None:
    title = PROBLEMS[code].title if code in PROBLEMS else CATALOGUE[code].seen  # type: ignore[index]
    words = " ".join(re.findall(r"[A-Za-z0-9£-]{3,}", re.sub(r"\{.*?\}", " ", title)))[:MAX_SEARCH_LENGTH]
    assert code in {each.code for each in search(words).entries}, words


def test_a_page_is_shown_only_if_it_has_every_word() -> None:
    both, one = search("MISMATCH key"), search("key")
    assert not both.is_partial
    assert {each.url for each in both.entries} < {each.url for each in one.entries}
    assert "/help/certificate-mismatch/" in {each.url for each in both.entries}
    assert len(both.entries) < len(one.entries) / 2


def test_many_results_are_cut_and_can_all_be_shown(client: Client) -> None:
    count = len(search("key").entries)
    assert count > FIRST_RESULTS
    first = BeautifulSoup(client.get("/help/", {"q": "key"}).content, "html.parser")
    assert len(first.select("main li")) == FIRST_RESULTS
    rest = first.find("a", string=f"Show all {count} results")
    assert rest is not None
    page = BeautifulSoup(client.get(str(rest["href"])).content, "html.parser")
    assert len(page.select("main li")) == count


def test_a_search_without_a_result_says_what_to_try_and_whom_to_ask(client: Client) -> None:
    page = client.get("/help/", {"q": "zebra"}).content.decode()
    for words in (
        "Nothing has all of “zebra”",
        "try one word",
        "Whom to ask",
        "Elexon Support",
        'href="/check/"',
    ):
        assert words in page


def test_some_of_the_words_are_better_than_nothing(client: Client) -> None:
    assert search("zebra renew").is_partial
    page = client.get("/help/", {"q": "zebra renew"}).content.decode()
    assert "These have some of it" in page
    assert "/help/uit-and-production/#renew" in page


@pytest.mark.parametrize(
    ("typed", "meant"), [("passwrod", "password"), ("vetitng", "vetting"), ("zebra", "")]
)
def test_a_word_that_is_nearly_known_is_suggested(client: Client, typed: str, meant: str) -> None:
    assert search(typed).meant == meant
    assert ("Did you mean" in client.get("/help/", {"q": typed}).content.decode()) is bool(meant)


def test_what_was_searched_for_is_shown_as_text_and_never_run(client: Client) -> None:
    page = client.get("/help/", {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_a_very_long_search_is_cut(client: Client) -> None:
    page = client.get("/help/", {"q": "q" * 5000}).content.decode()
    assert "q" * MAX_SEARCH_LENGTH in page
    assert "q" * (MAX_SEARCH_LENGTH + 1) not in page


@pytest.mark.parametrize("typed", ["   ", "the", "a b", "?", "£", "…", "–"])
def test_a_search_for_next_to_nothing_answers(client: Client, typed: str) -> None:
    assert client.get("/help/", {"q": typed}).status_code == 200
