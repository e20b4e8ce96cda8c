"""What people do with their hands to hand a step over: fill the form, look, send, open an email's link, answer.

Everything else that they do is in person.py.
"""

import re

from django.core import mail
from playwright.sync_api import expect

from onboarding.journey.steps import BY_SLUG
from tests.browser.person import Person, reload_until
from tests.people_fixtures import PASSWORD

LINK = re.compile(r"https?://\S+")


class Colleague(Person):
    """Somebody who hands over, or to whom it is handed over."""

    def start_handing_over(self, slug: str) -> None:
        """From the step's page to the form."""
        self.open_step(slug)
        self.follow("Hand it over to somebody")
        heading = f"Hand over “{BY_SLUG[slug].title}”"
        expect(self.tab.get_by_role("heading", level=1)).to_have_text(heading)

    def write(self, question: str, text: str) -> None:
        """Type into the field of this name."""
        self.tab.get_by_label(question, exact=True).fill(text)

    def tick(self, choice: str) -> None:
        """Choose a radio or a box of exactly this name."""
        self.tab.get_by_label(choice, exact=True).check()

    def sees(self, *texts: str) -> None:
        """All of this is in the page."""
        for text in texts:
            expect(self.tab.get_by_role("main")).to_contain_text(text)

    def does_not_see(self, *texts: str) -> None:
        """None of this is in the page."""
        for text in texts:
            expect(self.tab.get_by_role("main")).not_to_contain_text(text)

    def opens_the_mail(self, subject: str) -> None:
        """Wait for the email and follow the link in it."""
        reload_until(lambda: bool(self._mails(subject)), f"an email to {self.user.email}: {subject}")
        found = LINK.search(str(self._mails(subject)[-1].body))
        assert found is not None
        self.tab.goto(found.group())

    def _mails(self, subject: str) -> list[mail.EmailMessage]:
        box = getattr(mail, "outbox", [])
        return [each for each in box if self.user.email in each.to and subject in str(each.subject)]

    def sign_in_here(self) -> None:
        """Go through the sign-in page to which a link has led."""
        expect(self.tab.get_by_role("heading", level=1)).to_have_text("Sign in")
        self.tab.get_by_label("Email").fill(self.user.email)
        self.tab.get_by_label("Password", exact=True).fill(PASSWORD)
        self.press("Sign in")
