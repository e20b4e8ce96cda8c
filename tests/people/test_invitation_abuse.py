"""Invitations that somebody would like to use for more than they were meant for.

Inviting and accepting as they are meant are in test_invitations.py.
"""

from datetime import timedelta

import pytest
from django.test import Client

from certs import clock
from onboarding.people import invitation_links, invitations
from onboarding.people.access import role_in
from onboarding.people.decisions import StateConflict
from onboarding.people.models import Invitation, Role, User
from onboarding.team import membership_changes
from tests.handover.factories import make_outside_offer, open_steps
from tests.people_fixtures import PASSWORD, fresh_client_of, shows_errors
from tests.time_travel import travel

NEW_PASSWORD = "correct horse battery"


def key(invitation: Invitation) -> str:
    invitation.refresh_from_db()
    return invitation_links.hash_token(invitation_links.make_token(invitation))


def test_a_role_that_was_offered_once_is_not_given_by_a_later_handover(people, onboarding) -> None:
    open_steps(onboarding, "csr")
    with travel(clock.now() - timedelta(days=20)):
        old = invitations.invite(
            company=people.one, email="x@dcp.example", role=Role.ADMIN, actor=people.alice
        )
    make_outside_offer(onboarding, people.alice, "x@dcp.example")
    assert role_in(invitations.join(key(old), name="X", password=NEW_PASSWORD), people.one) is None


def test_who_was_removed_does_not_come_back_by_an_invitation_of_their_own(people) -> None:
    own = invitations.invite(company=people.one, email="bob@x.example", role=Role.ADMIN, actor=people.bob)
    membership_changes.remove_member(people.one.memberships.get(user=people.bob), actor=people.alice)
    with pytest.raises(StateConflict, match="Bob Test invited you and may not any more"):
        invitations.join(key(own), name="X", password=NEW_PASSWORD)
    invitations.resend(own, actor=people.alice)  # now Alice answers for it
    assert role_in(invitations.join(key(own), name="X", password=NEW_PASSWORD), people.one) == Role.ADMIN


def test_an_invitation_lasts_as_long_as_the_offer_that_came_with_it(people, onboarding) -> None:
    open_steps(onboarding, "csr", "pfx")
    later = clock.now() + timedelta(days=25)
    made = make_outside_offer(onboarding, people.alice, "x@dcp.example", expires_at=later)
    with travel(clock.now() + timedelta(days=20)):
        much_later = clock.now() + timedelta(days=30)
        second = make_outside_offer(onboarding, people.alice, "x@dcp.example", "pfx", expires_at=much_later)
    assert second.invitation == made.invitation
    with travel(clock.now() + timedelta(days=45)):
        invitations.join(key(second.invitation), name="X", password=NEW_PASSWORD)


def test_the_team_page_does_not_tell_who_has_an_account(people, onboarding) -> None:
    open_steps(onboarding, "csr", "pfx")
    make_outside_offer(onboarding, people.alice, "nobody@dcp.example")
    make_outside_offer(onboarding, people.alice, people.charlie.email, "pfx")
    page = fresh_client_of(people.alice).get("/companies/one/team/").content.decode()
    assert "nobody@dcp.example" not in page
    assert people.charlie.email not in page


def test_a_name_is_one_line(people) -> None:
    invitation = invitations.invite(
        company=people.one, email="x@dcp.example", role=Role.ADMIN, actor=people.alice
    )
    client = Client()
    client.get(f"/invitations/{invitation_links.make_token(invitation)}/")
    client.post("/invitations/use/")
    form = {
        "name": "Bob\r\n\r\nYour account ends today.\r\n",
        "password1": NEW_PASSWORD,
        "password2": NEW_PASSWORD,
    }
    client.post("/invitations/join/", form)
    assert User.objects.get(email="x@dcp.example").name == "Bob Your account ends today."


@pytest.mark.parametrize(
    "address", ["İ" * 240 + "@x.example", "a" * 250 + "@x.example", "a b@x.example", "@x"]
)
def test_an_address_that_cannot_be_kept_is_refused_in_a_sentence(people, address: str) -> None:
    form = {"email": address, "role": "reader"}
    answer = fresh_client_of(people.alice).post("/companies/one/team/invite/", form)
    assert shows_errors(answer)
    assert not Invitation.objects.exists()


def test_a_letter_that_only_looks_the_same_is_another_address(people) -> None:
    """Dotless i: who has that address neither signs in as Alice nor gets her mail."""
    other = User.objects.create_user("alıce@one.example", PASSWORD, name="Other")
    Client().post("/accounts/password/reset/", {"email": "alıce@one.example"})
    assert other.email != people.alice.email
    assert Client().login(email="alıce@one.example", password="wrong") is False
