"""Two at the same moment, on two connections of a real PostgreSQL: invitations, roles, leaving.

Each race is run sixty times, two hundred times at night; races for steps are in tests/journey/test_races.py.
"""

from functools import partial

import pytest

from onboarding.audit.chain_check import find_chain_faults
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.handover import claims
from onboarding.journey import progress
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.people import invitations
from onboarding.people.decisions import PermissionRefused, RequestRefused, StateConflict
from onboarding.people.models import Company, Invitation, Membership, Role, User
from onboarding.team import membership_changes
from tests.concurrency import race, split
from tests.people_fixtures import People, make_company, make_people, make_user, step

ROUNDS = pytest.mark.parametrize("rounds", [20, pytest.param(200, marks=pytest.mark.nightly)])
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(transactional_db: None) -> People:
    return make_people()


def _company(people: People, number: int) -> Company:
    return make_company(f"round-{number}", f"Round {number}", people.alice, admin=[people.bob])


@ROUNDS
def test_of_two_who_accept_one_invitation_one_gets_the_account(people: People, rounds: int) -> None:
    for number in range(rounds):
        invitation = invitations.invite(
            company=people.one, email=f"n{number}@new.example", role=Role.READER, actor=people.alice
        )
        joins = [
            partial(invitations.join, invitation.token_hash, name=name, password=f"the phrase of {name}")
            for name in ("Nora", "Mallory")
        ]
        (won,), (lost,) = split(race(*joins))
        assert isinstance(lost, StateConflict)
        assert "This invitation was used on" in lost.sentence
        user = User.objects.get(email=invitation.email)
        assert (user.pk, user.check_password(f"the phrase of {won.name}")) == (won.pk, True)
    assert Event.objects.filter(name=EventName.INVITATION_ACCEPTED).count() == rounds
    assert list(find_chain_faults()) == []


@ROUNDS
def test_a_double_post_of_the_same_person_makes_one_membership(people: People, rounds: int) -> None:
    for number in range(rounds):
        user = make_user(f"n{number}@new.example", "Nora")
        invitation = invitations.invite(
            company=people.one, email=user.email, role=Role.READER, actor=people.alice
        )
        answers = race(*[partial(invitations.accept, invitation.token_hash, user=user)] * 2)
        assert [answer.pk for answer in answers] == [invitation.pk] * 2
        assert Membership.objects.filter(user=user, company=people.one).count() == 1
    assert Event.objects.filter(name=EventName.ROLE_ASSIGNED).count() == rounds


@ROUNDS
def test_accepting_and_withdrawing_at_once_ends_in_one_of_them(people: People, rounds: int) -> None:
    for number in range(rounds):
        user = make_user(f"n{number}@new.example", "Nora")
        invitation = invitations.invite(
            company=people.one, email=user.email, role=Role.READER, actor=people.alice
        )
        answers = race(
            partial(invitations.accept, invitation.token_hash, user=user),
            partial(invitations.withdraw, invitation, actor=people.bob),
        )
        _, (lost,) = split(answers)
        assert isinstance(lost, StateConflict)
        invitation.refresh_from_db()
        assert (invitation.accepted_at is None) != (invitation.withdrawn_at is None)
        assert Membership.objects.filter(user=user).exists() == (invitation.accepted_at is not None)


@ROUNDS
def test_of_two_who_invite_the_same_address_one_does(people: People, rounds: int) -> None:
    for number in range(rounds):
        email = f"n{number}@new.example"
        answers = race(
            *[
                partial(invitations.invite, company=people.one, email=email, role=Role.READER, actor=actor)
                for actor in (people.alice, people.bob)
            ]
        )
        _, (lost,) = split(answers)
        assert isinstance(lost, StateConflict)
        assert f"{email} is invited to One Energy Ltd already" in lost.sentence
        assert Invitation.objects.filter(email=email).delete()[0] == 1  # a company has not so many open ones


@ROUNDS
def test_two_admins_who_remove_each_other_leave_a_certificate_admin(people: People, rounds: int) -> None:
    User.objects.filter(pk=people.alice.pk).update(is_active=False)  # else there is always the primary one
    carol = make_user("carol@one.example", "Carol Test")
    for number in range(rounds):
        company = _company(people, number)
        bob = Membership.objects.get(company=company, user=people.bob)
        other = Membership.objects.create(company=company, user=carol, role=Role.ADMIN)
        answers = race(
            partial(membership_changes.remove_member, other, actor=people.bob),
            partial(membership_changes.remove_member, bob, actor=carol),
        )
        _, (lost,) = split(answers)
        assert isinstance(lost, PermissionRefused)
        assert company.memberships.filter(role=Role.ADMIN).count() == 1


@ROUNDS
def test_who_is_removed_while_taking_a_step_holds_nothing(people: People, rounds: int) -> None:
    for number in range(rounds):
        onboarding = progress.start(_company(people, number), environment="uit", actor=people.alice)
        StepRecord.objects.filter(onboarding=onboarding, slug="csr").update(state="open")
        read = step(onboarding, "csr")
        member = Membership.objects.get(company=onboarding.company, user=people.bob)
        took, removed = race(
            partial(claims.claim, read, actor=people.bob),
            partial(membership_changes.remove_member, member, actor=people.alice),
        )
        assert isinstance(removed, list)
        assert isinstance(took, StepRecord | RequestRefused), took
        assert step(onboarding, "csr").assignee is None
    assert Onboarding.objects.count() == rounds
    assert list(find_chain_faults()) == []
