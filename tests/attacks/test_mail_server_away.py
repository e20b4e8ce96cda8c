"""With the mail server away people sign in, ask for a new password and change theirs, and no email about it is lost.

SMTP to a port where nobody listens, and later to a real server there; people are test clients, the worker is
sending.py.
"""

import email
import re
import socket
from datetime import timedelta
from email.message import Message as Mail
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from onboarding.notifications.models import OutboxEmail
from onboarding.people.models import User
from tests.notifications.mail_server import mail_server
from tests.people.totp_app import set_up
from tests.people_fixtures import PASSWORD, People, client_of, fresh_client_of
from tests.time_travel import travel
from tests.workers import send_mails

NEW = "three random words"
CHANGE = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}


@pytest.fixture(autouse=True)
def port(settings: Any) -> int:
    """Where the mail server would be."""
    cache.clear()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found = int(probe.getsockname()[1])
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", found, 5
    return found


def _delivered(port: int) -> list[Mail]:
    """What arrives when the server is back, a quarter of an hour later."""
    with mail_server(port) as server, travel(timezone.now() + timedelta(minutes=15), machine=True):
        send_mails()
    assert all(len(receivers) == 1 for receivers, _ in server.taken)
    return [email.message_from_string(text) for _, text in server.taken]


def test_no_password_change_fails_or_goes_untold(people: People, port: int) -> None:
    browser = client_of(people.alice)
    assert browser.post("/accounts/password/change/", CHANGE).status_code == 302
    people.alice.refresh_from_db()
    assert people.alice.check_password(NEW)
    send_mails()  # nobody takes it
    (told,) = _delivered(port)
    assert (told["To"], told["Subject"]) == (people.alice.email, "Your password was changed")
    assert "from the address 127.0.0.1" in str(told.get_payload())


def test_no_request_for_a_new_password_fails_or_is_lost(people: People, port: int) -> None:
    for address in (people.alice.email, "nobody@one.example"):
        assert Client().post("/accounts/password/reset/", {"email": address}).status_code == 302
    send_mails()
    (told,) = _delivered(port)
    assert told["To"] == people.alice.email
    link = re.findall(r"http://localhost:8000(/accounts/password/reset/key/\S+)", str(told.get_payload()))
    browser = Client()
    page = browser.get(link[0], follow=True)
    assert page.status_code == 200
    assert "Choose a new password" in page.text


def test_no_sign_in_fails(people: People, port: int) -> None:
    answer = Client().post("/accounts/login/", {"login": people.alice.email, "password": PASSWORD})
    assert answer.status_code == 302


def test_no_link_to_choose_a_password_is_stored(people: People, port: int) -> None:
    Client().post("/accounts/password/reset/", {"email": people.alice.email})
    sent = _delivered(port)[0].get_payload()
    key = re.findall(r"/accounts/password/reset/key/(\S+)/", str(sent))[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT m::text FROM notifications_outboxemail m")
        stored = str(cursor.fetchall())
    assert stored.count("Choose a new password") == 1
    assert key not in stored
    assert key.rpartition("-")[2] not in stored


def test_nothing_tells_whether_there_is_an_account(people: People, port: int) -> None:
    def asked(address: str) -> list[str]:
        with CaptureQueriesContext(connection) as done:
            answer = Client().post("/accounts/password/reset/", {"email": address})
        assert answer.status_code == 302
        return [re.sub(r"'[^']*'|\d+", "?", each["sql"]) for each in done]

    known, unknown = asked(people.alice.email), asked("nobody@one.example")
    assert known == unknown
    assert [sql for sql in known if "people_user" in sql] == []  # it is looked up when the email is sent
    send_mails()
    assert OutboxEmail.objects.get().address == people.alice.email  # the stranger's address is not kept


def test_no_password_is_changed_without_its_letter(people: People, port: int) -> None:
    """The letter cannot be stored: then the password is not changed either."""
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE notifications_outboxemail ADD CONSTRAINT full_up CHECK (subject NOT LIKE 'Your password%')"
        )
    browser = client_of(people.alice)
    browser.raise_request_exception = False
    assert browser.post("/accounts/password/change/", CHANGE).status_code == 500
    assert User.objects.get(pk=people.alice.pk).check_password(PASSWORD)
    assert browser.get("/accounts/").status_code == 200  # and nobody is signed out


@pytest.mark.parametrize("step", ["code app", "new codes", "removed", "operator"])
def test_no_change_of_the_second_factor_goes_untold(people: People, port: int, step: str) -> None:
    browser = fresh_client_of(people.alice)
    set_up(people.alice)
    OutboxEmail.objects.all().delete()
    subjects = {
        "new codes": "New recovery codes for your sign-in",
        "removed": "The code app was removed from your sign-in",
        "operator": "The code app was removed from your sign-in",
    }
    if step == "code app":
        Authenticator.objects.all().delete()
        OutboxEmail.objects.all().delete()
        set_up(people.alice)
        subjects[step] = "A code app was set up for your sign-in"
    elif step == "new codes":
        assert browser.post("/accounts/2fa/recovery-codes/generate/").status_code == 302
    elif step == "removed":
        assert browser.post("/accounts/2fa/totp/deactivate/").status_code == 302
    else:
        call_command("remove_second_factor", people.alice.email, reason="rang back")
    told = _delivered(port)
    assert [(each["To"], each["Subject"]) for each in told] == [(people.alice.email, subjects[step])]
    by_operator = "by the people who run the portal" in str(told[0].get_payload())
    assert by_operator == (step == "operator")
