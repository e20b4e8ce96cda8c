"""A Certificate Admin, or somebody with that person's session, cannot make the portal write to strangers without end.

Through HTTP and the worker's own doors; how many emails leave is counted at Django's in-memory mail server.
"""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from onboarding.handover import offers
from onboarding.notifications import sending
from onboarding.people.models import Invitation
from tests.concurrency import race
from tests.handover.factories import make_dana, make_outside_offer, open_steps
from tests.journey.form_client import sentences_of
from tests.people_fixtures import PASSWORD, People, client_of, fresh_client_of, make_people, make_user
from tests.time_travel import travel

TEAM = "/companies/one/team/"
VICTIM = "victim@elsewhere.example"


def _invite(browser: Client, email: str, role: str = "reader") -> Any:
    return browser.post(f"{TEAM}invite/", {"email": email, "role": role})


def _resend(browser: Client, email: str) -> Any:
    pk = Invitation.objects.filter(email=email).latest("invited_at").pk
    return browser.post(f"/companies/one/invitations/{pk}/resend/")


def _leave() -> list[str]:
    """What the worker sends now to people outside: the addresses. Colleagues are told of what concerns their team."""
    before = len(mail.outbox)
    for pk in sending.find_due_emails():
        sending.send_email(pk)
    return [each.to[0] for each in mail.outbox[before:] if not each.to[0].endswith("@one.example")]


def _after(**spent: int) -> Any:
    return travel(timezone.now() + timedelta(**spent), machine=True)


def test_forty_invitations_in_a_minute_are_not_forty_emails(people: People) -> None:
    alice = fresh_client_of(people.alice)
    for number in range(40):
        assert _invite(alice, f"stranger{number}@elsewhere.example").status_code == 302
    assert Invitation.objects.count() == 40  # they stand all the same
    assert len(_leave()) == 20
    page = sentences_of(alice.get(TEAM))
    assert "because 20 emails were sent by the same person within an hour" in page
    with _after(minutes=55):
        assert _leave() == []
    with _after(minutes=61):
        assert len(_leave()) == 20


def test_forty_resends_to_one_address_are_one_email_now_and_one_later(people: People) -> None:
    alice = fresh_client_of(people.alice)
    _invite(alice, VICTIM)
    for _ in range(40):
        answer = _resend(alice, VICTIM)
        assert answer.status_code == 302
    assert "The email waits until" in sentences_of(alice.get(TEAM))
    assert _leave() == [VICTIM]
    with _after(minutes=6):
        assert _leave() == [VICTIM]
        assert _leave() == []
    with _after(days=3):
        assert _leave() == []


def test_withdrawing_and_inviting_anew_does_not_get_around_it(people: People) -> None:
    alice = fresh_client_of(people.alice)
    for _ in range(10):
        _invite(alice, VICTIM)
        pk = Invitation.objects.get(email=VICTIM, withdrawn_at=None).pk
        assert alice.post(f"/companies/one/invitations/{pk}/withdraw/").status_code == 302
    _invite(alice, VICTIM)
    assert len(_leave()) <= 1
    with _after(minutes=6):
        assert len(_leave()) <= 1
    with _after(days=2):
        assert _leave() == []


def test_a_day_of_patience_does_not_get_around_it(people: People) -> None:
    now, sent = timezone.now(), 0
    with travel(now, machine=True):
        _invite(fresh_client_of(people.alice), VICTIM)
    for minutes in range(0, 24 * 60 - 10, 30):
        with travel(now + timedelta(minutes=minutes, seconds=1), machine=True):
            _resend(fresh_client_of(people.alice), VICTIM)
            sent += len(_leave())
    assert sent == 5


def test_another_admin_or_another_company_does_not_make_it_endless(people: People) -> None:
    for company in range(12):
        boss = make_user(f"boss{company}@many.example", "Boss")
        owned = type(people.one).objects.create(slug=f"many{company}", name=f"Many {company}")
        owned.memberships.create(user=boss, role="primary")
        answer = fresh_client_of(boss).post(
            f"/companies/{owned.slug}/team/invite/", {"email": VICTIM, "role": "reader"}
        )
        assert answer.status_code == 302
    assert len(_leave()) == 10


def test_one_company_cannot_hold_up_the_emails_of_another_to_somebody_with_an_account(people: People) -> None:
    dana = make_user("dana@dcp.example", "Dana")
    alice, charlie = fresh_client_of(people.alice), fresh_client_of(people.charlie)
    _invite(alice, dana.email)
    for _ in range(12):
        _resend(alice, dana.email)
    charlie.post("/companies/two/team/invite/", {"email": dana.email, "role": "reader"})
    assert _leave() == [dana.email, dana.email]  # one of each company


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_do_not_both_pass(transactional_db: None) -> None:
    people = make_people()
    _invite(fresh_client_of(people.alice), VICTIM)
    assert _leave() == [VICTIM]
    for minutes in (10, 20, 30, 40):
        with _after(minutes=minutes):
            alice, bob = fresh_client_of(people.alice), fresh_client_of(people.bob)
            answers = race(partial(_resend, alice, VICTIM), partial(_resend, bob, VICTIM))
            assert [answer.status_code for answer in answers] == [302, 302]
            assert _leave() == [VICTIM]


def test_what_was_held_back_arrives_as_one_email_that_tells_of_all(people: People, onboarding: Any) -> None:
    open_steps(onboarding, "csr", "pfx")
    dana = make_dana()
    first = make_outside_offer(onboarding, people.alice, dana.email)
    assert _leave() == [dana.email]
    make_outside_offer(onboarding, people.alice, dana.email, "pfx")
    offers.withdraw(first, actor=people.alice, reason="See https://evil.example/sign-in")
    assert _leave() == []
    with _after(minutes=6):
        assert _leave() == [dana.email]
    last = mail.outbox[-1]
    assert last.subject == "2 messages from One Energy Ltd: certificate onboarding"
    html = last.alternatives[0].content
    for told in ("Offered to you: “Build the PFX”", "Withdrawn: “Create the CSR”"):
        assert told in last.body
        assert told in html
    assert "evil.example" not in last.body + html
    assert last.body.count("Hello") == html.count("Hello") == html.count("<body>") == 1
    links = [word for word in last.body.split() if "/handovers/" in word]
    assert len(links) == 2
    assert client_of(dana).get(links[0].partition("localhost:8000")[2]).status_code == 200


def test_the_subject_and_the_body_carry_no_text_of_the_inviters_that_can_be_clicked(people: People) -> None:
    people.alice.name = "Your account is locked, go to https://evil.example/sign-in " + "x" * 80
    people.alice.save()
    _invite(fresh_client_of(people.alice), VICTIM)
    _leave()
    sent = mail.outbox[-1]
    assert "evil" not in sent.subject
    assert "locked" not in sent.subject
    html = sent.alternatives[0].content
    for body in (sent.body, html):
        assert "evil.example" not in body
        assert "https://evil" not in body
        assert "x" * 60 not in body


def test_emails_about_security_are_never_held_back(people: People, onboarding: Any) -> None:
    alice = fresh_client_of(people.alice)
    for number in range(25):
        _invite(alice, f"stranger{number}@elsewhere.example")
    _leave()
    new = {"oldpassword": PASSWORD, "password1": "three random words", "password2": "three random words"}
    assert alice.post("/accounts/password/change/", new).status_code == 302
    _leave()
    assert (mail.outbox[-1].to, mail.outbox[-1].subject) == (
        [people.alice.email],
        "Your password was changed",
    )
