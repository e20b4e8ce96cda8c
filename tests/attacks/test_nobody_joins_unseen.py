"""Nobody comes into a team unseen: every Certificate Admin is told at the invitation and at the joining.

Emergency invitations, of which all members are told, are in test_ops_take_no_secrets.py.
"""

import pytest

from onboarding.people import invitations
from onboarding.people.models import Invitation, Membership, Role
from tests.attacks.attacker import EMERGENCY, MALLORY, TEAM, ask, delivered, join
from tests.people_fixtures import People, fresh_client_of, make_user

INVITE = f"{TEAM}invite/"
INVITED, JOINED = "somebody is invited to the team", "somebody has joined the team"


def subjects(address: str) -> list[str]:
    return [text.splitlines()[0] for text in delivered(address)]


@pytest.mark.parametrize("role", ["admin", "technician", "reader"])
def test_no_invitation_goes_out_without_the_other_admins_being_told(people: People, role: str) -> None:
    carol = make_user("carol@one.example", "Carol Test")
    Membership.objects.create(user=carol, company=people.one, role=Role.ADMIN)
    assert fresh_client_of(people.bob).post(INVITE, {"email": MALLORY, "role": role}).status_code == 302
    for address in (people.alice.email, carol.email):
        (text,) = delivered(address)
        assert INVITED in text
        assert f"Bob Test (bob@one.example) has invited {MALLORY} to One Energy Ltd." in text
        assert "withdraw the invitation" in text
        assert TEAM in text
    assert subjects(people.bob.email) == []  # did it himself
    assert subjects(people.tess.email) == []


@pytest.mark.parametrize("role", ["admin", "technician", "reader"])
def test_nobody_joins_without_all_admins_being_told_the_inviter_too(people: People, role: str) -> None:
    fresh_client_of(people.bob).post(INVITE, {"email": MALLORY, "role": role})
    assert join() is not None
    for user in (people.alice, people.bob):
        text = delivered(user.email)[-1]
        assert JOINED in text
        assert f"Mallory ({MALLORY}) has joined One Energy Ltd." in text
        assert "Invited by Bob Test" in text


def test_an_ended_invitation_is_not_revived_in_silence(people: People) -> None:
    fresh_client_of(people.bob).post(INVITE, {"email": MALLORY, "role": "reader"})
    found = Invitation.objects.get()
    Invitation.objects.update(expires_at=found.invited_at)
    fresh_client_of(people.bob).post(INVITE, {"email": MALLORY, "role": "admin"})
    newest = delivered(people.alice.email)[-1]
    assert "Role: Certificate Admin" in newest


def test_an_emergency_invitation_is_told_to_every_member_at_each_point(people: People) -> None:
    """Who asked is told as well: the owner of a stolen account reads it."""
    ask(fresh_client_of(people.olga))
    found = people.one.emergencies.get()  # type: ignore[attr-defined]
    fresh_client_of(people.bob).post(f"{EMERGENCY}{found.pk}/agree/")
    assert join() is not None
    for user in (people.alice, people.bob, people.tess, people.rhea):
        told = [line.removeprefix("One Energy Ltd: ") for line in subjects(user.email)]
        assert told == [
            "ops ask to invite a Certificate Admin",
            "an emergency invitation was sent",
            JOINED,
        ], user
        text = delivered(user.email)[-1]
        assert "It was an emergency invitation. Until" in text
    assert subjects(people.olga.email)[0] == "One Energy Ltd: ops ask to invite a Certificate Admin"
    assert "somebody may use your account" in delivered(people.olga.email)[0]


def test_no_admins_inbox_says_more_than_the_team_page_does(people: People) -> None:
    """An outsider who is asked in for single steps is not announced: by that list nobody learns who has an account."""
    invitations.invite(company=people.one, email=MALLORY, role=None, actor=people.bob)
    assert subjects(people.alice.email) == []
