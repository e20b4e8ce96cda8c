"""Ops take no company's secrets: neither one account alone, nor two before the company had the time to stop them.

That no other act of ops lets them in is in test_no_act_of_ops_lets_them_in.py.
"""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from certs import clock
from config.celery import app
from onboarding.audit.models import Event
from onboarding.journey.models import Onboarding
from onboarding.people.models import Invitation, Membership, Role, User
from tests.attacks.attacker import EMERGENCY, MALLORY, TEAM, ask, delivered, join, second_of_ops, taken_by
from tests.journey.form_client import sentences_of
from tests.journey.test_secret_downloads import built
from tests.people_fixtures import People, client_of, fresh_client_of, shows_errors
from tests.time_travel import travel

INVITE = f"{TEAM}invite/"


@pytest.fixture
def case(people: People, onboarding: Onboarding) -> Onboarding:
    """Company one's case with API credentials and a PFX in the vault."""
    built(onboarding, people)
    return onboarding


@pytest.fixture
def abandoned(people: People, case: Onboarding) -> Onboarding:
    """The same after both Certificate Admins have gone; Tess and Rhea are still there."""
    for user in (people.alice, people.bob):
        call_command("close_account", user.email, stdout=StringIO())
    return case


def requests() -> Any:
    from onboarding.people.models import (
        EmergencyInvitation,
    )  # not there before: the test fails, the others run

    return EmergencyInvitation.objects


def verb(browser: Client, name: str) -> Any:
    return browser.post(f"{EMERGENCY}{requests().latest('asked_at').pk}/{name}/")


def hours_pass(hours: float) -> None:
    """All that has been agreed was agreed so much earlier; then the worker looks."""
    for each in requests().exclude(goes_out_at=None):
        each.goes_out_at -= timedelta(hours=hours)
        each.agreed_at -= timedelta(hours=hours)
        each.save()
    app.loader.import_default_modules()
    app.tasks["people.send_emergencies"].apply(throw=True)


def test_one_stolen_account_of_ops_gets_no_invitation_out_and_no_secret(people, case) -> None:
    """The attack as it was seen: invite a private address, join, sign in again, take everything."""
    got = []
    olga = fresh_client_of(people.olga)
    if olga.post(INVITE, {"email": MALLORY, "role": "admin"}).status_code == 302:
        got.append("an invitation")
    if (mallory := join()) is not None:
        got += ["a role", *taken_by(mallory, case)]
    assert got == []
    assert delivered(MALLORY) == []
    assert "ask for an emergency invitation" in sentences_of(olga.get(INVITE))


def test_an_invitation_that_ops_sent_before_opens_nothing_now(people, case) -> None:
    """Such rows are in every database that was used before: they must not work after the upgrade either."""
    by_bob = fresh_client_of(people.bob)
    by_bob.post(INVITE, {"email": MALLORY, "role": "admin"})
    Invitation.objects.update(invited_by=people.olga)
    assert join() is None
    olga = fresh_client_of(people.olga)
    pk = Invitation.objects.get().pk
    assert olga.post(f"/companies/one/invitations/{pk}/resend/").status_code == 403
    assert not Membership.objects.filter(user__email=MALLORY).exists()


@pytest.mark.parametrize("name", ["olga", "oscar"])
def test_ops_alone_do_not_agree_while_an_admin_can_act(people, case, name) -> None:
    second_of_ops()
    assert ask(fresh_client_of(people.olga)).status_code == 302
    browser = fresh_client_of(User.objects.get(name__istartswith=name))
    answer = verb(browser, "agree")
    assert answer.status_code == 403
    assert "Alice Test or Bob Test of One Energy Ltd must agree" in sentences_of(answer)
    hours_pass(1000)
    assert join() is None


def test_with_an_admin_of_the_company_it_goes_out_and_gives_no_secret_for_a_day(people, case) -> None:
    ask(fresh_client_of(people.olga))
    assert verb(fresh_client_of(people.bob), "agree").status_code == 302
    mallory = join()
    assert mallory is not None
    assert taken_by(mallory, case) == []
    page = sentences_of(mallory.get(f"/onboardings/{case.code}/show-credentials/"))
    assert "You joined by an emergency invitation. Until" in page
    assert "so that the others have time to react" in page
    with travel(clock.now() + timedelta(hours=24, minutes=1), machine=True):
        later = fresh_client_of(User.objects.get(email=MALLORY))
        assert "API key and secret" in taken_by(later, case)


def test_an_agreed_one_is_not_hidden_behind_many_that_ended(people, abandoned) -> None:
    """What nobody finds nobody stops; and each one asked for is an email to everybody."""
    olga = fresh_client_of(people.olga)
    ask(olga)
    agreed = requests().get()
    verb(fresh_client_of(second_of_ops()), "agree")
    for number in range(55):
        answer = ask(olga, f"x{number}@private.example")
        if number == 2:
            assert shows_errors(answer)
            assert "3 emergency invitations to One Energy Ltd are open already" in sentences_of(answer)
        newest = requests().latest("asked_at")
        if number >= 2 and newest.status == "asked":
            olga.post(f"{EMERGENCY}{newest.pk}/stop/")
    rhea = client_of(people.rhea)
    assert f"{EMERGENCY}{agreed.pk}/stop/" in rhea.get(EMERGENCY).text
    assert rhea.post(f"{EMERGENCY}{agreed.pk}/stop/").status_code == 302
    hours_pass(1000)
    assert join() is None


def test_who_joined_by_it_lets_nobody_else_in_and_removes_nobody_meanwhile(people, case) -> None:
    """Or the time to react would be worth nothing: a friend joins in the ordinary way, or those who react are gone."""
    ask(fresh_client_of(people.olga))
    verb(fresh_client_of(people.bob), "agree")
    mallory = join()
    assert mallory is not None
    tries = {
        "invite": (INVITE, {"email": "friend@private.example", "role": "admin"}),
        "remove": (f"{TEAM}{people.bob.pk}/remove/", {}),
        "role": (f"{TEAM}{people.rhea.pk}/role/", {"role": "admin"}),
    }
    assert {name: mallory.post(*each).status_code for name, each in tries.items()} == dict.fromkeys(
        tries, 409
    )
    fresh_client_of(people.olga).post(
        "/companies/one/primary/", {"successor": str(User.objects.get(email=MALLORY).pk), "reason": "-"}
    )
    agreed = mallory.post("/companies/one/primary/agree/", {"employee": "on", "mailbox": "on"})
    assert agreed.status_code == 409
    assert Membership.objects.get(company=people.one, role=Role.PRIMARY).user == people.alice
    mallory_pk = User.objects.get(email=MALLORY).pk
    assert fresh_client_of(people.alice).post(f"{TEAM}{mallory_pk}/remove/").status_code == 302


def test_two_accounts_of_ops_get_nothing_out_before_the_time_is_over(people, abandoned) -> None:
    oscar = second_of_ops()
    olga = fresh_client_of(people.olga)
    ask(olga)
    assert verb(olga, "agree").status_code == 403
    assert verb(fresh_client_of(oscar), "agree").status_code == 302
    assert join() is None
    hours_pass(23.9)
    assert join() is None
    hours_pass(0.2)
    mallory = join()
    assert mallory is not None
    assert taken_by(mallory, abandoned) == []


@pytest.mark.parametrize("name", ["tess", "rhea"])
def test_what_a_member_stops_does_not_go_out(people, abandoned, name) -> None:
    """Whatever the member's role is; the email says how."""
    user = getattr(people, name)
    ask(fresh_client_of(people.olga))
    verb(fresh_client_of(second_of_ops()), "agree")
    told = "\n".join(delivered(user.email))
    assert "Whatever your role is, you can stop it" in told
    assert EMERGENCY in told
    assert "Ops ask to invite mallory@private.example" in sentences_of(client_of(user).get(TEAM))
    assert verb(client_of(user), "stop").status_code == 302
    hours_pass(1000)
    assert join() is None
    assert verb(fresh_client_of(people.olga), "agree").status_code == 409
    assert "was stopped" in delivered(people.olga.email)[-1]


def test_what_is_stopped_after_it_went_out_opens_nothing(people, abandoned) -> None:
    ask(fresh_client_of(people.olga))
    verb(fresh_client_of(second_of_ops()), "agree")
    hours_pass(24.1)
    assert verb(client_of(people.rhea), "stop").status_code == 302
    assert join() is None
    assert not Membership.objects.filter(user__email=MALLORY).exists()


def test_it_does_not_go_out_when_an_admin_can_act_again(people, abandoned) -> None:
    ask(fresh_client_of(people.olga))
    verb(fresh_client_of(second_of_ops()), "agree")
    call_command("close_account", people.bob.email, "--open-again", stdout=StringIO())
    hours_pass(1000)
    assert join() is None
    assert requests().get().status == "expired"


def test_it_does_not_go_out_when_one_of_the_two_is_ops_no_more(people, abandoned) -> None:
    ask(fresh_client_of(people.olga))
    verb(fresh_client_of(second_of_ops()), "agree")
    call_command("close_account", people.olga.email, stdout=StringIO())
    hours_pass(1000)
    assert join() is None


def test_where_ops_is_one_person_the_operator_is_the_second_and_on_record(people, abandoned) -> None:
    olga = fresh_client_of(people.olga)
    ask(olga)
    page = sentences_of(olga.get(EMERGENCY))
    assert "the operator of the portal must agree, with manage.py agree_to_emergency" in page
    assert verb(olga, "agree").status_code == 403
    hours_pass(1000)
    assert join() is None
    call_command("agree_to_emergency", "one", MALLORY, reason="Rang the managing director", stdout=StringIO())
    event = Event.objects.get(name="company:emergency:agreed")
    assert (event.actor, event.actor_label) == (None, "The operator")
    assert MALLORY not in str(event.data)
    hours_pass(23.9)
    assert join() is None
    hours_pass(0.2)
    assert join() is not None


def test_the_operator_is_no_second_where_others_can_agree(people, case) -> None:
    ask(fresh_client_of(people.olga))
    with pytest.raises(CommandError, match="Alice Test or Bob Test of One Energy Ltd must agree"):
        call_command("agree_to_emergency", "one", MALLORY, reason="-")
    for user in (people.alice, people.bob):
        call_command("close_account", user.email, stdout=StringIO())
    second_of_ops()
    with pytest.raises(CommandError, match="another person of ops must agree"):
        call_command("agree_to_emergency", "one", MALLORY, reason="-")
    with pytest.raises(CommandError, match="Nobody of ops asks to invite"):
        call_command("agree_to_emergency", "two", MALLORY, reason="-")


@pytest.mark.parametrize(
    "lie",
    [
        {"status": "sent", "goes_out_at": "2020-01-01T00:00Z"},
        {"status": "agreed", "goes_out_at": "2020-01-01T00:00Z"},
        {"agreed_as": "ops", "agreed_at": "2020-01-01T00:00Z"},
        {"status": "nodded"},
    ],
)
def test_the_database_knows_no_invitation_to_which_nobody_agreed(people, lie) -> None:
    ask(fresh_client_of(people.olga))
    with pytest.raises(IntegrityError), transaction.atomic():
        requests().update(**lie)
    with pytest.raises(IntegrityError), transaction.atomic():
        requests().update(agreed_as="ops", agreed_by=people.olga, agreed_at="2020-01-01T00:00Z")
