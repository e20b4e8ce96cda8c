"""What the database promises about people: one mailbox is one person, one role each, one Primary Certificate Admin.

Adding a company is tested in test_company_creation.py.
"""

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import Client

from onboarding.journey.models import Onboarding
from onboarding.people.access import admins_of, company_for, require_admin, require_ops, role_in
from onboarding.people.decisions import PermissionRefused
from onboarding.people.models import Company, Membership, Role, User
from tests.journey.form_client import sign_in
from tests.people_fixtures import PASSWORD, People, client_of


def test_a_company_has_exactly_one_primary_certificate_admin(people: People) -> None:
    with (
        pytest.raises(IntegrityError, match="one_primary_per_company|membership.company_id"),
        transaction.atomic(),
    ):
        Membership.objects.create(user=people.charlie, company=people.one, role=Role.PRIMARY)
    Membership.objects.create(user=people.charlie, company=people.one, role=Role.ADMIN)


def test_a_person_has_one_role_in_a_company(people: People) -> None:
    with (
        pytest.raises(IntegrityError, match="one_role_per_person_and_company|membership.user_id"),
        transaction.atomic(),
    ):
        Membership.objects.create(user=people.bob, company=people.one, role=Role.READER)
    Membership.objects.create(user=people.bob, company=people.two, role=Role.READER)


def test_addresses_are_kept_in_lower_case_and_one_mailbox_is_one_person(people: People) -> None:
    made = User.objects.create_user(" Nora@New.Example ", None, name="Nora")
    assert made.email == "nora@new.example"
    assert User.objects.get_by_natural_key("NORA@new.example") == made
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="NORA@NEW.EXAMPLE", name="Another")
    with pytest.raises(IntegrityError, match="emails_are_lower_case"), transaction.atomic():
        User.objects.filter(pk=made.pk).update(email="Nora@new.example")


def test_a_user_without_a_password_cannot_sign_in(people: People) -> None:
    User.objects.create_user("nora@new.example", None, name="Nora")
    assert not Client().login(email="nora@new.example", password="")


def test_signing_in_does_not_mind_the_case_of_the_address(people: People) -> None:
    assert Client().login(email="ALICE@one.example", password=PASSWORD)
    assert not Client().login(email="alice@one.example", password=PASSWORD.upper())


def test_nobody_signs_up_by_himself(people: People) -> None:
    page = Client().get("/accounts/signup/")
    assert page.status_code in (200, 403)
    data = {
        "email": "new@one.example",
        "password1": "a long enough phrase",
        "password2": "a long enough phrase",
    }
    Client().post("/accounts/signup/", data)
    assert not User.objects.filter(email="new@one.example").exists()


def test_who_is_switched_off_is_out_at_the_next_request(people: People, onboarding: Onboarding) -> None:
    browser, page = sign_in(people.bob), f"/onboardings/{onboarding.code}/"
    assert browser.get(page).status_code == 200
    User.objects.filter(pk=people.bob.pk).update(is_active=False)
    assert browser.get(page).status_code == 302
    assert people.bob not in admins_of(people.one)


def test_who_is_asked_for_a_company_learns_only_of_his_own(people: People) -> None:
    assert company_for(people.tess, "one") == people.one
    assert company_for(people.olga, "two") == people.two
    for user, slug in ((people.charlie, "one"), (people.alice, "two"), (people.alice, "no-such")):
        with pytest.raises(Http404):
            company_for(user, slug)
    with pytest.raises(Http404):
        require_ops(people.alice)


def test_a_role_is_read_from_the_database(people: People) -> None:
    assert role_in(people.rhea, people.one) == Role.READER
    assert role_in(people.charlie, people.one) is None
    assert require_admin(people.bob, people.one) == Role.ADMIN
    with pytest.raises(
        PermissionRefused, match="Only a Certificate Admin of One Energy Ltd may do this. You are a Reader."
    ):
        require_admin(people.rhea, people.one)
    with pytest.raises(PermissionRefused, match="You are not a member of the company."):
        require_admin(people.olga, people.one)


def test_the_primary_comes_first_among_the_admins(people: People) -> None:
    assert admins_of(people.one) == [people.alice, people.bob]


def test_the_team_page_lists_people_and_roles_and_says_when_cover_is_thin(people: People) -> None:
    for admin in (people.alice, people.bob):
        client_of(admin)
    page = client_of(people.rhea).get("/companies/one/team/").content.decode()
    order = [page.index(f">{name}<") for name in ("Alice Test", "Bob Test", "Tess Test", "Rhea Test")]
    assert order == sorted(order)
    assert "Only one Certificate Admin" not in page
    assert (
        "Only one Certificate Admin" in client_of(people.charlie).get("/companies/two/team/").content.decode()
    )
    assert client_of(people.charlie).get("/companies/one/team/").status_code == 404
    assert client_of(people.olga).get("/companies/one/team/").status_code == 200
    assert Client().get("/companies/one/team/").status_code == 302


def test_a_company_with_an_onboarding_is_not_deleted(people: People, onboarding: Onboarding) -> None:
    with pytest.raises(IntegrityError, match="protected"):
        Company.objects.get(slug="one").delete()
