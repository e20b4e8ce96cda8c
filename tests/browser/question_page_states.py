"""The pages of questions to ops: asking, reading, answering, closing, and the list of every company's.

The other scenes are in page_states.py.
"""

from collections.abc import Iterator

from playwright.sync_api import Page

from onboarding.questions import asking
from tests.browser.page_setup import PageSetup, PageState
from tests.questions.factories import ask_about

LONG = "Error_" * 30 + " stands there since Monday, whatever we press. What is to be done?"


def _look_first(tab: Page) -> None:
    tab.get_by_label("Your answer").fill(LONG)
    tab.get_by_role("main").get_by_role("button", name="Look at it before it is sent").click()


def _send_nothing(tab: Page) -> None:
    tab.get_by_role("main").get_by_role("button", name="Send the question").click()


def questions_to_ops(setup: PageSetup) -> Iterator[PageState]:
    """A question from the step's page to its answer, and one that is closed."""
    setup.settings.PORTAL = setup.settings.PORTAL.model_copy(update={"support_email": "help@dip.example"})
    onboarding, people = setup.start(), setup.people
    yield PageState("questions, none", "olga", "/ops/questions/")
    yield PageState("ask ops", "rhea", setup.path("register", "question"))
    yield PageState("ask ops, empty", "rhea", setup.path("register", "question"), press=_send_nothing)
    asked = ask_about(onboarding, people.rhea, "register", text=LONG)
    path = f"/onboardings/{onboarding.code}/questions/{asked.pk}/"
    yield PageState("question, asked", "rhea", path)
    yield PageState("question, ops", "olga", path)
    yield PageState("question, to answer", "olga", f"{path}answer/")
    yield PageState("question, before the answer is sent", "olga", f"{path}answer/", press=_look_first)
    yield PageState("question, to close", "olga", f"{path}close/")
    yield PageState("board with a question", "olga", "/ops/")
    asking.answer(asked, actor=people.olga, text=LONG)
    further = asking.ask(asked.record, actor=people.rhea, text="And on Tuesday?", follows=asked)[0]
    asking.close(further, actor=people.olga, reason="We spoke on the telephone.")
    yield PageState("question, answered", "rhea", path)
    yield PageState("question, further", "rhea", f"{path}further/")
    yield PageState("questions, all", "olga", "/ops/questions/")
    yield PageState("step with questions", "alice", setup.path("register"))
    yield PageState("journey with questions", "alice", setup.path())
