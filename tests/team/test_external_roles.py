"""The checklist of the other two systems: ticked by people, or done by the account API of the local Atlas.

Which steps need a role there stands in onboarding/team/external_roles.py.
"""

import secrets
import time
from typing import Any

import pytest

from atlas.account_types import Contact, NewRegistration
from atlas.errors import AtlasError
from atlas.sandbox.server import Sandbox
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.handover.models import Offer
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.polling.client import get_account_api
from onboarding.team.models import ExternalRoleCheck
from tests.atlas_fixtures import atlas, with_api, without_api
from tests.handover.factories import make_offer, open_steps
from tests.people_fixtures import People, client_of, fresh_client_of

__all__ = ["atlas", "with_api", "without_api"]


@pytest.fixture
def case(onboarding: Onboarding) -> Onboarding:
    open_steps(onboarding, "csr", "api-credentials")
    return onboarding


def _text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_the_two_systems_are_ticked_off_by_the_companys_admins(people: People, case: Onboarding) -> None:
    offer = make_offer(case, people.bob, people.alice, "api-credentials")
    assert "Not yet" in _text(client_of(people.alice).get(f"/handovers/{offer.pk}/"))
    bob = client_of(people.bob)
    for _ in range(2):
        assert bob.post(f"/handovers/{offer.pk}/dip/added/").status_code == 302
    assert bob.post(f"/handovers/{offer.pk}/elsewhere/added/").status_code == 404
    assert ExternalRoleCheck.objects.get().by == people.bob
    assert "Bob Test did this on" in _text(client_of(people.alice).get(f"/handovers/{offer.pk}/"))


def test_a_technical_step_needs_no_other_system(people: People, case: Onboarding) -> None:
    offer = make_offer(case, people.bob, people.tess)
    assert client_of(people.tess).post(f"/handovers/{offer.pk}/dip/added/").status_code == 403
    assert client_of(people.bob).post(f"/handovers/{offer.pk}/dip/added/").status_code == 409
    assert "other two systems" not in _text(client_of(people.bob).get(f"/handovers/{offer.pk}/"))


@pytest.fixture
def registered(people: People, case: Onboarding, with_api: Sandbox) -> str:
    """The company's account in the local Atlas, whose invitation was accepted; its id."""
    mark = secrets.token_hex(3)
    for user in (people.alice, people.bob):
        user.email = f"{mark}-{user.email}"
        user.save()
    contact = Contact("Alice Test", "Head of Data", people.alice.email, "020 7946 0018")
    account = get_account_api().register(NewRegistration(people.one.name, contact, None), mark).account_id
    StepRecord.objects.filter(onboarding=case, slug="register").update(facts={"account_id": account})
    return account


def _add(people: People, offer: Offer) -> Any:
    return fresh_client_of(people.alice).post(f"/handovers/{offer.pk}/atlas/add/", follow=True)


def accept_invitation(account: str) -> None:
    for _ in range(100):
        try:
            return get_account_api().accept_invitation(account, secrets.token_urlsafe(20))
        except AtlasError:  # the invitation has not been sent yet
            time.sleep(0.05)
    raise AssertionError("the invitation does not come")


def test_the_portal_adds_the_receiver_in_atlas_once(
    people: People, case: Onboarding, registered: str
) -> None:
    accept_invitation(registered)
    offer = make_offer(case, people.alice, people.bob, "api-credentials")
    page = _text(client_of(people.alice).get(f"/handovers/{offer.pk}/"))
    assert "Let the portal add them in Atlas" in page
    assert f"if you are an Administrator of the account in Atlas, under {people.alice.email}" in page
    for _ in range(2):
        assert _add(people, offer).status_code == 200
    found = [user.email for user in get_account_api().users(registered)]
    assert found.count(people.bob.email) == 1
    assert ExternalRoleCheck.objects.get().by_api
    assert Event.objects.filter(name=EventName.EXTERNAL_ROLE_CONFIRMED).count() == 1
    assert "through the portal" in _text(client_of(people.bob).get(f"/handovers/{offer.pk}/"))


def test_when_atlas_does_not_take_it_the_page_says_how_to_go_on(
    people: People, case: Onboarding, registered: str, settings: Any
) -> None:
    offer = make_offer(case, people.alice, people.bob, "api-credentials")
    settings.PORTAL = settings.PORTAL.model_copy(update={"account_api_url": "https://localhost:1/account/v1"})
    answer = _add(people, offer)
    assert answer.status_code == 409
    assert "Add them in Atlas by hand, then say so here." in _text(answer)
    assert not ExternalRoleCheck.objects.exists()


def test_without_the_account_api_the_way_in_atlas_is_told(people: People, case: Onboarding) -> None:
    offer = make_offer(case, people.alice, people.bob, "api-credentials")
    page = _text(client_of(people.alice).get(f"/handovers/{offer.pk}/"))
    assert "Account Settings, Users, Add an Atlas Admin User" in page
    assert "Let the portal add them" not in page
    assert _add(people, offer).status_code == 409
