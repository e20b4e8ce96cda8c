"""The team page: inviting and what becomes of invitations, warnings, the way to each verb.

What a link opens is in test_invitations.py; roles and leaving are in tests/team/test_membership_changes.py.
"""

from typing import Any

import pytest
from django.test import Client

from certs import clock
from onboarding.people import invitations
from onboarding.people.models import Invitation, Membership, Role, User
from onboarding.team import coverage
from tests.journey.form_client import press, sentences_of
from tests.people_fixtures import People, client_of, fresh_client_of, shows_errors

TEAM = "/companies/one/team/"
INVITE = f"{TEAM}invite/"


def _team(user: User) -> str:
    return sentences_of(client_of(user).get(TEAM))


@pytest.fixture
def invitation(people: People) -> Invitation:
    return invitations.invite(company=people.one, email="n@new.example", role=Role.READER, actor=people.alice)


def _post(user: User, invitation: Invitation, verb: str) -> Any:
    return fresh_client_of(user).post(f"/companies/one/invitations/{invitation.pk}/{verb}/")


def test_an_admin_invites_by_the_page(people: People) -> None:
    browser = fresh_client_of(people.bob)
    assert "Nobody is invited at the moment" in _team(people.bob)
    answer = press(browser, INVITE, INVITE, {"email": "Nora@New.example", "role": "technician"})
    assert (answer.status_code, answer.url) == (302, TEAM)
    page = sentences_of(browser.get(TEAM))
    assert "nora@new.example is invited as Technician, until" in page
    assert "nora@new.example , Technician. Invited by Bob Test" in page


def test_what_cannot_be_invited_is_said_at_the_field_and_nothing_typed_is_lost(
    people: People, invitation: Invitation
) -> None:
    browser = fresh_client_of(people.bob)
    for email, sentence in (
        ("N@NEW.example", "n@new.example is invited to One Energy Ltd already."),
        ("tess@dcp.example", "Tess Test is a Technician of One Energy Ltd already."),
    ):
        answer = browser.post(INVITE, {"email": email, "role": "reader"})
        assert shows_errors(answer)
        assert sentence in sentences_of(answer)
        assert email in answer.content.decode()
    assert shows_errors(browser.post(INVITE, {"email": "x@x.example", "role": "primary"}))
    assert Invitation.objects.count() == 1


def test_an_invitation_is_sent_again_and_withdrawn_by_the_page(
    people: People, invitation: Invitation
) -> None:
    assert _post(people.bob, invitation, "resend").url == TEAM
    invitation.refresh_from_db()
    assert invitation.sent_count == 2
    browser = fresh_client_of(people.bob)
    asked = browser.get(f"/companies/one/invitations/{invitation.pk}/withdraw/")
    assert "Withdraw the invitation to n@new.example" in sentences_of(asked)
    assert _post(people.bob, invitation, "withdraw").url == TEAM
    assert "Nobody is invited at the moment" in _team(people.bob)
    for verb in ("resend", "withdraw"):
        answer = _post(people.bob, invitation, verb)
        assert answer.status_code == 409
        assert "This invitation was withdrawn on" in sentences_of(answer)


@pytest.mark.parametrize(("name", "status"), [("tess", 403), ("rhea", 403), ("charlie", 404)])
def test_only_certificate_admins_have_these_verbs(
    people: People, invitation: Invitation, name: str, status: int
) -> None:
    user = getattr(people, name)
    assert fresh_client_of(user).get(INVITE).status_code == status
    assert fresh_client_of(user).post(INVITE, {}).status_code == status
    for verb in ("resend", "withdraw"):
        assert _post(user, invitation, verb).status_code == status
    invitation.refresh_from_db()
    assert invitation.is_open


def test_another_companys_invitation_is_not_found(people: People) -> None:
    theirs = invitations.invite(
        company=people.two, email="n@new.example", role=Role.READER, actor=people.charlie
    )
    assert _post(people.alice, theirs, "resend").status_code == 404
    assert _post(people.alice, theirs, "withdraw").status_code == 404


def test_inviting_asks_for_a_fresh_sign_in(people: People, invitation: Invitation) -> None:
    for path in (INVITE, f"/companies/one/invitations/{invitation.pk}/withdraw/"):
        assert client_of(people.alice).get(path).url.startswith("/accounts/reauthenticate/")
    assert Client().get(INVITE).url.startswith("/accounts/login/")


def test_readers_see_the_team_and_no_buttons(people: People, invitation: Invitation) -> None:
    page = _team(people.rhea)
    assert "Alice Test" in page
    assert "n@new.example" not in page
    assert "Invite somebody" not in page
    assert "Change role" not in page
    assert "Leave" in page


def _has_signed_in(*users: User) -> None:
    User.objects.filter(pk__in=[user.pk for user in users]).update(last_login=clock.now())


def test_one_admin_alone_is_a_warning(people: People) -> None:
    _has_signed_in(people.bob)
    assert "Only one Certificate Admin" not in _team(people.alice)
    Membership.objects.filter(user=people.bob).update(role=Role.READER)
    assert "Only one Certificate Admin" in _team(people.alice)
    Membership.objects.filter(user=people.bob).update(role=Role.ADMIN)
    User.objects.filter(pk=people.bob.pk).update(is_active=False)
    assert "Only one Certificate Admin" in _team(people.alice)


def test_an_admin_who_never_signed_in_is_no_cover_and_is_named(people: People) -> None:
    assert people.bob.has_usable_password()
    page = _team(people.alice)
    assert "Only one Certificate Admin. If that person is away, nobody can go on. Bob Test has never" in page
    _has_signed_in(people.bob)
    assert "never signed in" not in _team(people.alice)


def test_where_no_admin_has_signed_in_the_page_says_so_and_names_them(people: People) -> None:
    said = coverage.list_warnings(people.one)
    assert said == [
        "No Certificate Admin has signed in, so nobody can go on. Alice Test and Bob Test have never signed in: "
        "ask for that, or name somebody else here, in the DIP and in Atlas."
    ]
    _has_signed_in(people.alice, people.bob)
    assert coverage.list_warnings(people.one) == []


def test_a_second_admin_is_asked_for_where_there_is_none_at_all(people: People) -> None:
    _has_signed_in(people.charlie)
    (sentence,) = coverage.list_warnings(people.two)
    assert sentence.endswith("Name a second one here, in the DIP and in Atlas.")


def test_ops_invite_nobody_and_withdraw_what_certificate_admins_would_join_by(
    people: People, invitation: Invitation
) -> None:
    browser = fresh_client_of(people.olga)
    for role in ("reader", "admin"):
        answer = browser.post(INVITE, {"email": "x@x.example", "role": role})
        assert answer.status_code == 403
        assert "Ops let nobody in to a company alone: ask for an emergency invitation" in sentences_of(answer)
    made = invitations.invite(company=people.one, email="x@x.example", role=Role.ADMIN, actor=people.alice)
    assert _post(people.olga, made, "resend").status_code == 403
    assert _post(people.olga, invitation, "withdraw").status_code == 403
    assert _post(people.olga, made, "withdraw").status_code == 302
    assert "Invite somebody" not in _team(people.olga)
