"""The people of a walk: ops, who add a company, and its Primary Certificate Admin, who sets a password and signs in.

What the admin does in the steps is in steps.py.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from tools.walk.browser import Browser, Page, WalkFailed
from tools.walk.mailbox import Mailbox

WELCOME_LINK = r"/accounts/welcome/key/"


@dataclass(frozen=True)
class Person:
    """Who signs in to the portal."""

    name: str
    email: str
    password: str


@dataclass(frozen=True)
class Company:
    """A company that joins, and its Primary Certificate Admin."""

    name: str
    number: str
    admin: Person

    @property
    def slug(self) -> str:
        """Its name in small letters with hyphens, for names of files."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")


def invent(name: str) -> Company:
    """A company that no earlier walk has used: the name with four letters and digits behind it."""
    mark = secrets.token_hex(2)
    number = f"{secrets.randbelow(10**8):08}"
    admin = Person("Wanda Walker", f"wanda@walk-{mark}.example", secrets.token_urlsafe(18))
    return Company(f"{name} {mark.upper()} Ltd", number, admin)


def sign_in(browser: Browser, person: Person) -> None:
    """Through the sign-in page. WalkFailed if the portal does not let this person in."""
    page = browser.open("/accounts/login/")
    page = browser.press(page, "Sign in", {"login": person.email, "password": person.password})
    if page.path.startswith("/accounts/"):
        raise WalkFailed(
            f"{person.email} could not sign in. The page says: {page.text_of('.govuk-error-summary')}"
        )


def add_company(browser: Browser, company: Company) -> None:
    """Ops name the company and its Primary Certificate Admin; the portal writes to that person."""
    board = browser.open("/")
    page = browser.open(board.link("Add a company"))
    values = {
        "name": company.name,
        "number": company.number,
        "admin_name": company.admin.name,
        "admin_email": company.admin.email,
    }
    browser.press(page, "Add the company", values)


def set_password(browser: Browser, mailbox: Mailbox, person: Person) -> Page:
    """By the link of the welcome email, which signs in; the first page, where the onboarding is started."""
    page = browser.open(mailbox.link(person.email, WELCOME_LINK))
    both = {"password1": person.password, "password2": person.password}
    return browser.press(page, "Set the password and continue", both)


def sign_in_afresh(browser: Browser, person: Person) -> None:
    """Show once more who it is, which the portal asks for before a secret leaves it."""
    page = browser.open("/accounts/reauthenticate/?next=/")
    browser.press(page, "Continue", {"password": person.password})
