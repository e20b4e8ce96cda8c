"""The frame of every page, the error pages, the account pages, and what the app's plumbing promises.

What a page is about is tested with its room.
"""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from onboarding.ui import navigation
from tests.people_fixtures import PASSWORD
from tests.ui.gallery import Every
from tests.workers import send_mails

pytestmark = pytest.mark.usefixtures("gallery")


def _tree(response) -> Any:
    """The page as a tree; what is missing in it fails the test where it is asked for."""
    return BeautifulSoup(response.content, "html.parser")


@pytest.fixture
def alice(client, people) -> Client:
    client.force_login(people.alice)
    return client


def test_a_page_has_language_title_skip_link_main_and_footer(alice) -> None:
    page = _tree(alice.get("/form/"))
    assert page.html["lang"] == "en-GB"
    assert page.title.text == "Fields - Certificate onboarding"
    assert page.select_one(".govuk-skip-link")["href"] == "#main-content"
    assert page.select_one("main#main-content h1").text == "Fields"
    assert page.footer


def test_the_title_says_error_first_when_the_form_has_errors(alice) -> None:
    page = _tree(alice.get("/form/?wrong"))
    assert page.title.text == "Error: Fields - Certificate onboarding"
    summary, heading = page.select_one(".govuk-error-summary"), page.h1
    assert summary in heading.find_all_previous(class_="govuk-error-summary")


def test_htmx_is_loaded_only_where_a_page_asks_for_it(alice) -> None:
    assert "htmx" not in alice.get("/form/").text
    page = _tree(alice.get("/components/"))
    assert page.select_one("script[src*=htmx]")
    assert '"allowEval":false' in page.select_one("meta[name=htmx-config]")["content"]


def test_signing_out_is_a_form_that_posts(alice, people) -> None:
    header = _tree(alice.get("/form/")).header
    assert people.alice.email in header.text
    assert (header.form["method"], header.form["action"]) == ("post", "/accounts/logout/")


def test_the_ops_board_is_offered_to_ops_only(people) -> None:
    def make_offer(user):
        request = RequestFactory().get("/ops/companies/one/")
        request.user = user
        return {item.title: item for item in navigation.navigation_items(request)}

    assert "Ops board" not in make_offer(people.alice)
    assert make_offer(people.olga)["Ops board"].active
    assert not make_offer(people.olga)["Ops board"].current


def test_messages_become_one_banner_for_each_kind_and_failures_come_first(alice) -> None:
    banners = _tree(alice.get("/components/")).select(".govuk-notification-banner")
    titles = [banner.h2.text.strip() for banner in banners]
    assert titles == ["Not done", "Done", "Important"]
    assert len(banners[2].select("p")) == 2


def test_pages_are_not_kept_by_browsers(alice) -> None:
    assert alice.get("/form/")["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize(
    ("address", "status", "heading"),
    [
        ("/refuse/", 403, "You cannot do this"),
        ("/nothing-here/", 404, "Page not found"),
        ("/too-many/", 429, "Too many attempts"),
        ("/fail/", 500, "Sorry, there is a problem with this portal"),
    ],
)
def test_each_error_page_says_what_happened_and_how_to_go_on(alice, address, status, heading) -> None:
    alice.raise_request_exception = False
    response = alice.get(address)
    assert response.status_code == status
    page = _tree(response)
    assert page.h1.text == heading
    assert page.main.a["href"] == "/"


def test_a_refusal_says_its_reason(alice) -> None:
    assert "Only the Primary Certificate Admin may accept the quotation." in alice.get("/refuse/").text


@pytest.mark.parametrize("template", ["400.html", "500.html", "429.html"])
def test_pages_for_when_everything_fails_need_neither_context_nor_database(template) -> None:
    assert "<h1" in render_to_string(template)


def test_an_old_form_gets_a_page_that_says_how_to_go_on() -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a@b.example"})
    assert response.status_code == 403
    assert _tree(response).h1.text == "This page was open for too long"


def test_a_large_upload_keeps_its_size_and_loses_its_content(settings, rf) -> None:
    settings.UPLOAD_LIMIT = 1000
    large = SimpleUploadedFile("key.pem", b"secret" * 1000)
    request = rf.post("/form/", {"evidence": large, "small": SimpleUploadedFile("a.csv", b"abc")})
    assert request.FILES["small"].read() == b"abc"
    assert request.FILES["evidence"].size == 6000
    assert request.FILES["evidence"].read() == b""
    assert "It must have" in Every(request.POST, request.FILES).errors["evidence"][0]


def test_a_body_beyond_all_reason_is_not_read(settings, client) -> None:
    settings.UPLOAD_LIMIT = 1000
    response = client.post("/accounts/login/", {"x": SimpleUploadedFile("x", b"x" * 20_000)})
    assert response.status_code in (400, 413)


ACCOUNT_PAGES = {
    "/accounts/login/": "Sign in",
    "/accounts/signup/": "Accounts are made by invitation",
    "/accounts/password/reset/": "Choose a new password",
    "/accounts/password/reset/done/": "Check your email",
    "/accounts/password/reset/key/1-wrong/": "This link does not work any more",
    "/accounts/inactive/": "This account is closed",
}
OWN_PAGES = {
    "/accounts/logout/": "Do you want to sign out?",
    "/accounts/password/change/": "Change your password",
    "/accounts/reauthenticate/": "Confirm it's you",
    "/accounts/email/": "Your email addresses",
}


@pytest.mark.django_db
@pytest.mark.parametrize("address", ACCOUNT_PAGES)
def test_account_pages_of_strangers_are_ours(client, address) -> None:
    page = _tree(client.get(address, follow=True))
    assert page.h1.text.strip() == ACCOUNT_PAGES[address]
    assert page.title.text == f"{ACCOUNT_PAGES[address]} - Certificate onboarding"


@pytest.mark.parametrize("address", OWN_PAGES)
def test_account_pages_of_people_are_ours(client, people, address) -> None:
    client.post("/accounts/login/", {"login": people.alice.email, "password": PASSWORD})
    assert _tree(client.get(address)).h1.text.strip() == OWN_PAGES[address]


def test_a_wrong_password_is_said_in_the_summary(client, people) -> None:
    page = _tree(client.post("/accounts/login/", {"login": people.alice.email, "password": "wrong"}))
    assert page.select_one(".govuk-error-summary li").text.strip()
    assert page.title.text.startswith("Error: ")


def test_a_password_can_be_replaced_by_the_link_in_the_mail(client, people, settings) -> None:
    settings.ACCOUNT_EMAIL_NOTIFICATIONS = True
    client.post("/accounts/password/reset/", {"email": people.alice.email})
    send_mails()
    (letter,) = mail.outbox
    assert letter.body.startswith("Hello,\n")
    address = next(line for line in letter.body.splitlines() if "/key/" in line).split("localhost:8000")[1]
    assert _tree(client.get(address, follow=True)).h1.text == "Choose a new password"
    page = client.post("/accounts/password/reset/link/use/", follow=True)
    where = page.redirect_chain[-1][0]
    new = "a longer one for the tests"
    done = client.post(where, {"password1": new, "password2": new}, follow=True)
    assert _tree(done).h1.text == "Your password is changed"
    send_mails()
    assert mail.outbox[-1].subject.endswith("Your password was replaced")
    assert "If it was you, there is nothing to do." in mail.outbox[-1].body
    people.alice.refresh_from_db()
    assert people.alice.check_password(new)


@pytest.mark.django_db
def test_an_unknown_address_gets_the_same_answer_and_nobody_is_written_to(client) -> None:
    page = client.post("/accounts/password/reset/", {"email": "nobody@one.example"}, follow=True)
    assert _tree(page).h1.text == "Check your email"
    send_mails()
    assert mail.outbox == []
