"""Links of emails in real browsers: used with a button, in one browser; and two who come to the same link.

What strangers try with links is in tests/attacks/test_one_time_links.py.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from playwright.sync_api import Page, expect

from onboarding.notifications import sending
from onboarding.people import invitation_links, invitations
from onboarding.people.models import Role, User
from onboarding.people.reset_links import make_reset_link
from tests.browser.page_assertions import refused_by_the_policy, too_wide, violations
from tests.people_fixtures import People

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("own_address"),
]
PHRASE = "correct horse battery"
USED = "This link has been used already"


def _heading(tab: Page, text: str) -> None:
    expect(tab.get_by_role("heading", level=1)).to_have_text(text)
    assert (refused_by_the_policy(tab), violations(tab), too_wide(tab)) == ([], [], [])


def _press(tab: Page, button: str) -> None:
    tab.get_by_role("main").get_by_role("button", name=button, exact=True).click()


def _newest(part: str) -> str:
    for pk in sending.find_due_emails():
        sending.send_email(pk)
    return [word for letter in mail.outbox for word in str(letter.body).split() if part in word][-1]


def _choose(tab: Page) -> None:
    _heading(tab, "Choose a new password")
    for label in ("New Password", "New Password (again)"):
        tab.get_by_label(label, exact=True).fill(PHRASE)
    _press(tab, "Save the new password")
    _heading(tab, "Your password is changed")


@pytest.fixture
def two(browse: Callable[..., Page]) -> tuple[Page, Page]:
    """Two browsers with nothing in common."""
    return browse(), browse(viewport={"width": 320, "height": 700})


def test_a_password_is_chosen_in_the_browser_that_was_quicker(people: People, two: tuple[Page, Page]) -> None:
    first, late = two
    link = make_reset_link(people.alice)
    for tab in two:
        tab.goto(link)
        _heading(tab, "Choose a new password")
        assert link.rsplit("-", 1)[1] not in tab.content()
        assert urlsplit(tab.url).path == "/accounts/password/reset/link/"
    _press(first, "Continue")
    _press(late, "Continue")
    _heading(late, USED)
    _choose(first)
    late.reload()
    _press(late, "Send me a new link")
    _heading(late, "Check your email")
    late.goto(_newest("/accounts/password/reset/key/"))
    _press(late, "Continue")
    _choose(late)
    assert User.objects.get(pk=people.alice.pk).check_password(PHRASE)


def test_an_invitation_is_accepted_in_the_browser_that_was_quicker(
    people: People, two: tuple[Page, Page]
) -> None:
    first, late = two
    made = invitations.invite(
        company=people.one, email="nora@new.example", role=Role.TECHNICIAN, actor=people.alice
    )
    for tab in two:
        tab.goto(invitation_links.make_link(made))
        _heading(tab, "Alice Test invites you to One Energy Ltd")
        assert urlsplit(tab.url).path == "/invitations/"
    _press(first, "Continue")
    _heading(first, "Alice Test invites you to One Energy Ltd")
    _press(late, "Continue")
    _heading(late, USED)
    _press(late, "Send me a new link")
    _heading(late, "Check your email")
    late.goto(_newest("/invitations/"))
    _press(late, "Continue")
    for tab, name in ((first, "Mallory"), (late, "Nora New")):
        tab.get_by_label("Your full name", exact=True).fill(name)
        for label in ("Choose a password", "The same password again"):
            tab.get_by_label(label, exact=True).fill(PHRASE)
        _press(tab, "Accept the invitation")
    _heading(first, "This cannot be done now")
    expect(late.get_by_role("alert")).to_contain_text("You have accepted the invitation of One Energy Ltd.")
    assert User.objects.get(email="nora@new.example").name == "Nora New"


def test_somebody_with_an_account_accepts_after_signing_in(people: People, two: tuple[Page, Any]) -> None:
    tab, _ = two
    made = invitations.invite(
        company=people.one, email=people.charlie.email, role=Role.ADMIN, actor=people.alice
    )
    tab.goto(invitation_links.make_link(made))
    _press(tab, "Continue")
    tab.get_by_role("main").get_by_role("button", name="Sign in").click()
    tab.get_by_label("Email").fill(people.charlie.email)
    tab.get_by_label("Password", exact=True).fill("made for the tests only")
    _press(tab, "Sign in")
    _heading(tab, "Alice Test invites you to One Energy Ltd")
    _press(tab, "Accept the invitation")
    expect(tab.get_by_role("alert")).to_contain_text("You have accepted the invitation of One Energy Ltd.")
    assert Client().get(urlsplit(invitation_links.make_link(made)).path, follow=True).status_code == 409
