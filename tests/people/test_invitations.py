"""Inviting an address to a company: who may, the letter with its link, and every way of answering it.

The team page with its buttons is in test_team_page.py; two who accept at the same moment are in test_people_races.py.
"""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from certs import clock
from onboarding.audit.chain_check import find_chain_faults
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.notifications import sending
from onboarding.notifications.models import OutboxEmail
from onboarding.people import invitation_links, invitations, signals
from onboarding.people.access import role_in
from onboarding.people.decisions import PermissionRefused, StateConflict
from onboarding.people.models import Invitation, Role, User
from tests.journey.form_client import form_on, sentences_of, values_of
from tests.people_fixtures import People, client_of, make_user, shows_errors
from tests.time_travel import travel

NEW = "nora@new.example"
PHRASE = "correct horse battery"


def _invite(people: People, email: str = NEW, role: Role | None = Role.TECHNICIAN) -> Invitation:
    return invitations.invite(company=people.one, email=email, role=role, actor=people.alice)


def _link() -> str:
    """What the newest letter leads to."""
    for pk in sending.find_due_emails():
        sending.send_email(pk)
    return next(urlsplit(word).path for word in mail.outbox[-1].body.split() if "/invitations/" in word)


def _open(link: str, browser: Client | None = None) -> tuple[Client, Any]:
    """Open the link and continue: the browser, and the page on which the invitation is accepted."""
    browser = browser or Client()
    form_on(browser.get(link, follow=True), "/invitations/use/")
    return browser, browser.post("/invitations/use/", follow=True)


def _join(browser: Client, **typed: str) -> Any:
    page = browser.get("/invitations/")
    form = values_of(form_on(page, "/invitations/join/"))
    both = {"name": "Nora New", "password1": PHRASE, "password2": PHRASE}
    return browser.post("/invitations/join/", {**form, **both, **typed})


def test_somebody_new_accepts_with_a_name_and_a_password_and_is_signed_in(people: People) -> None:
    _invite(people, email=" Nora@NEW.example ")
    browser, link = Client(), _link()
    assert browser.get(link).url == "/invitations/"
    page = sentences_of(browser.get("/invitations/"))
    assert "Alice Test invites you to One Energy Ltd" in page
    assert "Your role there: Technician" in page
    _open(link, browser)
    answer = _join(browser)
    assert (answer.status_code, answer.url) == (302, "/companies/one/")
    assert "You have accepted the invitation of One Energy Ltd." in sentences_of(browser.get(answer.url))
    nora = User.objects.get(email=NEW)
    assert (nora.name, nora.check_password(PHRASE), role_in(nora, people.one)) == (
        "Nora New",
        True,
        Role.TECHNICIAN,
    )
    names = list(Event.objects.filter(chain=str(people.one.pk)).values_list("name", flat=True))
    assert names == [EventName.INVITATION_SENT, EventName.INVITATION_ACCEPTED, EventName.ROLE_ASSIGNED]
    assert list(find_chain_faults()) == []


def test_somebody_known_accepts_when_signed_in(people: People) -> None:
    _invite(people, email="CHARLIE@two.example", role=Role.ADMIN)
    browser, asked = _open(_link())
    assert "You have an account here already. Sign in as charlie@two.example" in sentences_of(asked)
    browser.force_login(people.charlie)
    form_on(browser.get("/invitations/"), "/invitations/accept/")
    assert browser.post("/invitations/accept/").url == "/companies/one/"
    assert (role_in(people.charlie, people.one), role_in(people.charlie, people.two)) == (
        Role.ADMIN,
        Role.PRIMARY,
    )


def test_accepting_twice_changes_nothing_the_second_time(people: People) -> None:
    invitation = _invite(people, email="charlie@two.example")
    browser = client_of(people.charlie)
    link = _link()
    for _ in range(2):
        browser.get(link)
        invitations.accept(invitation.token_hash, user=people.charlie)
    assert Event.objects.filter(name=EventName.INVITATION_ACCEPTED).count() == 1
    assert browser.get("/invitations/").url == "/companies/one/"


def test_an_invitation_opened_by_somebody_else_gets_a_sentence(people: People) -> None:
    invitation = _invite(people)
    browser = client_of(people.charlie)
    browser.get(_link())
    page = sentences_of(browser.get("/invitations/"))
    assert "You are signed in as charlie@two.example. Only nora@new.example can accept" in page
    assert browser.post("/invitations/accept/").status_code == 409
    with pytest.raises(PermissionRefused, match="This invitation was sent to another address than yours"):
        invitations.accept(invitation.token_hash, user=people.charlie)
    answer = browser.post("/invitations/join/", {"name": "N", "password1": PHRASE, "password2": PHRASE})
    assert answer.status_code == 409
    assert role_in(people.charlie, people.one) is None
    assert not User.objects.filter(email=NEW).exists()


def test_a_used_invitation_is_not_used_by_another(people: People) -> None:
    invitation = _invite(people)
    link = _link()
    nora = invitations.join(invitation.token_hash, name="Nora", password=PHRASE)
    browser = Client()
    browser.get(link)
    answer = browser.get("/invitations/")
    assert answer.status_code == 409
    assert "This invitation was used on" in sentences_of(answer)
    with pytest.raises(StateConflict, match="was used"):
        invitations.join(invitation.token_hash, name="Mallory", password="another long phrase")
    nora.refresh_from_db()
    assert nora.check_password(PHRASE)


def test_an_invitation_past_its_time_says_whom_to_ask(people: People) -> None:
    invitation = _invite(people)
    link = _link()
    with travel(clock.now() + timedelta(days=14, minutes=1)):
        browser = Client()
        browser.get(link)
        answer = browser.get("/invitations/")
        assert answer.status_code == 409
        assert "Ask Alice Test to invite you again." in sentences_of(answer)
        with pytest.raises(StateConflict, match="ended on"):
            invitations.join(invitation.token_hash, name="Nora", password=PHRASE)
        again = _invite(people, role=Role.READER)
    assert (again.pk, again.role, again.sent_count) == (invitation.pk, Role.READER, 2)


def test_a_withdrawn_invitation_opens_nothing(people: People) -> None:
    invitation = _invite(people)
    link = _link()
    invitations.withdraw(invitation, actor=people.bob)
    browser = Client()
    browser.get(link)
    assert "This invitation was withdrawn." in sentences_of(browser.get("/invitations/"))
    for verb in (invitations.withdraw, invitations.resend):
        with pytest.raises(StateConflict, match="was withdrawn on"):
            verb(invitation, actor=people.bob)
    assert _invite(people).pk != invitation.pk


def test_sending_again_makes_a_new_link_and_the_old_one_stops(people: People) -> None:
    invitation = _invite(people)
    old = _link()
    invitations.resend(invitation, actor=people.bob)
    with travel(clock.now() + timedelta(minutes=5)):  # until then the second email waits
        new = _link()
    assert old != new
    answer = Client().get(old, follow=True)
    assert answer.status_code == 409
    assert "the older links stop working" in sentences_of(answer)
    assert Client().get(new, follow=True).status_code == 200


def test_the_link_is_in_the_letter_that_leaves_and_nowhere_else(people: People) -> None:
    invitation = _invite(people)
    token = _link().strip("/").rsplit("/", 1)[-1]
    assert invitation_links.hash_token(token) == invitation.token_hash
    stored = [str(row) for row in (*OutboxEmail.objects.values(), *Event.objects.values())]
    stored += [str(row) for row in Invitation.objects.values()]
    assert not [row for row in stored if token in row]
    (html,) = [part.content for part in mail.outbox[-1].alternatives]
    assert token in html
    browser = Client()
    browser.get(f"/invitations/{token}/")
    assert token not in str(dict(browser.session))
    assert token not in browser.get("/invitations/").content.decode()


def test_a_link_that_was_never_made_gets_a_sentence(people: People) -> None:
    answer = Client().get("/invitations/no-such-token/", follow=True)
    assert answer.status_code == 409
    assert "This link does not work." in sentences_of(answer)
    assert "Open the link in the invitation email again" in sentences_of(Client().get("/invitations/"))


@pytest.mark.parametrize("name", ["tess", "rhea", "charlie", "olga"])
def test_only_certificate_admins_of_the_company_invite(people: People, name: str) -> None:
    invitation = _invite(people)
    actor = getattr(people, name)
    with pytest.raises(PermissionRefused, match="Only a Certificate Admin of One Energy Ltd"):
        invitations.invite(company=people.one, email="x@x.example", role=Role.READER, actor=actor)
    for verb in (invitations.withdraw, invitations.resend):
        with pytest.raises(PermissionRefused):
            verb(invitation, actor=actor)


def test_nobody_is_invited_as_primary(people: People) -> None:
    with pytest.raises(PermissionRefused, match="Ask ops to change the primary"):
        _invite(people, role=Role.PRIMARY)
    _invite(people)
    with pytest.raises(IntegrityError, match="no_primary_by_invitation"), transaction.atomic():
        Invitation.objects.update(role=Role.PRIMARY)


def test_a_member_or_an_invited_address_is_not_invited_again(people: People) -> None:
    with pytest.raises(StateConflict, match="Tess Test is a Technician of One Energy Ltd already"):
        _invite(people, email="TESS@dcp.example")
    _invite(people)
    with pytest.raises(StateConflict, match="nora@new.example is invited to One Energy Ltd already"):
        _invite(people, email="NORA@new.example")
    assert Invitation.objects.count() == 1


def test_an_outsider_becomes_no_member_and_the_open_invitation_is_used_again(people: People) -> None:
    first = _invite(people, role=None)
    assert _invite(people, role=None) == first
    assert OutboxEmail.objects.count() == 2  # written to again, as somebody who has an account is
    nora = invitations.join(first.token_hash, name="Nora", password=PHRASE)
    assert role_in(nora, people.one) is None
    assert client_of(nora).get("/companies/one/").status_code == 404


def test_what_hangs_on_an_invitation_is_done_in_the_same_transaction(people: People) -> None:
    seen: list[str] = []

    def fail(user: User, invitation: Invitation, **_: Any) -> None:
        seen.append(user.email)
        raise StateConflict("The offer has ended.")

    invitation = _invite(people, role=None)
    signals.invitation_accepted.connect(fail)
    try:
        with pytest.raises(StateConflict, match="The offer has ended"):
            invitations.join(invitation.token_hash, name="Nora", password=PHRASE)
    finally:
        signals.invitation_accepted.disconnect(fail)
    invitation.refresh_from_db()
    assert (seen, invitation.accepted_at) == ([NEW], None)
    assert not User.objects.filter(email=NEW).exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"password2": "another one entirely"}, "The two passwords are not the same."),
        ({"password1": "short", "password2": "short"}, "This password is too short."),
        (
            {"password1": "nora@new.example", "password2": "nora@new.example"},
            "too similar to the email address",
        ),
        ({"name": ""}, "Fill in “Your full name”"),
    ],
)
def test_what_cannot_be_an_account_is_refused_at_its_field(
    people: People, typed: dict[str, str], sentence: str
) -> None:
    _invite(people)
    browser, _ = _open(_link())
    answer = _join(browser, **typed)
    assert shows_errors(answer)
    assert sentence in sentences_of(answer)
    assert not User.objects.filter(email=NEW).exists()


def test_an_account_that_was_founded_and_never_used_sets_its_password_here(people: People) -> None:
    nora = User.objects.create_user(NEW, None, name="N")
    invitation = _invite(people)
    invitations.join(invitation.token_hash, name="Nora New", password=PHRASE)
    nora.refresh_from_db()
    assert (nora.name, nora.check_password(PHRASE)) == ("Nora New", True)


def test_an_account_that_is_in_use_does_not_get_a_new_password_by_an_invitation(people: People) -> None:
    make_user(NEW, "Nora")
    invitation = _invite(people)
    with pytest.raises(StateConflict, match="There is an account for this address"):
        invitations.join(invitation.token_hash, name="Mallory", password="another long phrase")


def test_ops_and_odd_addresses(people: People) -> None:
    invitation = _invite(people, email=people.olga.email)
    with pytest.raises(PermissionRefused, match="You are ops here"):
        invitations.accept(invitation.token_hash, user=people.olga)
    odd = _invite(people, email="o'hara+certs@sub.école.example")
    made = invitations.join(odd.token_hash, name="O’Hara", password=PHRASE)
    assert made.email == "o'hara+certs@sub.école.example"
