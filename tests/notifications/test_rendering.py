"""The words of an email are made of its facts when it is sent first, never in a move, and stay the same from then on.

What each kind says is in test_emails.py, how facts are stored in test_fact_encoding.py.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.template import engines
from django.test.signals import template_rendered

from certs import clock
from onboarding.journey import emails, progress, reminders
from onboarding.journey.models import Onboarding
from onboarding.journey.outcomes import Done
from onboarding.notifications import rendering, sending
from onboarding.notifications.models import UNRENDERED, OutboxEmail
from onboarding.notifications.outbox import queue_email, queue_plain_email
from onboarding.people.models import User
from tests.databases import on_postgresql
from tests.journey.step_actions import bring_to, step_action
from tests.notifications.email_reader import read_email
from tests.people_fixtures import People, client_of, step
from tests.time_travel import travel

TEMPLATES = ("subject.txt", "body.txt", "body.html")


@pytest.fixture
def rendered() -> Iterator[list[str]]:
    """The names of the templates of emails that were rendered since the test began."""
    names: list[str] = []

    def note(sender: Any, template: Any, **_: Any) -> None:
        if str(template.name).startswith("notifications/"):
            names.append(template.name)

    template_rendered.connect(note)
    yield names
    template_rendered.disconnect(note)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Callable[..., None]]:
    """Writes the templates of the kind `test`, before those of the portal in the search."""
    engine = rendering._get_engine()

    def write(subject: str, text: str, html: str = "-") -> None:
        below = tmp_path / "notifications" / "test"
        below.mkdir(parents=True, exist_ok=True)
        for name, words in zip(TEMPLATES, (subject, text, html), strict=True):
            (below / name).write_text(words)
        for loader in engine.template_loaders:
            loader.reset()

    engine.dirs.insert(0, tmp_path)
    yield write
    engine.dirs.remove(tmp_path)
    for loader in engine.template_loaders:
        loader.reset()


def _queue(to: User, **facts: Any) -> OutboxEmail:
    queue_email("test", key="test", to=[to], facts=facts)
    return OutboxEmail.objects.get(key=f"test:{to.pk}")


def _fail_to_send(email: OutboxEmail, settings: Any) -> None:
    settings.EMAIL_BACKEND = "no.such.Backend"
    assert sending.send_email(email.pk) is False
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    email.refresh_from_db()


def test_a_move_renders_no_email(people: People, onboarding: Onboarding, rendered: list[str]) -> None:
    record = bring_to(onboarding, people, step_action("invitation", waits=True))
    before = OutboxEmail.objects.count()
    assert progress.settle(record, Done(), witness="atlas")
    client_of(people.olga).post(f"/onboardings/{onboarding.code}/invitation/remind/")
    progress.withdraw(onboarding, actor=people.alice, reason="we left the market")
    assert OutboxEmail.objects.count() > before + 2
    assert rendered == []
    assert sending.send_email(OutboxEmail.objects.filter(key__startswith="withdrawn:")[0].pk)
    assert rendered[:1] == ["notifications/withdrawn/subject.txt"]


def test_words_are_stored_in_place_of_facts(people: People, mailoutbox: list[Any]) -> None:
    queue_email("withdrawn", key="a", to=[people.alice], facts=WITHDRAWN)
    email = OutboxEmail.objects.get()
    assert (email.kind, email.subject, email.text, email.html) == ("withdrawn", UNRENDERED, "", "")
    assert email.facts["reason"] == "we left"
    words = read_email(email)
    assert sending.send_email(email.pk)
    email.refresh_from_db()
    assert (email.kind, email.facts) == ("withdrawn", {})
    assert (email.subject, email.text, email.html) == words
    assert (mailoutbox[0].subject, mailoutbox[0].body) == words[:2]


WITHDRAWN = {
    "onboarding": {"company": {"name": "One"}, "code": "AAAA-AAAA"},
    "reason": "we left",
    "path": "/",
}


def test_a_second_try_says_the_same_whatever_has_changed_meanwhile(
    people: People, settings: Any, mailoutbox: list[Any], folder: Callable[..., None], rendered: list[str]
) -> None:
    folder("It is {{ what }}", "Dear {{ user.name }}, it is {{ what }}", "<b>{{ what }}</b>")
    email = _queue(people.alice, what="so")
    User.objects.filter(pk=people.alice.pk).update(name="Alice Newman")
    _fail_to_send(email, settings)
    folder("Another", "Another", "Another")
    OutboxEmail.objects.update(facts={"what": "otherwise"})
    del rendered[:]
    with travel(clock.now() + sending.MAX_PAUSE):
        assert sending.send_email(email.pk)
    (sent,) = mailoutbox
    assert (sent.subject, sent.body) == ("It is so", "Dear Alice Test, it is so")
    assert sent.alternatives[0].content == "<b>so</b>"
    assert rendered == []


def test_of_two_workers_whose_claims_overlap_the_first_ones_words_count(
    people: People, folder: Callable[..., None]
) -> None:
    folder("First", "First")
    email = _queue(people.alice)
    late = OutboxEmail.objects.get(pk=email.pk)
    rendering.store_words(email)
    folder("Second", "Second")
    rendering.store_words(late)
    assert (late.subject, late.text, late.facts) == ("First", "First", {})
    late.refresh_from_db()
    assert (late.subject, late.text, late.facts) == ("First", "First", {})


@on_postgresql
@pytest.mark.parametrize("text", ["As it was worded", ""])
def test_an_email_of_the_version_before_leaves_as_it_stands(
    people: People, mailoutbox: list[Any], rendered: list[str], text: str
) -> None:
    """A container of it may write the row during the upgrade, and knows neither kind nor facts."""
    row = {
        "key": "a",
        "to_id": people.alice.pk,
        "subject": "Old",
        "text": text,
        "html": "<p>Old</p>",
        "delivery": "queued",
        "attempts": 0,
        "last_error": "",
        "next_try_at": clock.now(),
        "created_at": clock.now(),
    }
    with connection.cursor() as cursor:
        places = ", ".join(["%s"] * len(row))
        cursor.execute(
            f"INSERT INTO notifications_outboxemail ({', '.join(row)}) VALUES ({places})",
            list(row.values()),
        )
    email = OutboxEmail.objects.get()
    assert (email.kind, email.facts, email.is_rendered) == ("", {}, True)
    assert sending.send_email(email.pk)
    assert (mailoutbox[0].subject, mailoutbox[0].body) == ("Old", text)
    assert rendered == []


def test_a_worker_of_the_version_before_sends_nothing_in_place_of_facts(people: People) -> None:
    """It takes the columns as they are; that fails, and it tries again later."""
    queue_email("withdrawn", key="a", to=[people.alice], facts=WITHDRAWN)
    email = OutboxEmail.objects.get()
    with pytest.raises(sending.REFUSALS):
        mail.EmailMultiAlternatives(email.subject, email.text, to=[people.alice.email]).send()
    assert mail.outbox == []


def test_a_text_that_is_worded_already_is_sent_as_it_is(people: People, mailoutbox: list[Any]) -> None:
    queue_plain_email(to=people.alice, subject="Changed", text="It was {{ changed }}.", about="a")
    assert sending.send_email(OutboxEmail.objects.get().pk)
    assert (mailoutbox[0].subject, mailoutbox[0].body) == ("Changed", "It was {{ changed }}.")


@pytest.mark.parametrize(
    "text",
    [
        "{{ missing }}",
        "{{ user.missing }}",
        "{{ nobody.name }}",
        "{% if missing %}x{% endif %}",
        "{% if not missing %}x{% endif %}",
        "{% if yes and user.missing %}x{% endif %}",
        "{% if missing == 1 %}x{% endif %}",
        "{% for each in missing %}x{% endfor %}",
        "{% for each in rows %}{{ each.missing }}{% endfor %}",
        "{{ missing|default:'x' }}",
        "{% load no_such_library %}",
        "{{ yes|no_such_filter }}",
    ],
)
def test_an_email_that_cannot_be_rendered_is_the_portals_own_fault_and_ops_see_it(
    people: People, folder: Callable[..., None], mailoutbox: list[Any], text: str
) -> None:
    folder("{{ yes }}", text)
    email = _queue(people.alice, yes=True, nobody=None, rows=[{"a": 1}])
    assert sending.send_email(email.pk) is False
    email.refresh_from_db()
    assert (mailoutbox, email.delivery, email.attempts) == ([], "queued", 1)
    assert email.last_error.endswith(": the portal met a fault of its own")
    assert not email.is_rendered
    OutboxEmail.objects.update(delivery="failed", next_try_at=None)
    assert "the portal met a fault of its own" in client_of(people.olga).get("/ops/emails/").content.decode()


def test_a_page_shows_the_subject_before_and_after_the_words_are_made(
    people: People, folder: Callable[..., None]
) -> None:
    folder("{% autoescape off %}It is {{ what }}{% endautoescape %}", "-")
    email = _queue(people.alice, what="so & so")
    olga = client_of(people.olga)
    for _ in range(2):
        assert "It is so &amp; so" in olga.get("/ops/emails/?kind=waiting").content.decode()
        rendering.store_words(email)
    OutboxEmail.objects.update(subject=UNRENDERED, kind="no-such-kind")
    assert "no-such-kind" in olga.get("/ops/emails/?kind=waiting").content.decode()
    assert str(OutboxEmail.objects.get()) == "no-such-kind (Queued)"


def test_all_receivers_are_queued_by_one_statement(
    people: People, onboarding: Onboarding, django_assert_num_queries: Any
) -> None:
    to = [people.alice, people.bob, people.tess, people.rhea]
    with django_assert_num_queries(1):
        queue_email("withdrawn", key="all", to=to, facts=WITHDRAWN)
    names = {email.facts["user"]["name"] for email in OutboxEmail.objects.filter(key__startswith="all:")}
    assert names == {"Alice Test", "Bob Test", "Tess Test", "Rhea Test"}


def test_what_happens_after_a_move_is_not_in_its_email(people: People, onboarding: Onboarding) -> None:
    """Names, reasons and who has the step are those of the move."""
    record = step(onboarding, "register")
    emails.queue_reassigned(record, people.tess, people.bob, "You are on holiday", 7)
    User.objects.filter(pk__in=[people.bob.pk, people.tess.pk]).update(name="Renamed")
    people.one.name = "Renamed Ltd"
    people.one.save()
    text = read_email(OutboxEmail.objects.get(key__startswith="taken-back:")).text
    assert "Hello Tess Test," in text
    assert "Bob Test has taken the step" in text
    assert "One Energy Ltd" in text
    assert "Renamed" not in text


def test_rendering_asks_the_database_nothing(
    people: People, onboarding: Onboarding, django_assert_num_queries: Any
) -> None:
    reminders.remind(step(onboarding, "register"), actor=people.bob)
    email = OutboxEmail.objects.get(key__startswith="reminder:")
    with django_assert_num_queries(0):
        assert (
            "Bob Test (Certificate Admin) asks you to go on"
            in rendering.render_email(email.kind, email.facts).text
        )


def test_the_engine_of_emails_finds_what_that_of_the_pages_finds() -> None:
    ours: Any = rendering._get_engine()
    pages: Any = engines["django"].engine  # type: ignore[attr-defined]
    assert (ours.libraries, ours.autoescape) == (pages.libraries, pages.autoescape)
