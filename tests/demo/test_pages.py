"""`/demo/`: one click signs in to a demo account, only in the demonstration and only at this computer.

The portal's own addresses never hold these pages.
"""

from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import resolve
from django.urls.exceptions import Resolver404

from demo import people
from demo.loopback import BOUND_TO, is_local
from onboarding.people.models import Membership, Role, User
from tests.people_fixtures import make_user

HERE: dict[str, Any] = {"REMOTE_ADDR": "127.0.0.1", BOUND_TO: "127.0.0.1"}
PATHS = ("/demo/", "/demo/mail/", "/demo/mail/0123456789abcdef/", "/demo/sign-in/")
PRIYA = "primary@northwind.example"


@pytest.fixture
def demonstration(db: None, settings: Any, tmp_path: Path) -> Path:
    """As demo/process.py sets the portal up; gives the folder of the emails."""
    settings.PORTAL = settings.PORTAL.model_copy(update={"mode": "demo"})
    settings.ROOT_URLCONF = "demo.urls"
    (engine,) = django_settings.TEMPLATES
    folder = Path(django_settings.BASE_DIR) / "demo" / "templates"
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], folder]}]
    settings.EMAIL_FILE_PATH = str(tmp_path)
    people.make()
    return tmp_path


def test_the_portal_itself_has_no_such_address() -> None:
    assert django_settings.ROOT_URLCONF == "config.urls"
    for path in PATHS:
        with pytest.raises(Resolver404):
            resolve(path)


@pytest.mark.parametrize("mode", ["production", "test"])
def test_outside_the_demonstration_every_page_is_missing(
    demonstration: Path, settings: Any, mode: str
) -> None:
    settings.PORTAL = settings.PORTAL.model_copy(update={"mode": mode})
    for path in PATHS:
        assert Client(**HERE).get(path).status_code == 404
        assert Client(**HERE).post(path, {"email": PRIYA}).status_code in (404, 405)


@pytest.mark.parametrize(
    "away",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"REMOTE_ADDR": ""},
        {BOUND_TO: "0.0.0.0"},
        {BOUND_TO: None},
        {"HTTP_X_FORWARDED_FOR": "192.0.2.7"},
        {"HTTP_FORWARDED": "for=192.0.2.7"},
        {"HTTP_X_REAL_IP": "192.0.2.7"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
    ],
    ids=[
        "from elsewhere",
        "from nowhere",
        "bound to all",
        "bound to nobody knows what",
        "proxy",
        "proxy, RFC 7239",
        "nginx",
        "proxy for TLS",
    ],
)
def test_who_is_not_at_this_computer_gets_nothing(demonstration: Path, away: dict[str, Any]) -> None:
    browser = Client(**(HERE | away))
    for path in PATHS:
        assert browser.get(path).status_code == 404
    assert browser.post("/demo/sign-in/", {"email": PRIYA}).status_code == 404
    assert "_auth_user_id" not in browser.session


def test_the_address_of_ipv6_counts_as_this_computer() -> None:
    assert is_local({"REMOTE_ADDR": "::1", BOUND_TO: "127.0.0.1"})


def test_every_account_is_there_with_something_to_do_and_one_click_signs_in(demonstration: Path) -> None:
    browser = Client(**HERE)
    page = browser.get("/demo/").text
    for account in people.ACCOUNTS:
        assert account.email in page
        assert len(account.what) > 60
    for account in people.ACCOUNTS:  # one after the other, in the same browser
        answer = browser.post("/demo/sign-in/", {"email": account.email})
        assert answer["Location"] == account.first_page
        user = User.objects.get(pk=browser.session["_auth_user_id"])
        assert (user.email, user.name) == (account.email, account.name)
    assert browser.get("/demo/sign-in/")["Location"] == "/demo/"


def test_nobody_but_the_demo_accounts_is_signed_in_to(demonstration: Path) -> None:
    make_user("somebody@else.example", "Somebody Else")
    User.objects.filter(email=PRIYA).update(is_active=False)
    browser = Client(**HERE)
    for email in ("somebody@else.example", PRIYA, "", "nobody@at.all"):
        assert browser.post("/demo/sign-in/", {"email": email}).status_code == 404
    assert "_auth_user_id" not in browser.session
    strict = Client(enforce_csrf_checks=True, **HERE)
    assert strict.post("/demo/sign-in/", {"email": "ops@dip.example"}).status_code == 403


def test_a_second_start_changes_nothing_and_the_technician_has_five_clients(demonstration: Path) -> None:
    before = (User.objects.count(), Membership.objects.count())
    people.make()
    assert (User.objects.count(), Membership.objects.count()) == before
    assert len(people.CLIENTS) == 5
    assert {each.role for each in people.ACCOUNTS} == {*Role, None}


def test_emails_are_listed_and_read_with_links_that_can_be_clicked(demonstration: Path) -> None:
    browser = Client(**HERE)
    assert "No email yet" in browser.get("/demo/mail/").text
    first, second = _email("a@b.example", "The first"), _email("c@d.example", "The second <b>")
    (demonstration / "1.log").write_bytes(
        first + b"\n" + b"-" * 79 + b"\n" + second + b"\n" + b"-" * 79 + b"\n"
    )
    page = browser.get("/demo/mail/")
    assert page.text.index("The second &lt;b&gt;") < page.text.index("The first")
    assert "The first" not in browser.get("/demo/mail/?to=c@d.example").text
    (shown,) = [each for each in page.context["page"] if each.to == "a@b.example"]
    read = browser.get(f"/demo/mail/{shown.key}/").text
    assert '<a href="http://localhost:8000/invitations/open/abc/"' in read
    assert "&lt;script&gt;" in read
    assert browser.get("/demo/mail/0123456789abcdef/").status_code == 404


def _email(to: str, subject: str) -> bytes:
    message = EmailMessage()
    message["To"], message["Subject"], message["Date"] = to, subject, "Sun, 29 Nov 2026 12:00:00 -0000"
    message.set_content("Hello,\n\nhttp://localhost:8000/invitations/open/abc/\n<script>")
    return message.as_bytes()
