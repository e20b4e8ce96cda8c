"""What ends with a step, a role or an access: secrets that were shared and not opened, and what else is offered.

Sharing as such is tested in test_secret_sharing.py, access from outside in test_grants.py.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest

from certs import clock
from certs.models import Secret, SharedSecret
from onboarding.audit.chain_check import find_chain_faults
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.handover import claims, offers, secret_sharing
from onboarding.handover.models import Grant, Offer
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.people.decisions import StateConflict
from onboarding.people.models import Membership, Role, User
from onboarding.team import membership_changes
from tests.handover.factories import make_dana, make_grant, make_offer, make_outside_offer, open_steps
from tests.people_fixtures import People, fresh_client_of


@pytest.fixture
def handed(people: People, onboarding: Onboarding) -> Offer:
    """Bob has handed the PFX over to Tess, who accepted."""
    open_steps(onboarding, "pfx")
    return offers.accept(make_offer(onboarding, people.bob, people.tess, "pfx"), actor=people.tess)


@pytest.fixture
def dana(people: People, onboarding: Onboarding) -> User:
    open_steps(onboarding, "csr", "pfx")
    return make_dana()


def _share(people: People, handed: Offer) -> SharedSecret:
    until = clock.now() + timedelta(days=7)
    what = SharedSecret.What.PRIVATE_KEY
    return secret_sharing.share(handed, what, b"what Bob shares", until=until, actor=people.bob)


def _open(user: User, row: SharedSecret) -> int:
    return fresh_client_of(user).post(f"/handovers/{row.handover_id}/secrets/{row.pk}/").status_code


def _record(handed: Offer) -> StepRecord:
    return (
        StepRecord.objects.filter(offers__offer=handed)
        .select_related("onboarding__company")
        .order_by("pk")[0]
    )


def _take_back(people: People, handed: Offer) -> None:
    claims.reassign(_record(handed), actor=people.alice, reason="Somebody else does it")


def _give_back(people: People, handed: Offer) -> None:
    claims.unclaim(_record(handed), actor=people.tess)


def _make_reader(people: People, handed: Offer) -> None:
    member = Membership.objects.get(user=people.tess, company=handed.company)
    membership_changes.change_role(member, Role.READER, actor=people.alice)


@pytest.mark.parametrize("lose", [_take_back, _give_back, _make_reader])
def test_an_unopened_secret_ends_with_the_step_or_the_role(
    people: People, handed: Offer, lose: Callable[[People, Offer], None]
) -> None:
    row = _share(people, handed)
    lose(people, handed)
    assert not Secret.objects.filter(destroyed_at=None).exists()
    assert _open(people.tess, row) == 409
    assert Event.objects.filter(name=EventName.SECRET_SHARE_WITHDRAWN).count() == 1
    assert list(find_chain_faults()) == []


def test_it_waits_while_another_step_of_the_handover_is_still_theirs(
    people: People, onboarding: Onboarding
) -> None:
    open_steps(onboarding, "csr", "pfx")
    made = make_offer(onboarding, people.bob, people.tess, "csr", "pfx")
    handed = offers.accept(made, actor=people.tess)
    row = _share(people, handed)
    _take_back(people, handed)
    assert _open(people.tess, row) == 200


def test_without_the_step_it_does_not_open_even_if_it_is_still_there(people: People, handed: Offer) -> None:
    row = _share(people, handed)
    StepRecord.objects.filter(offers__offer=handed).update(assignee=people.alice)
    assert _open(people.tess, row) == 409


def _revoke(people: People, case: Onboarding, offer: Offer) -> str:
    path = f"/onboardings/{case.code}/grants/{Grant.objects.get(offer=offer).pk}/revoke/"
    browser = fresh_client_of(people.alice)
    assert "is withdrawn" in browser.get(path).text
    return " ".join(browser.post(path, follow=True).text.split())


def test_revoking_withdraws_what_else_is_offered_there(
    people: People, onboarding: Onboarding, dana: User
) -> None:
    accepted = make_grant(onboarding, people.bob, dana, "csr")
    offered = make_outside_offer(onboarding, people.bob, dana.email, "pfx")
    assert "cannot see anything here any more" in _revoke(people, onboarding, accepted)
    offered.refresh_from_db()
    assert offered.status == Offer.Status.WITHDRAWN
    with pytest.raises(StateConflict):
        offers.accept(offered, actor=dana)
    assert not Grant.objects.in_force().exists()


def test_another_access_that_stays_is_said(people: People, onboarding: Onboarding, dana: User) -> None:
    first = make_grant(onboarding, people.bob, dana, "csr")
    make_grant(onboarding, people.bob, dana, "pfx")
    said = _revoke(people, onboarding, first)
    assert "Another access of theirs is still in force: “" in said
    assert "cannot see anything" not in said
