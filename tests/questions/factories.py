"""What the tests of questions share: a question that somebody asked."""

from onboarding.journey.models import Onboarding
from onboarding.people.models import User
from onboarding.questions import asking
from onboarding.questions.models import Question
from tests.people_fixtures import step

TEXT = "The tile is grey since Monday. What do we press?"


def ask_about(onboarding: Onboarding, actor: User, slug: str, *, text: str = TEXT) -> Question:
    """A question that waits for its answer."""
    return asking.ask(step(onboarding, slug), actor=actor, text=text)[0]
