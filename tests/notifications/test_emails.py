"""Every kind of letter: one line of subject, plain text and HTML that say the same, an absolute link, no secret.

When which letter is written is tested in tests/journey, sending in test_outbox.py, how words are made of facts in
test_rendering.py.
"""

import html
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.conf import settings as django_settings
from django.utils import timezone

from certs import clock
from onboarding.journey import emails
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.problems import PROBLEMS
from onboarding.notifications.fact_encoding import DAY, MOMENT
from onboarding.notifications.models import OutboxEmail
from onboarding.people.company_creation import create_company
from tests.handover.email_samples import WRITE as OF_HANDOVER
from tests.notifications.email_reader import read_email
from tests.people.email_samples import WRITE as OF_PEOPLE
from tests.people_fixtures import People, client_of, step
from tests.questions.email_samples import WRITE as OF_QUESTIONS

KINDS = sorted(
    path.name
    for path in (Path(django_settings.BASE_DIR) / "templates" / "notifications").iterdir()
    if path.is_dir()
    # These go to an address, not to a user: test_invitations.py, tests/questions/test_questions.py. So does a welcome,
    # for somebody new: test_welcome_link.py.
    and path.name not in ("invitation", "question-asked")
)
NASTY = 'Tom & "Jerry" <b>Ltd</b>'


def _record(onboarding: Onboarding, slug: str, **columns: Any) -> StepRecord:
    StepRecord.objects.filter(onboarding=onboarding, slug=slug).update(**columns)
    return step(onboarding, slug)


def _overdue(onboarding: Onboarding) -> StepRecord:
    past = timezone.now() - timedelta(days=1)
    _record(onboarding, "csr", state="open", usual_at=past, due_at=past)
    return StepRecord.objects.stuck(timezone.now()).get(onboarding=onboarding, slug="csr")


def _completed(people: People, onboarding: Onboarding) -> None:
    onboarding.destroy_secrets_at = onboarding.started_at
    emails.queue_completed(onboarding)


WRITE: dict[str, Callable[[People, Onboarding], Any]] = {
    "completed": _completed,
    "expiring": lambda p, o: emails.queue_expiring(o, "01AB", timezone.now(), 90),
    "latest-time": lambda p, o: emails.queue_latest_time(_overdue(o)),
    "late": lambda p, o: emails.queue_late(_record(o, "quote", state="waiting")),
    "problem": lambda p, o: emails.queue_problem(
        _record(o, "quote", state="problem", problem_code="quote-not-zero")
    ),
    "reminder": lambda p, o: emails.queue_reminder(_record(o, "csr", state="open"), [p.tess], p.bob, 7),
    "secret-shown": lambda p, o: emails.queue_secret_shown(step(o, "api-credentials"), p.alice, "the PFX", 7),
    "secrets-destroyed": lambda p, o: emails.queue_secrets_destroyed(o),
    "sent-back": lambda p, o: emails.queue_sent_back(step(o, "csr"), "the key was lost"),
    "taken-back": lambda p, o: emails.queue_reassigned(step(o, "csr"), p.tess, p.bob, "holiday", 7),
    "stuck": lambda p, o: emails.queue_stuck([_overdue(o)], 1, clock.today()),
    "usual-time": lambda p, o: emails.queue_usual_time(_overdue(o)),
    "welcome": lambda p, o: create_company(
        name="New Ltd", number="1", admin_name="Bob", admin_email=p.bob.email, actor=p.olga
    ),
    "withdrawn": lambda p, o: emails.queue_withdrawn(o, "we left the market"),
    "step-open": lambda p, o: emails.queue_begun(_record(o, "csr", state="open")),
    **OF_HANDOVER,
    **OF_PEOPLE,
    **OF_QUESTIONS,
}


@pytest.fixture
def written(people: People, onboarding: Onboarding) -> Callable[[str], list[OutboxEmail]]:
    """Writes one kind of letter and answers what is in the outbox then."""

    def write(kind: str) -> list[OutboxEmail]:
        OutboxEmail.objects.all().delete()
        WRITE[kind](people, onboarding)
        return list(OutboxEmail.objects.select_related("to"))

    return write


def test_every_kind_of_letter_is_written_here() -> None:
    assert sorted(WRITE) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_says_the_same_twice_and_its_link_opens_for_its_receiver(
    written: Callable[[str], list[OutboxEmail]], kind: str
) -> None:
    found = written(kind)
    assert found
    for message in found:
        words = read_email(message)
        assert words.subject.strip()
        assert "\n" not in words.subject
        assert f"Hello {message.to.name}," in words.text
        assert "{{" not in words.text + words.html + words.subject
        assert message.delivery in (OutboxEmail.Delivery.QUEUED, OutboxEmail.Delivery.HELD)
        tree = BeautifulSoup(words.html, "html.parser")
        assert tree.body is not None
        assert _words(tree.body.get_text(" ")) - {"page", "Go"} <= _words(words.text)
        link = tree.select_one("a[href]")
        assert link is not None
        base, path = (
            django_settings.PORTAL.base_url,
            str(link["href"]).removeprefix(django_settings.PORTAL.base_url),
        )
        assert path.startswith("/")
        assert f"{base}{path}" in words.text
        if kind != "welcome":  # its key is filled in when it is sent
            assert client_of(message.to).get(path, follow=True).status_code == 200


def _words(text: str) -> set[str]:
    return {word for word in text.split() if word.isalpha()}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "welcome"])
def test_names_are_text_in_html_as_they_are_in_plain_text_and_in_no_subject(
    written: Callable[[str], list[OutboxEmail]], people: People, kind: str
) -> None:
    """A company's name may be in a subject; what a person has typed may not."""
    people.one.name = NASTY
    people.one.save()
    for each in (people.alice, people.bob, people.tess, people.rhea, people.charlie, people.olga):
        each.name = f"Planted {NASTY}"
        each.save()
    for message in written(kind):
        words = read_email(message)
        assert "<b>" not in words.html
        assert "&lt;b&gt;Ltd" in words.html
        assert f"Planted {NASTY}" in words.text  # in the greeting, or as who did it
        assert "Planted" not in words.subject
        assert "&amp;" not in words.text + words.subject


@pytest.mark.parametrize("kind", KINDS)
def test_an_email_has_no_fact_about_people_that_it_does_not_say(
    written: Callable[[str], list[OutboxEmail]], kind: str
) -> None:
    for message in written(kind):
        said = _in_one_line(html.unescape("".join(read_email(message))))
        told = list(_list_texts(message.facts))
        assert told
        assert [text for text in told if _in_one_line(text) not in said] == []


def _list_texts(facts: Any) -> Iterator[str]:
    """Every text among the facts, but for moments, days and what is the same for all companies."""
    if isinstance(facts, str):
        yield facts
    pairs = facts.items() if isinstance(facts, dict) else enumerate(facts) if isinstance(facts, list) else ()
    for name, each in pairs:
        if name not in ("definition", "environment", "code", "path", MOMENT, DAY):
            yield from _list_texts(each)


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("code", PROBLEMS)
def test_every_problem_can_be_written_about(people: People, onboarding: Onboarding, code: str) -> None:
    slug = PROBLEMS[code].steps[0]
    emails.queue_problem(_record(onboarding, slug, state="problem", problem_code=code))
    message = OutboxEmail.objects.get(key__startswith="problem:", to=people.alice)
    words = read_email(message)
    assert PROBLEMS[code].title in words.subject
    assert PROBLEMS[code].what_to_do[0] in " ".join(words.text.split())


def test_a_letter_goes_to_those_whose_move_it_is(people: People, onboarding: Onboarding) -> None:
    def told(slug: str, **columns: Any) -> set[str]:
        OutboxEmail.objects.all().delete()
        emails.queue_begun(_record(onboarding, slug, state="open", **columns))
        return {message.to.name.split()[0] for message in OutboxEmail.objects.select_related("to")}

    assert told("quote", moved_by=None) == {"Alice"}
    assert told("api-credentials") == {"Alice", "Bob"}
    assert told("pfx") == {"Alice", "Bob", "Tess"}
    assert told("pfx", moved_by=people.bob) == {"Alice", "Tess"}
    assert told("pfx", assignee=people.tess, assigned_at=timezone.now()) == {"Tess"}
    people.bob.is_active = False
    people.bob.save()
    assert told("dip-upload") == {"Alice"}


def test_the_same_occasion_writes_once(people: People, onboarding: Onboarding) -> None:
    late = _record(onboarding, "quote", state="waiting")
    emails.queue_late(late)
    emails.queue_late(late)
    assert OutboxEmail.objects.filter(key__startswith="late:").count() == 2  # Alice and Bob, once each
