"""Somebody from outside: let in to single steps, sees those and nothing else, and is out at the next request.

Offers as such are in test_offers.py.
"""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from certs import clock
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.handover import claims, offers
from onboarding.handover.models import Grant, Offer
from onboarding.journey import progress
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.notifications.models import OutboxEmail
from onboarding.people import invitations
from onboarding.people.decisions import PermissionRefused
from onboarding.people.models import Membership, Role, User
from tests.handover.factories import make_dana, make_grant, make_outside_offer, open_steps
from tests.people_fixtures import People, client_of, fresh_client_of, shows_errors, step
from tests.time_travel import travel


@pytest.fixture
def dana(people: People) -> User:
    return make_dana()


@pytest.fixture
def case(onboarding: Onboarding) -> Onboarding:
    open_steps(onboarding, "csr", "api-credentials", "pfx")
    return onboarding


def _text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def _get(user: User, case: Onboarding, rest: str) -> int:
    return client_of(user).get(f"/onboardings/{case.code}/{rest}").status_code


SEEN = ["", "csr/", "csr/now/"]
KNOWN_BUT_NOT_ALLOWED = ["history/", "withdraw/", "show-credentials/", "download/", "evidence/1/", "grants/"]
NOT_THERE = ["register/", "api-credentials/", "pfx/", "api-credentials/hand-over/", "pfx/take-back/"]


def test_who_was_let_in_sees_the_companys_name_the_steps_and_nothing_else(
    people: People, case: Onboarding, dana: User
) -> None:
    browser = fresh_client_of(dana)
    for rest in (*SEEN, *KNOWN_BUT_NOT_ALLOWED, *NOT_THERE):
        assert browser.get(f"/onboardings/{case.code}/{rest}").status_code == 404
    make_grant(case, people.bob, dana)
    answers = {
        rest: browser.get(f"/onboardings/{case.code}/{rest}").status_code
        for rest in (*SEEN, *KNOWN_BUT_NOT_ALLOWED, *NOT_THERE)
    }
    assert [answers[rest] for rest in SEEN] == [200, 200, 204]
    assert [answers[rest] for rest in KNOWN_BUT_NOT_ALLOWED] == [403] * 6
    assert [answers[rest] for rest in NOT_THERE] == [404] * 5
    for page in ("/companies/one/", "/companies/one/team/", "/ops/", "/ops/companies/one/"):
        assert client_of(dana).get(page).status_code == 404
    journey = _text(client_of(dana).get(f"/onboardings/{case.code}/"))
    assert "One Energy Ltd" in journey
    assert "Create the CSR" in journey
    for other in ("Register with GlobalSign Atlas", "Build the PFX", "Alice Test", "/companies/"):
        assert other not in journey


def test_every_link_of_their_pages_leads_somewhere(people: People, case: Onboarding, dana: User) -> None:
    make_grant(case, people.bob, dana, "csr", "pfx")
    browser = client_of(dana)
    for page in ("", "csr/", "pfx/"):
        soup = BeautifulSoup(browser.get(f"/onboardings/{case.code}/{page}").content, "html.parser")
        links = {
            str(a["href"]).split("#")[0] for a in soup.select("main a[href^='/'], .app-width a[href^='/']")
        }
        links -= {f"/onboardings/{case.code}/certificate.pem", ""}  # there is none yet
        assert {
            link: browser.get(link).status_code for link in links if browser.get(link).status_code != 200
        } == {}


def test_they_can_do_their_step_and_no_other(people: People, case: Onboarding, dana: User) -> None:
    make_grant(case, people.bob, dana)
    assert step(case, "csr").assignee == dana
    browser = client_of(dana)
    assert browser.post(f"/onboardings/{case.code}/pfx/", {"way": "portal"}).status_code == 404
    assert browser.post(f"/onboardings/{case.code}/csr/", {"way": "portal"}).status_code == 302
    assert step(case, "csr").state == "waiting"


@pytest.mark.parametrize("slug", ["api-credentials", "verification", "dip-upload", "certificate"])
def test_what_needs_a_role_in_the_company_goes_to_nobody_outside(
    people: People, case: Onboarding, dana: User, slug: str
) -> None:
    open_steps(case, slug)
    with pytest.raises(PermissionRefused, match="it cannot go to somebody outside"):
        make_outside_offer(case, people.bob, dana.email, slug)


@pytest.mark.parametrize("name", ["tess", "rhea", "charlie", "olga"])
def test_only_certificate_admins_let_somebody_in(
    people: People, case: Onboarding, dana: User, name: str
) -> None:
    with pytest.raises(PermissionRefused, match="Only a Certificate Admin"):
        make_outside_offer(case, getattr(people, name), dana.email)


def test_a_revoked_access_is_dead_at_the_next_request(people: People, case: Onboarding, dana: User) -> None:
    make_grant(case, people.bob, dana)
    browser = client_of(dana)
    page = f"/onboardings/{case.code}/csr/"
    assert browser.get(page).status_code == 200
    revoke = f"/onboardings/{case.code}/grants/{Grant.objects.get().pk}/revoke/"
    admin = fresh_client_of(people.alice)
    assert "ends with their next click" in _text(admin.get(revoke))
    assert admin.post(revoke).status_code == 302
    for rest in ("", "csr/", "csr.pem", "history/"):
        assert browser.get(f"/onboardings/{case.code}/{rest}").status_code == 404
    assert browser.post(page, {"way": "portal"}).status_code == 404
    assert step(case, "csr").assignee is None
    assert OutboxEmail.objects.get(key__startswith="grant-ended:").to == dana
    assert Event.objects.filter(name=EventName.GRANT_REVOKED).count() == 1
    again = admin.post(revoke)
    assert again.status_code == 409
    assert "Alice Test ended this access on" in _text(again)


def test_an_access_ends_with_its_day(people: People, case: Onboarding, dana: User) -> None:
    make_grant(case, people.bob, dana)
    with travel(clock.now() + timedelta(days=31)):
        assert _get(dana, case, "csr/") == 404
        assert offers.expire() == 1
        assert step(case, "csr").assignee is None
    assert Event.objects.filter(name=EventName.GRANT_ENDED).count() == 1


def test_what_somebody_may_see_is_found_without_reading_the_steps_of_everybody(
    people: People, case: Onboarding, dana: User
) -> None:
    """A condition with `or` between two subqueries is a filter over the whole table; a union is joined by its ids."""
    make_grant(case, people.bob, dana)
    for user, count in ((people.bob, 12), (dana, Grant.objects.get().steps.count())):
        visible = StepRecord.objects.visible_to(user)
        assert visible.filter(onboarding=case).count() == count > 0
        assert "SubPlan" not in visible.explain()


def test_the_last_day_can_be_changed_on_the_page(people: People, case: Onboarding, dana: User) -> None:
    make_grant(case, people.bob, dana)
    admin = fresh_client_of(people.alice)
    page = admin.get(f"/onboardings/{case.code}/grants/")
    assert "dana@dcp.example" in _text(page)
    extend = f"/onboardings/{case.code}/grants/{Grant.objects.get().pk}/extend/"
    wanted = clock.today() + timedelta(days=60)
    silent = admin.post(extend, {"until_day": "1", "until_month": "1", "until_year": "2020"})
    assert shows_errors(silent)
    date = {"until_day": wanted.day, "until_month": wanted.month, "until_year": wanted.year}
    assert admin.post(extend, date).status_code == 302
    assert timezone.localtime(Grant.objects.get().until).date() == wanted
    assert OutboxEmail.objects.get(key__startswith="grant-extended:").to == dana


@pytest.mark.parametrize(("name", "status"), [("tess", 403), ("rhea", 403), ("olga", 403), ("charlie", 404)])
def test_only_certificate_admins_see_and_end_accesses(
    people: People, case: Onboarding, dana: User, name: str, status: int
) -> None:
    make_grant(case, people.bob, dana)
    grant = Grant.objects.get()
    browser = fresh_client_of(getattr(people, name))
    pages = [
        f"/onboardings/{case.code}/grants/{rest}"
        for rest in ("", f"{grant.pk}/extend/", f"{grant.pk}/revoke/")
    ]
    assert [browser.get(page).status_code for page in pages] == [status] * 3
    assert browser.post(pages[2]).status_code == status
    grant.refresh_from_db()
    assert grant.in_force


def test_another_companys_grant_is_not_there(people: People, case: Onboarding, dana: User) -> None:
    other = progress.start(people.two, environment="uit", actor=people.charlie)
    make_grant(case, people.bob, dana)
    page = f"/onboardings/{other.code}/grants/{Grant.objects.get().pk}/revoke/"
    assert fresh_client_of(people.charlie).post(page).status_code == 404


def test_extending_and_revoking_ask_for_a_fresh_sign_in(people: People, case: Onboarding, dana: User) -> None:
    make_grant(case, people.bob, dana)
    for verb in ("extend", "revoke"):
        answer = client_of(people.bob).get(
            f"/onboardings/{case.code}/grants/{Grant.objects.get().pk}/{verb}/"
        )
        assert answer.status_code == 302
        assert "/reauthenticate/" in answer["Location"]


def test_taking_a_step_back_ends_the_access_to_it(people: People, case: Onboarding, dana: User) -> None:
    make_grant(case, people.bob, dana, "csr", "pfx")
    claims.reassign(step(case, "csr"), actor=people.alice, reason="It is urgent")
    assert (_get(dana, case, "csr/"), _get(dana, case, "pfx/")) == (404, 200)
    claims.reassign(step(case, "pfx"), actor=people.alice, reason="This too")
    assert _get(dana, case, "pfx/") == 404
    assert not Grant.objects.in_force().exists()


def test_returning_ends_the_access(people: People, case: Onboarding, dana: User) -> None:
    offer = make_grant(case, people.bob, dana)
    offers.return_(offer, actor=dana, reason="I have no time")
    assert step(case, "csr").assignee == people.bob
    assert _get(dana, case, "csr/") == 404


def test_who_was_let_in_neither_hands_on_nor_takes_back_from_others(
    people: People, case: Onboarding, dana: User
) -> None:
    make_grant(case, people.bob, dana)
    browser = client_of(dana)
    assert browser.get(f"/onboardings/{case.code}/csr/hand-over/").status_code == 403
    StepRecord.objects.filter(onboarding=case, slug="csr").update(
        assignee=people.tess, assigned_at=clock.now()
    )
    assert browser.post(f"/onboardings/{case.code}/csr/take-back/", {"reason": "-"}).status_code == 403


def test_after_the_end_neither_state_nor_draft_is_seen_on_the_offers_page(
    people: People, case: Onboarding, dana: User
) -> None:
    StepRecord.objects.filter(onboarding=case, slug="csr").update(draft={"way": "own"})
    page = f"/handovers/{make_grant(case, people.bob, dana).pk}/"
    browser = client_of(dana)
    assert "The draft that goes with it" in _text(browser.get(page))
    Grant.objects.update(revoked_at=clock.now())
    left = _text(browser.get(page))
    assert "Dana Test accepted this offer on" in left
    assert "The draft" not in left
    assert "To do" not in left


def test_a_step_stays_with_somebody_who_has_become_a_technician_of_the_company(
    people: People, case: Onboarding, dana: User
) -> None:
    make_grant(case, people.bob, dana)
    Membership.objects.create(user=dana, company=people.one, role=Role.TECHNICIAN)
    fresh_client_of(people.alice).post(f"/onboardings/{case.code}/grants/{Grant.objects.get().pk}/revoke/")
    assert not Grant.objects.in_force().exists()
    assert step(case, "csr").assignee == dana


def test_giving_a_step_to_the_team_ends_the_access_and_another_can_be_given(
    people: People, case: Onboarding, dana: User
) -> None:
    make_grant(case, people.bob, dana)
    given_back = client_of(dana).post(f"/onboardings/{case.code}/csr/release/", follow=True)
    assert given_back.redirect_chain == [("/?stay", 302)]
    assert not Grant.objects.in_force().exists()  # giving a step back ends the access to it
    make_grant(case, people.bob, dana)
    assert _get(dana, case, "csr/") == 200


def test_an_address_without_an_account_is_invited_and_finds_the_offer(
    people: People, case: Onboarding
) -> None:
    offer = make_outside_offer(case, people.bob, "New.Person@DCP.example")
    assert (offer.to_user, offer.to_email) == (None, "new.person@dcp.example")
    newcomer = User.objects.create_user("new.person@dcp.example", "a long pass phrase", name="New Person")
    assert offer.invitation is not None
    offers.address_to(newcomer, offer.invitation)
    offer.refresh_from_db()
    assert client_of(newcomer).get(f"/handovers/{offer.pk}/").status_code == 200
    offers.accept(offer, actor=newcomer)
    assert step(case, "csr").assignee == newcomer


def test_without_its_invitation_an_offer_ends(people: People, case: Onboarding) -> None:
    offer = make_outside_offer(case, people.bob, "new@dcp.example")
    assert offer.invitation is not None
    invitations.withdraw(offer.invitation, actor=people.bob)
    offer.refresh_from_db()
    assert offer.status == Offer.Status.WITHDRAWN


def test_somebody_outside_who_became_a_reader_cannot_accept(
    people: People, case: Onboarding, dana: User
) -> None:
    offer = make_outside_offer(case, people.bob, dana.email)
    Membership.objects.create(user=dana, company=people.one, role=Role.READER)
    with pytest.raises(PermissionRefused, match="is not one at the moment"):
        offers.accept(offer, actor=dana)
