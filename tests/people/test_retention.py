"""How long secrets are kept: chosen by a Certificate Admin, on record, and used for what completes afterwards.

That they are destroyed then is tested in tests/journey.
"""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from certs import clock
from onboarding.audit.models import Event
from onboarding.people import retention
from onboarding.people.decisions import PermissionRefused, StateConflict
from onboarding.people.emergency_models import EmergencyInvitation
from onboarding.people.models import Invitation, Role
from tests.browser.page_setup import PageSetup
from tests.journey.form_client import words
from tests.people_fixtures import People, client_of, fresh_client_of, shows_errors

PAGE = "/companies/one/secrets/"


def test_an_admin_chooses_and_the_team_page_says_it(people: People) -> None:
    bob = fresh_client_of(people.bob)
    assert bob.post(PAGE, {"days": "30"}).status_code == 302
    people.one.refresh_from_db()
    assert people.one.retention_days == 30
    assert "destroyed 30 days after the upload" in words(client_of(people.rhea).get("/companies/one/team/"))
    event = Event.objects.get(name="company:retention:chosen")
    assert (event.data["before"], event.data["days"]) == ("7", "30")
    assert bob.post(PAGE, {"days": "30"}).status_code == 302
    assert Event.objects.filter(name="company:retention:chosen").count() == 1


@pytest.mark.parametrize("days", ["", "-1", "91", "seven", "1.5"])
def test_another_number_is_refused_with_a_sentence(people: People, days: str) -> None:
    answer = fresh_client_of(people.bob).post(PAGE, {"days": days})
    assert shows_errors(answer)
    assert "Enter a" in words(answer)
    people.one.refresh_from_db()
    assert people.one.retention_days == 7


@pytest.mark.parametrize(("who", "status"), [("tess", 403), ("rhea", 403), ("olga", 403), ("charlie", 404)])
def test_nobody_else_chooses(people: People, who: str, status: int) -> None:
    assert fresh_client_of(getattr(people, who)).post(PAGE, {"days": "0"}).status_code == status


def test_the_rule_itself_refuses_strangers_and_wild_numbers(people: People) -> None:
    with pytest.raises(PermissionRefused):
        retention.choose(people.one, 3, actor=people.tess)
    with pytest.raises(ValueError, match="days"):
        retention.choose(people.one, 400, actor=people.bob)


def test_whoever_joined_by_an_emergency_invitation_does_not_choose_before_the_others_could_react(
    people: People,
) -> None:
    accepted = {"accepted_by": people.bob, "accepted_at": clock.now(), "expires_at": clock.now()}
    invitation = Invitation.objects.create(
        company=people.one, email=people.bob.email, role=Role.ADMIN, invited_by=people.olga, **accepted
    )
    EmergencyInvitation.objects.create(
        company=people.one, email=people.bob.email, asked_by=people.olga, invitation=invitation,
        status=EmergencyInvitation.Status.SENT, expires_at=clock.now(), agreed_as=EmergencyInvitation.Second.OPERATOR,
        agreed_at=clock.now(), goes_out_at=clock.now(),
    )  # fmt: skip
    with pytest.raises(StateConflict, match="emergency invitation"):
        retention.choose(people.one, 0, actor=people.bob)
    assert fresh_client_of(people.bob).post(PAGE, {"days": "0"}).status_code == 409
    retention.choose(people.one, 8, actor=people.alice)


def test_what_completes_afterwards_is_destroyed_by_then(db: None, settings: Settings) -> None:
    setup = PageSetup(settings)
    retention.choose(setup.people.one, 3, actor=setup.people.bob)
    setup.start()
    setup.finish_all()
    done = setup.onboarding
    done.refresh_from_db()
    assert done.destroy_secrets_at is not None
    assert abs(done.destroy_secrets_at - timezone.now() - timedelta(days=3)) < timedelta(minutes=1)
