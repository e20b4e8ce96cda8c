"""One sample of each kind of email of this room, for tests/notifications/test_emails.py."""

from collections.abc import Callable
from typing import Any

from onboarding.journey.models import Onboarding
from onboarding.questions import asking
from tests.people_fixtures import People
from tests.questions.factories import ask_about

WRITE: dict[str, Callable[[People, Onboarding], Any]] = {
    "question-answered": lambda p, o: asking.answer(
        ask_about(o, p.rhea, "register"), actor=p.olga, text="Press the grey one."
    ),
    "question-closed": lambda p, o: asking.close(
        ask_about(o, p.rhea, "register"), actor=p.olga, reason="We rang you."
    ),
}
