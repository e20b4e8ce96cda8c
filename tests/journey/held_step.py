"""A step that somebody has, the button that reminds of it, and the emails that the button made.

For test_reminders.py and test_who_acts.py; the fixture `held` is in conftest.py.
"""

from bs4 import Tag

from onboarding.handover import claims
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.notifications.models import OutboxEmail
from onboarding.people.models import User
from tests.handover.factories import open_steps
from tests.journey.form_client import soup
from tests.people_fixtures import People, client_of, step


def hold_csr(people: People, onboarding: Onboarding) -> str:
    """Bob has the CSR, and all before it is done, so it is what happens now. Answers the address of its page."""
    StepRecord.objects.filter(onboarding=onboarding).exclude(slug__in=["csr", "pfx"]).update(state="done")
    open_steps(onboarding, "csr")
    claims.claim(step(onboarding, "csr"), actor=people.bob)
    OutboxEmail.objects.all().delete()
    return f"/onboardings/{onboarding.code}/csr/"


def record_of(page: str) -> StepRecord:
    """The step of a page, as the database has it now."""
    _, _, code, slug, _ = page.split("/")
    return StepRecord.objects.get(onboarding__code=code, slug=slug)


def reminders_sent() -> list[OutboxEmail]:
    """By the names of who gets them."""
    found = OutboxEmail.objects.filter(key__startswith="reminder:")
    return list(found.select_related("to").order_by("to__name"))


def find_button(user: User, page: str) -> Tag | None:
    """The form with the button, as this person finds it on a page."""
    return soup(client_of(user).get(page)).select_one("form[action$='/remind/']")
