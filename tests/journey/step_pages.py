"""Opening the page of a step and sending its form at once, and which fields the answer complains about.

Going through a page as a browser does is in form_client.py; what people type, in step_actions.py.
"""

from typing import Any

from onboarding.journey.models import Onboarding
from onboarding.people.models import User
from tests.journey.form_client import soup
from tests.journey.step_actions import StepAction
from tests.people_fixtures import client_of


def see(user: User, onboarding: Onboarding, slug: str) -> Any:
    """The page of a step, as this person sees it."""
    return client_of(user).get(f"/onboardings/{onboarding.code}/{slug}/")


def send(user: User, onboarding: Onboarding, filled: StepAction, **changed: Any) -> Any:
    """Send a form with some of its answers changed."""
    given = {**filled.filled(), "action": "send", **changed}
    return client_of(user).post(filled.path(onboarding), given)


def faulty_fields(answer: Any) -> list[str]:
    """The fields that the summary of a page's errors leads to."""
    return [str(link["href"]).removeprefix("#id_") for link in soup(answer).select(".govuk-error-summary a")]
