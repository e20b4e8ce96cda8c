"""A question to ops, through the pages: asked, answered or closed; who may, and what bad input is told.

Every page for everybody is in tests/leaks; how the pages look, in tests/browser.
"""

from typing import Any

import pytest
from django.test import Client

from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.journey import progress
from onboarding.journey.models import Onboarding
from onboarding.notifications.models import OutboxEmail
from onboarding.people.models import Membership
from onboarding.questions import asking, rules
from onboarding.questions.models import Question
from tests.handover.factories import make_dana, make_grant, open_steps
from tests.journey.form_client import press, sentences_of
from tests.notifications.email_reader import read_email
from tests.people_fixtures import People, client_of, shows_errors, step
from tests.questions.factories import TEXT, ask_about
from tests.workers import send_mails

SUPPORT = "help@dip.example"
PEM_KEY = "-----BEGIN PRIVATE " + "KEY-----\nMIIE"
SECRET = "00112233445566778899aabbccddeeff00112233"


@pytest.fixture
def base(onboarding: Onboarding) -> str:
    """The address of a step that is to do."""
    return f"/onboardings/{onboarding.code}/register/"


@pytest.fixture
def with_support(settings: Any) -> None:
    """The operator has named an address."""
    settings.PORTAL = settings.PORTAL.model_copy(update={"support_email": SUPPORT})


def _question_path(question: Question, verb: str = "") -> str:
    return f"/onboardings/{question.record.onboarding.code}/questions/{question.pk}/{verb}"


def test_something_else_leaves_the_step_as_it_is_and_opens_a_question(
    people: People, onboarding: Onboarding, base: str, with_support: None, mailoutbox: list[Any]
) -> None:
    before, alice = step(onboarding, "register"), client_of(people.alice)
    answer = press(alice, base, f"{base}problem/", {"code": "something-else", "detail": TEXT})
    assert answer["Location"] == base
    after = step(onboarding, "register")
    assert (after.state, after.version) == (before.state, before.version)
    question = Question.objects.get()
    assert (question.text, question.asked_by, question.is_open) == (TEXT, people.alice, True)
    for path in (base, f"/onboardings/{onboarding.code}/"):
        assert "waits for an answer" in sentences_of(alice.get(path))
    assert TEXT in sentences_of(client_of(people.olga).get("/ops/"))
    send_mails()
    (sent,) = [each for each in mailoutbox if each.to == [SUPPORT]]
    assert TEXT in sent.body
    assert "will be asked to sign in" in sent.body
    event = Event.objects.get(name=EventName.QUESTION_ASKED)
    assert (event.actor_id, event.step, event.data) == (people.alice.pk, "register", {})


def test_something_else_is_described(people: People, base: str) -> None:
    answer = client_of(people.alice).post(f"{base}problem/", {"code": "something-else", "detail": " "})
    assert shows_errors(answer)
    assert "Describe what is wrong" in sentences_of(answer)
    assert not Question.objects.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Type your question"),
        (" \n ", "Type your question"),
        ("x" * 10_240, "This has 10240 characters, and 4000 fit"),
        (f"the secret is {SECRET}", "a private key or something like an API secret"),
        (PEM_KEY, "a private key or something like an API secret"),
        ("\0", "Null characters are not allowed"),
    ],
    ids=["empty", "blank", "ten thousand", "API secret", "private key", "nul"],
)
def test_what_cannot_be_asked_is_said_on_the_page(people: People, base: str, text: str, said: str) -> None:
    answer = client_of(people.rhea).post(f"{base}question/", {"text": text})
    assert shows_errors(answer)
    assert said in sentences_of(answer)
    assert SECRET.encode() not in answer.content
    assert not Question.objects.exists()
    assert not [row for row in OutboxEmail.objects.values() if SECRET in str(row)]


def test_a_button_that_is_pressed_twice_asks_once(people: People, base: str) -> None:
    rhea = client_of(people.rhea)
    for _ in range(2):
        answer = rhea.post(f"{base}question/", {"text": TEXT})
    assert "You asked this on" in sentences_of(rhea.get(answer["Location"]))
    assert Event.objects.filter(name=EventName.QUESTION_ASKED).count() == 1


def test_ops_look_at_the_answer_before_it_goes_to_who_asked(
    people: People, onboarding: Onboarding, mailoutbox: list[Any]
) -> None:
    question, olga = ask_about(onboarding, people.rhea, "register"), client_of(people.olga)
    path = _question_path(question, "answer/")
    preview = sentences_of(olga.post(path, {"text": "Press the grey one.", "action": "preview"}))
    assert "rhea@one.example" in preview
    assert "Press the grey one." in preview
    assert "Press the grey one." in olga.post(path, {"text": "Press the grey one.", "action": "change"}).text
    assert question.record.questions.get().is_open
    olga.post(path, {"text": "Press the grey one.", "action": "send"})
    send_mails()
    (sent,) = [each for each in mailoutbox if "Answer to your question" in each.subject]
    assert sent.to == ["rhea@one.example"]
    assert "Press the grey one." in sent.body
    assert "Press the grey one." in sentences_of(client_of(people.alice).get(_question_path(question)))
    twice = olga.post(path, {"text": "Another word.", "action": "send"})
    assert twice.status_code == 409
    assert "Olga Test answered this question on" in sentences_of(twice)
    assert "No question waits" in sentences_of(olga.get("/ops/questions/"))


def test_who_asked_goes_on_and_ops_close(
    people: People, onboarding: Onboarding, mailoutbox: list[Any]
) -> None:
    question = ask_about(onboarding, people.rhea, "register")
    asking.answer(question, actor=people.olga, text="Press it.")
    path = _question_path(question, "further/")
    rhea = client_of(people.rhea)
    rhea.post(path, {"text": "Which one?"})
    further = Question.objects.get(follows=question)
    assert client_of(people.alice).post(path, {"text": "And I?"}).status_code == 403
    olga = client_of(people.olga)
    assert shows_errors(olga.post(_question_path(further, "close/"), {"reason": ""}))
    olga.post(_question_path(further, "close/"), {"reason": "We rang you."})
    send_mails()
    assert [each.to for each in mailoutbox if "was closed" in each.subject] == [["rhea@one.example"]]
    page = sentences_of(rhea.get(_question_path(question)))
    assert page.index("Press it.") < page.index("Which one?") < page.index("We rang you.")
    names = (
        Event.objects.filter(name__startswith="step:question:")
        .order_by("number")
        .values_list("name", flat=True)
    )
    assert [name.rpartition(":")[2] for name in names] == ["asked", "answered", "asked", "closed"]


def test_only_those_of_the_case_ask_and_read_and_only_ops_answer(
    people: People, onboarding: Onboarding
) -> None:
    question = ask_about(onboarding, people.rhea, "register")
    base, path = f"/onboardings/{onboarding.code}/register/question/", _question_path(question)
    for name, asks, reads, answers in (
        ("alice", 200, 200, 403),
        ("rhea", 200, 200, 403),
        ("olga", 403, 200, 200),
        ("charlie", 404, 404, 404),
    ):
        browser = client_of(getattr(people, name))
        got = [browser.get(each).status_code for each in (base, path, f"{path}answer/", f"{path}close/")]
        assert got == [asks, reads, answers, answers], name
    assert Client().get(path).status_code == 302


def test_somebody_from_outside_asks_about_granted_steps_and_reads_own_questions_only(
    people: People, onboarding: Onboarding, mailoutbox: list[Any]
) -> None:
    open_steps(onboarding, "csr", "api-credentials")
    dana = make_dana()
    make_grant(onboarding, people.bob, dana, "csr")
    others = ask_about(onboarding, people.bob, "csr")
    browser, base = client_of(dana), f"/onboardings/{onboarding.code}/"
    assert browser.post(f"{base}api-credentials/question/", {"text": "May I?"}).status_code == 404
    browser.post(f"{base}csr/question/", {"text": "Which key vault?"})
    own = Question.objects.get(asked_by=dana)
    assert browser.get(_question_path(own)).status_code == 200
    assert browser.get(_question_path(others)).status_code == 404
    page = sentences_of(browser.get(f"{base}csr/"))
    assert "Which key vault?" in page
    assert TEXT not in page
    # The grant ends before the answer comes: it goes to the company, not out of it.
    dana.grants.update(revoked_at=own.asked_at)
    assert browser.get(_question_path(own)).status_code == 404
    asking.answer(own, actor=people.olga, text="The north one.")
    send_mails()
    sent = [each.to[0] for each in mailoutbox if "Answer to your question" in each.subject]
    assert sorted(sent) == ["alice@one.example", "bob@one.example"]


def test_a_withdrawn_onboarding_takes_no_question_and_says_so(
    people: People, onboarding: Onboarding, base: str, with_support: None
) -> None:
    question = ask_about(onboarding, people.rhea, "register")
    progress.withdraw(onboarding, actor=people.alice, reason="-")
    answer = client_of(people.rhea).post(f"{base}question/", {"text": TEXT + "!"})
    assert answer.status_code == 409
    assert "nobody works on it any more" in sentences_of(answer)
    assert f"If you still need an answer, write to {SUPPORT}." in sentences_of(answer)
    asking.close(question, actor=people.olga, reason="It was withdrawn.")  # what was open can still be ended


def test_nobody_asks_without_end(people: People, onboarding: Onboarding, base: str) -> None:
    for number in range(rules.MOST_OPEN):
        ask_about(onboarding, people.rhea, "register", text=f"Question {number}?")
    answer = client_of(people.rhea).post(f"{base}question/", {"text": "One more?"})
    assert answer.status_code == 409
    assert "10 questions" in sentences_of(answer)
    ask_about(onboarding, people.bob, "register")  # somebody else still may


def test_who_has_left_gets_no_answer(people: People, onboarding: Onboarding, mailoutbox: list[Any]) -> None:
    question = ask_about(onboarding, people.rhea, "register")
    Membership.objects.filter(user=people.rhea).delete()
    asking.answer(question, actor=people.olga, text="Press it.")
    send_mails()
    assert "rhea@one.example" not in [to for each in mailoutbox for to in each.to]


def test_the_support_address_stands_in_footer_help_and_emails_only_when_it_is_set(
    people: People, onboarding: Onboarding, settings: Any
) -> None:
    assert SUPPORT not in Client().get("/help/").text
    ask_about(onboarding, people.rhea, "register")
    assert not OutboxEmail.objects.filter(key__startswith="support:").exists()
    settings.PORTAL = settings.PORTAL.model_copy(update={"support_email": SUPPORT})
    assert Client().get("/help/").text.count(f"mailto:{SUPPORT}") == 2
    question = ask_about(onboarding, people.rhea, "register", text="Another?")
    asking.answer(question, actor=people.olga, text="Yes.")
    answer = read_email(OutboxEmail.objects.get(key__startswith="question-answered:"))
    assert f"Questions about this portal: {SUPPORT}" in answer.text
    assert f"Questions about this portal: {SUPPORT}" in answer.html
