"""Reminding whoever has to act: who may, whom it reaches, what the email says, once a day, on record.

What pages show of it is in test_who_acts.py, two who press at the same moment in test_races.py.
"""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from certs import clock
from onboarding.audit.chain_check import find_chain_faults
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.handover import claims
from onboarding.journey import progress, reminders
from onboarding.journey.deadlines import pauses
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.notifications import sending
from onboarding.notifications.models import OutboxEmail
from onboarding.people.decisions import PermissionRefused, StateConflict
from onboarding.people.models import User
from onboarding.team import absence
from onboarding.ui.formatting import when
from tests.handover.factories import make_dana, make_grant, open_steps
from tests.journey.form_client import press, sentences_of
from tests.journey.held_step import find_button, record_of, reminders_sent
from tests.notifications.email_reader import read_email
from tests.people_fixtures import People, client_of, step
from tests.time_travel import travel


@pytest.mark.parametrize("name", ["alice", "tess", "rhea", "olga"])
def test_whoever_sees_the_case_reminds_who_has_the_step(
    people: People, onboarding: Onboarding, held: str, name: str
) -> None:
    user = getattr(people, name)
    answer = press(client_of(user), held, f"{held}remind/", {})
    assert (answer.status_code, answer["Location"]) == (302, held)
    (email,) = reminders_sent()
    assert email.to == people.bob
    event = Event.objects.get(name=EventName.STEP_REMINDED)
    assert (event.actor_id, event.step, event.onboarding_id) == (user.pk, "csr", onboarding.pk)
    assert event.data == {"reminded": "Bob Test"}
    assert list(find_chain_faults()) == []


def test_the_email_says_who_asks_what_since_when_and_leads_to_the_step(
    people: People, onboarding: Onboarding, held: str
) -> None:
    reminders.remind(step(onboarding, "csr"), actor=people.alice)
    email = read_email(*reminders_sent())
    assert email.subject == "Reminder: Create the CSR (One Energy Ltd)"
    for part in (
        "Hello Bob Test",
        "Alice Test (Primary Certificate Admin) asks you to go on with a step of One Energy Ltd "
        f"(UIT, {onboarding.code}): Create the CSR.",
        f"It has been to do since {when(step(onboarding, 'csr').since)}.",
        "It is yours.",
        held,
    ):
        assert part in email.text
        assert part == held or part in BeautifulSoup(email.html, "html.parser").get_text()
    assert BeautifulSoup(email.html, "html.parser").select(f'a[href$="{held}"]')


def test_who_has_the_step_reminds_nobody(people: People, held: str) -> None:
    user = people.bob
    answer = client_of(user).post(f"{held}remind/")
    assert answer.status_code == 403
    assert "“Create the CSR” is for you to do, so there is nobody to remind." in sentences_of(answer)
    assert find_button(user, held) is None
    assert (reminders_sent(), record_of(held).reminded_at) == ([], None)


def test_somebody_from_outside_reminds_nobody(people: People, onboarding: Onboarding, held: str) -> None:
    """They have the steps that they see; where somebody has taken one back, they ask who handed it over."""
    dana = make_dana()
    make_grant(onboarding, people.bob, dana, "csr")
    StepRecord.objects.filter(pk=record_of(held).pk).update(assignee=people.bob)
    OutboxEmail.objects.all().delete()
    answer = client_of(dana).post(f"{held}remind/")
    assert answer.status_code == 403
    assert "Only people of One Energy Ltd and ops can send reminders." in sentences_of(answer)
    assert find_button(dana, held) is None
    assert reminders_sent() == []


def test_a_stranger_finds_nothing_to_press(people: People, held: str) -> None:
    assert client_of(people.charlie).post(f"{held}remind/").status_code == 404
    assert reminders_sent() == []


def test_a_second_one_on_the_same_day_is_refused_and_says_from_when_it_can_be_sent(
    people: People, onboarding: Onboarding, held: str
) -> None:
    with travel(clock.now(), tick=False) as day:
        client_of(people.alice).post(f"{held}remind/")
        sent = clock.now()
        day.shift(3600)
        again = client_of(people.tess).post(f"{held}remind/")
        assert again.status_code == 409
        assert (
            f"A reminder of “Create the CSR” was sent on {when(sent)}. The next one can be sent from "
            f"{when(sent + timedelta(days=1))}."
        ) in sentences_of(again)
        page = client_of(people.tess).get(held)
        assert f"Reminded on {when(sent)}. You can send a reminder again from" in sentences_of(page)
        assert find_button(people.tess, held) is None
        assert len(reminders_sent()) == 1
        day.shift(82_799)
        assert client_of(people.tess).post(f"{held}remind/").status_code == 409
        day.shift(1)
        assert find_button(people.tess, held) is not None
        assert client_of(people.tess).post(f"{held}remind/").status_code == 302
    assert len(reminders_sent()) == 2
    assert Event.objects.filter(name=EventName.STEP_REMINDED).count() == 2


def test_while_the_deadlines_of_an_onboarding_rest_nobody_is_reminded_by_a_button_either(
    people: People, onboarding: Onboarding, held: str
) -> None:
    pauses.pause_onboarding(onboarding, actor=people.olga, reason="They move house")
    with pytest.raises(StateConflict, match="reminders rest"):
        reminders.remind(step(onboarding, "csr"), actor=people.alice)
    pauses.resume_onboarding(onboarding, actor=people.olga)
    assert reminders.remind(step(onboarding, "csr"), actor=people.alice) == [people.bob]


def test_the_day_counts_for_each_step_alone(people: People, onboarding: Onboarding, held: str) -> None:
    open_steps(onboarding, "pfx")
    claims.claim(step(onboarding, "pfx"), actor=people.bob)
    for slug in ("csr", "pfx"):
        reminders.remind(step(onboarding, slug), actor=people.alice)
    with pytest.raises(StateConflict):
        reminders.remind(step(onboarding, "csr"), actor=people.rhea)
    assert len(reminders_sent()) == 2


def test_a_time_that_a_wrong_clock_wrote_stops_nobody(
    people: People, onboarding: Onboarding, held: str
) -> None:
    ahead = clock.now() + timedelta(days=400)
    StepRecord.objects.filter(pk=record_of(held).pk).update(reminded_at=ahead)
    assert reminders.remind(step(onboarding, "csr"), actor=people.alice) == [people.bob]


@pytest.mark.parametrize("state", ["done", "locked"])
def test_where_nobody_has_to_act_there_is_nothing_to_press(
    people: People, onboarding: Onboarding, held: str, state: str
) -> None:
    StepRecord.objects.filter(pk=record_of(held).pk).update(state=state)
    answer = client_of(people.alice).post(f"{held}remind/")
    assert answer.status_code == 409
    assert "Nobody of One Energy Ltd has to act on “Create the CSR” now" in sentences_of(answer)
    assert find_button(people.alice, held) is None


@pytest.mark.parametrize(
    ("slug", "columns"),
    [
        ("verification", {"state": "waiting"}),
        ("quote", {"state": "problem", "problem_code": "portal-look-ended"}),
    ],
)
def test_nobody_is_reminded_of_what_globalsign_or_ops_have_to_do(
    people: People, onboarding: Onboarding, slug: str, columns: dict[str, str]
) -> None:
    page = f"/onboardings/{onboarding.code}/{slug}/"
    StepRecord.objects.filter(onboarding=onboarding, slug=slug).update(**columns)
    assert client_of(people.rhea).post(f"{page}remind/").status_code == 409
    assert find_button(people.rhea, page) is None


def test_of_an_onboarding_that_has_ended_nobody_is_reminded(
    people: People, onboarding: Onboarding, held: str
) -> None:
    progress.withdraw(onboarding, actor=people.alice, reason="Left the market")
    answer = client_of(people.rhea).post(f"{held}remind/")
    assert answer.status_code == 409
    assert "This onboarding is withdrawn; nothing can be changed." in sentences_of(answer)


def test_a_wait_that_a_person_has_to_end_is_reminded_of_like_a_step(
    people: People, onboarding: Onboarding, held: str
) -> None:
    """Without the account API the portal cannot fetch the certificate: a Certificate Admin brings it."""
    StepRecord.objects.filter(onboarding=onboarding, slug="certificate").update(state="waiting")
    assert find_button(people.rhea, held.replace("csr", "certificate")) is not None
    assert reminders.remind(step(onboarding, "certificate"), actor=people.rhea) == [people.alice, people.bob]


def test_a_closed_account_is_not_written_to_and_the_sentence_says_what_to_do(
    people: People, onboarding: Onboarding, held: str
) -> None:
    User.objects.filter(pk=people.bob.pk).update(is_active=False)
    answer = client_of(people.alice).post(f"{held}remind/")
    assert answer.status_code == 409
    assert "The account of Bob Test is closed" in sentences_of(answer)
    assert "can take “Create the CSR” back on its page." in sentences_of(answer)
    assert (reminders_sent(), record_of(held).reminded_at) == ([], None)


def test_where_nobody_can_do_the_step_the_sentence_says_so(
    people: People, onboarding: Onboarding, held: str
) -> None:
    claims.unclaim(step(onboarding, "csr"), actor=people.bob)
    User.objects.filter(pk__in=[people.alice.pk, people.bob.pk, people.tess.pk]).update(is_active=False)
    answer = client_of(people.rhea).post(f"{held}remind/")
    assert answer.status_code == 409
    assert "Nobody of One Energy Ltd can do “Create the CSR” at the moment." in sentences_of(answer)


def test_who_stands_in_for_somebody_who_is_away_is_written_to_as_well(
    people: People, onboarding: Onboarding, held: str
) -> None:
    today = timezone.localdate()
    absence.enter_absence(people.one, people.bob, today, today, people.alice)
    reminders.remind(step(onboarding, "csr"), actor=people.rhea)
    assert [email.to for email in reminders_sent()] == [people.alice, people.bob]
    assert "You stand in for somebody who is away." in read_email(reminders_sent()[0]).text


def test_who_asks_gets_no_email_although_they_stand_in(
    people: People, onboarding: Onboarding, held: str
) -> None:
    today = timezone.localdate()
    absence.enter_absence(people.one, people.bob, today, today, people.alice)
    reminders.remind(step(onboarding, "csr"), actor=people.alice)
    assert [email.to for email in reminders_sent()] == [people.bob]


def test_somebody_from_outside_learns_no_role_of_who_asks(
    people: People, onboarding: Onboarding, held: str
) -> None:
    make_grant(onboarding, people.bob, make_dana(), "csr")
    reminders.remind(step(onboarding, "csr"), actor=people.alice)
    (email,) = reminders_sent()
    assert email.to is not None
    assert email.to.email == "dana@dcp.example"
    assert "Alice Test asks you to go on" in read_email(email).text
    assert "Certificate Admin" not in read_email(email).text


def test_many_reminders_of_one_person_leave_as_one_email(
    people: People, onboarding: Onboarding, held: str, mailoutbox: list[Any]
) -> None:
    open_steps(onboarding, "pfx", "proof")
    for slug in ("pfx", "proof"):
        claims.claim(step(onboarding, slug), actor=people.bob)
    alice = client_of(people.alice)
    for slug in ("csr", "pfx", "proof"):
        alice.post(held.replace("csr", slug) + "remind/")
    first, second, third = OutboxEmail.objects.filter(key__startswith="reminder:").order_by("pk")
    assert (first.delivery, second.delivery, third.gathered_into) == ("queued", "held", second)
    assert sending.send_email(first.pk)
    with travel(clock.now() + timedelta(minutes=6)):
        for pk in sending.find_due_emails():
            sending.send_email(pk)
    assert len(mailoutbox) == 2
    assert "Build the PFX" in mailoutbox[1].body
    assert "Prove" in mailoutbox[1].body


def test_the_rule_itself_refuses(people: People, onboarding: Onboarding, held: str) -> None:
    with pytest.raises(PermissionRefused):
        reminders.remind(step(onboarding, "csr"), actor=people.bob)
    with pytest.raises(PermissionRefused):
        reminders.remind(step(onboarding, "csr"), actor=people.charlie)
