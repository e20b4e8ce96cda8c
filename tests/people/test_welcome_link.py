"""The link in the welcome email: opened as often as one likes, used once by its button, then dead with a sentence.

What ops write when they add a company is in test_company_creation.py, the correction of the address in
test_primary_address.py.
"""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client

from certs import clock
from onboarding.notifications import sending
from onboarding.notifications.models import OutboxEmail
from onboarding.people.company_creation import create_company
from onboarding.people.models import Company, User
from onboarding.people.reset_links import make_reset_link
from onboarding.people.welcome_links import make_welcome_link
from tests.attacks.links import BOTH, PHRASE
from tests.journey.form_client import form_on, sentences_of, values_of
from tests.people_fixtures import People, client_of
from tests.time_travel import travel
from tests.workers import send_mails

PAGE = "/accounts/welcome/"
KEY = "/accounts/welcome/key/"


@pytest.fixture
def nora(people: People) -> User:
    """Named as the primary of a new company, with the welcome email in the outbox."""
    create_company(
        name="New Energy Ltd",
        number="07777777",
        admin_name="Nora New",
        admin_email="nora@new.example",
        actor=people.olga,
    )
    return User.objects.get(email="nora@new.example")


def link_in_the_mail() -> str:
    """The path of the newest welcome link that was sent."""
    send_mails()
    words = [word for letter in mail.outbox for word in letter.body.split() if KEY in word]
    return urlsplit(words[-1]).path


def send_form(browser: Client, **typed: str) -> Any:
    """Fill the form that the link's page shows, and press its button."""
    page = browser.get(PAGE)
    return browser.post(PAGE, {**values_of(form_on(page, PAGE)), **BOTH, **typed}, follow=True)


def test_one_page_sets_the_password_and_signs_in(nora: User) -> None:
    link = link_in_the_mail()
    key = link.split("-")[-1]
    assert [row for row in OutboxEmail.objects.values() if key in str(row)] == [], "a key is never stored"
    letter = mail.outbox[-1]
    assert letter.to == ["nora@new.example"]
    assert "Set your password" in letter.body
    assert "ends after 14 days" in letter.body
    browser = Client()
    page = browser.get(link, follow=True)
    assert page.redirect_chain[-1][0] == PAGE
    assert values_of(form_on(page, PAGE))["name"] == "Nora New"
    assert "New Energy Ltd" in page.content.decode()
    first = send_form(browser, name="Nora Newman")
    assert first.redirect_chain[-1][0] == "/"
    assert "Start your onboarding" in first.content.decode()
    nora.refresh_from_db()
    assert (nora.name, nora.check_password(PHRASE)) == ("Nora Newman", True)
    assert browser.get(link, follow=True).redirect_chain[-1][0] == "/", "Back leads on"


def test_a_mail_servers_program_opens_it_many_times_and_it_still_works(nora: User) -> None:
    link = link_in_the_mail()
    for browser in (Client(), Client()):
        for method in (browser.get, browser.head, browser.get, browser.head):
            assert method(link).status_code == 302
            assert method(PAGE).status_code == 200
    assert browser.post(link).status_code == 405
    owner = Client()
    owner.get(link)
    assert send_form(owner).redirect_chain[-1][0] == "/"


def test_a_used_link_says_so_to_everybody_and_changes_nothing(nora: User) -> None:
    link = link_in_the_mail()
    owner, other = Client(), Client()
    for browser in (owner, other):
        browser.get(link)
    late = {**values_of(form_on(other.get(PAGE), PAGE)), "password1": "another long phrase", "password2": ""}
    late["password2"] = late["password1"]
    send_form(owner)
    answer = other.post(PAGE, late)
    assert answer.status_code == 409
    assert "This link has been used already" in answer.content.decode()
    assert "sign in with your email address" in answer.content.decode()
    assert Client().get(link, follow=True).status_code == 409
    nora.refresh_from_db()
    assert nora.check_password(PHRASE)


def test_a_bad_password_or_name_gets_a_sentence_and_does_not_use_the_link_up(nora: User) -> None:
    browser = Client()
    browser.get(link_in_the_mail())
    for typed, sentence in (
        ({"password1": "short", "password2": "short"}, "too short"),
        ({"password2": "something else"}, "The two passwords are not the same."),
        ({"name": ""}, "Fill in “"),
        ({"name": "The portal"}, "Enter the name of a person."),
    ):
        answer = send_form(browser, **typed)
        assert answer.status_code == 422
        assert sentence in sentences_of(answer)
    nora.refresh_from_db()
    assert not nora.has_usable_password()
    assert send_form(browser).redirect_chain[-1][0] == "/"


def test_a_link_that_nobody_used_in_time_says_how_to_get_another(nora: User) -> None:
    link = link_in_the_mail()
    with travel(clock.now() + timedelta(days=13)):
        assert Client().get(link, follow=True).status_code == 200
    with travel(clock.now() + timedelta(days=15)):
        page = Client().get(link, follow=True)
        assert page.status_code == 409
        assert "It worked until" in page.content.decode()
        assert "Send me a new link" in page.content.decode()


def test_another_way_to_a_password_ends_it(nora: User) -> None:
    link = link_in_the_mail()
    nora.set_password("chosen by another way")
    nora.save()
    page = Client().get(link, follow=True)
    assert page.status_code == 409
    assert "This link does not work any more" in page.content.decode()
    assert "type your email address" in page.content.decode()


def test_its_key_is_none_of_a_password_link_nor_the_other_way_round(nora: User) -> None:
    welcome, reset = (urlsplit(make(nora)).path for make in (make_welcome_link, make_reset_link))
    other = "/accounts/password/reset/key/"
    for link in (welcome.replace(KEY, other), reset.replace(other, KEY)):
        assert Client().get(link, follow=True).status_code == 409


def test_who_is_signed_in_as_somebody_else_is_told_so_and_keeps_the_link(nora: User, people: People) -> None:
    link = link_in_the_mail()
    browser = client_of(people.bob)
    page = browser.get(link, follow=True)
    assert "You are signed in as bob@one.example" in page.content.decode()
    assert browser.post(PAGE, {"name": "Bob", **BOTH}).status_code == 200
    nora.refresh_from_db()
    assert not nora.has_usable_password()


def test_without_a_link_the_page_says_what_to_do(people: People) -> None:
    for answer in (
        Client().get(PAGE),
        Client().post(PAGE, BOTH),
        Client().get(f"{KEY}none-none/", follow=True),
    ):
        assert answer.status_code == 409
        assert "open the link in that one" in answer.content.decode()


def test_of_two_companies_that_name_one_newcomer_one_link_is_enough(nora: User, people: People) -> None:
    create_company(
        name="Second Ltd", number="08888888", admin_name="N", admin_email=nora.email, actor=people.olga
    )
    send_mails()
    words = [word for letter in mail.outbox for word in letter.body.split() if KEY in word]
    first, second = (urlsplit(word).path for word in words)
    browser = Client()
    assert "Second Ltd" in browser.get(first, follow=True).content.decode()
    send_form(browser)
    assert Client().get(second, follow=True).status_code == 409


def test_an_email_that_leaves_after_the_person_came_has_a_usual_link(nora: User) -> None:
    nora.set_password(PHRASE)
    nora.save()
    send_mails()
    assert "/accounts/password/reset/key/" in mail.outbox[-1].body


def test_an_email_to_an_address_that_was_corrected_meanwhile_goes_to_nobody(nora: User) -> None:
    User.objects.filter(pk=nora.pk).update(email="nora@right.example")
    assert Company.objects.filter(memberships__user=nora).exists()
    for pk in sending.find_due_emails():
        assert not sending.send_email(pk)
    assert mail.outbox == []
