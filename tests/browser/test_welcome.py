"""From the welcome email to a sent registration: three pages, in a real browser, with the portal's workers and Atlas.

What each page refuses is tested in tests/people/test_welcome_link.py and tests/dashboards/test_starting.py.
"""

import re
import secrets
from collections.abc import Callable

import pytest
from django.core import mail
from playwright.sync_api import Page, Response, expect

from onboarding.people.models import User
from tests.browser.person import Person, reload_until
from tests.people_fixtures import People

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("with_api", "own_address", "workers"),
]
PASSWORD = "three random words"
LINK = re.compile(r"http\S+/accounts/welcome/key/\S+")


def test_from_the_welcome_email_to_a_sent_registration_in_three_pages(
    people: People, browse: Callable[..., Page]
) -> None:
    address = f"nora-{secrets.token_hex(3)}@new.example"
    _add_company(Person(people.olga, browse()), address)
    nora = Person(User.objects.get(email=address), browse())
    pages: list[str] = []
    nora.tab.on("response", lambda answer: pages.extend(_page_of(answer)))
    nora.tab.goto(_link_to(address))
    heading = nora.tab.get_by_role("heading", level=1)
    expect(heading).to_have_text("Set your password")
    expect(nora.tab.get_by_label("Your full name")).to_have_value("Nora New")
    nora.tab.get_by_label("Choose a password").fill(PASSWORD)
    nora.tab.get_by_label("The same password again").fill(PASSWORD)
    nora.press("Set the password and continue")
    expect(heading).to_have_text("Start your onboarding")
    expect(nora.tab.get_by_role("main")).to_contain_text("New Energy Ltd")
    nora.press("Start the onboarding in UIT")
    expect(heading).to_have_text("Register with GlobalSign Atlas")
    assert [re.sub(r"[A-Z0-9]{4}-[A-Z0-9]{4}", "CODE", page) for page in pages] == [
        "/accounts/welcome/",
        "/",
        "/onboardings/CODE/register/",
    ]
    _register(nora)


def _add_company(olga: Person, address: str) -> None:
    olga.sign_in("/companies/add/")
    for label, text in (
        ("Registered company name", "New Energy Ltd"),
        ("Company number", "7777777"),
        ("Full name of the Primary Certificate Admin", "Nora New"),
        ("Their email address", address),
    ):
        olga.tab.get_by_label(label).fill(text)
    olga.press("Add the company")
    expect(olga.tab.get_by_role("alert")).to_contain_text("New Energy Ltd is added")


def _link_to(address: str) -> str:
    def letters() -> list[str]:
        return [str(letter.body) for letter in mail.outbox if letter.to == [address]]

    reload_until(lambda: bool(letters()), "the welcome email")
    found = LINK.search(letters()[-1])
    assert found is not None
    return found[0]


def _page_of(answer: Response) -> list[str]:
    """The path of what the person reads; of leading there nothing."""
    is_page = answer.request.resource_type == "document" and answer.status == 200
    return [re.sub(r"^https?://[^/]+", "", answer.url)] if is_page else []


def _register(nora: Person) -> None:
    """Name and address stand there as ops typed them; the rest is Nora's to say."""
    for label, value in (
        ("Full name of the Primary Certificate Admin", "Nora New"),
        ("Email address for vetting", nora.user.email),
    ):
        expect(nora.part.get_by_label(label, exact=True)).to_have_value(value)
    nora.fill(
        {
            "Job title": "Head of Data",
            "Who can read this mailbox?": "Only me",
            "Direct telephone number": "020 7946 0018",
            "Who has been told to expect GlobalSign's call?": "The front desk",
        }
    )
    nora.choose("This person is a current full-time employee")
    nora.press("Check your answers")
    expect(nora.tab.get_by_role("heading", level=1)).to_contain_text("Check your answers")
    nora.press("Send to Atlas")
    expect(nora.tab.get_by_role("alert")).to_contain_text("Saved")
