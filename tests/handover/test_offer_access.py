"""Who sees an offer and who may use which of its verbs: its two sides, and nobody else.

What the pages say is in test_offer_pages.py.
"""

from typing import Any
from uuid import uuid4

import pytest

from onboarding.journey.models import Onboarding
from onboarding.people.models import Membership, Role, User
from tests.handover.factories import make_grant, make_offer, open_steps
from tests.people_fixtures import People, client_of


@pytest.fixture
def case(onboarding: Onboarding) -> Onboarding:
    open_steps(onboarding, "csr", "api-credentials")
    return onboarding


def _text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def _path(case: Onboarding) -> str:
    return f"/onboardings/{case.code}/csr/hand-over/"


@pytest.mark.parametrize(
    ("name", "status"),
    [("bob", 200), ("alice", 200), ("tess", 200), ("rhea", 404), ("charlie", 404), ("olga", 404)],
)
def test_an_offer_is_seen_by_its_two_sides(people: People, case: Onboarding, name: str, status: int) -> None:
    offer = make_offer(case, people.bob, people.tess)
    browser = client_of(getattr(people, name))
    assert browser.get(f"/handovers/{offer.pk}/").status_code == status
    if status == 404:
        for verb in ("accept", "decline", "withdraw", "return", "dip/added", "atlas/add"):
            assert browser.post(f"/handovers/{offer.pk}/{verb}/", {"reason": "-"}).status_code == 404
        assert browser.get(f"/handovers/{uuid4()}/").status_code == 404


def test_each_verb_is_for_its_side_and_get_changes_nothing(people: People, case: Onboarding) -> None:
    offer = make_offer(case, people.bob, people.tess)
    bob, tess = client_of(people.bob), client_of(people.tess)
    assert bob.post(f"/handovers/{offer.pk}/accept/").status_code == 403
    assert bob.post(f"/handovers/{offer.pk}/decline/", {"reason": "-"}).status_code == 403
    assert tess.post(f"/handovers/{offer.pk}/withdraw/", {"reason": "-"}).status_code == 403
    assert tess.post(f"/handovers/{offer.pk}/return/", {"reason": "-"}).status_code == 409
    assert tess.get(f"/handovers/{offer.pk}/accept/")["Location"] == f"/handovers/{offer.pk}/"
    assert tess.get(f"/handovers/{offer.pk}/decline/").status_code == 200
    assert bob.get(f"/handovers/{offer.pk}/withdraw/").status_code == 200
    offer.refresh_from_db()
    assert offer.status == "offered"


def test_a_receiver_who_lost_the_role_is_told_so(people: People, case: Onboarding) -> None:
    offer = make_offer(case, people.bob, people.tess)
    Membership.objects.filter(user=people.tess).update(role=Role.READER)
    answer = client_of(people.tess).post(f"/handovers/{offer.pk}/accept/")
    assert answer.status_code == 403
    assert "Tess Test is not one at the moment" in _text(answer)


def test_everybody_who_is_not_signed_in_is_asked_to(case: Onboarding, people: People, client: Any) -> None:
    offer = make_offer(case, people.bob, people.tess)
    for page in (_path(case), f"/handovers/{offer.pk}/", f"/onboardings/{case.code}/grants/"):
        assert "/accounts/login/" in client.get(page)["Location"]


def test_who_has_left_the_company_sees_no_offer_of_it(people: People, case: Onboarding) -> None:
    offer = make_offer(case, people.bob, people.tess)
    Membership.objects.filter(user__in=[people.bob, people.tess]).delete()
    for user in (people.bob, people.tess):
        assert client_of(user).get(f"/handovers/{offer.pk}/").status_code == 404
        assert client_of(user).post(f"/handovers/{offer.pk}/accept/").status_code == 404


def test_a_user_of_another_company_can_be_let_in(people: People, case: Onboarding) -> None:
    user: User = people.charlie
    offer = make_grant(case, people.bob, user)
    assert offer.receiver == "Charlie Test"
    assert client_of(user).get(f"/onboardings/{case.code}/csr/").status_code == 200
    assert client_of(user).get("/companies/one/").status_code == 404
